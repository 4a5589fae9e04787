"""When a list whose order changes while it is read was read completely. Decides, reads nothing.

Most of Freshdesk's lists are sorted by name or in an order of their own. Rows that leave such a list, or move in it,
while its pages are read push others over a page boundary, unread. So a list of more than one page is read again, until
a pass finds no row that the passes before it missed. A row that changed after the first pass started does not count as
missed: any number of passes could find such a row, and the next sync reads it.

Two passes can miss the same row. That takes a row that leaves each of them, and one that left can be noticed: so a pass
is also not quiet if it does not find all rows of the pass before, or if one that changed has moved among the others.

The pages of the second pass may be fetched at once, which takes less time. Then a row that joins the list can push
another over a boundary, unread, too. In the first pass that cannot happen, so a quiet second one still shows that it
missed nothing. After a second pass that was not quiet, and that rows joined, two passes have to be quiet.

Only the last page can change without moving a row over a boundary. So a pass that finds the pages before it as the pass
before did, row for row, is over there.

Some lists are read in several variants, since it is not known whether each shows all rows. Then all variants have to
agree.
"""

from collections.abc import Callable, Iterable, Set
from operator import eq

from source_freshdesk.api.response import Row
from source_freshdesk.records import versions
from source_freshdesk.state.emitted_versions import RowKey
from source_freshdesk.state.updated_at_cursor import LOOKBACK_SECONDS

MAX_PASSES = 5
"""After the second pass, a row is missed only if it was overlooked by each of them."""

_NEVER = -1


class StableList:
    """What was listed so far in one read of a list, or of several lists that belong together.

    key: gives the key of a row. changed_at: gives the instant of a row's version, None if it has none. variants: in how
    many ways the list is read.

    versions: the instant of each row's version by its key. contents: a hash of each row that can change once more
    within the second of its version, since it changed so shortly before the first page was read, or after.
    started_at: Freshdesk's time when the first page was read, in epoch seconds; None before.
    page_count: how many pages the present pass has read.
    has_more_pages: whether any pass found a second page.
    """

    def __init__(
        self,
        key: Callable[[Row], RowKey] = lambda row: row["id"],
        changed_at: Callable[[Row], int | None] = versions.changed_at,
        variants: int = 1,
    ) -> None:
        self.versions: dict[RowKey, int | None] = {}
        self.contents: dict[RowKey, str] = {}
        self.started_at: int | None = None
        self.page_count = 0
        self.has_more_pages = False
        self.key_of = key
        self._changed_at = changed_at
        self._variants = variants
        self._passes = 0
        self._quiet_passes = 0
        self._quiet_needed = 1
        self._missed_before = 0
        self._in_this_pass: dict[RowKey, None] = {}
        self._in_last_pass: dict[RowKey, None] = {}
        self._changed: set[RowKey] = set()
        self._is_at_once = self._has_row_joined = False
        self._before_page = self._before_last_page = 0
        """How many rows this pass had before its present page, and the pass before had before its last one."""

    @property
    def is_complete(self) -> bool:
        """Whether the list need not be read again."""
        if self._passes < self._variants:
            return False
        return (
            (self.page_count <= 1 and self._variants == 1)
            or self._quiet_passes >= self._quiet_needed
            or self._passes == MAX_PASSES
        )

    @property
    def is_stable(self) -> bool:
        """False if the list was read as often as it may be and still changed in the last pass."""
        return self._passes < MAX_PASSES or self._missed_before == 0

    @property
    def variant(self) -> int:
        """In which variant the list is read in this pass, counted from 0."""
        return self._passes % self._variants

    @property
    def may_be_read_at_once(self) -> bool:
        """Whether the pages of this pass may be fetched at once."""
        return self._passes == 1 and self._variants == 1

    def begin_pass(self, *, at_once: bool = False) -> None:
        """The first page is read next. at_once: the others are not fetched in their order."""
        self._is_at_once, self._has_row_joined = at_once, False
        self.page_count = self._missed_before = 0
        self._before_page, self._before_last_page = 0, self._before_page
        self._in_last_pass, self._in_this_pass = self._in_this_pass, {}
        self._changed.clear()

    def begin_page(self, as_of: int, *, has_next: bool = False) -> None:
        """A page that Freshdesk returned at `as_of`, in epoch seconds."""
        self.started_at = as_of if self.started_at is None else self.started_at
        self.page_count += 1
        self._before_page = len(self._in_this_pass)
        self.has_more_pages = self.has_more_pages or has_next

    def is_as_before(self) -> bool:
        """Whether this pass has read all pages but the last one, and they hold the rows that they held in the pass
        before, in the same order.
        """
        count = len(self._in_this_pass)
        if self._variants > 1 or count == 0 or count != self._before_last_page:
            return False
        return all(map(eq, self._in_this_pass, self._in_last_pass))

    def end_pass(self, *, early: bool = False) -> None:
        """The last page was read. early: it was not, since `is_as_before`; its rows count as found."""
        if early:
            self._in_this_pass |= self._in_last_pass
            self._before_page = self._before_last_page
        self._passes += 1
        if self._passes == 1:
            return
        if self._missed_before or self._has_row_left:
            is_loose = self._is_at_once and (self._has_row_joined or bool(self._changed))
            self._quiet_passes, self._quiet_needed = 0, 2 if is_loose else self._variants
        else:
            self._quiet_passes += 1

    def has_none_new(self, rows: list[Row]) -> bool:
        """Whether a page holds only rows that this pass had already, or none."""
        return all(self.key_of(row) in self._in_this_pass for row in rows)

    def register(self, row: Row) -> bool:
        """Note that the row is listed. Whether this version of it was not listed before."""
        key, changed_at = self.key_of(row), self._changed_at(row)
        known = self.versions.get(key, _NEVER)
        self._in_this_pass[key] = None
        content = None if changed_at is None else self._content_of(changed_at, row)
        if known == changed_at and (changed_at is None or self.contents.get(key) == content):
            return False
        if known != _NEVER:
            self._changed.add(key)
        is_old = changed_at is None or self.started_at is None or changed_at < self.started_at
        self._missed_before += known == _NEVER and is_old
        self._has_row_joined = self._has_row_joined or (known == _NEVER and not is_old)
        self.versions[key] = changed_at
        if content is not None:
            self.contents[key] = content
        return True

    def _content_of(self, changed_at: int, row: Row) -> str | None:
        """A hash of a row that is not settled; None if it is."""
        is_settled = self.started_at is None or changed_at + LOOKBACK_SECONDS <= self.started_at
        return None if is_settled else versions.content_of(row)

    @property
    def _has_row_left(self) -> bool:
        """Whether a row of the last pass is not in this one, or has changed and moved. Variants are not compared."""
        if self._variants > 1:
            return False
        if not self._in_last_pass.keys() <= self._in_this_pass.keys():
            return True
        changed = self._changed & self._in_last_pass.keys()
        return bool(changed) and self._neighbours(self._in_last_pass, changed) != self._neighbours(
            self._in_this_pass, changed
        )

    def _neighbours(self, order: Iterable[RowKey], changed: Set[RowKey]) -> dict[RowKey, RowKey | None]:
        """Which row that stayed as it is comes before each changed one."""
        neighbours: dict[RowKey, RowKey | None] = {}
        before = None
        for key in order:
            if key in changed:
                neighbours[key] = before
            elif key in self._in_last_pass:
                before = key
        return neighbours

    def note_emitted(self, record: Row) -> None:
        """A row became this record, which may be newer than the row was."""
        key, changed_at = self.key_of(record), self._changed_at(record)
        if self.versions.get(key) != changed_at:
            self.versions[key] = changed_at
            self.contents.pop(key, None)
