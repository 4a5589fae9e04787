"""The key of a row and its version."""

from collections.abc import Iterable

from source_freshdesk import instants
from source_freshdesk.api.response import Row


def changed_at(row: Row, field: str = "updated_at") -> int | None:
    """The instant in a field of a row, in epoch seconds; None if it holds no valid time."""
    value = row.get(field)
    try:
        return instants.from_api(value) if isinstance(value, str) else None
    except (ValueError, OverflowError):
        return None


def key_of(primary_key: str | Iterable[object] | None, row: Row) -> int | str:
    """The value of the primary key; of a key of several fields, these joined by a colon."""
    if isinstance(primary_key, str):
        value: int | str = row[primary_key]
        return value
    return ":".join(str(row.get(field)) for field in primary_key or () if isinstance(field, str))
