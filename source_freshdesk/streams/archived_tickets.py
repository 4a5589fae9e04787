"""Archived tickets: https://developers.freshdesk.com/api/#archived-tickets

Freshdesk has no list of them. They are in no other list either, and can be read by their number only; so every number
that no list shows is asked for, once. Numbers that are neither listed nor archived belong to tickets that were deleted
for ever; since a ticket may be archived at the very moment, they are given up only when they are still not found
after some days::

    {"updated_at": "2025-11-23T10:00:00Z",     the newest of those that were emitted
     "archived": "1-40,43",                    numbers that were emitted
     "missing": {"2026-11-20": "41"},          numbers that are not found since that day
     "gone": "42",                             numbers that will not be asked for again
     "asked_on": "2026-11-23"}                 the day on which all numbers were asked for

A ticket is archived after months, so a day without asking does no harm.
"""

import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any

import requests
from airbyte_cdk.sources.streams.core import StreamData

from source_freshdesk import instants
from source_freshdesk.api.errors import FEATURE_IS_MISSING, ResourceUnavailable
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.api.response import Row
from source_freshdesk.records.versions import changed_at
from source_freshdesk.retrieval.list_retriever import ReadList
from source_freshdesk.retrieval.parent_rows import RowsOf
from source_freshdesk.retrieval.ticket_retriever import TicketRetriever
from source_freshdesk.state import id_ranges
from source_freshdesk.state.updated_at_cursor import UpdatedAtCursor
from source_freshdesk.streams.incremental import IncrementalStream
from source_freshdesk.streams.tickets import Tickets

IDS_IN_A_BATCH = 100
PART_BETWEEN_STATES = 0.1
"""The state grows with the numbers in it, so it is said less and less often."""
GONE_AFTER_DAYS = 7

YOUNGEST_ARCHIVED_SECONDS = 30 * 86_400
"""Freshdesk archives tickets that nobody touched for 120 days, some plans' earlier:
https://support.freshdesk.com/support/solutions/articles/212901
"""
UNKNOWN_IDS_AT_THE_END = 100
"""Beyond the newest listed ticket, so many numbers in a row that nobody knows mean that there are no more."""


class ListedTickets:
    """Which tickets are in a list (the default one, the trash and the spam), read once in a sync; and which were found
    not to be archived either.
    """

    def __init__(self, tickets: Tickets) -> None:
        self._retrievers = [
            TicketRetriever(
                tickets.api, tickets.fetch_query, tickets.access, UpdatedAtCursor(instants.EPOCH), filter=filtered
            )
            for filtered in (None, "deleted", "spam")
        ]
        self._not_archived: set[int] = set()
        self._lock = threading.Lock()
        self._ids: set[int] = set()
        self._is_complete = False
        self._newest = 0
        self._clock = tickets.api.clock

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
                    self._newest = max([self._newest, *(instants.from_api(row["created_at"]) for row in page.rows)])
            self._is_complete = True
        return self._ids

    def is_archived(self, number: int) -> bool:
        """False for a ticket of which it is known that it is not archived. May be called from any thread."""
        with self._lock:
            return number not in self._not_archived

    def note_not_archived(self, number: int) -> None:
        """The ticket was not found in the archive. May be called from any thread."""
        with self._lock:
            self._not_archived.add(number)

    @property
    def may_be_followed_by_archived(self) -> bool:
        """Whether tickets that are newer than all of them may be old enough to be archived."""
        return self._clock.now() - self._newest > YOUNGEST_ARCHIVED_SECONDS


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
        self._archived: set[int] = set()
        self._missing: dict[date, set[int]] = {}
        self._gone: set[int] = set()
        self._newest = instants.EPOCH
        self._asked_on = ""

    @abstractmethod
    def fetch_ticket(self, ticket_id: int) -> ReadList:
        """What there is of the ticket. Raises `ResourceUnavailable` if it is not archived. Called from any thread."""

    def load_state(self, state: Mapping[str, Any]) -> None:
        self._archived, self._gone = (id_ranges.from_text(state.get(name, "")) for name in ("archived", "gone"))
        self._missing = {
            date.fromisoformat(day): id_ranges.from_text(numbers) for day, numbers in state.get("missing", {}).items()
        }
        self._newest = instants.parse(state["updated_at"]) if state.get("updated_at") else instants.EPOCH
        self._asked_on = state.get("asked_on", "")

    def read_slice(self, stream_slice: Mapping[str, Any] | None) -> Iterator[StreamData]:
        """What there is of the archived tickets that are news, and the state from time to time."""
        if not self._enabled:
            self.logger.info(
                f"Stream {self.name} is off, since it costs an API call for each archived or deleted ticket. Switch "
                "'archived_tickets' on to read it."
            )
        elif self._asked_on == self._today.isoformat():
            self.logger.info(f"Stream {self.name} was read today already. It is read once a day.")
        else:
            yield from self._unread()

    def _unread(self) -> Iterator[StreamData]:
        listed = self.listed.ids()
        if self.listed.unavailable is not None:
            self.outcome.skip(self.listed.unavailable, self.parents[0].access)
        # What was restored since is listed, and may be archived later.
        self._archived -= listed
        self._gone -= listed
        done = listed | self._archived | self._gone
        last = max(done, default=0)
        missing: set[int] = set()
        yield from self._read([number for number in range(1, last) if number not in done], missing)
        while not self.outcome.is_skipped and self.listed.may_be_followed_by_archived:
            beyond = range(last + 1, last + 1 + UNKNOWN_IDS_AT_THE_END)
            yield from self._read(beyond, set())
            if self._archived.isdisjoint(beyond):
                break
            last = beyond[-1]
        if not self.outcome.is_skipped:
            self._note_missing(missing)
            self._asked_on = self._today.isoformat()
            self.checkpoint(self._new_state())

    def _read(self, numbers: Sequence[int], missing: set[int]) -> Iterator[StreamData]:
        """The records of these tickets, and a state now and then. What is not found is added to `missing`."""
        if not self.outcome.is_skipped and numbers:
            self._check_feature(numbers[0])
        if self.outcome.is_skipped:
            return
        all_numbers, unsaved = iter(numbers), 0
        denied: dict[int, ResourceUnavailable] = {}
        batches = iter(lambda: list(islice(all_numbers, IDS_IN_A_BATCH)), [])
        for batch in self.api.prefetcher.batches(self._fetch_or_refusal, batches):
            for ticket_id, found in zip(batch.items, batch.results(), strict=True):
                if found is None:
                    missing.add(ticket_id)
                elif isinstance(found, ResourceUnavailable):
                    denied[ticket_id] = found
                else:
                    yield from self._found(ticket_id, found)
            if len(denied) >= len(batch.items) and self._archived.isdisjoint(numbers):
                self.outcome.skip(next(iter(denied.values())), self.access)
                return
            unsaved += len(batch.items)
            if unsaved >= PART_BETWEEN_STATES * (len(self._archived) + len(self._gone)):
                unsaved = 0
                yield self.checkpoint(self._new_state())
        if denied:
            first = next(iter(denied.values()))
            self.logger.warning(f"Stream {self.name} lacks {len(denied):,} archived tickets. {first}")

    def _found(self, ticket_id: int, found: ReadList) -> Iterator[Row]:
        if found.gaps:
            self.logger.warning(f"Stream {self.name} may lack rows of ticket {ticket_id}. {found.gaps[0]}")
        else:
            self._archived.add(ticket_id)
        for record in found.rows:
            self._newest = max(self._newest, changed_at(record) or 0)
            yield record

    def _check_feature(self, ticket_id: int) -> None:
        """Skip the stream after one call instead of many, if the plan does not include it."""
        found = self.access.confirm(partial(self.fetch_ticket, ticket_id))
        if isinstance(found, ResourceUnavailable) and found.code == FEATURE_IS_MISSING:
            self.outcome.skip(found, self.access)

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

    def _note_missing(self, missing: set[int]) -> None:
        """These were not found when all were asked for. What is not found for long will not be asked for again."""
        known = set[int]().union(*self._missing.values())
        self._missing = {day: numbers & missing for day, numbers in self._missing.items()}
        self._missing[self._today] = self._missing.get(self._today, set()) | (missing - known)
        for day in [day for day in self._missing if self._today - day >= timedelta(days=GONE_AFTER_DAYS)]:
            self._gone |= self._missing.pop(day)

    @property
    def _today(self) -> date:
        return datetime.fromtimestamp(self.api.clock.now(), UTC).date()

    def _new_state(self) -> dict[str, Any]:
        return {
            "updated_at": instants.to_api(self._newest),
            "archived": id_ranges.to_text(self._archived),
            "missing": {
                day.isoformat(): id_ranges.to_text(numbers) for day, numbers in sorted(self._missing.items()) if numbers
            },
            "gone": id_ranges.to_text(self._gone),
            "asked_on": self._asked_on,
        }


class ArchivedTickets(ArchiveStream):
    """https://developers.freshdesk.com/api/#archived-tickets"""

    resource = "tickets/archived/{id}"
    needs = (RowsOf(Tickets),)

    def __init__(self, api: FreshdeskApi, tickets: Tickets, **kwargs: Any) -> None:
        super().__init__(api, tickets, listed=ListedTickets(tickets), **kwargs)

    def fetch_ticket(self, ticket_id: int) -> ReadList:
        """The ticket."""
        return ReadList([self.cast(self.objects.read(self.resource.format(id=ticket_id)))])


class ArchivedTicketConversations(ArchiveStream):
    """https://developers.freshdesk.com/api/#archived-tickets"""

    resource = "tickets/archived/{id}/conversations"
    needs = (RowsOf(Tickets), RowsOf(ArchivedTickets))

    def __init__(self, api: FreshdeskApi, tickets: Tickets, archived: ArchivedTickets, **kwargs: Any) -> None:
        super().__init__(api, tickets, listed=archived.listed, **kwargs)

    def fetch_ticket(self, ticket_id: int) -> ReadList:
        """All pages of its conversations."""
        return self.lists.read_path(self.resource.format(id=ticket_id))
