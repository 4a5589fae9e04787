"""Which versions of rows were emitted, by their instant: the memory of an `UpdatedAtCursor`."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from source_freshdesk import instants
from source_freshdesk.api.response import Row
from source_freshdesk.records.versions import content_of
from source_freshdesk.state import id_ranges
from source_freshdesk.state.seen_versions import MAX_VERSIONS, SeenVersions

RowKey = int | str
"""The value of a row's primary key."""

REMEMBERED_ROWS = 1000
"""If a state would hold more, it forgets settled instants, the oldest first."""
MAX_REMEMBERED_ROWS = MAX_VERSIONS
"""No state holds more. Rows that are forgotten before they are settled are emitted again by the next sync."""
IDS_IN_A_LIST = 100
"""More ids of one instant are saved as ranges."""


class EmittedVersions:
    """Versions that were emitted: some known by their key and instant, others by their content too."""

    def __init__(self, state: Mapping[str, Any]) -> None:
        """state: one that holds what `to_state` gave.

        Raises ``TypeError``, ``ValueError`` or ``AttributeError`` if it holds something else.
        """
        self._keys = {instants.parse(at): _keys(saved) for at, saved in state.get("emitted", {}).items()}
        self._keys_for_now: dict[int, set[RowKey]] = {}
        self._contents: dict[int, dict[RowKey, str]] = {}
        self._saved_contents = {
            instants.parse(at): SeenVersions.from_text(text) for at, text in state.get("unsettled", {}).items()
        }
        self._outdated: set[int] = set()

    def is_known(self, key: RowKey, instant: int, row: Row | None) -> bool:
        """Whether the version is one of them. row: the whole row; without, content is not compared."""
        if key in self._keys.get(instant, ()) or key in self._keys_for_now.get(instant, ()):
            return True
        content, saved = self._contents.get(instant, {}).get(key), self._saved_contents.get(instant)
        if row is None or (content is None and saved is None):
            return content is not None
        present = content_of(row)
        return present == content if saved is None or content is not None else (key, present) in saved

    def add(self, key: RowKey, instant: int) -> None:
        """This version, whatever it contains."""
        if instant in self._contents:
            self._contents[instant].pop(key, None)
        self._keys.setdefault(instant, set()).add(key)

    def add_for_now(self, key: RowKey, instant: int) -> None:
        """The same, until the sync ends: the state does not hold it."""
        self._keys_for_now.setdefault(instant, set()).add(key)

    def add_content(self, key: RowKey, instant: int, content: str) -> None:
        """This version, as long as it contains this. What the loaded state knows of its instant is not saved again: it
        may know another content, which was emitted before this one.
        """
        saved = self._saved_contents.get(instant)
        if saved is not None and (key, content) not in saved:
            self._outdated.add(instant)
        self._contents.setdefault(instant, {})[key] = content

    def forget_before(self, instant: int) -> None:
        """Versions before an instant are not asked for any more."""
        for versions in (self._keys, self._keys_for_now, self._contents, self._saved_contents):
            for old in [at for at in versions if at < instant]:
                del versions[old]

    def forget_after(self, instant: int) -> None:
        """Versions after an instant are not known."""
        for versions in (self._keys, self._keys_for_now, self._contents, self._saved_contents):
            for ahead in [at for at in versions if at > instant]:
                del versions[ahead]

    def to_state(self, settled: float, read_from: int, *, complete: bool) -> dict[str, Any]:
        """What a state holds of them, and `read_from`: above `REMEMBERED_ROWS` it moves up to `settled` at most.

        complete: all rows that can be listed were read, so what is only known from the loaded state is not listed any
        more.
        """
        keys, unsettled = dict(self._keys), self._hashed(complete=complete)
        sizes = Counter({instant: len(of_instant) for instant, of_instant in keys.items()})
        sizes.update({instant: len(of_instant) for instant, of_instant in unsettled.items()})
        count = sizes.total()
        for instant in sorted(sizes):
            if count <= (REMEMBERED_ROWS if instant < settled else MAX_REMEMBERED_ROWS):
                break
            count -= sizes[instant]
            keys.pop(instant, None)
            unsettled.pop(instant, None)
            if instant < settled:
                read_from = instant + 1
        state: dict[str, Any] = {
            "read_from": instants.to_api(read_from),
            "emitted": {instants.to_api(at): _saved(of_instant) for at, of_instant in sorted(keys.items())},
        }
        if unsettled:
            state["unsettled"] = {instants.to_api(at): rows.to_text() for at, rows in sorted(unsettled.items())}
        return state

    def _hashed(self, *, complete: bool) -> dict[int, SeenVersions]:
        hashed = {at: SeenVersions(rows.items()) for at, rows in self._contents.items() if rows}
        for at, rows in () if complete else self._saved_contents.items():
            if at not in self._outdated:
                hashed[at] = hashed.get(at, SeenVersions()) | rows
        return hashed


def order_of(key: RowKey) -> tuple[str, RowKey]:
    """What keys are sorted by: they are numbers or texts, in any mixture."""
    return type(key).__name__, key


def _saved(keys: set[RowKey]) -> list[RowKey] | str:
    numbers = {one for one in keys if isinstance(one, int)}
    if len(keys) > IDS_IN_A_LIST and len(numbers) == len(keys):
        return id_ranges.to_text(numbers)
    return sorted(keys, key=order_of)


def _keys(saved: Any) -> set[RowKey]:
    if isinstance(saved, str):
        return set(id_ranges.from_text(saved))
    if not isinstance(saved, list) or not all(isinstance(one, int | str) for one in saved):
        raise TypeError("'emitted' holds other things than lists of ids")
    return set(saved)
