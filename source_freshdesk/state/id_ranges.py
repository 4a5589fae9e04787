"""Many whole numbers as a short text: `1-40,43`."""

from collections.abc import Iterable


def to_text(ids: Iterable[int]) -> str:
    """The numbers, in order, runs of them as their first and last."""
    runs: list[list[int]] = []
    for number in sorted(ids):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ",".join(f"{first}-{last}" if last > first else str(first) for first, last in runs)


def from_text(text: str) -> set[int]:
    """The numbers again. Raises ``ValueError`` when ``text`` is none that `to_text` gives."""
    numbers: set[int] = set()
    for run in filter(None, text.split(",")):
        first, dash, last = run.partition("-")
        if dash and int(last) <= int(first):
            raise ValueError(f"{run!r} is no run of numbers")
        numbers.update(range(int(first), int(last or first) + 1))
    return numbers
