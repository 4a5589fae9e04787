"""The account's other apps spend from the same limit."""

from typing import Literal

import pytest

from integration_tests.fake_freshdesk import (
    OtherApps,
    OtherCall,
    RateLimit,
    plans,
)
from integration_tests.fake_freshdesk_tests.service.client import AGENTS, TEN, TICKETS, Clock, allowed


@pytest.mark.parametrize("window", ["fixed", "sliding"])
def test_other_apps_spend_from_the_same_limit(window: Literal["fixed", "sliding"]) -> None:
    clock = Clock(600.0)
    limit = RateLimit(plans.GROWTH, window=window, window_offset=0.0, others=OtherApps(per_minute=60), clock=clock)
    for clock.at in (600.0, 659.5):
        spent_by_others = {"fixed": clock.at // 1 - 599, "sliding": 60}[window]
        charge = limit.charge(AGENTS, 0)
        assert charge.remaining == 200 - spent_by_others


def test_other_apps_are_refused_too() -> None:
    clock = Clock()
    limit = RateLimit(TEN, window="sliding", others=OtherApps(per_minute=60), clock=clock)
    for clock.at in (0.0, 0.5, 1000.0):
        assert limit.charge(AGENTS, 1).retry_after == 1


def test_other_apps_may_be_a_function_and_read_a_list() -> None:
    calls = [OtherCall(at=5.0, credits=3, path=TICKETS), OtherCall(at=20.0, credits=100)]
    clock = Clock()
    limit = RateLimit(
        plans.GROWTH, others=lambda since, until: [call for call in calls if since < call.at <= until], clock=clock
    )
    assert limit.charge(AGENTS, 1).remaining == 199
    clock.at = 10.0
    assert limit.charge(AGENTS, 1).remaining == 195
    assert allowed(limit, TICKETS) == 19
    clock.at = 20.0
    assert limit.charge(AGENTS, 1).remaining == 75


def test_bursts_are_the_same_however_they_are_asked_about() -> None:
    apps = OtherApps(burst_chance=0.5, burst_calls=7, seed=1)
    hour = apps(0.0, 3600.0)
    assert hour == [call for second in range(3600) for call in apps(float(second), second + 1.0)]
    assert 10 < len({call.at for call in hour}) < 50
    assert len(hour) == 7 * len({call.at for call in hour})
    assert hour != OtherApps(burst_chance=0.5, burst_calls=7, seed=2)(0.0, 3600.0)
