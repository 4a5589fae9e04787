"""A list whose order does not hold still, read so that no row is missed. Decides, reads nothing.

Most of Freshdesk's lists are sorted by name or in an order of their own. Rows that leave such a list, or move in it,
while its pages are read push others over a page boundary, unread. So a list of more than one page is read again, until
a reading brings no row that the ones before it missed. A row that changed after the first reading began is not taken
for a missed one: it would be found in any number of readings, and belongs to the next sync.

Some lists are read in several ways, since it is not known whether each shows all rows. Then each way has to agree.
"""

from collections.abc import Callable

from source_freshdesk import instants
from source_freshdesk.api.response import Row

RowKey = int | str

MAX_PASSES = 5
"""After the second, a row is missed only if it slipped away in each of them."""


class StableList:
    """What was listed so far.

    key: of a row. changed_at: of a row, the instant of its version, None if it has none. ways: in which it is read.
    versions: the instant of each row's version by its key.
    began: Freshdesk's time when the first page came, in epoch seconds.
    """

    def __init__(
        self,
        key: Callable[[Row], RowKey] = lambda row: row["id"],
        changed_at: Callable[[Row], int | None] = lambda row: updated_at(row, "updated_at"),
        variants: int = 1,
    ) -> None:
        self.versions: dict[RowKey, int | None] = {}
        self.started_at: int | None = None
        self.pages = 0
        self._key = key
        self._changed_at = changed_at
        self._variants = variants
        self._passes = 0
        self._quiet_passes = 0
        self._quiet_needed = 1
        self._missed_before = 0
        self._in_this_pass: set[RowKey] = set()

    @property
    def is_complete(self) -> bool:
        """Whether the list need not be read again."""
        if self._passes < self._variants:
            return False
        return (
            (self.pages <= 1 and self._variants == 1)
            or self._quiet_passes >= self._quiet_needed
            or self._passes == MAX_PASSES
        )

    @property
    def is_given_up(self) -> bool:
        """Whether it was read as often as it may be, and still not found to hold still."""
        return self._passes == MAX_PASSES and self._missed_before > 0

    @property
    def variant(self) -> int:
        """In which way the list is read this time, counted from 0."""
        return self._passes % self._variants

    def begin_pass(self) -> None:
        """The first page comes next."""
        self.pages = self._missed_before = 0
        self._in_this_pass.clear()

    def begin_page(self, as_of: int) -> None:
        """A page that Freshdesk gave at this time."""
        self.started_at = as_of if self.started_at is None else self.started_at
        self.pages += 1

    def end_pass(self) -> None:
        """The last page was read."""
        self._passes += 1
        if self._passes == 1:
            return
        if self._missed_before:
            self._quiet_passes, self._quiet_needed = 0, self._variants
        else:
            self._quiet_passes += 1

    def is_repeated(self, rows: list[Row]) -> bool:
        """Whether a page holds nothing but rows that this reading had already: the list knows no pages."""
        return bool(rows) and self._in_this_pass.issuperset(map(self._key, rows))

    def register(self, row: Row) -> bool:
        """Whether this version of the row was not listed before. Takes it as listed."""
        key, changed_at = self._key(row), self._changed_at(row)
        known = self.versions.get(key, _NEVER)
        self._in_this_pass.add(key)
        if known == changed_at:
            return False
        is_old = changed_at is None or self.started_at is None or changed_at < self.started_at
        self._missed_before += known == _NEVER and is_old
        self.versions[key] = changed_at
        return True

    def emitted(self, record: Row) -> None:
        """A row became this record, which may be newer than the row was."""
        self.versions[self._key(record)] = self._changed_at(record)


_NEVER = -1


def updated_at(row: Row, field: str) -> int | None:
    """The instant of a row's field, None where it has none."""
    return instants.from_api(row[field]) if isinstance(row.get(field), str) else None
