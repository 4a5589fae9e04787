"""The key of a row and its version."""

import json
import re
from collections.abc import Iterable
from hashlib import blake2b

from source_freshdesk import instants
from source_freshdesk.api.response import Row


def changed_at(row: Row, field: str = "updated_at") -> int | None:
    """The instant in a field of a row, in epoch seconds; None if it holds no valid time."""
    return instants.or_none(row.get(field))


def key_of(primary_key: str | Iterable[object] | None, row: Row) -> int | str:
    """The value of the primary key; of a key of several fields, these joined by a colon."""
    if isinstance(primary_key, str):
        value: int | str = row[primary_key]
        return value
    return ":".join(str(row.get(field)) for field in primary_key or () if isinstance(field, str))


def content_of(row: Row) -> str:
    """A short hash of all that a row holds, to tell apart two versions of the same second.

    The queries of links are left out: Freshdesk signs links to files anew in each response.
    """
    text = _QUERY.sub(r"\1", json.dumps(row, sort_keys=True, default=str))
    return blake2b(text.encode("ascii"), digest_size=8).hexdigest()


_QUERY = re.compile(r"(https?://[^\s\"'<>?\\]*)\?[^\s\"'<>\\]*")
