"""When a run of tickets of one time was read completely. Decides, reads nothing.

A run is more than a page of rows with (nearly) the same time, as a bulk update makes. Rows leave it while it is read,
when they change, and move others over a page boundary. So it is read pass after pass: the first from the first page to
the last, to find where it ends; the others from the last page to the first. Going down, no row that stays can be
missed, since it only ever moves towards the pages that are still to come.

That holds where rows of the same time keep their order, which Freshdesk does not promise. The order of two passes shows
it. Where it is not kept, the rows are counted instead.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from source_freshdesk.retrieval.repetition import Repetition

MAX_PASSES = 50
ENOUGH_IN_ORDER = 12
"""So many rows come in the same order twice by chance in one of 479 million cases, fewer in too many."""

ENOUGH_REPEATED = 50
"""So many rows in a row that the same pass had already are no chance, since a page has a hundred."""


class TicketVersion(NamedTuple):
    """What the walk needs to know of a row. Times in epoch seconds."""

    id: int
    updated_at: int
    created_at: int


_Key = tuple[int, int]


@dataclass
class TicketRun:
    """A run of rows at the instants from `since` up to `through`, read pass after pass.

    No row joins it, and a version of a row that has left does not come back. So a row met after a pass was there when
    the pass ended; as soon as as many rows were met since as the pass had, they are all that there were.

    by_creation: it is read by `created_at` from both ends, where a pass meets rows of the middle twice; they count
    once. sizes: how many rows each pass had. is_endless: the last pages brought nothing but rows of the same pass.
    """

    since: int
    through: int
    by_creation: bool = False
    sizes: list[int] = field(default_factory=lambda: [0])
    is_endless: bool = False
    _repetition: Repetition = field(default_factory=Repetition)
    _repeated_rows: int = 0
    _last_met: dict[_Key, int] = field(default_factory=dict)
    _pages: dict[int, list[_Key]] = field(default_factory=dict)
    _last_order: list[_Key] = field(default_factory=list)

    @property
    def is_first_pass(self) -> bool:
        """Whether it is not known yet where the run ends."""
        return len(self.sizes) == 1

    @property
    def last_page(self) -> int:
        """The last page on which a row of the run was met in this pass."""
        return max((page for page, keys in self._pages.items() if keys), default=1)

    @property
    def ids(self) -> set[int]:
        """Of all rows that were met."""
        return {row_id for row_id, _ in self._last_met}

    def take(self, page: int, rows: Sequence[TicketVersion]) -> None:
        """The rows of a page, of the run and after it."""
        keys = [(row.id, row.updated_at) for row in rows if row.updated_at <= self.through]
        present = len(self.sizes)
        has_new = any(self._last_met.get(key) != present for key in keys) or len(keys) < len(rows)
        self._repeated_rows = 0 if has_new else self._repeated_rows + len(rows)
        # Rows of one time may come in another order in each answer, so a few can be repeated by chance.
        are_enough = self._repeated_rows == 0 or self._repeated_rows >= ENOUGH_REPEATED
        self.is_endless = self._repetition.note(has_new=has_new) and are_enough
        self.sizes[-1] += sum(not self.by_creation or self._last_met.get(key) != present for key in keys)
        self._last_met.update(dict.fromkeys(keys, present))
        self._pages[page] = keys

    def end_pass(self) -> bool | None:
        """Whether the run was read completely; None if it never will be, since `MAX_PASSES` have differed."""
        order = [key for page in sorted(self._pages) for key in self._pages[page]]
        if self._has_met_all() or self._has_kept_order(order):
            return True
        if len(self.sizes) >= MAX_PASSES:
            return None
        # In a first pass a row that is met twice shows that there is no order to keep.
        is_ordered = len(self.sizes) > 1 or len(order) == len(set(order))
        self._last_order = list(dict.fromkeys(order)) if is_ordered else []
        self._pages = {}
        self.sizes.append(0)
        return False

    def _has_met_all(self) -> bool:
        met_in = Counter(self._last_met.values())
        met_since = 0
        for number in range(len(self.sizes), 1, -1):
            met_since += met_in[number]
            if met_since >= self.sizes[number - 2]:
                return True
        return False

    def _has_kept_order(self, order: Sequence[_Key]) -> bool:
        """Whether all that this pass and the one before it met came in the same order, which no chance explains, and
        the rows that left explain all others that were new to this pass or were met twice in it.
        """
        if self.by_creation or self.is_first_pass:
            return False
        before, present = set(self._last_order), dict.fromkeys(order)
        stayed = [key for key in self._last_order if key in present]
        left, new, repeated = len(before) - len(stayed), len(present) - len(stayed), len(order) - len(present)
        return (
            len(stayed) >= ENOUGH_IN_ORDER
            and stayed == [key for key in present if key in before]
            and max(new, repeated) <= left
        )
