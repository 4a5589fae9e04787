"""Up to where an incremental stream was read: the state between syncs.

The state is a watermark with a short memory::

    {"updated_at": "2026-11-23T10:00:00Z",            all rows up to here were emitted
     "read_from": "2026-11-23T09:55:00Z",             the next sync lists rows from here on,
     "emitted": {"2026-11-23T09:58:03Z": [17, 23]}}   except these, which were emitted

Rows become visible some time after their `updated_at`. So an instant is settled only when it was read at least
`LOOKBACK_SECONDS` after it. The next sync reads from the first one that is not, and the memory keeps that from emitting
rows twice. After a bulk update the memory is long: many ids of one second are saved as ranges (``"1-40,43"``), and
above `REMEMBERED_ROWS` settled instants are forgotten and not read again. The plain state of Airbyte's own connector,
``{"updated_at": "…Z"}``, is understood.
"""

import math
from collections.abc import Mapping, MutableMapping
from typing import Any

from source_freshdesk import instants
from source_freshdesk.state import id_ranges

RowKey = int | str
"""The value of a row's primary key."""

LOOKBACK_SECONDS = 300
SETTLING_SECONDS = 2
"""A row can change once more within the second of its `updated_at`; one read so early is read again."""
REMEMBERED_ROWS = 1000
"""If a state would hold more, it forgets settled instants, the oldest first."""
MAX_REMEMBERED_ROWS = 20_000
"""No state holds more. Rows that are forgotten before they are settled are emitted again by the next sync."""
IDS_IN_A_LIST = 100
"""More ids of one second are saved as ranges."""


class UpdatedAtCursor:
    """Which versions of rows were emitted, up to which instant.

    start: the earliest `updated_at` that is wanted (epoch seconds). field: what rows and the state call it.
    settling_seconds: a row that was read so soon after its `updated_at` is read again.
    """

    def __init__(self, start: int, field: str = "updated_at", settling_seconds: int = SETTLING_SECONDS) -> None:
        self._start = start
        self._field = field
        self._settling_seconds = settling_seconds
        self._watermark = start
        self._read_from = start
        self._emitted: dict[int, set[RowKey]] = {}
        self._emitted_early: dict[int, set[RowKey]] = {}
        """Those that this sync knows and the state does not: the next sync reads them again."""
        self._position = start
        self._unsettled = math.inf

    @property
    def watermark(self) -> int:
        """Every row before this instant was emitted."""
        return self._watermark

    @property
    def read_from(self) -> int:
        """Rows before this instant are not wanted any more; those from it on may be new."""
        return self._read_from

    def load(self, state: Mapping[str, Any], *, now: int | None = None) -> None:
        """Continue from a state that `state` gave, or one of Airbyte's own connector; one without an instant means the
        start. So does one of Airbyte's that lies after `now`: it follows the newest row, whatever that is dated, and
        how far the rows were read is not known.

        Raises ``TypeError``, ``ValueError``, ``AttributeError`` or ``OverflowError`` if it is neither.
        """
        self._watermark = self._read_from = self._position = self._start
        self._emitted, self._emitted_early, self._unsettled = {}, {}, math.inf
        if not state.get(self._field):
            return
        saved = instants.parse(state[self._field])
        if now is not None and "read_from" not in state and saved - LOOKBACK_SECONDS > now:
            return
        self._watermark = max(saved, self._start)
        self._read_from = max(self._watermark - LOOKBACK_SECONDS, self._start)
        if "read_from" in state:
            self._read_from = max(instants.parse(state["read_from"]), self._start)
        self._position = self._read_from
        self._emitted = {instants.parse(at): _ids(ids) for at, ids in state.get("emitted", {}).items()}

    def pull_back(self, as_of: int) -> bool:
        """Do not start after Freshdesk's time `as_of`, in epoch seconds, whatever the state says: what changes until
        then would count as emitted. Whether the state was ahead; then the last minutes are read again.
        """
        if self._watermark <= as_of:
            return False
        self._watermark = max(as_of, self._start)
        self._read_from = self._position = max(min(self._read_from, as_of - LOOKBACK_SECONDS), self._start)
        self._emitted = {instant: ids for instant, ids in self._emitted.items() if instant <= as_of}
        return True

    def is_unseen(self, row_id: RowKey, updated_at: int) -> bool:
        """Whether this version of a row was not emitted yet. Does not take it as emitted."""
        is_wanted = updated_at >= self._read_from or self._read_from <= instants.EPOCH
        return is_wanted and not any(
            row_id in emitted.get(updated_at, ()) for emitted in (self._emitted, self._emitted_early)
        )

    def remember(self, row_id: RowKey, updated_at: int, *, as_of: int) -> None:
        """Take this version of a row as emitted; for this sync only, if the row can have changed once more within the
        same second since it was read, which was at `as_of`.
        """
        is_early = abs(updated_at - as_of) <= self._settling_seconds
        emitted = self._emitted_early if is_early else self._emitted
        emitted.setdefault(updated_at, set()).add(row_id)

    def advance(self, watermark: int, *, as_of: int) -> None:
        """All rows before this instant that were visible at `as_of` were emitted, and those at it that are remembered.

        Call it for each part of the time that is read, in order of time. Never goes back.
        """
        if watermark > as_of - LOOKBACK_SECONDS:
            self._unsettled = min(self._unsettled, max(self._position, as_of - LOOKBACK_SECONDS + 1))
        self._position = max(self._position, watermark)
        if watermark <= self._watermark:
            return
        self._watermark = watermark
        self._read_from = int(max(self._read_from, min(watermark - LOOKBACK_SECONDS, self._unsettled)))
        for emitted in (self._emitted, self._emitted_early):
            for instant in [instant for instant in emitted if instant < self._read_from]:
                del emitted[instant]

    def commit_pass(self, versions: Mapping[RowKey, int | None], started_at: int) -> None:
        """All rows that the passes over a list found were emitted, in these versions. The first pass started at
        `started_at`, in epoch seconds.

        The watermark moves to the newest row, at most to `started_at`, whatever a clock says. What changed since,
        or so shortly before that it can have changed once more, is left to the next sync.
        """
        instants_of = {row_id: at for row_id, at in versions.items() if at is not None}
        if instants_of:
            self.advance(min(max(instants_of.values()), started_at), as_of=started_at)
        for row_id, changed_at in instants_of.items():
            if self._read_from <= changed_at < started_at:
                self.remember(row_id, changed_at, as_of=started_at)

    def state(self, *, as_of: int, complete: bool) -> MutableMapping[str, Any]:
        """The state to save, a new object each time.

        as_of: Freshdesk's time when the last rows were read.
        complete: the rows at the watermark's own second were all emitted too, as at the end of a walk.
        """
        settled = min(
            self._watermark + 1 if complete else self._watermark, as_of - self._settling_seconds, self._unsettled
        )
        remembered = dict(self._emitted)
        read_from = self._read_from
        count = sum(map(len, remembered.values()))
        for instant in sorted(remembered):
            if count <= (REMEMBERED_ROWS if instant < settled else MAX_REMEMBERED_ROWS):
                break
            count -= len(remembered.pop(instant))
            if instant < settled:
                read_from = instant + 1
        return {
            self._field: instants.to_api(self._watermark),
            "read_from": instants.to_api(read_from),
            "emitted": {instants.to_api(at): _saved(ids) for at, ids in sorted(remembered.items())},
        }


def _order(row_id: RowKey) -> tuple[str, RowKey]:
    return type(row_id).__name__, row_id


def _saved(ids: set[RowKey]) -> list[RowKey] | str:
    numbers = {one for one in ids if isinstance(one, int)}
    if len(ids) > IDS_IN_A_LIST and len(numbers) == len(ids):
        return id_ranges.to_text(numbers)
    return sorted(ids, key=_order)


def _ids(saved: Any) -> set[RowKey]:
    if isinstance(saved, str):
        return set(id_ranges.from_text(saved))
    if not isinstance(saved, list) or not all(isinstance(one, int | str) for one in saved):
        raise TypeError("'emitted' holds other things than lists of ids")
    return set(saved)
