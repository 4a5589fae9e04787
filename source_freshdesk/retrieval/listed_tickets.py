"""Which tickets any list shows, and which are not archived."""

import threading
from collections.abc import Iterable

from source_freshdesk.api.clock import Clock
from source_freshdesk.api.errors import ResourceUnavailable
from source_freshdesk.records.versions import changed_at
from source_freshdesk.retrieval.ticket_retriever import TicketRetriever

YOUNGEST_ARCHIVED_SECONDS = 30 * 86_400
"""Freshdesk archives tickets that nobody touched for 120 days, some plans' earlier:
https://support.freshdesk.com/support/solutions/articles/212901
"""


class ListedTickets:
    """The tickets of some lists, read once in a sync; and those that were found not to be archived either."""

    def __init__(self, retrievers: Iterable[TicketRetriever], clock: Clock) -> None:
        self._retrievers = tuple(retrievers)
        self._clock = clock
        self._lock = threading.Lock()
        self._not_archived: set[int] = set()
        self._ids: set[int] = set()
        self._is_complete = False
        self._newest = 0

    @property
    def unavailable(self) -> ResourceUnavailable | None:
        """Why they cannot be listed; None if they can."""
        return next((one.unavailable for one in self._retrievers if one.unavailable is not None), None)

    def ids(self) -> set[int]:
        """Their numbers. After a failure it continues where it was."""
        if not self._is_complete:
            for retriever in self._retrievers:
                for page in retriever.pages():
                    self._ids.update(row["id"] for row in page.rows)
                    self._newest = max([self._newest, *(changed_at(row, "created_at") or 0 for row in page.rows)])
            self._is_complete = True
        return self._ids

    @property
    def may_be_followed_by_archived(self) -> bool:
        """Whether tickets that are newer than all of them may be old enough to be archived."""
        return self._clock.now() - self._newest > YOUNGEST_ARCHIVED_SECONDS

    def is_archived(self, number: int) -> bool:
        """False for a ticket of which it is known that it is not archived. May be called from any thread."""
        with self._lock:
            return number not in self._not_archived

    def note_not_archived(self, number: int) -> None:
        """The ticket was not found in the archive. May be called from any thread."""
        with self._lock:
            self._not_archived.add(number)
