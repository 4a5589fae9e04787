"""Fetches what belongs to a ticket, and finds out what it means if that is refused or fails."""

from collections.abc import Callable
from functools import partial

import requests

from source_freshdesk.api.errors import FEATURE_IS_MISSING, ROLE_IS_MISSING, ResourceUnavailable
from source_freshdesk.api.response import Row
from source_freshdesk.retrieval.access import StreamAccess
from source_freshdesk.retrieval.few_failures import Failed, FewFailures
from source_freshdesk.retrieval.hidden_tickets import FILTERS
from source_freshdesk.retrieval.list_retriever import ReadList
from source_freshdesk.retrieval.single_objects import ObjectRetriever

RETRIED_PER_SYNC = 10
"""Of the tickets whose children were refused or failed before, so many are asked for again in a sync, in turn: the more
there are, the less often each."""


class TicketChildren:
    """The children of tickets, on behalf of a stream. Used from several threads.

    fetch: all children of a ticket; raises `ResourceUnavailable` if they are not there. objects: reads the tickets.
    """

    def __init__(self, fetch: Callable[[Row], ReadList], objects: ObjectRetriever, access: StreamAccess) -> None:
        self._fetch = fetch
        self._objects = objects
        self._access = access
        self._failures = FewFailures()
        # Those that failed before fail again without meaning anything for the others.
        self._retries = FewFailures(always_tolerated=RETRIED_PER_SYNC)

    def of(self, ticket: Row) -> ReadList | ResourceUnavailable:
        """All of them; none if the ticket was deleted; the refusal if they may not be seen. With a gap, if Freshdesk
        fails for this ticket and few others.
        """
        children = self._access.confirm(partial(self._fetch_tolerantly, ticket, self._failures))
        if not isinstance(children, ResourceUnavailable):
            return children
        if children.code != FEATURE_IS_MISSING and self._is_deleted(ticket["id"]):
            name = self._objects.name
            self._objects.logger.info(f"Ticket {ticket['id']} was deleted since it was listed; its {name} are skipped.")
            return ReadList([])
        if children.code not in (None, FEATURE_IS_MISSING, ROLE_IS_MISSING):
            raise children
        return children

    def at_first_try(self, ticket: Row) -> ReadList | ResourceUnavailable:
        """All of them; the refusal if they may not be seen, whatever it means. One call."""
        try:
            return self._fetch_tolerantly(ticket, self._retries)
        except ResourceUnavailable as refused:
            return refused.with_traceback(None)

    def ticket(self, number: int) -> Row | ResourceUnavailable | Failed:
        """The ticket itself."""
        path = f"tickets/{number}"
        return self._retries.tolerate(lambda: self._access.confirm(lambda: self._objects.read(path)))

    def _fetch_tolerantly(self, ticket: Row, failures: FewFailures) -> ReadList:
        children = failures.tolerate(partial(self._fetch, ticket))
        return ReadList([], [children.why]) if isinstance(children, Failed) else children

    def _is_deleted(self, number: int) -> bool:
        """Whether the ticket was deleted or marked as spam since it was listed."""
        ticket = self.ticket(number)
        if isinstance(ticket, ResourceUnavailable):
            return bool(ticket.status == requests.codes.not_found)
        return not isinstance(ticket, Failed) and any(map(ticket.get, FILTERS))
