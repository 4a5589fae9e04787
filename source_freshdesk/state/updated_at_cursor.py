"""Up to where an incremental stream was read: the state between syncs.

The state is a watermark with a short memory::

    {"updated_at": "2026-11-23T10:00:00Z",            all rows up to here were emitted
     "read_from": "2026-11-23T09:55:00Z",             the next sync lists rows from here on,
     "emitted": {"2026-11-23T09:58:03Z": [17, 23]}}   except these, which were emitted

Rows become visible some time after their `updated_at`. So an instant is settled only when it was read at least
`LOOKBACK_SECONDS` after it. The next sync reads from the first one that is not, and the memory keeps that from emitting
rows twice. Until it is settled, a row can also change once more within the same second: it is remembered by its
content, and `unsettled` holds a hash of it.

Of a list that every sync reads completely the state also holds `listed`, the versions of all its rows. A row that is
not among them is new, however old it is; one of them that is listed no more is gone. Where keys are no numbers it is
`older` instead, hashes of the versions of all rows before `read_from`.

With a start date the state holds the earliest one so far as `start_date`: if the user sets an earlier one, the rows
between the two are wanted too.

After a bulk update the memory is long: many ids of one second are saved as ranges (``"1-40,43"``), and above
`REMEMBERED_ROWS` settled instants are forgotten and not read again. The plain state of Airbyte's own connector,
``{"updated_at": "…Z"}``, is understood.
"""

import math
from collections.abc import Mapping, MutableMapping, Set
from types import MappingProxyType
from typing import Any

from source_freshdesk import instants
from source_freshdesk.api.response import Row
from source_freshdesk.state.emitted_versions import EmittedVersions, RowKey
from source_freshdesk.state.members import Members
from source_freshdesk.state.seen_versions import MAX_VERSIONS, SeenVersions

LOOKBACK_SECONDS = 300
SETTLING_SECONDS = 2
"""A row can change once more within the second of its `updated_at`; one read so early is read again, unless it is
remembered by its content."""


class UpdatedAtCursor:
    """Which versions of rows were emitted, up to which instant.

    start: the earliest `updated_at` that is wanted (epoch seconds). field: what rows and the state call it.
    settling_seconds: a row that was read so soon after its `updated_at`, and of which no content is known, is read
    again.
    """

    def __init__(self, start: int, field: str = "updated_at", settling_seconds: int = SETTLING_SECONDS) -> None:
        self._start = self._covered_from = start
        self._field = field
        self._settling_seconds = settling_seconds
        self._watermark = start
        self._read_from = start
        self._emitted = EmittedVersions({})
        self._position = start
        self._unsettled = math.inf
        self._older: SeenVersions | None = None
        self._listed: Members | None = None
        self._whole_list: Mapping[RowKey, int | None] | None = None

    @property
    def watermark(self) -> int:
        """Every row before this instant was emitted."""
        return self._watermark

    @property
    def knows_whole_list(self) -> bool:
        """Whether a row that no pass has found comes with the first sync that finds it, whatever its instant."""
        return self._whole_list is not None

    @property
    def read_from(self) -> int:
        """Rows before this instant are not wanted any more; those from it on may be new."""
        return self._read_from

    @property
    def start(self) -> int:
        """The earliest instant that is wanted."""
        return self._start

    @property
    def covered_from(self) -> int:
        """The earliest instant of which rows were wanted so far. If it lies after `start`, the rows between were never
        asked for.
        """
        return self._covered_from

    @property
    def list_from(self) -> int:
        """Rows from this instant on may be new, in a list that is asked for all of these at once."""
        return min(self._read_from, self._start) if self._covered_from > self._start else self._read_from

    def end_backfill(self) -> None:
        """The rows between `start` and `covered_from` were emitted."""
        self._covered_from = self._start

    def load(self, state: Mapping[str, Any], *, now: int | None = None) -> None:
        """Continue from a state that `state` gave, or one of Airbyte's own connector; one without an instant means the
        start. So does one of Airbyte's that lies after `now`: it follows the newest row, whatever that is dated, and
        how far the rows were read is not known.

        Raises ``TypeError``, ``ValueError``, ``AttributeError`` or ``OverflowError`` if it is neither.
        """
        self._watermark = self._read_from = self._position = self._start
        self._emitted, self._unsettled = EmittedVersions({}), math.inf
        self._older = self._listed = self._whole_list = None
        self._covered_from = self._start
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
        self._emitted = EmittedVersions(state)
        self._covered_from = instants.parse(state["start_date"]) if state.get("start_date") else self._start
        if "older" in state:
            self._older = SeenVersions.from_text(state["older"])
        if "listed" in state:
            self._listed = Members.from_text(state["listed"])

    def pull_back(self, as_of: int) -> bool:
        """Do not start after Freshdesk's time `as_of`, in epoch seconds, whatever the state says: what changes until
        then would count as emitted. Whether the state was ahead; then the last minutes are read again.
        """
        if self._watermark <= as_of:
            return False
        self._watermark = max(as_of, self._start)
        self._read_from = self._position = max(min(self._read_from, as_of - LOOKBACK_SECONDS), self._start)
        self._emitted.forget_after(as_of)
        return True

    def is_unseen(self, row_id: RowKey, updated_at: int, row: Row | None = None) -> bool:
        """Whether this version of a row was not emitted yet. Does not take it as emitted.

        row: the whole row, to tell apart versions of the same second.
        """
        if self._start <= updated_at < self._covered_from:
            return True
        if updated_at < self._read_from and self._listed is not None and isinstance(row_id, int):
            return updated_at >= self._start and not self._listed.knows(row_id, updated_at)
        if updated_at < self._read_from and self._older is not None:
            return updated_at >= self._start and (row_id, updated_at) not in self._older
        if updated_at < self._read_from and self._read_from > instants.EPOCH:
            return False
        return not self._emitted.is_known(row_id, updated_at, row)

    def gone(self, versions: Mapping[RowKey, int | None]) -> Set[RowKey]:
        """The keys of the rows that the list showed to the sync before and that are not among these; none if that is
        not known.
        """
        return set() if self._listed is None else self._listed.ids - versions.keys()

    def is_settled(self, updated_at: int, *, as_of: int) -> bool:
        """Whether a row cannot change any more within the second of its `updated_at`, and all of that second can be
        seen, when it is read at `as_of`.
        """
        return updated_at + LOOKBACK_SECONDS <= as_of

    def remember(self, row_id: RowKey, updated_at: int, *, as_of: int, content: str | None = None) -> None:
        """Take this version of a row, which was read at `as_of`, as emitted.

        content: a hash of the row, if it is not settled. Without, it is known to this sync only if it can have changed
        once more within the same second since it was read.
        """
        if content is not None and not self.is_settled(updated_at, as_of=as_of):
            self._emitted.add_content(row_id, updated_at, content)
        elif abs(updated_at - as_of) <= self._settling_seconds:
            self._emitted.add_for_now(row_id, updated_at)
        else:
            self._emitted.add(row_id, updated_at)

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
        self._emitted.forget_before(self._read_from)

    def hold(self, instant: int) -> None:
        """A row that changed at this instant or later could not be had: the next sync reads from there on again."""
        self._unsettled = min(self._unsettled, max(instant, self._position))

    def commit_pass(
        self,
        versions: Mapping[RowKey, int | None],
        started_at: int,
        *,
        contents: Mapping[RowKey, str] = MappingProxyType({}),
        is_whole_list: bool = False,
    ) -> None:
        """All rows that the passes over a list found were emitted, in these versions. The first pass started at
        `started_at`, in epoch seconds.

        contents: hashes of the rows that were not settled then.
        is_whole_list: each pass read the list completely, and each sync will.

        The watermark moves to the newest row, at most to `started_at`, whatever a clock says. What changed since,
        or so shortly before that it can have changed once more, is left to the next sync.
        """
        instants_of = {row_id: at for row_id, at in versions.items() if at is not None}
        self._whole_list = versions if is_whole_list and len(versions) <= MAX_VERSIONS else None
        if instants_of:
            self.advance(min(max(instants_of.values()), started_at), as_of=started_at)
        for row_id, changed_at in instants_of.items():
            content = contents.get(row_id)
            if self._read_from <= changed_at and (changed_at < started_at or content is not None):
                self.remember(row_id, changed_at, as_of=started_at, content=content)

    def state(self, *, as_of: int, complete: bool) -> MutableMapping[str, Any]:
        """The state to save, a new object each time.

        as_of: Freshdesk's time when the last rows were read.
        complete: the rows at the watermark's own second were all emitted too, as at the end of a walk.
        """
        settled = min(
            self._watermark + 1 if complete else self._watermark, as_of - self._settling_seconds, self._unsettled
        )
        state: dict[str, Any] = {
            self._field: instants.to_api(self._watermark),
            **self._emitted.to_state(settled, self._read_from, complete=complete),
        }
        if min(self._covered_from, self._start) > instants.EPOCH or self._covered_from > self._start:
            state["start_date"] = instants.to_api(self._covered_from)
        if self._whole_list is not None:
            state |= self._saved_list(self._whole_list, before=instants.parse(state["read_from"]))
        return state

    def _saved_list(self, versions: Mapping[RowKey, int | None], before: int) -> dict[str, str]:
        members = Members()
        for row_id, at in versions.items():
            if not isinstance(row_id, int):
                older = ((key, at) for key, at in versions.items() if at is not None and self._start <= at < before)
                return {"older": SeenVersions(older).to_text()}
            members.put(row_id, at)
        return {"listed": members.to_text()}
