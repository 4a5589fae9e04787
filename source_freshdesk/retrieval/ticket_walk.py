"""Which page of the ticket list to read next, so that no ticket is missed while tickets change. Decides, reads nothing.

The list is ordered by `updated_at`, which moves: a ticket that is updated moves to the end of the list, all
later ones move up, and with page numbers an unread one slips over the page boundary and is never read. So the walk goes
by key: after each page it asks for page 1 of what was updated since the last row's time, less a second. Whether
Freshdesk takes `updated_since` as > or as >= is not documented; less a second, both are right.

Page numbers are used only inside a run of more than a page of rows with (nearly) the same time, as a bulk update makes.
There the order among equals is not promised either, and rows that leave the run move the others. A run is therefore
read pass after pass, until nothing of it can have been missed; two passes if it is quiet. It may be longer than the
300 pages that Freshdesk gives out (https://developers.freshdesk.com/api/#list_all_tickets). Then the rows since that
second are read by `created_at`, which does not move, from both ends until the ends meet. A ticket that is deleted
meanwhile moves the others there too, so this is read pass after pass like a run.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_freshdesk import instants

LAST_PAGE = 300
MAX_PASSES = 50


@dataclass(frozen=True)
class PageRequest:
    """A page of the list. `updated_since` in epoch seconds."""

    updated_since: int
    page: int = 1
    order_by: str = "updated_at"
    order_type: str = "asc"


@dataclass(frozen=True)
class TicketVersion:
    """What the walk needs to know of a row. Times in epoch seconds."""

    id: int
    updated_at: int
    created_at: int


class _Mode(Enum):
    BY_KEY = auto()
    RUN = auto()
    RUN_FROM_THE_OLDEST = auto()
    RUN_FROM_THE_NEWEST = auto()


@dataclass
class _Run:
    """A run of rows at the instants up to `through`, read pass after pass.

    No row joins it, and a version of a row that has left does not come back. So a row met after a pass was there when
    the pass ended; as soon as as many rows were met since as the pass had, they are all that there were.

    through: the last instant of the run. by_creation: it is read by `created_at` from both ends, where a pass meets
    rows of the middle twice; they count once.
    last_met: the pass in which a version was met last. sizes: how many rows each pass had.
    """

    through: int
    by_creation: bool = False
    last_met: dict[tuple[int, int], int] = field(default_factory=dict)
    sizes: list[int] = field(default_factory=lambda: [0])

    def take(self, rows: Sequence[TicketVersion]) -> None:
        keys = [(row.id, row.updated_at) for row in rows if row.updated_at <= self.through]
        present = len(self.sizes)
        self.sizes[-1] += sum(not self.by_creation or self.last_met.get(key) != present for key in keys)
        self.last_met.update(dict.fromkeys(keys, present))

    def end_pass(self) -> bool:
        """Whether the run was read completely."""
        passes = len(self.sizes)
        met_in = Counter(self.last_met.values())
        met_since = 0
        for number in range(passes, 1, -1):
            met_since += met_in[number]
            if met_since >= self.sizes[number - 2]:
                return True
        if passes >= MAX_PASSES:
            raise _endless(self.through, f"its rows keep changing places: {passes} passes differed")
        self.sizes.append(0)
        return False


def first_request(since: int) -> PageRequest:
    """The first page of a walk over all rows at or after `since`."""
    return PageRequest(max(since - 1, instants.EPOCH))


class TicketWalk:
    """A walk over all rows at or after `since`, oldest change first.

    Read the page that `request` names and hand it to `take`, until `request` is None. Rows come more than once; whoever
    emits them knows which it has emitted.
    """

    def __init__(self, since: int) -> None:
        self.request: PageRequest | None = first_request(since)
        self._watermark = since
        self._mode = _Mode.BY_KEY
        self._run = _Run(through=since)
        self._complete_through = since - 1
        self._is_inclusive = False
        self._oldest_half_ends_at = 0

    @property
    def watermark(self) -> int:
        """Every row before this instant was given."""
        return self._watermark

    def take(self, rows: Sequence[TicketVersion], has_next: bool) -> None:
        """The rows of the requested page, and whether Freshdesk says that there is another one.

        Raises `AirbyteTracedException` when a run cannot be read completely; it names the second.
        """
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
            self._run = _Run(through=asked.updated_since + 1)
            self._step_in_run(asked, rows, has_next)

    def _step_in_run(self, asked: PageRequest, rows: Sequence[TicketVersion], has_next: bool) -> None:
        self._run.take(rows)
        goes_on = has_next and (not rows or rows[-1].updated_at <= self._run.through)
        if goes_on and asked.page == LAST_PAGE:
            self._run = _Run(self._run.through, by_creation=True)
            self._begin_by_creation(asked)
        elif goes_on:
            self.request = replace(asked, page=asked.page + 1)
        elif self._run.end_pass():
            self._leave_run()
        else:
            self.request = replace(asked, page=1)

    def _step_by_creation(self, asked: PageRequest, rows: Sequence[TicketVersion], has_next: bool) -> None:
        self._run.take(rows)
        from_the_newest = self._mode is _Mode.RUN_FROM_THE_NEWEST
        ends_met = from_the_newest and bool(rows) and rows[-1].created_at < self._oldest_half_ends_at
        if not has_next or ends_met:
            if self._run.end_pass():
                self._leave_run()
            else:
                self._begin_by_creation(asked)
        elif asked.page < LAST_PAGE:
            self.request = replace(asked, page=asked.page + 1)
        elif from_the_newest or not rows:
            raise _endless(self._run.through, f"it has more tickets than {2 * LAST_PAGE} pages hold")
        else:
            self._mode = _Mode.RUN_FROM_THE_NEWEST
            self._oldest_half_ends_at = rows[-1].created_at
            self.request = PageRequest(asked.updated_since, 1, "created_at", "desc")

    def _begin_by_creation(self, asked: PageRequest) -> None:
        self._mode = _Mode.RUN_FROM_THE_OLDEST
        self.request = PageRequest(asked.updated_since, 1, "created_at", "asc")

    def _leave_run(self) -> None:
        self._mode = _Mode.BY_KEY
        self._complete_through = self._run.through
        self._watermark = max(self._watermark, self._run.through)
        self.request = PageRequest(self._complete_through + 1 if self._is_inclusive else self._complete_through)


def _endless(second: int, why: str) -> AirbyteTracedException:
    message = (
        f"The tickets that were updated at {instants.to_api(second)} cannot be read completely: {why}. Nothing after "
        "that second was synced. Sync again; if it stays so, set 'start_date' later than that second."
    )
    return AirbyteTracedException(message=message, internal_message=message, failure_type=FailureType.system_error)
