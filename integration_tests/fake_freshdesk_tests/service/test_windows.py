"""Windows of time in which calls are counted."""

from random import Random
from typing import Literal

import pytest

from integration_tests.fake_freshdesk import (
    Plan,
    RateLimit,
    plans,
)
from integration_tests.fake_freshdesk_tests.service.client import AGENTS, CONTACTS, TEN, TICKETS, Clock, allowed


def test_fixed_windows_follow_each_other_from_the_first_request_on() -> None:
    clock = Clock(1000.0)
    limit = RateLimit(TEN, clock=clock)
    limit.charge(AGENTS, 1)
    clock.at = 1059.9
    assert allowed(limit) == 9
    clock.at = 1060.0
    assert allowed(limit) == 10
    clock.at = 1185.0
    assert allowed(limit) == 10
    assert limit.charge(AGENTS, 1).retry_after == 55


def test_fixed_windows_may_start_at_a_given_moment() -> None:
    clock = Clock(1000.0)
    limit = RateLimit(TEN, window_offset=5.0, clock=clock)
    assert allowed(limit) == 10
    assert limit.charge(AGENTS, 1).retry_after == 25
    clock.at = 1025.0
    assert allowed(limit) == 10


def test_a_sliding_window_frees_a_call_a_window_after_it_was_made() -> None:
    clock = Clock()
    limit = RateLimit(TEN, window="sliding", clock=clock)
    for clock.at in (0.0, 30.0):
        for _ in range(5):
            assert not limit.charge(AGENTS, 1).refused
    clock.at = 59.5
    assert limit.charge(AGENTS, 1).retry_after == 1
    assert limit.charge(AGENTS, 6).retry_after == 31
    clock.at = 60.0
    assert allowed(limit) == 5


@pytest.mark.parametrize("window", ["fixed", "sliding"])
def test_a_limit_may_be_for_an_hour(window: Literal["fixed", "sliding"]) -> None:
    clock = Clock()
    limit = RateLimit(plans.HOURLY_3000, window=window, window_seconds=3600, clock=clock)
    assert allowed(limit) == 3000
    clock.at = 100.0
    assert limit.charge(AGENTS, 1).retry_after == 3500
    clock.at = 3600.0
    assert allowed(limit) == 3000


@pytest.mark.parametrize("window", ["fixed", "sliding"])
@pytest.mark.parametrize("lists_count", ["calls", "credits"])
def test_no_window_ever_has_more_than_the_plan_grants(
    window: Literal["fixed", "sliding"], lists_count: Literal["calls", "credits"]
) -> None:
    random, clock = Random(3), Clock()
    limit = RateLimit(
        Plan(40, 10, 5), window=window, window_seconds=16, window_offset=0.0, lists_count=lists_count, clock=clock
    )
    made: list[tuple[float, str, int]] = []
    for _ in range(4000):
        path, cost = random.choice([(TICKETS, 3), (CONTACTS, 1), (AGENTS, 1)])
        charge = limit.charge(path, cost)
        if charge.retry_after is None:
            made.append((clock.at, path, cost))
        elif random.random() < 0.2:
            clock.at += charge.retry_after
            assert not limit.charge(path, cost).refused
            made.append((clock.at, path, cost))
        clock.at += random.choice([0.0, 0.25, 0.25, 1.0])

    starts = {at // 16 * 16 for at, *_ in made} if window == "fixed" else {at for at, *_ in made}
    for start in starts:
        inside = [(path, cost) for at, path, cost in made if start <= at < start + 16]
        assert sum(cost for _, cost in inside) <= 40
        for list_path, most in ((TICKETS, 10), (CONTACTS, 5)):
            costs = [cost for path, cost in inside if path == list_path]
            assert (sum(costs) if lists_count == "credits" else len(costs)) <= most
