"""What was spent in a window of time. Moments are seconds of any clock, and never go back."""

from collections import deque
from typing import Literal, Protocol

WindowKind = Literal["fixed", "sliding"]


class Window(Protocol):
    def spent(self, now: float) -> float:
        """What counts at this moment."""

    def spend(self, now: float, amount: float) -> None:
        """Count so much more."""

    def falls_to(self, most: float, now: float) -> float:
        """The first moment from now on when no more than this counts, or when nothing does."""


class FixedWindow:
    """Windows follow each other without a gap, one of them starting at `offset`; each starts from nothing."""

    def __init__(self, seconds: float, offset: float) -> None:
        self._seconds = seconds
        self._offset = offset
        self._number = 0
        self._spent = 0.0

    def spent(self, now: float) -> float:
        number = self._number_at(now)
        if number != self._number:
            self._number, self._spent = number, 0.0
        return self._spent

    def spend(self, now: float, amount: float) -> None:
        self._spent = self.spent(now) + amount

    def falls_to(self, most: float, now: float) -> float:
        if self.spent(now) <= max(most, 0.0):
            return now
        return self._offset + (self._number + 1) * self._seconds

    def _number_at(self, moment: float) -> int:
        return int((moment - self._offset) // self._seconds)


class SlidingWindow:
    """What is spent counts until `seconds` later, to the moment."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._entries: deque[tuple[float, float]] = deque()
        self._spent = 0.0

    def spent(self, now: float) -> float:
        while self._entries and self._entries[0][0] + self._seconds <= now:
            self._spent -= self._entries.popleft()[1]
        return self._spent

    def spend(self, now: float, amount: float) -> None:
        self._entries.append((now, amount))
        self._spent += amount

    def falls_to(self, most: float, now: float) -> float:
        left, moment = self.spent(now), now
        for spent_at, amount in self._entries:
            if left <= most:
                break
            left, moment = left - amount, spent_at + self._seconds
        return moment
