"""The account's other apps: they spend from the same limit."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from random import Random

_MINUTE = 60.0


@dataclass(frozen=True)
class OtherCall:
    """A call of another app. With a path such as "/api/v2/tickets" it counts for that list too."""

    at: float
    credits: float = 1
    path: str = ""


Others = Callable[[float, float], Iterable[OtherCall]]
"""Given two moments of the clock, the calls after the first and not after the second, in order. No span is asked about
twice."""


def nobody(since: float, until: float) -> Iterable[OtherCall]:  # noqa: ARG001 - the shape of all others
    return ()


@dataclass(frozen=True)
class OtherApps:
    """Calls at a steady rate, and bursts at random moments, always the same for a seed, whenever asked about.

    burst_chance: how likely any minute of the clock has a burst.
    burst_calls: how many calls of one credit a burst makes, all at one moment.
    path: what all of them read.
    """

    per_minute: float = 0.0
    burst_chance: float = 0.0
    burst_calls: int = 0
    seed: int = 0
    path: str = ""

    def __call__(self, since: float, until: float) -> list[OtherCall]:
        moments = [*self._steady(since, until), *self._bursts(since, until)]
        return [OtherCall(moment, path=self.path) for moment in sorted(moments) if since < moment <= until]

    def _steady(self, since: float, until: float) -> Iterable[float]:
        if self.per_minute > 0:
            pause = _MINUTE / self.per_minute
            for number in range(math.floor(since / pause), math.floor(until / pause) + 1):
                yield number * pause

    def _bursts(self, since: float, until: float) -> Iterable[float]:
        if self.burst_chance > 0:
            for minute in range(math.floor(since / _MINUTE), math.floor(until / _MINUTE) + 1):
                random = Random(f"{self.seed}/{minute}")
                if random.random() < self.burst_chance:
                    yield from [(minute + random.random()) * _MINUTE] * self.burst_calls
