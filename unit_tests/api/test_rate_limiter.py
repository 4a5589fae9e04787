"""The account's call quota, as threads wait for it."""

import logging
import threading
from collections.abc import Mapping
from typing import Any

import pytest
import requests

from source_freshdesk.api.rate_limit import Call, RateLimit
from source_freshdesk.api.rate_limiter import Cancelled, RateLimiter, call_of
from source_freshdesk.api.wait_log import WaitLog
from unit_tests.support import API, LOGGER, SimulatedClock, response, together


def budget_of(clock: SimulatedClock, **how: Any) -> RateLimiter:
    return RateLimiter(RateLimit(**how), clock, WaitLog(clock, LOGGER))


@pytest.fixture
def rate_limiter(clock: SimulatedClock) -> RateLimiter:
    return budget_of(clock)


def call(path: str) -> requests.PreparedRequest:
    return requests.Request("GET", f"{API}{path}").prepare()


def rated(total: float, remaining: float, used: float = 1.0) -> dict[str, str]:
    """Headers as Freshdesk writes them."""
    return {
        "x-ratelimit-total": str(float(total)),
        "x-ratelimit-remaining": str(float(remaining)),
        "x-ratelimit-used-currentrequest": str(float(used)),
    }


def make(rate_limiter: RateLimiter, path: str, headers: Mapping[str, str] | None = None, status: int = 200) -> None:
    """Make a call and have it answered."""
    request = call(path)
    rate_limiter.acquire_call(request)
    rate_limiter.update_from_response(request, response(status, url=request.url or "", headers=headers or {}))


def learn(rate_limiter: RateLimiter, path: str, status: int = 429, retry_after: str = "40") -> None:
    make(rate_limiter, path, {"Retry-After": retry_after}, status)


@pytest.mark.parametrize(
    ("limited", "called", "seconds"),
    [
        ("tickets?page=2", "tickets?page=3", 40),
        ("tickets", "tickets/7/conversations", 0),
        ("tickets", "contacts", 0),
        ("tickets", "agents/me", 0),
        ("contacts?per_page=100", "contacts", 40),
        ("contacts", "contacts/7", 0),
        ("contacts", "tickets", 0),
        ("agents", "agents", 40),
        ("agents", "tickets", 40),
        ("tickets/7/conversations", "tickets", 40),
        ("contacts/7", "contacts", 40),
        ("companies", "contacts/7", 40),
    ],
)
def test_a_list_with_a_limit_of_its_own_is_held_alone_and_any_other_limit_holds_all_calls(
    rate_limiter: RateLimiter, clock: SimulatedClock, limited: str, called: str, seconds: float
) -> None:
    learn(rate_limiter, limited)
    rate_limiter.acquire_call(call(called))
    assert clock.passed == pytest.approx(seconds)


@pytest.mark.parametrize("status", [200, 404, 500, 503])
def test_no_other_answer_holds_calls(rate_limiter: RateLimiter, clock: SimulatedClock, status: int) -> None:
    learn(rate_limiter, "agents", status)
    rate_limiter.acquire_call(call("agents"))
    assert clock.naps == []


def test_a_failed_connection_holds_no_calls(rate_limiter: RateLimiter, clock: SimulatedClock) -> None:
    broken = call("agents")
    rate_limiter.acquire_call(broken)
    rate_limiter.record_failed_call(broken)
    rate_limiter.acquire_call(call("agents"))
    assert clock.naps == []
    assert rate_limiter.usage.calls == 1, "it may have been counted"


def test_a_call_that_never_went_out_cannot_break(rate_limiter: RateLimiter) -> None:
    rate_limiter.record_failed_call(call("agents"))
    assert rate_limiter.usage.calls == 0


@pytest.fixture
def open_budget(rate_limiter: RateLimiter) -> RateLimiter:
    """One that knows that there is plenty left, so that calls go out side by side."""
    make(rate_limiter, "agents", rated(400, 300))
    return rate_limiter


@pytest.mark.parametrize("waits", [("50", "10"), ("10", "50")])
def test_of_two_refusals_the_longer_wait_counts(
    open_budget: RateLimiter, clock: SimulatedClock, waits: tuple[str, str]
) -> None:
    requests_made = [call("agents"), call("agents")]
    for request in requests_made:
        open_budget.acquire_call(request)
    for request, wait in zip(requests_made, waits, strict=True):
        open_budget.update_from_response(request, response(429, headers={"Retry-After": wait}))
    open_budget.acquire_call(call("agents"))
    assert clock.passed == pytest.approx(50)


def test_a_call_does_not_wait_for_a_quota_that_is_back(rate_limiter: RateLimiter, clock: SimulatedClock) -> None:
    learn(rate_limiter, "agents")
    clock.sleep(41)
    rate_limiter.acquire_call(call("agents"))
    assert clock.naps == [41]


def test_a_call_waits_on_when_the_limit_is_met_again_meanwhile(open_budget: RateLimiter, clock: SimulatedClock) -> None:
    first, second = call("agents"), call("companies")
    for request in (first, second):
        open_budget.acquire_call(request)
    open_budget.update_from_response(first, response(429, headers={"Retry-After": "40"}))
    went_out_at: list[float] = []

    def wait() -> None:
        open_budget.acquire_call(call("agents"))
        went_out_at.append(clock.passed)

    def refuse() -> None:
        open_budget.update_from_response(second, response(429, headers={"Retry-After": "100"}))

    clock.GRACE_SECONDS = 0.2
    together(wait, refuse)
    assert went_out_at == [pytest.approx(100)]


def test_a_limit_that_one_thread_meets_holds_the_calls_of_another(
    rate_limiter: RateLimiter, clock: SimulatedClock
) -> None:
    began_at: list[float] = []

    def work() -> None:
        make(rate_limiter, "companies")
        began_at.append(clock.passed)

    together(lambda: learn(rate_limiter, "agents"))
    together(work, work)
    assert len(began_at) == 2
    assert min(began_at) >= 40


def test_it_blocks_even_if_asked_not_to(rate_limiter: RateLimiter, clock: SimulatedClock) -> None:
    learn(rate_limiter, "agents")
    rate_limiter.acquire_call(call("agents"), block=False, timeout=1)
    assert clock.passed == pytest.approx(40)


def test_it_has_no_policies_to_match(rate_limiter: RateLimiter) -> None:
    assert rate_limiter.get_matching_policy(call("agents")) is None


@pytest.mark.parametrize(
    ("path", "credits_used", "list_name"),
    [
        ("tickets", 1, "tickets"),
        ("tickets?page=2&include=stats", 3, "tickets"),
        ("tickets?include=stats,requester,description", 7, "tickets"),
        ("tickets?include=", 1, "tickets"),
        ("tickets/7/conversations", 1, None),
        ("tickets/7?include=stats", 1, None),
        ("contacts?per_page=100", 1, "contacts"),
        ("contacts/7", 1, None),
        ("agents", 1, None),
        ("companies", 1, None),
    ],
)
def test_what_a_call_costs_is_known_before_it_is_made(path: str, credits_used: float, list_name: str | None) -> None:
    assert call_of(call(path)) == Call(credits_used, list_name)


def test_what_an_answer_says_it_has_cost_is_what_was_used(rate_limiter: RateLimiter) -> None:
    make(rate_limiter, "tickets?include=stats", rated(400, 399, used=1))
    make(rate_limiter, "tickets?include=stats", {"X-RateLimit-Total": "400.0"})
    assert (rate_limiter.usage.calls, rate_limiter.usage.credits) == (2, 4)


def test_while_nothing_is_known_one_call_shows_the_way(rate_limiter: RateLimiter, clock: SimulatedClock) -> None:
    first, order = call("agents"), []
    rate_limiter.acquire_call(first)
    clock.GRACE_SECONDS = 0.05

    def second() -> None:
        rate_limiter.acquire_call(call("agents"))
        order.append("second goes out")

    def answer() -> None:
        order.append("first is answered")
        rate_limiter.update_from_response(first, response(headers=rated(400, 399)))

    thread = threading.Thread(target=second, daemon=True)
    thread.start()
    together(answer)
    thread.join(timeout=10)
    assert order == ["first is answered", "second goes out"]


def test_calls_side_by_side_stay_within_the_share(clock: SimulatedClock) -> None:
    rate_limiter = budget_of(clock, percent=50)
    went_out_at: list[float] = []
    lock = threading.Lock()

    def work() -> None:
        for _ in range(20):
            request = call("agents")
            rate_limiter.acquire_call(request)
            with lock:
                went_out_at.append(clock.passed)
                spent = sum(moment > clock.passed - 60 for moment in went_out_at)
                rate_limiter.update_from_response(request, response(headers=rated(50, 50 - spent)))

    together(work, work, work, work)
    assert len(went_out_at) == 80
    for begin in went_out_at:
        assert sum(begin <= moment < begin + 60 for moment in went_out_at) <= 25


def test_a_wait_is_said_once_with_its_reason_and_heard_of_on_the_way(
    rate_limiter: RateLimiter, clock: SimulatedClock, caplog: pytest.LogCaptureFixture
) -> None:
    learn(rate_limiter, "agents", retry_after="90")
    with caplog.at_level(logging.INFO, logger=LOGGER.name):
        together(lambda: rate_limiter.acquire_call(call("agents")))
    assert caplog.messages == [
        "The account's API call limit is reached. Going on in 90 seconds, at 10:01:30 UTC.",
        "Still waiting, 60 seconds to go.",
        "Still waiting, 30 seconds to go.",
    ]


def test_the_part_of_the_limit_that_is_used_is_named_as_the_reason(
    clock: SimulatedClock, caplog: pytest.LogCaptureFixture
) -> None:
    rate_limiter = budget_of(clock, percent=10)
    with caplog.at_level(logging.INFO, logger=LOGGER.name):
        for _ in range(6):
            make(rate_limiter, "agents", rated(50, 40))
    assert caplog.messages[0] == (
        "This sync has used its part of the account's API call limit (50 a minute). "
        "Going on in 60 seconds, at 10:01:00 UTC."
    )
    assert clock.passed == pytest.approx(60)
    assert rate_limiter.usage.waited_seconds == pytest.approx(60)


def test_a_short_wait_is_not_worth_a_word(
    rate_limiter: RateLimiter, clock: SimulatedClock, caplog: pytest.LogCaptureFixture
) -> None:
    learn(rate_limiter, "agents", retry_after="4")
    with caplog.at_level(logging.INFO, logger=LOGGER.name):
        rate_limiter.acquire_call(call("agents"))
    assert caplog.messages == []
    assert clock.passed == pytest.approx(4)


def test_a_cancelled_call_is_given_up(rate_limiter: RateLimiter, clock: SimulatedClock) -> None:
    learn(rate_limiter, "agents", retry_after="86400")
    cancelled = threading.Event()
    clock.GRACE_SECONDS = 5
    gave_up = threading.Event()

    def work() -> None:
        rate_limiter.cancel_with(cancelled)
        with pytest.raises(Cancelled):
            rate_limiter.acquire_call(call("agents"))
        gave_up.set()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    assert not gave_up.wait(0.05)
    cancelled.set()
    rate_limiter.wake()
    assert gave_up.wait(4)
    assert clock.passed == 0


def test_only_the_calls_of_the_cancelled_thread_are_given_up(rate_limiter: RateLimiter) -> None:
    cancelled = threading.Event()
    cancelled.set()

    def work() -> None:
        rate_limiter.cancel_with(cancelled)
        with pytest.raises(Cancelled):
            rate_limiter.acquire_call(call("agents"))

    together(work)
    make(rate_limiter, "agents")
    assert rate_limiter.usage.calls == 1


def test_an_answer_tells_how_long_answers_take(rate_limiter: RateLimiter, clock: SimulatedClock) -> None:
    assert rate_limiter.latency_seconds == 0
    for seconds in (0.5, 1.0):
        request = call("agents")
        rate_limiter.acquire_call(request)
        clock.sleep(seconds)
        rate_limiter.update_from_response(request, response(headers=rated(400, 399)))
    assert rate_limiter.latency_seconds == pytest.approx(0.6)
