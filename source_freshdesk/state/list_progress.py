"""How far a list was emitted whose rows cost a call each."""

from collections.abc import Mapping
from typing import Any

from source_freshdesk import instants
from source_freshdesk.state.emitted_versions import RowKey, order_of
from source_freshdesk.state.updated_at_cursor import LOOKBACK_SECONDS

PROGRESS = "in_progress"
"""The field of a state that holds this."""


class ListProgress:
    """A list is emitted in order of its keys after it was listed. A state between the rows says up to which key::

        {…, "in_progress": {"started_at": "2026-11-23T10:00:00Z", "through": 43000017}}

    The next sync lists again, and leaves out the rows up to this key, unless they have changed since.
    """

    def __init__(self, state: Mapping[str, Any]) -> None:
        """state: what a sync has saved. Raises ``TypeError``, ``ValueError`` or ``KeyError`` if it cannot be read."""
        saved = state.get(PROGRESS)
        self._started_at = instants.parse(saved["started_at"]) if saved else 0
        self._through: RowKey | None = saved["through"] if saved else None

    def is_emitted(self, key: RowKey, instant: int | None) -> bool:
        """Whether the sync before has emitted this version."""
        if self._through is None or instant is None or instant > self._started_at - LOOKBACK_SECONDS:
            return False
        return not self._is_after(key)

    def after(self, key: RowKey, started_at: int) -> dict[str, Any]:
        """What a state holds when all rows up to `key` of the list that was read at `started_at` were emitted."""
        if self._through is not None and not self._is_after(key):
            return {PROGRESS: {"started_at": instants.to_api(self._started_at), "through": self._through}}
        return {PROGRESS: {"started_at": instants.to_api(started_at), "through": key}}

    def _is_after(self, key: RowKey) -> bool:
        return self._through is None or order_of(key) > order_of(self._through)
