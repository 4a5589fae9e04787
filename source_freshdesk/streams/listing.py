"""A list whose order does not hold still, read so that no row is missed. Decides, reads nothing.

Most of Freshdesk's lists are sorted by name or in an order of their own. Rows that leave such a list, or move in it,
while its pages are read push others over a page boundary, unread. So a list of more than one page is read again, until
a reading brings no row that the ones before it missed. A row that changed after the first reading began is not taken
for a missed one: it would be found in any number of readings, and belongs to the next sync.
"""

from source_freshdesk import instants
from source_freshdesk.api.answers import Row

MAX_READINGS = 5
"""After the second, a row is missed only if it slipped away in each of them."""


class Listing:
    """What was listed so far.

    versions: the `updated_at` of each row by its id, None for rows that have none.
    began: Freshdesk's time when the first page came, in epoch seconds.
    """

    def __init__(self) -> None:
        self.versions: dict[int, int | None] = {}
        self.began: int | None = None
        self.pages = 0
        self._readings = 0
        self._missed_before = 0

    @property
    def is_complete(self) -> bool:
        """Whether the list need not be read again."""
        if self._readings == 0:
            return False
        return self.pages <= 1 or (self._readings > 1 and not self._missed_before) or self._readings == MAX_READINGS

    def begin_reading(self) -> None:
        """The first page comes next."""
        self.pages = self._missed_before = 0

    def begin_page(self, as_of: int) -> None:
        """A page that Freshdesk gave at this time."""
        self.began = as_of if self.began is None else self.began
        self.pages += 1

    def end_reading(self) -> None:
        """The last page was read."""
        self._readings += 1

    def is_first_seen(self, row: Row) -> bool:
        """Whether this version of the row was not listed before. Takes it as listed."""
        known, updated_at = self.versions.get(row["id"], _NEVER), _updated_at(row)
        if known == updated_at:
            return False
        is_old = updated_at is None or self.began is None or updated_at < self.began
        self._missed_before += known == _NEVER and is_old
        self.versions[row["id"]] = updated_at
        return True

    def emitted(self, record: Row) -> None:
        """A row became this record, which may be newer than the row was."""
        self.versions[record["id"]] = _updated_at(record)


_NEVER = -1


def _updated_at(row: Row) -> int | None:
    return instants.from_api(row["updated_at"]) if isinstance(row.get("updated_at"), str) else None
