"""Cursors and the states that they save."""

import json
from typing import Any

from hypothesis import strategies as st

from source_freshdesk import instants
from source_freshdesk.state.updated_at_cursor import (
    UpdatedAtCursor,
)

T = instants.from_api("2024-01-31T00:00:00Z")
LATER = T + 10_000


def cursor(start: int = T, state: dict[str, Any] | None = None) -> UpdatedAtCursor:
    made = UpdatedAtCursor(start)
    made.load(state or {})
    return made


def saved(of: UpdatedAtCursor, *, as_of: int = LATER, complete: bool = True) -> dict[str, Any]:
    """A state as it comes back from Airbyte."""
    loaded: dict[str, Any] = json.loads(json.dumps(of.state(as_of=as_of, complete=complete)))
    return loaded


def at(seconds: int) -> str:
    return instants.to_api(T + seconds)


rows_of_a_sync = st.lists(st.tuples(st.integers(1, 50), st.integers(0, 2_000)), max_size=60)
