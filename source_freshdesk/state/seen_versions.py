"""Which versions of which rows were emitted, as a short text."""

import base64
import binascii
from collections.abc import Iterable
from hashlib import blake2b

MAX_VERSIONS = 12_000
"""Of more no text is made: it would take more than 64 KB of the state."""

RowVersion = tuple[int | str, int | str]
"""The key of a row, and what tells its version: an instant in epoch seconds, or a hash of its content."""

_HASH_BYTES = 4


class SeenVersions:
    """A set of versions, kept as hashes of four bytes each.

    A version that was never added is taken for one of the set in one of 4 billion cases for each version in it.
    """

    def __init__(self, versions: Iterable[RowVersion] = ()) -> None:
        self._hashes = {_hash(*version) for version in versions}

    def __contains__(self, version: RowVersion) -> bool:
        return _hash(*version) in self._hashes

    def __len__(self) -> int:
        return len(self._hashes)

    def __or__(self, other: "SeenVersions") -> "SeenVersions":
        both = SeenVersions()
        both._hashes = self._hashes | other._hashes
        return both

    def to_text(self) -> str:
        """The same text for the same versions, 5.3 characters each."""
        return base64.b64encode(b"".join(sorted(self._hashes))).decode("ascii")

    @classmethod
    def from_text(cls, text: str) -> "SeenVersions":
        """The set again. Raises ``ValueError`` when `text` is none that `to_text` gives."""
        try:
            packed = base64.b64decode(text, validate=True)
        except binascii.Error as error:
            raise ValueError("the state holds no text of versions") from error
        if len(packed) % _HASH_BYTES:
            raise ValueError("the state holds a text of versions that is cut off")
        seen = cls()
        seen._hashes = {packed[at : at + _HASH_BYTES] for at in range(0, len(packed), _HASH_BYTES)}
        return seen


def _hash(key: int | str, version: int | str) -> bytes:
    return blake2b(f"{key}@{version}".encode(errors="replace"), digest_size=_HASH_BYTES).digest()
