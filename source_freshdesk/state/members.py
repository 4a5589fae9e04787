"""The rows that a list shows, as a short text."""

import base64
import binascii
import zlib
from collections.abc import Iterator, Set
from hashlib import blake2b

RowVersion = int | str | None
"""What tells the version of a row: its instant, if it has one, or a hash of its content."""

_CHECK_BYTES = 3
_CONTINUES, _PAYLOAD = 0x80, 0x7F
"""Of each byte of a number: whether more bytes follow, and the seven bits that it holds."""


class Members:
    """The ids of the rows of a list, and which version of each was seen, by a hash of three bytes.

    A row that changed is taken for the version seen in one of 16 million cases.
    """

    def __init__(self) -> None:
        self._checks: dict[int, bytes] = {}
        self._text: str | None = None

    def __len__(self) -> int:
        return len(self._checks)

    def __contains__(self, row_id: int) -> bool:
        return row_id in self._checks

    @property
    def ids(self) -> Set[int]:
        """Of all rows."""
        return self._checks.keys()

    def knows(self, row_id: int, version: RowVersion) -> bool:
        """Whether this version of the row was seen last."""
        return self._checks.get(row_id) == _check(row_id, version)

    def put(self, row_id: int, version: RowVersion) -> None:
        """The list shows this version of the row."""
        self._checks[row_id] = _check(row_id, version)
        self._text = None

    def discard(self, row_id: int) -> None:
        """The list shows the row no more."""
        if self._checks.pop(row_id, None) is not None:
            self._text = None

    def to_text(self) -> str:
        """The same text for the same rows: at most 6.7 characters for each, if there are 16,000 in a million ids."""
        if self._text is None:
            self._text = self._to_text()
        return self._text

    def _to_text(self) -> str:
        ids = sorted(self._checks)
        steps = [len(ids), *(number - before for before, number in zip([0, *ids], ids, strict=False))]
        packed = b"".join(map(_packed, steps)) + b"".join(self._checks[number] for number in ids)
        return base64.b64encode(zlib.compress(packed)).decode("ascii")

    @classmethod
    def from_text(cls, text: str) -> "Members":
        """The rows again. Raises ``ValueError`` when `text` is none that `to_text` gives."""
        try:
            packed = zlib.decompress(base64.b64decode(text, validate=True))
            numbers = _numbers(packed)
            count, checks_begin = next(numbers)
            ids: list[int] = []
            while len(ids) < count:
                step, checks_begin = next(numbers)
                ids.append(step + (ids[-1] if ids else 0))
        except (binascii.Error, zlib.error, StopIteration) as error:
            raise ValueError("the state holds no text of rows") from error
        checks = packed[checks_begin:]
        if len(checks) != count * _CHECK_BYTES:
            raise ValueError("the state holds a text of rows that is cut off")
        members = cls()
        members._checks = {number: checks[at * _CHECK_BYTES : (at + 1) * _CHECK_BYTES] for at, number in enumerate(ids)}
        return members


def _check(row_id: int, version: RowVersion) -> bytes:
    return blake2b(f"{row_id}@{version}".encode(), digest_size=_CHECK_BYTES).digest()


def _packed(number: int) -> bytes:
    """A number in as few bytes as it needs, the lowest seven bits first: https://protobuf.dev/programming-guides/encoding/#varints"""
    packed = bytearray()
    while number > _PAYLOAD:
        packed.append(number & _PAYLOAD | _CONTINUES)
        number >>= 7
    packed.append(number)
    return bytes(packed)


def _numbers(packed: bytes) -> Iterator[tuple[int, int]]:
    """Each number that `_packed` made, with the position after it."""
    number = shift = 0
    for position, byte in enumerate(packed, start=1):
        number |= (byte & _PAYLOAD) << shift
        shift += 7
        if not byte & _CONTINUES:
            yield number, position
            number = shift = 0
