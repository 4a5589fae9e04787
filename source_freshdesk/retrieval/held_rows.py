"""Rows that wait to be emitted, in little memory."""

import json
import zlib
from collections.abc import Iterator

from source_freshdesk.api.response import Row
from source_freshdesk.state.emitted_versions import RowKey, order_of


class HeldRows:
    """The last version of each row, compressed. Rows of a list resemble each other, so the first one is the dictionary
    of all others.
    """

    def __init__(self) -> None:
        self._rows: dict[RowKey, bytes] = {}
        self._dictionary = b""

    def __len__(self) -> int:
        return len(self._rows)

    def put(self, key: RowKey, row: Row) -> None:
        """Hold a row instead of an older version of it."""
        text = json.dumps(row, separators=(",", ":")).encode("ascii")
        self._dictionary = self._dictionary or text
        compressor = zlib.compressobj(level=1, zdict=self._dictionary)
        self._rows[key] = compressor.compress(text) + compressor.flush()

    def in_order(self) -> Iterator[tuple[RowKey, Row]]:
        """All rows by their keys, in the order of these. What was given is held no longer."""
        for key in sorted(self._rows, key=order_of):
            text = zlib.decompressobj(zdict=self._dictionary).decompress(self._rows.pop(key))
            yield key, json.loads(text)
