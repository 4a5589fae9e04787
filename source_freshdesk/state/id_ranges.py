"""Many whole numbers as a short text: `1-40,43`.

Where there are more runs than fit into `LONGEST_RUNS`, a byte for each number from the first to the last, compressed:
`flags:1:eJx…`. A million scattered numbers take 170 KB so, and 4 MB as runs, which platforms refuse.
"""

import base64
import zlib
from collections.abc import Iterable

LONGEST_RUNS = 20_000
"""In characters."""
_FLAGS = "flags:"
MOST_FLAGS = 50_000_000
"""If the numbers lie further apart, they stay runs."""


def to_text(ids: Iterable[int]) -> str:
    """The numbers, in order, runs of them as their first and last."""
    runs: list[list[int]] = []
    for number in sorted(ids):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    text = ",".join(f"{first}-{last}" if last > first else str(first) for first, last in runs)
    return (
        min(text, _flags(runs), key=len) if len(text) > LONGEST_RUNS and runs[-1][1] - runs[0][0] < MOST_FLAGS else text
    )


def from_text(text: str) -> set[int]:
    """The numbers again. Raises ``ValueError`` when ``text`` is none that `to_text` gives."""
    if text.startswith(_FLAGS):
        return _from_flags(text)
    numbers: set[int] = set()
    for run in filter(None, text.split(",")):
        first, dash, last = run.partition("-")
        if dash and int(last) <= int(first):
            raise ValueError(f"{run!r} is no run of numbers")
        numbers.update(range(int(first), int(last or first) + 1))
    return numbers


def _flags(runs: list[list[int]]) -> str:
    first = runs[0][0]
    flags = bytearray(runs[-1][1] - first + 1)
    for begin, end in runs:
        flags[begin - first : end - first + 1] = bytes([1]) * (end - begin + 1)
    return f"{_FLAGS}{first}:{base64.b64encode(zlib.compress(flags)).decode()}"


def _from_flags(text: str) -> set[int]:
    first, _, packed = text.removeprefix(_FLAGS).partition(":")
    try:
        flags = zlib.decompress(base64.b64decode(packed, validate=True))
    except zlib.error as error:
        raise ValueError(f"flags that cannot be unpacked: {error}") from error
    return {number for number, flag in enumerate(flags, start=int(first)) if flag}
