"""When other apps of an account spend from its rate limit, and how much."""

import itertools
import random
from collections.abc import Iterator

Spends = Iterator[tuple[float, float]]
"""Moments in seconds, and credits."""


def nobody() -> Spends:
    return iter(())


def steadily(share: float, total: float, rng: random.Random) -> Spends:
    sleep = 60 / (share * total)
    return ((rng.random() * sleep + number * sleep, 1.0) for number in itertools.count())


def in_bursts(share: float, total: float, rng: random.Random) -> Spends:
    """At random, a fortieth of the limit to a burst."""
    mean = max(total / 40, 2.0)
    now = 0.0
    while True:
        now += rng.expovariate(share * total / 60 / mean)
        yield now, float(round(rng.uniform(0.5, 1.5) * mean))


def at_random(share: float, total: float, rng: random.Random) -> Spends:
    """Call by call, none knowing of the one before."""
    now = 0.0
    while True:
        now += rng.expovariate(share * total / 60)
        yield now, 1.0
