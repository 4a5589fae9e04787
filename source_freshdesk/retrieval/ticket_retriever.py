"""Reads the tickets that changed, in order of change, in several segments of time at once."""

import math
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from itertools import islice

from source_freshdesk import instants
from source_freshdesk.api.errors import ResourceUnavailable
from source_freshdesk.api.freshdesk_api import READ_AHEAD_BYTES, FreshdeskApi
from source_freshdesk.api.prefetch import Job
from source_freshdesk.api.response import Row
from source_freshdesk.records.versions import changed_at, content_of
from source_freshdesk.retrieval.access import StreamAccess
from source_freshdesk.retrieval.page import Page
from source_freshdesk.retrieval.ticket_lookup import looked_up
from source_freshdesk.retrieval.ticket_page import TicketPage, WalkedPage
from source_freshdesk.retrieval.ticket_run import TicketVersion
from source_freshdesk.retrieval.ticket_segments import MAX_SEGMENT_PAGES, PAGES_PER_SEGMENT, Segment, SegmentPlan
from source_freshdesk.retrieval.ticket_source import TicketSource
from source_freshdesk.retrieval.ticket_walk import TicketWalk, first_request
from source_freshdesk.state.updated_at_cursor import UpdatedAtCursor

MAX_SEGMENTS_AT_ONCE = 10


class TicketRetriever:
    """Reads the ticket list, or one of its filters, from where a cursor is.

    source: fetches the tickets.
    access: of the list of tickets.
    cursor: decides which versions are new, and advances page by page. Only the consuming thread touches it.
    for_children: each ticket costs its reader a call. So one segment is read at a time, and what changes after the
    first page was read is left out: tickets may change as fast as their children are read.
    """

    def __init__(
        self,
        api: FreshdeskApi,
        source: TicketSource,
        access: StreamAccess,
        cursor: UpdatedAtCursor,
        *,
        for_children: bool = False,
    ) -> None:
        self.cursor = cursor
        self.unavailable: ResourceUnavailable | None = None
        """Why the list cannot be read with this key, once that is known."""
        self.without_times: set[int] = set()
        """The ids of tickets without valid times. They are given once in each read, and move no watermark."""
        self.was_ahead = False
        """Whether the cursor was ahead of Freshdesk's time, and was pulled back."""
        self._api = api
        self._source = source
        self._access = access
        self._for_children = for_children
        self._eta_origin: tuple[float, int] | None = None
        self._page_size = 0

    def pages(self, before: float = math.inf) -> Iterator[TicketPage]:
        """All tickets that changed since the cursor, each version once, one item for each page read.

        before: those that changed at this instant or later are left out. None if the list is not available to this key;
        then `unavailable` says why.
        """
        first = self._access.confirm(partial(self._source.page, first_request(self.cursor.read_from)))
        if isinstance(first, ResourceUnavailable):
            self.unavailable = first
            return
        self.was_ahead = self.cursor.pull_back(first.as_of)
        if self.was_ahead:
            first = self._source.page(first_request(self.cursor.read_from))
        end = min(before, first.as_of + 1 if self._for_children else math.inf)
        walk = self._walk(Segment(self.cursor.read_from, end), first)
        del first
        for page in walk:
            plan = self._plan(page, end)
            tickets = self._new_tickets(page, before=end)
            yield replace(tickets, is_last=True) if page.watermark >= end else tickets
            if page.is_last:
                return
            if plan is not None:
                yield from self._walk_in_segments(plan, end)
                return

    def eta(self) -> str:
        """Up to which time tickets are read, and how long the rest will take, if it is like the part read, year by
        year; empty before the first page.
        """
        if self._eta_origin is None:
            return ""
        started_at, first_watermark = self._eta_origin
        clock, watermark = self._api.clock, self.cursor.watermark
        done, left = watermark - first_watermark, clock.now() - watermark
        position = f"Tickets are read up to {instants.to_api(watermark)}"
        if done <= 0 or left <= 0:
            return f"{position}."
        minutes = (clock.monotonic() - started_at) * left / done / 60
        return f"{position}; about {max(minutes, 1):,.0f} min left at this rate."

    def _walk_in_segments(self, plan: SegmentPlan, end: float) -> Iterator[TicketPage]:
        """The rest of the tickets: several segments are read at once, and their pages given in order."""
        with self._api.prefetcher.cancellation() as cancellation:

            def read(segment: Segment) -> tuple[Segment, Job[list[WalkedPage]]]:
                share = READ_AHEAD_BYTES // self._useful_segments
                return segment, self._api.prefetcher.submit(partial(self._pages_ahead, segment, share), cancellation)

            ahead: deque[tuple[Segment, Job[list[WalkedPage]]]] = deque()
            while True:
                while len(ahead) < min(self._useful_segments, plan.worthwhile):
                    following = plan.next()
                    if following is None:
                        break
                    ahead.append(read(replace(following, end=min(following.end, end))))
                if not ahead:
                    break
                segment, job = ahead.popleft()
                pages = job.result()
                yield from self._new_in_segment(pages, segment, end)
                reached = int(min(pages[-1].watermark, segment.end))
                if pages[-1].is_last:
                    break
                plan.learn(len(pages), reached - segment.start)
                if reached == segment.start:
                    # A run of equal times, longer than a job may be. It is read here, page by page.
                    yield from self._new_in_segment(self._walk(segment), segment, end)
                elif reached < segment.end:
                    ahead.appendleft(read(Segment(reached, segment.end)))
        # Tickets that changed while the segments were read have moved behind the end of what was read first.
        for page in self._walk(Segment(self.cursor.watermark, end)):
            yield self._new_tickets(page, before=end)

    def _pages_ahead(self, segment: Segment, size: int) -> list[WalkedPage]:
        """The first pages of a segment: at least one, and no more than take so much memory."""
        pages: list[WalkedPage] = []
        for page in islice(self._walk(segment), MAX_SEGMENT_PAGES):
            pages.append(page)
            size -= page.size
            if size <= 0:
                break
        return pages

    def _new_in_segment(self, pages: Iterable[WalkedPage], segment: Segment, end: float) -> Iterator[TicketPage]:
        for page in pages:
            yield self._new_tickets(page, before=end if page.is_last else segment.end)

    @property
    def _useful_segments(self) -> int:
        """How many segments at once read as many pages as the rate limit and the memory allow."""
        at_once = self._api.useful_calls_at_once(self._source.call)
        pages = READ_AHEAD_BYTES // max(self._page_size, 1)
        # One that has to stop for want of memory is gone on with only when it is its turn, while the others wait.
        affordable = max(pages // PAGES_PER_SEGMENT, min(pages // 2, 2), 1)
        return 1 if self._for_children else min(at_once, MAX_SEGMENTS_AT_ONCE, affordable)

    def _plan(self, page: WalkedPage, end: float) -> SegmentPlan | None:
        """How to cut what follows the first page; None if that is not worth while."""
        self._page_size = page.size
        if self._useful_segments == 1:
            return None
        versions = _valid(page.versions)
        seconds = versions[-1].updated_at - versions[0].updated_at if versions else 0
        if not seconds:
            return None
        plan = SegmentPlan(page.watermark, int(min(page.as_of, end)), pages=1, seconds=seconds)
        return plan if plan.pages_to_come >= 2 * PAGES_PER_SEGMENT else None

    def _walk(self, segment: Segment, first: Page | None = None) -> Iterator[WalkedPage]:
        """The pages of a walk over a segment. first: its first page, if that was fetched."""
        walk, as_of = TicketWalk(segment.start), 0
        while not walk.is_over and walk.watermark < segment.end:
            if walk.lookup is not None:
                for rows in looked_up(walk.lookup, self._source, self._api.prefetcher):
                    yield WalkedPage(rows, _versions_of(rows), walk.watermark, as_of, is_last=False)
                walk.resume()
            if walk.request is None:
                return
            page, first = first or self._source.page(walk.request), None
            versions = _versions_of(page.rows)
            walk.take(_valid(versions), has_next=page.next is not None)
            as_of = page.as_of
            if walk.is_endless:
                self._source.logger.warning(
                    "The list of tickets links to page after page without new rows. It was read up to there."
                )
            yield WalkedPage(page.rows, versions, walk.watermark, as_of, walk.is_over, page.lacks_from, page.size)

    def _new_tickets(self, page: WalkedPage, before: float = math.inf) -> TicketPage:
        both = zip(page.rows, page.versions, strict=True)
        page.rows[:] = [row for row, version in both if self._register(row, version, page.as_of, before)]
        if page.lacks_from is not None:
            self.cursor.hold(page.lacks_from)
        # A ticket can be dated in the future, and so can our own clock. The watermark stays at Freshdesk's time.
        self.cursor.advance(int(min(page.watermark, before, page.as_of)), as_of=page.as_of)
        self._eta_origin = self._eta_origin or (self._api.clock.monotonic(), self.cursor.watermark)
        return TicketPage(page.rows, self.cursor.state(as_of=page.as_of, complete=page.is_last), page.is_last)

    def _register(self, row: Row, version: TicketVersion | None, as_of: int, before: float) -> bool:
        """Whether this version was not given yet and belongs to the part before the instant `before`."""
        if version is None:
            is_first = row["id"] not in self.without_times
            self.without_times.add(row["id"])
            return is_first
        if version.updated_at >= before:
            return False
        if self._for_children:
            is_unseen = self.cursor.is_unseen(version.id, version.updated_at)
            if is_unseen:
                self.cursor.remember(version.id, version.updated_at, as_of=as_of)
            return is_unseen
        is_unseen = self.cursor.is_unseen(version.id, version.updated_at, row)
        if is_unseen or version.updated_at >= self.cursor.read_from:
            is_settled = self.cursor.is_settled(version.updated_at, as_of=as_of)
            content = None if is_settled else content_of(row)
            self.cursor.remember(version.id, version.updated_at, as_of=as_of, content=content)
        return is_unseen


def _version_of(row: Row) -> TicketVersion | None:
    updated_at, created_at = changed_at(row), changed_at(row, "created_at")
    return None if updated_at is None or created_at is None else TicketVersion(row["id"], updated_at, created_at)


def _versions_of(rows: Iterable[Row]) -> list[TicketVersion | None]:
    return [_version_of(row) for row in rows]


def _valid(versions: Iterable[TicketVersion | None]) -> list[TicketVersion]:
    return [version for version in versions if version is not None]
