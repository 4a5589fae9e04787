"""One of the lists that the rows of a stream are in, and how far it was read."""

from collections.abc import Mapping
from typing import Any

from source_freshdesk.state.list_progress import ListProgress
from source_freshdesk.state.updated_at_cursor import UpdatedAtCursor


class ListSection:
    """name: the field of a row that says that it is in the list, empty for the first one. query: asks for the list.
    start: the earliest `updated_at` that is wanted, in epoch seconds.
    """

    def __init__(self, name: str, query: Mapping[str, str], start: int) -> None:
        self.name = name
        self.query = query
        self.cursor = UpdatedAtCursor(start)
        self.progress = ListProgress({})
        self.state: Mapping[str, Any] = {}
        """What the state of the stream holds of it."""

    def load(self, state: Mapping[str, Any], *, now: int) -> None:
        """Continue from what a state holds. Raises any error if it cannot be read."""
        self.cursor.load(state, now=now)
        self.progress = ListProgress(state)
        self.state = state

    def saved(self, state: Mapping[str, Any]) -> None:
        """The state of the stream holds this now."""
        self.state = state
