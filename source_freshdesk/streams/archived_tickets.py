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

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any

import requests
from airbyte_cdk.sources.streams.core import StreamData

from source_freshdesk import instants
from source_freshdesk.api.errors import ResourceUnavailable
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.api.response import Row
from source_freshdesk.retrieval.stable_list import updated_at
from source_freshdesk.state import id_ranges
from source_freshdesk.streams.incremental import StatefulStream
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

    def __init__(self, api: FreshdeskApi) -> None:
        self.walks = [Tickets(api, instants.EPOCH, include=(), only=only) for only in (None, "deleted", "spam")]
        self.not_archived: set[int] = set()
        self._ids: set[int] = set()
        self._is_complete = False
        self._newest = 0
        self._clock = api.clock

    @property
    def refusal(self) -> ResourceUnavailable | None:
        """Why they cannot be listed."""
        return next((walk.refusal for walk in self.walks if walk.refusal is not None), None)

    def ids(self) -> set[int]:
        """Their numbers. After a failure it goes on where it was."""
        if not self._is_complete:
            for walk in self.walks:
                for new in walk.walk():
                    self._ids.update(row["id"] for row in new.rows)
                    self._newest = max([self._newest, *(instants.from_api(row["created_at"]) for row in new.rows)])
            self._is_complete = True
        return self._ids

    @property
    def may_be_followed_by_archived(self) -> bool:
        """Whether tickets that are newer than all of them may be old enough to be archived."""
        return self._clock.now() - self._newest > YOUNGEST_ARCHIVED_SECONDS


class ArchiveStream(StatefulStream, ABC):
    """What there is of each archived ticket, for the numbers that were not asked for before.

    enabled: whether the user wants it, since it costs a call for each number.
    """

    feature = "Archive Tickets"

    def __init__(self, api: FreshdeskApi, listed: ListedTickets, *, enabled: bool) -> None:
        super().__init__(api, parents=listed.walks)
        self._listed_tickets = listed
        self._enabled = enabled
        self._archived: set[int] = set()
        self._missing: dict[date, set[int]] = {}
        self._gone: set[int] = set()
        self._newest = instants.EPOCH
        self._asked_on = ""

    @abstractmethod
    def records_of(self, ticket_id: int) -> list[Row]:
        """What there is of the ticket. Raises `ResourceUnavailable` if it is not archived."""

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
            yield from self._news()

    def _news(self) -> Iterator[StreamData]:
        listed = self._listed_tickets.ids()
        self.refusal = self._listed_tickets.refusal
        # What was restored since is listed, and may be archived one day.
        self._archived -= listed
        self._gone -= listed
        done = listed | self._archived | self._gone
        last = max(done, default=0)
        missing: set[int] = set()
        yield from self._read([number for number in range(1, last) if number not in done], missing)
        while self.refusal is None and self._listed_tickets.may_be_followed_by_archived:
            beyond = range(last + 1, last + 1 + UNKNOWN_IDS_AT_THE_END)
            yield from self._read(beyond, set())
            if self._archived.isdisjoint(beyond):
                break
            last = beyond[-1]
        if self.refusal is None:
            self._take_as_missing(missing)
            self._asked_on = self._today.isoformat()
            self._save_state()

    def _read(self, numbers: Sequence[int], missing: set[int]) -> Iterator[StreamData]:
        """The records of these tickets, and a state now and then. What is not found is added to `missing`."""
        if self.refusal is None and numbers:
            self._unless_feature_is_missing(partial(self.records_of, numbers[0]))
        if self.refusal is not None:
            return
        all_numbers, unsaved = iter(numbers), 0
        denied: dict[int, ResourceUnavailable] = {}
        batches = iter(lambda: list(islice(all_numbers, IDS_IN_A_BATCH)), [])
        for batch in self._api.prefetcher.batches(self._outcome, batches):
            for ticket_id, outcome in zip(batch.items, batch.results(), strict=True):
                if outcome is None:
                    missing.add(ticket_id)
                elif isinstance(outcome, ResourceUnavailable):
                    denied[ticket_id] = outcome
                else:
                    if self.resource.format(id=ticket_id) not in self.unstable_paths:
                        self._archived.add(ticket_id)
                    for record in outcome:
                        self._newest = max(self._newest, updated_at(record, "updated_at") or 0)
                        yield record
            if len(denied) >= len(batch.items) and self._archived.isdisjoint(numbers):
                self.refusal = next(iter(denied.values()))
                return
            unsaved += len(batch.items)
            if unsaved >= PART_BETWEEN_STATES * (len(self._archived) + len(self._gone)):
                unsaved = 0
                self._save_state()
                yield self.state_message()
        if denied:
            first = next(iter(denied.values()))
            self.logger.warning(f"Stream {self.name} goes without {len(denied):,} archived tickets. {first}")

    def _outcome(self, ticket_id: int) -> list[Row] | ResourceUnavailable | None:
        """What there is of the ticket; None if it is not archived, as this stream or the other has found."""
        not_archived = self._listed_tickets.not_archived
        if ticket_id in not_archived:
            return None
        try:
            return self.records_of(ticket_id)
        except ResourceUnavailable as refused:
            if refused.status != requests.codes.not_found:
                return refused.with_traceback(None)
        not_archived.add(ticket_id)
        return None

    def _take_as_missing(self, missing: set[int]) -> None:
        """These were not found when all were asked for. What is so for long is gone."""
        known = set[int]().union(*self._missing.values())
        self._missing = {day: numbers & missing for day, numbers in self._missing.items()}
        self._missing[self._today] = self._missing.get(self._today, set()) | (missing - known)
        for day in [day for day in self._missing if self._today - day >= timedelta(days=GONE_AFTER_DAYS)]:
            self._gone |= self._missing.pop(day)

    @property
    def _today(self) -> date:
        return datetime.fromtimestamp(self._api.clock.now(), UTC).date()

    def _save_state(self) -> None:
        self._saved_state = {
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

    def records_of(self, ticket_id: int) -> list[Row]:
        """The ticket."""
        return [self._cast(self.view(self.resource.format(id=ticket_id)))]


class ArchivedTicketConversations(ArchiveStream):
    """https://developers.freshdesk.com/api/#archived-tickets"""

    resource = "tickets/archived/{id}/conversations"

    def records_of(self, ticket_id: int) -> list[Row]:
        """All pages of its conversations."""
        return list(self.rows_of(self.resource.format(id=ticket_id)))
