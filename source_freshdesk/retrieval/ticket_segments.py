"""Where to cut the time that a walk over all tickets has still to cross, so that several walks can cross it at once.

There is no upper bound to ask Freshdesk for, but the list is in order of time: a walk that begins at one cut stops at
the next. How tickets are spread is not known; it is guessed from the pages read last, anew for each piece.
"""

import math
from dataclasses import dataclass

PAGES_PER_SEGMENT = 6
"""Each cut costs up to one page that two walks read, so segments are not shorter than this."""
MAX_SEGMENT_PAGES = 10
"""After this many pages a walk returns what it has; the rest of its segment is cut again."""
MAX_CHANGE = 4
"""A segment is at most so many times longer or shorter than the one guessed before."""


@dataclass(frozen=True)
class Segment:
    """Tickets with `updated_at` from `start` on and before `end`, in epoch seconds; no end: all from `start` on."""

    start: int
    end: float = math.inf


class SegmentPlan:
    """Cuts the time from `start` to `now`; the last segment has no end.

    pages, seconds: how many pages the time right before `start` took.
    """

    def __init__(self, start: int, now: int, pages: int, seconds: int) -> None:
        self._start: int | None = start
        self._now = now
        self._length = max(_length(pages, seconds), 1)
        self._measured = 0

    @property
    def worthwhile(self) -> int:
        """How many segments to have under way: few at first, since where the tickets end is not known, and what is
        read after it is read in vain.
        """
        return 7 + 3 * self._measured

    @property
    def pages_to_come(self) -> float:
        """How many pages are left to read, by the present guess."""
        return 0.0 if self._start is None else (self._now - self._start) / self._length * PAGES_PER_SEGMENT

    def next(self) -> Segment | None:
        """The segment that follows the one given last, None after the one without an end."""
        if self._start is None:
            return None
        start, end = self._start, self._start + self._length
        self._start = end if end < self._now else None
        return Segment(start) if self._start is None else Segment(start, end)

    def learn(self, pages: int, seconds: int) -> None:
        """So many pages were read of so long a time."""
        if seconds <= 0:
            return
        self._measured += 1
        guess = min(max(_length(pages, seconds), self._length // MAX_CHANGE), self._length * MAX_CHANGE)
        self._length = max(guess, 1)


def _length(pages: int, seconds: int) -> int:
    return seconds * PAGES_PER_SEGMENT // max(pages, 1)
