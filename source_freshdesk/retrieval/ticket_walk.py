"""Which page of the ticket list to read next, so that no ticket is missed while tickets change. Decides, reads nothing.

The list is ordered by `updated_at`, which moves: a ticket that is updated moves to the end of the list, all
later ones move up, and with page numbers an unread one slips over the page boundary and is never read. So the walk goes
by key: after each page it asks for page 1 of what was updated since the last row's time, less a second. Whether
Freshdesk takes `updated_since` as > or as >= is not documented; less a second, both are right.

Page numbers are used only inside a run of more than a page of rows with (nearly) the same time: see `ticket_run`. It
may be longer than the 300 pages that Freshdesk gives out (https://developers.freshdesk.com/api/#list_all_tickets). Then
the rows since that second are read by `created_at`, which does not move, from both ends until the ends meet. A ticket
that is deleted meanwhile moves the others there too, so this is read pass after pass like a run. If the ends do not
meet, since there are too many rows or they were all created in the same second, those not met are looked up by id.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from source_freshdesk import instants
from source_freshdesk.retrieval.ticket_run import TicketRun, TicketVersion

LAST_PAGE = 300


@dataclass(frozen=True)
class PageRequest:
    """A page of the list. `updated_since` in epoch seconds."""

    updated_since: int
    page: int = 1
    order_by: str = "updated_at"
    order_type: str = "asc"


@dataclass(frozen=True)
class TicketLookup:
    """Tickets of a run that may be there and that the list does not reach. Instants in epoch seconds.

    since, through: the instants of the run. met: the ids of those that the list has shown.
    """

    since: int
    through: int
    met: Collection[int]


class _Mode(Enum):
    BY_KEY = auto()
    RUN = auto()
    RUN_FROM_THE_OLDEST = auto()
    RUN_FROM_THE_NEWEST = auto()


def first_request(since: int) -> PageRequest:
    """The first page of a walk over all rows at or after `since`."""
    return PageRequest(max(since - 1, instants.EPOCH))


class TicketWalk:
    """A walk over all rows at or after `since`, oldest change first.

    Read the page that `request` names and hand it to `take`, until `request` is None. Then look up what `lookup` names,
    if it is not None, call `resume`, and go on. Rows come more than once; whoever emits them knows which were emitted.
    """

    def __init__(self, since: int) -> None:
        self.request: PageRequest | None = first_request(since)
        self._watermark = since
        self._mode = _Mode.BY_KEY
        self._run = TicketRun(since, since)
        self._complete_through = since - 1
        self._is_inclusive = False
        self._last_page = 1
        self._oldest_half_ends_at = 0
        self.lookup: TicketLookup | None = None
        self.is_endless = False
        """Whether page after page brought no new row, so that the list was taken for ended."""

    @property
    def watermark(self) -> int:
        """Every row before this instant was given."""
        return self._watermark

    @property
    def is_over(self) -> bool:
        """Whether there is nothing more to read."""
        return self.request is None and self.lookup is None

    def resume(self) -> None:
        """All tickets of `lookup` that are there were given."""
        self.lookup = None
        self._leave_run()

    def take(self, rows: Sequence[TicketVersion], has_next: bool) -> None:
        """The rows of the requested page, and whether Freshdesk says that there is another one."""
        asked = self.request
        if asked is None:
            raise ValueError("the walk is over")
        self._is_inclusive = self._is_inclusive or any(row.updated_at == asked.updated_since for row in rows)
        if rows and asked.page == 1 and asked.order_by == "updated_at":
            self._watermark = max(self._watermark, rows[-1].updated_at)
        if self._mode is _Mode.BY_KEY:
            self._step_by_key(asked, rows, has_next)
        elif self._mode is _Mode.RUN:
            self._step_in_run(asked, rows, has_next)
        else:
            self._step_by_creation(asked, rows, has_next)

    def _step_by_key(self, asked: PageRequest, rows: Sequence[TicketVersion], has_next: bool) -> None:
        if not has_next:
            self.request = None
        elif asked.updated_since == self._complete_through and self._is_inclusive:
            self.request = PageRequest(asked.updated_since + 1)
        elif rows and rows[-1].updated_at - 1 > asked.updated_since:
            self.request = PageRequest(rows[-1].updated_at - 1)
        else:
            self._mode = _Mode.RUN
            self._run = TicketRun(asked.updated_since, asked.updated_since + 1)
            self._step_in_run(asked, rows, has_next)

    def _step_in_run(self, asked: PageRequest, rows: Sequence[TicketVersion], has_next: bool) -> None:
        self._run.take(asked.page, rows)
        if self._run.is_endless and has_next:
            self._end_here()
            return
        goes_on = has_next and (not rows or rows[-1].updated_at <= self._run.through)
        if goes_on and asked.page == LAST_PAGE:
            self._begin_by_creation(asked)
        elif goes_on and asked.page >= self._last_page:
            self.request = replace(asked, page=asked.page + 1)
        elif self._run.is_first_pass or min(asked.page, self._last_page) == 1:
            self._end_pass_of_run(asked)
        else:
            # Going down, from the page with which the pass began.
            self.request = replace(asked, page=min(asked.page, self._last_page) - 1)

    def _end_pass_of_run(self, asked: PageRequest) -> None:
        last_page = self._run.last_page
        is_complete = self._run.end_pass()
        if is_complete:
            self._leave_run()
        elif is_complete is None:
            self._begin_by_creation(asked)
        else:
            self._last_page = last_page
            self.request = replace(asked, page=last_page)

    def _step_by_creation(self, asked: PageRequest, rows: Sequence[TicketVersion], has_next: bool) -> None:
        self._run.take(asked.page, rows)
        from_the_newest = self._mode is _Mode.RUN_FROM_THE_NEWEST
        ends_met = from_the_newest and bool(rows) and rows[-1].created_at < self._oldest_half_ends_at
        if not has_next or ends_met:
            is_complete = self._run.end_pass()
            if is_complete is False:
                self._begin_pass_by_creation(asked)
            else:
                self._leave_run_or_look_up(is_complete=is_complete is True)
        elif asked.page < LAST_PAGE:
            self.request = replace(asked, page=asked.page + 1)
        elif from_the_newest or not rows:
            self._leave_run_or_look_up(is_complete=False)
        else:
            self._mode = _Mode.RUN_FROM_THE_NEWEST
            self._oldest_half_ends_at = rows[-1].created_at
            self.request = PageRequest(asked.updated_since, 1, "created_at", "desc")

    def _leave_run_or_look_up(self, *, is_complete: bool) -> None:
        if is_complete:
            self._leave_run()
        else:
            self.request = None
            self.lookup = TicketLookup(self._run.since, self._run.through, self._run.ids)

    def _begin_by_creation(self, asked: PageRequest) -> None:
        self._run = TicketRun(self._run.since, self._run.through, by_creation=True)
        self._begin_pass_by_creation(asked)

    def _begin_pass_by_creation(self, asked: PageRequest) -> None:
        self._mode = _Mode.RUN_FROM_THE_OLDEST
        self.request = PageRequest(asked.updated_since, 1, "created_at", "asc")

    def _leave_run(self) -> None:
        self._mode = _Mode.BY_KEY
        self._last_page = 1
        self._complete_through = self._run.through
        self._watermark = max(self._watermark, self._run.through)
        self.request = PageRequest(self._complete_through + 1 if self._is_inclusive else self._complete_through)

    def _end_here(self) -> None:
        """The list links on and brings nothing new: what it has shown is all that it will."""
        self.is_endless, self.request = True, None
        self._watermark = max(self._watermark, self._run.through)
