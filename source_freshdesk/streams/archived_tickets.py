"""Archived tickets: https://developers.freshdesk.com/api/#archived-tickets

Freshdesk has no list of them, so every number that no list shows is asked for: see `ArchiveProgress`.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from functools import partial
from itertools import chain, islice
from typing import Any

import requests
from airbyte_cdk.sources.streams.core import StreamData

from source_freshdesk import instants
from source_freshdesk.api.errors import FEATURE_IS_MISSING, ResourceUnavailable
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.api.response import Row
from source_freshdesk.records.versions import changed_at
from source_freshdesk.retrieval.list_retriever import ReadList
from source_freshdesk.retrieval.listed_tickets import ListedTickets
from source_freshdesk.retrieval.parent_rows import RowsOf
from source_freshdesk.retrieval.ticket_retriever import TicketRetriever
from source_freshdesk.retrieval.ticket_source import TicketSource
from source_freshdesk.state.archive_progress import ArchiveProgress
from source_freshdesk.state.updated_at_cursor import UpdatedAtCursor
from source_freshdesk.streams.incremental import IncrementalStream
from source_freshdesk.streams.tickets import Tickets

IDS_IN_A_BATCH = 100
PART_BETWEEN_STATES = 0.1
"""The state grows with the numbers in it, so it is emitted less and less often."""
UNKNOWN_IDS_AT_THE_END = 100
"""Beyond the newest listed ticket, so many numbers in a row that nobody knows mean that there are no more."""


class ArchiveStream(IncrementalStream, ABC):
    """What there is of each archived ticket, for the numbers that were not asked for before."""

    feature = "Archive Tickets"

    def __init__(
        self, api: FreshdeskApi, tickets: Tickets, *, listed: ListedTickets, enabled: bool, **kwargs: Any
    ) -> None:
        """listed: shared by all streams of archived tickets.
        enabled: whether the user wants it, since it costs a call for each number.
        """
        super().__init__(api, tickets, **kwargs)
        self.listed = listed
        self._enabled = enabled
        self._progress = ArchiveProgress()

    @abstractmethod
    def fetch_ticket(self, ticket_id: int) -> ReadList:
        """What there is of the ticket. Raises `ResourceUnavailable` if it is not archived. Called from any thread."""

    def load_state(self, state: Mapping[str, Any]) -> None:
        self._progress.load(state)

    def read_slice(self, stream_slice: Mapping[str, Any] | None) -> Iterator[StreamData]:
        """What there is of the archived tickets that were not read before, and the state from time to time."""
        if not self._enabled:
            self.logger.info(
                f"Stream {self.name} is off, since it costs an API call for each archived or deleted ticket. Switch "
                "'archived_tickets' on to read it."
            )
        elif self._progress.was_asked_on(self._today):
            self.logger.info(f"Stream {self.name} was read today already. It is read once a day.")
        else:
            yield from self._unread()

    def _unread(self) -> Iterator[StreamData]:
        listed = self.listed.ids()
        if self.listed.unavailable is not None:
            self.outcome.skip(self.listed.unavailable, self.parents[0].access)
        self._progress.note_listed(listed)
        last = self._progress.last(listed)
        yield from self._read(self._progress.to_ask(listed, self._today), are_expected=True)
        while not self.outcome.is_skipped and self.listed.may_be_followed_by_archived:
            beyond = range(last + 1, last + 1 + UNKNOWN_IDS_AT_THE_END)
            yield from self._read(iter(beyond), are_expected=False)
            if not self._progress.has_emitted_any(beyond):
                break
            last = beyond[-1]
        if not self.outcome.is_skipped:
            self._progress.note_complete(self._today)
            self.checkpoint(self._progress.state())

    def _read(self, numbers: Iterator[int], *, are_expected: bool) -> Iterator[StreamData]:
        """The records of these tickets, and a state now and then.

        are_expected: tickets had these numbers, so one that is not found is remembered.
        """
        if self.outcome.is_skipped:
            return
        begin = list[int]()
        for number in numbers:
            begin.append(number)
            if self.listed.is_archived(number):
                self._check_feature(number)
                break
        if self.outcome.is_skipped:
            return
        all_numbers, unsaved = chain(begin, numbers), 0
        denied: dict[int, ResourceUnavailable] = {}
        batches = iter(lambda: list(islice(all_numbers, IDS_IN_A_BATCH)), [])
        for batch in self.api.prefetcher.batches(self._fetch_or_refusal, batches):
            for ticket_id, found in zip(batch.items, batch.results(), strict=True):
                if isinstance(found, ResourceUnavailable):
                    denied[ticket_id] = found
                elif found is not None:
                    yield from self._found(ticket_id, found)
                elif are_expected:
                    self._progress.note_missing(ticket_id, self._today)
            if len(denied) >= len(batch.items) and not self._progress.has_emitted:
                self.outcome.skip(next(iter(denied.values())), self.access)
                return
            unsaved += len(batch.items)
            if unsaved >= PART_BETWEEN_STATES * self._progress.size:
                unsaved = 0
                yield self.checkpoint(self._progress.state())
        if denied:
            refused = next(iter(denied.values()))
            self.logger.warning(f"Stream {self.name} lacks {len(denied):,} archived tickets. {refused}")

    def _found(self, ticket_id: int, found: ReadList) -> Iterator[Row]:
        if found.gaps:
            self.logger.warning(f"Stream {self.name} may lack rows of ticket {ticket_id}. {found.gaps[0]}")
        else:
            self._progress.note_emitted(ticket_id)
        for record in found.rows:
            self._progress.note_version(changed_at(record))
            yield self.record(record)

    def _check_feature(self, ticket_id: int) -> None:
        """Skip the stream after one call instead of many, if the plan does not include it."""
        fetch = partial(self.fetch_ticket, ticket_id)
        try:
            fetch()
        except ResourceUnavailable as refused:
            confirmed = self.access.confirm(fetch) if refused.code == FEATURE_IS_MISSING else None
            if isinstance(confirmed, ResourceUnavailable) and confirmed.code == FEATURE_IS_MISSING:
                self.outcome.skip(confirmed, self.access)

    def _fetch_or_refusal(self, ticket_id: int) -> ReadList | ResourceUnavailable | None:
        """What there is of the ticket; None if it is not archived."""
        if not self.listed.is_archived(ticket_id):
            return None
        try:
            return self.fetch_ticket(ticket_id)
        except ResourceUnavailable as refused:
            if refused.status != requests.codes.not_found:
                return refused.with_traceback(None)
        self.listed.note_not_archived(ticket_id)
        return None

    @property
    def _today(self) -> date:
        return datetime.fromtimestamp(self.api.clock.now(), UTC).date()


class ArchivedTickets(ArchiveStream):
    """https://developers.freshdesk.com/api/#archived-tickets"""

    resource = "tickets/archived/{id}"
    needs = (RowsOf(Tickets),)

    def __init__(self, api: FreshdeskApi, tickets: Tickets, **kwargs: Any) -> None:
        super().__init__(api, tickets, listed=_listed(tickets), **kwargs)
        self._tickets = tickets

    def record(self, row: Row) -> Row:
        """The ticket, with the names of its choices. An archived one is neither in the trash nor spam."""
        return self._tickets.names.named({"deleted": False, "spam": False} | super().record(row))

    def fetch_ticket(self, ticket_id: int) -> ReadList:
        """The ticket."""
        return ReadList([self.cast(self.objects.read(self.resource.format(id=ticket_id)))])


class ArchivedTicketConversations(ArchiveStream):
    """https://developers.freshdesk.com/api/#archived-tickets"""

    resource = "tickets/archived/{id}/conversations"
    needs = (RowsOf(Tickets), RowsOf(ArchivedTickets))

    def __init__(self, api: FreshdeskApi, tickets: Tickets, archived: ArchivedTickets, **kwargs: Any) -> None:
        super().__init__(api, tickets, listed=archived.listed, **kwargs)
        self._synced_at = instants.to_api(int(api.clock.now()))

    def record(self, row: Row) -> Row:
        """The conversation, with the time of the sync that read all those of its ticket."""
        return super().record(row) | {"ticket_synced_at": self._synced_at}

    def fetch_ticket(self, ticket_id: int) -> ReadList:
        """All pages of its conversations."""
        return self.lists.read_path(self.resource.format(id=ticket_id))


def _listed(tickets: Tickets) -> ListedTickets:
    """The tickets of the default list, of the trash and of the spam."""
    return ListedTickets(
        (
            TicketRetriever(
                tickets.api,
                TicketSource(tickets.fetch_query, tickets.fetch_ticket, tickets.logger, filter=filtered),
                tickets.access,
                UpdatedAtCursor(instants.EPOCH),
            )
            for filtered in (None, "deleted", "spam")
        ),
        tickets.api.clock,
    )
