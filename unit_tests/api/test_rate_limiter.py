"""Which calls are blocked, and until when."""

import pytest

from source_freshdesk.api.rate_limit import Call
from source_freshdesk.api.rate_limiter import RateLimiter, call_of
from unit_tests.api.limiter import call, learn, make, rated
from unit_tests.support import SimulatedClock, response, together


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


def test_a_call_does_not_wait_for_a_rate_limit_that_is_back(rate_limiter: RateLimiter, clock: SimulatedClock) -> None:
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
