"""Tickets and what hangs on them: https://developers.freshdesk.com/api/#tickets"""

import math
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

import requests
from airbyte_cdk.models import SyncMode
from airbyte_cdk.sources.streams.core import StreamData
from airbyte_cdk.sources.streams.http import HttpSubStream

from source_freshdesk import instants
from source_freshdesk.api.answers import Row, RowList
from source_freshdesk.api.budget import CREDITS_FOR_AN_INCLUDE
from source_freshdesk.api.client import Account
from source_freshdesk.api.errors import Refused
from source_freshdesk.api.paging import PAGE_SIZE
from source_freshdesk.api.prefetch import Batch, Job
from source_freshdesk.api.quota import Call
from source_freshdesk.streams.base import IncrementalStream, Page
from source_freshdesk.streams.ticket_segments import MOST_PAGES, PAGES_PER_SEGMENT, Segment, SegmentPlan
from source_freshdesk.streams.ticket_walk import PageRequest, Place, TicketWalk


@dataclass(frozen=True)
class NewTickets:
    """The rows of a page that were not given before, and the state when they have been emitted."""

    rows: list[Row]
    state: MutableMapping[str, Any]
    is_last: bool


@dataclass(frozen=True)
class WalkedPage:
    """A page of a walk. Every ticket of the walk before the instant `mark` was on it or on those before it."""

    rows: list[Row]
    mark: int
    as_of: int
    is_last: bool


MOST_WALKS = 10
"""Pages of later segments are kept until their turn comes, so the number of walks bounds the memory."""


class Tickets(IncrementalStream):
    """https://developers.freshdesk.com/api/#list_all_tickets

    include: what is embedded in each row; each costs two credits more a page.
    most_walks: how many parts of the list may be read at once.
    """

    resource = "tickets"
    shape = RowList(required=("id", "updated_at", "created_at"))

    def __init__(
        self,
        account: Account,
        start: int,
        *,
        include: Sequence[str] = ("stats", "requester", "description"),
        most_walks: int = MOST_WALKS,
    ) -> None:
        self._include = include
        self._most_walks = most_walks
        self._began: tuple[float, int] | None = None
        super().__init__(account, start)

    def read_records(
        self,
        sync_mode: SyncMode,
        cursor_field: list[str] | None = None,
        stream_slice: Mapping[str, Any] | None = None,
        stream_state: Mapping[str, Any] | None = None,
    ) -> Iterable[StreamData]:
        """The records of the walk, and the state after each of its pages; after the last one the CDK says it."""
        for new in self.walk():
            yield from map(self.record, new.rows)
            self._saved_state = new.state
            if not new.is_last:
                yield self.state_message()

    def walk(self) -> Iterator[NewTickets]:
        """All tickets that changed since the state, each version once, one item for each page read."""
        for page in self._walked(Segment(self._updated_at.read_from), may_be_missing=True):
            yield self._new_tickets(page)
            if page.is_last:
                return
            plan = self._plan(page)
            if plan is not None:
                yield from self._walk_in_segments(plan)
                return

    def progress(self) -> str:
        """How far the walk has come, and how long it will take, for the log."""
        return f"{super().progress()} {self.how_far()}"

    def how_far(self) -> str:
        """Where in time the walk is. The rest is taken to go on as what was read, year by year."""
        if self._began is None:
            return ""
        began_at, first_mark = self._began
        clock, mark = self._account.clock, self._updated_at.mark
        done, left = mark - first_mark, clock.now() - mark
        where = f"Tickets are read up to {instants.to_api(mark)}"
        if done <= 0 or left <= 0:
            return f"{where}."
        minutes = (clock.monotonic() - began_at) * left / done / 60
        return f"{where}; about {max(minutes, 1):,.0f} min to go at this rate."

    def _walk_in_segments(self, plan: SegmentPlan) -> Iterator[NewTickets]:
        """The rest of the walk, several segments under way at once, their pages taken in order."""
        with self._account.ahead.cancellation() as cancellation:

            def read(segment: Segment) -> tuple[Segment, Job[list[WalkedPage]]]:
                return segment, self._account.ahead.submit(
                    lambda: list(islice(self._walked(segment), MOST_PAGES)), cancellation
                )

            ahead: deque[tuple[Segment, Job[list[WalkedPage]]]] = deque()
            while True:
                while len(ahead) < min(self._useful_walks, plan.worthwhile) and (following := plan.next()) is not None:
                    ahead.append(read(following))
                if not ahead:
                    break
                segment, job = ahead.popleft()
                pages = job.result()
                yield from self._new_of_segment(pages, segment)
                reached = int(min(pages[-1].mark, segment.end))
                if pages[-1].is_last:
                    break
                plan.learn(len(pages), reached - segment.start)
                if reached == segment.start:
                    # A run of equal times, longer than a job may be. It is read here, page by page.
                    yield from self._new_of_segment(self._walked(segment), segment)
                elif reached < segment.end:
                    ahead.appendleft(read(Segment(reached, segment.end)))
        # Tickets that changed while the segments were read have moved past the end of what was read first.
        for page in self._walked(Segment(self._updated_at.mark)):
            yield self._new_tickets(page)

    def _new_of_segment(self, pages: Iterable[WalkedPage], segment: Segment) -> Iterator[NewTickets]:
        for page in pages:
            yield self._new_tickets(page, before=math.inf if page.is_last else segment.end)

    @property
    def _useful_walks(self) -> int:
        """How many walks at once read as many pages as the account allows."""
        page = Call(1.0 + CREDITS_FOR_AN_INCLUDE * len(self._include), "tickets")
        return min(self._account.useful_calls_at_once(page), self._most_walks)

    def _plan(self, page: WalkedPage) -> SegmentPlan | None:
        """How to cut what follows the first page, None if that is not worth while."""
        if self._useful_walks == 1 or not page.rows:
            return None
        first, last = (instants.from_api(row["updated_at"]) for row in (page.rows[0], page.rows[-1]))
        if first == last:
            return None
        plan = SegmentPlan(page.mark, page.as_of, pages=1, seconds=last - first)
        return plan if plan.pages_to_come >= 2 * PAGES_PER_SEGMENT else None

    def _walked(self, segment: Segment, *, may_be_missing: bool = False) -> Iterator[WalkedPage]:
        """The pages of a walk over a segment; none if the list may be missing for this key, and is."""
        walk = TicketWalk(segment.start)
        while walk.request is not None and walk.mark < segment.end:
            fetch = partial(self._fetch_page, walk.request)
            page = self._unless_missing(fetch) if may_be_missing else fetch()
            if page is None:
                return
            may_be_missing = False
            walk.take([_place(row) for row in page.rows], has_next=page.next is not None)
            yield WalkedPage(page.rows, walk.mark, page.as_of, is_last=walk.request is None)

    def _new_tickets(self, page: WalkedPage, before: float = math.inf) -> NewTickets:
        cursor = self._updated_at
        news = [row for row in page.rows if self._is_first_seen(_place(row), page.as_of, before)]
        # A ticket can be dated in the future. The mark must not go there, past what is still to come.
        now = max(page.as_of, int(self._account.clock.now()))
        cursor.advance(int(min(page.mark, before, now)))
        self._began = self._began or (self._account.clock.monotonic(), cursor.mark)
        return NewTickets(news, cursor.state(as_of=page.as_of, complete=page.is_last), page.is_last)

    def _fetch_page(self, request: PageRequest) -> Page:
        query = {
            "updated_since": instants.to_api(request.updated_since),
            "order_by": request.order_by,
            "order_type": request.order_type,
            "per_page": PAGE_SIZE,
            "page": request.page,
        }
        if self._include:
            query["include"] = ",".join(self._include)
        return self.fetch(query=query)

    def _is_first_seen(self, place: Place, as_of: int, before: float) -> bool:
        if place.updated_at >= before or not self._updated_at.is_news(place.id, place.updated_at):
            return False
        self._updated_at.remember(place.id, place.updated_at, as_of=as_of)
        return True


class TicketSlice(dict[str, Any]):
    """A batch of tickets whose conversations are being fetched, and the state when these have been emitted."""

    def __init__(self, batch: Batch[int, list[Row] | Refused], state: MutableMapping[str, Any]) -> None:
        super().__init__(ticket_ids=batch.items)
        self.batch = batch
        self.state = state


class Conversations(IncrementalStream, HttpSubStream):
    """https://developers.freshdesk.com/api/#list_all_ticket_notes

    A slice is a batch of changed tickets, a page of the ticket list. The state is the place in that list: a sync reads
    all conversations of every ticket that changed since.
    """

    def __init__(self, account: Account, start: int) -> None:
        # A walk of its own: sharing that of the tickets stream would begin where that one has ended. One at a time is
        # enough, for it is the conversations that take long.
        super().__init__(account, start, parent=Tickets(account, start, include=(), most_walks=1))

    parent: Tickets

    def progress(self) -> str:
        """How far the tickets are whose conversations are read, for the log."""
        return f"{super().progress()} {self.parent.how_far()}"

    @property
    def calls(self) -> int:
        """Calls for the list of tickets and for their conversations."""
        return super().calls + self.parent.calls

    @property
    def state(self) -> MutableMapping[str, Any]:
        """How far in the list of tickets all conversations were emitted."""
        return self._saved_state

    @state.setter
    def state(self, value: MutableMapping[str, Any]) -> None:
        self.parent.state = value
        self._saved_state = dict(value)

    def stream_slices(
        self,
        sync_mode: SyncMode,
        cursor_field: list[str] | None = None,
        stream_state: Mapping[str, Any] | None = None,
    ) -> Iterable[Mapping[str, Any]]:
        """A slice for each page of the ticket list, its tickets' conversations and those of the next under way."""
        states: deque[MutableMapping[str, Any]] = deque()

        def batches() -> Iterator[list[int]]:
            for new in self.parent.walk():
                states.append(new.state)
                yield [row["id"] for row in new.rows]

        for batch in self._account.ahead.batches(self._conversations_of, batches()):
            yield TicketSlice(batch, states.popleft())

    def path(
        self,
        *,
        stream_state: Mapping[str, Any] | None = None,
        stream_slice: Mapping[str, Any] | None = None,
        next_page_token: Mapping[str, Any] | None = None,
    ) -> str:
        """The conversations of one ticket."""
        assert stream_slice is not None
        return f"tickets/{stream_slice['ticket_id']}/conversations"

    def read_records(
        self,
        sync_mode: SyncMode,
        cursor_field: list[str] | None = None,
        stream_slice: Mapping[str, Any] | None = None,
        stream_state: Mapping[str, Any] | None = None,
    ) -> Iterable[StreamData]:
        """All conversations of the tickets of a slice."""
        assert isinstance(stream_slice, TicketSlice)
        refusals: list[Refused] = []
        for conversations in stream_slice.batch.results():
            if isinstance(conversations, Refused):
                refusals.append(conversations)
            else:
                yield from map(self.record, conversations)
        _not_all_refused(refusals, len(stream_slice.batch.items))
        self._saved_state = stream_slice.state

    def _conversations_of(self, ticket_id: int) -> list[Row] | Refused:
        """All of a ticket's; none if the ticket is gone; the refusal if it cannot be seen whether it is."""
        try:
            return list(self.rows_of({"ticket_id": ticket_id}))
        except Refused as refused:
            return self._vanished(ticket_id, refused)

    def _vanished(self, ticket_id: int, refused: Refused) -> list[Row] | Refused:
        """Raises the refusal if the ticket is there: then its conversations are refused, and that is an error."""
        outcome: list[Row] | Refused = []
        if refused.status != requests.codes.not_found:
            try:
                ticket = self.view(f"tickets/{ticket_id}")
            except Refused as unseen:
                outcome = [] if unseen.status == requests.codes.not_found else refused
            else:
                if not (ticket.get("deleted") or ticket.get("spam")):
                    raise refused
        self.logger.info(f"Ticket {ticket_id} is gone since it was listed; its conversations are skipped.")
        return outcome


def _place(row: Row) -> Place:
    return Place(row["id"], instants.from_api(row["updated_at"]), instants.from_api(row["created_at"]))


def _not_all_refused(refusals: Sequence[Refused], tickets: int) -> None:
    """Raise the refusal if no ticket of a batch may be seen: then it is the key that may not, and none has vanished."""
    if refusals and len(refusals) == tickets:
        raise refusals[0]
