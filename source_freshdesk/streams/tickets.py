"""Tickets and what hangs on them: https://developers.freshdesk.com/api/#tickets"""

import math
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

from airbyte_cdk.sources.streams.core import StreamData

from source_freshdesk import instants
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.api.paginator import PAGE_SIZE
from source_freshdesk.api.prefetch import Job
from source_freshdesk.api.rate_limit import Call
from source_freshdesk.api.rate_limiter import CREDITS_FOR_AN_INCLUDE
from source_freshdesk.api.response import Row, RowList
from source_freshdesk.retrieval.ticket_segments import MAX_SEGMENT_PAGES, PAGES_PER_SEGMENT, Segment, SegmentPlan
from source_freshdesk.retrieval.ticket_walk import PageRequest, Place, TicketWalk
from source_freshdesk.state.updated_at_cursor import SETTLING_SECONDS, UpdatedAtCursor
from source_freshdesk.streams.base import Page
from source_freshdesk.streams.incremental import IncrementalStream


@dataclass(frozen=True)
class NewTickets:
    """The rows of a page that were not given before, and the state when they have been emitted."""

    rows: list[Row]
    state: MutableMapping[str, Any]
    is_last: bool


@dataclass(frozen=True)
class WalkedPage:
    """A page of a walk. Every ticket of the walk before the instant `watermark` was on it or on those before it."""

    rows: list[Row]
    watermark: int
    as_of: int
    is_last: bool


MAX_SEGMENTS_AT_ONCE = 10
"""Pages of later segments are kept until their turn comes, so the number of walks bounds the memory."""


class Tickets(IncrementalStream):
    """https://developers.freshdesk.com/api/#list_all_tickets

    include: what is embedded in each row; each costs two credits more a page.
    max_segments: how many parts of the list may be read at once.
    only: the name of a filter of Freshdesk's, such as "deleted"; None for its default list.
    settling_seconds: a ticket that was read so soon after its `updated_at` is read again by the next sync.
    """

    resource = "tickets"
    shape = RowList(required=("id", "updated_at", "created_at"))

    def __init__(
        self,
        api: FreshdeskApi,
        start: int,
        *,
        include: Sequence[str] = ("stats", "requester", "description"),
        max_segments: int = MAX_SEGMENTS_AT_ONCE,
        only: str | None = None,
        settling_seconds: int = SETTLING_SECONDS,
    ) -> None:
        self._include = include
        self._only = only
        self._max_segments = max_segments
        self._eta_origin: tuple[float, int] | None = None
        super().__init__(api, start)
        self._cursor = UpdatedAtCursor(start, settling_seconds=settling_seconds)

    def read_slice(self, stream_slice: Mapping[str, Any] | None) -> Iterator[StreamData]:
        """The records of the walk, and the state after each of its pages; after the last one the CDK says it."""
        since = self.since
        for page, new in enumerate(self.walk(), start=1):
            yield from map(self.record, new.rows)
            self._saved_state = new.state
            if not new.is_last:
                yield self.state_message()
                if page == 1:
                    yield from self.estimate(self.name, since)

    def walk(self) -> Iterator[NewTickets]:
        """All tickets that changed since the state, each version once, one item for each page read."""
        for page in self._walked(Segment(self._cursor.read_from), may_be_missing=True):
            yield self._new_tickets(page)
            if page.is_last:
                return
            plan = self._plan(page)
            if plan is not None:
                yield from self._walk_in_segments(plan)
                return

    def progress(self) -> str:
        """How far the walk has come, and how long it will take, for the log."""
        return f"{super().progress()} {self.eta()}"

    def eta(self) -> str:
        """Where in time the walk is. The rest is taken to go on as what was read, year by year."""
        if self._eta_origin is None:
            return ""
        began_at, first_mark = self._eta_origin
        clock, watermark = self._api.clock, self._cursor.watermark
        done, left = watermark - first_mark, clock.now() - watermark
        where = f"Tickets are read up to {instants.to_api(watermark)}"
        if done <= 0 or left <= 0:
            return f"{where}."
        minutes = (clock.monotonic() - began_at) * left / done / 60
        return f"{where}; about {max(minutes, 1):,.0f} min to go at this rate."

    def _walk_in_segments(self, plan: SegmentPlan) -> Iterator[NewTickets]:
        """The rest of the walk, several segments under way at once, their pages taken in order."""
        with self._api.prefetcher.cancellation() as cancellation:

            def read(segment: Segment) -> tuple[Segment, Job[list[WalkedPage]]]:
                return segment, self._api.prefetcher.submit(
                    lambda: list(islice(self._walked(segment), MAX_SEGMENT_PAGES)), cancellation
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
                reached = int(min(pages[-1].watermark, segment.end))
                if pages[-1].is_last:
                    break
                plan.learn(len(pages), reached - segment.start)
                if reached == segment.start:
                    # A run of equal times, longer than a job may be. It is read here, page by page.
                    yield from self._new_of_segment(self._walked(segment), segment)
                elif reached < segment.end:
                    ahead.appendleft(read(Segment(reached, segment.end)))
        # Tickets that changed while the segments were read have moved past the end of what was read first.
        for page in self._walked(Segment(self._cursor.watermark)):
            yield self._new_tickets(page)

    def _new_of_segment(self, pages: Iterable[WalkedPage], segment: Segment) -> Iterator[NewTickets]:
        for page in pages:
            yield self._new_tickets(page, before=math.inf if page.is_last else segment.end)

    @property
    def _useful_walks(self) -> int:
        """How many walks at once read as many pages as the account allows."""
        page = Call(1.0 + CREDITS_FOR_AN_INCLUDE * len(self._include), "tickets")
        return min(self._api.useful_calls_at_once(page), self._max_segments)

    def _plan(self, page: WalkedPage) -> SegmentPlan | None:
        """How to cut what follows the first page, None if that is not worth while."""
        if self._useful_walks == 1 or not page.rows:
            return None
        first, last = (instants.from_api(row["updated_at"]) for row in (page.rows[0], page.rows[-1]))
        if first == last:
            return None
        plan = SegmentPlan(page.watermark, page.as_of, pages=1, seconds=last - first)
        return plan if plan.pages_to_come >= 2 * PAGES_PER_SEGMENT else None

    def _walked(self, segment: Segment, *, may_be_missing: bool = False) -> Iterator[WalkedPage]:
        """The pages of a walk over a segment; none if the list may be missing for this key, and is."""
        walk = TicketWalk(segment.start)
        while walk.request is not None and walk.watermark < segment.end:
            fetch = partial(self._fetch_page, walk.request)
            page = self._unless_missing(fetch) if may_be_missing else fetch()
            if page is None:
                return
            may_be_missing = False
            walk.take([_place(row) for row in page.rows], has_next=page.next is not None)
            yield WalkedPage(page.rows, walk.watermark, page.as_of, is_last=walk.request is None)

    def _new_tickets(self, page: WalkedPage, before: float = math.inf) -> NewTickets:
        cursor = self._cursor
        news = [row for row in page.rows if self._register(_place(row), page.as_of, before)]
        # A ticket can be dated in the future. The mark must not go there, past what is still to come.
        now = max(page.as_of, int(self._api.clock.now()))
        cursor.advance(int(min(page.watermark, before, now)))
        self._eta_origin = self._eta_origin or (self._api.clock.monotonic(), cursor.watermark)
        return NewTickets(news, cursor.state(as_of=page.as_of, complete=page.is_last), page.is_last)

    def _fetch_page(self, request: PageRequest) -> Page:
        query = {
            "updated_since": instants.to_api(request.updated_since),
            "order_by": request.order_by,
            "order_type": request.order_type,
            "per_page": PAGE_SIZE,
            "page": request.page,
        }
        if self._only is not None:
            query["filter"] = self._only
        if self._include:
            query["include"] = ",".join(self._include)
        return self.fetch(query=query)

    def _register(self, place: Place, as_of: int, before: float) -> bool:
        if place.updated_at >= before or not self._cursor.is_unseen(place.id, place.updated_at):
            return False
        self._cursor.remember(place.id, place.updated_at, as_of=as_of)
        return True


def _place(row: Row) -> Place:
    return Place(row["id"], instants.from_api(row["updated_at"]), instants.from_api(row["created_at"]))
