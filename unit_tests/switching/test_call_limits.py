"""What their settings do to the calls."""

import pytest

from source_freshdesk.api.rate_limit import Call, RateLimit
from source_freshdesk.api.rate_limit_headers import RateLimitHeaders
from source_freshdesk.source import SourceFreshdesk
from source_freshdesk.streams.base import FreshdeskStream
from unit_tests.support import KEY, SimulatedClock


def calls_in_the_first_minute(rate_limit: RateLimit, call: Call, limit: float | None) -> int:
    """How many calls go out one after another, each answered at once; Freshdesk tells of this limit, or of none."""
    calls, now = 0, 0.0
    while (now := now + rate_limit.seconds_until(call, now)) < 60.0:
        started = rate_limit.start(call, now)
        calls += 1
        rate_limit.finish(started, now, None if limit is None else RateLimitHeaders(limit, max(limit - calls, 0.0)))
    return calls


@pytest.mark.parametrize("total", [50.0, 700.0])
def test_a_limit_on_all_calls_holds_whatever_the_account_has(total: float) -> None:
    assert calls_in_the_first_minute(RateLimit(100, 20), Call(), total) == 20


def test_a_limit_on_a_list_holds_for_its_calls_only() -> None:
    limits = {"tickets": 10}
    for call, calls in ((Call(1.0, "tickets"), 10), (Call(1.0, "contacts"), 200), (Call(), 700)):
        rate_limit = RateLimit(100, list_calls_per_minute=limits)
        assert calls_in_the_first_minute(rate_limit, call, 700.0) == calls
    assert RateLimit(100, list_calls_per_minute=limits).allowed_per_second(Call(1.0, "tickets")) == 10 / 60


def test_a_stated_limit_holds_where_freshdesk_shows_none() -> None:
    assert calls_in_the_first_minute(RateLimit(100, stated_total=200), Call(), None) == 200
    assert calls_in_the_first_minute(RateLimit(50, stated_total=200), Call(), None) == 100
    assert calls_in_the_first_minute(RateLimit(100, stated_total=200), Call(1.0, "contacts"), None) == 20


@pytest.mark.parametrize("declared", [50.0, 700.0])
def test_what_freshdesk_shows_counts_for_more_than_what_was_stated(declared: float) -> None:
    rate_limit = RateLimit(100, stated_total=200)
    assert calls_in_the_first_minute(rate_limit, Call(), declared) == declared
    assert rate_limit.limit == f"{declared:.0f} a minute"


def test_the_settings_reach_the_rate_limit() -> None:
    source = SourceFreshdesk(SimulatedClock())
    plan = {"plan_type": "custom", "general_rate_limit": 120, "tickets_rate_limit": 6}
    (tickets, *_) = source.streams(
        {"domain": "acme", "api_key": KEY, "rate_limit_plan": plan, "subscription_tier": "pro"}
    )
    assert isinstance(tickets, FreshdeskStream)
    rate_limit = tickets.api.rate_limiter.rate_limit
    assert rate_limit.limit == "400 a minute"
    assert rate_limit.allowed_per_second(Call()) == 120 / 60
    assert rate_limit.allowed_per_second(Call(1.0, "tickets")) == 6 / 60
