"""What is said of a wait, and how it ends."""

import logging
import threading

import pytest

from source_freshdesk.api.rate_limiter import Cancelled, RateLimiter
from unit_tests.api.limiter import budget_of, call, learn, make, rated
from unit_tests.support import LOGGER, SimulatedClock, response, together


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
        "The account's API rate limit is reached. Continuing in 90 seconds, at 10:01:30 UTC.",
        "Still waiting, 60 seconds left.",
        "Still waiting, 30 seconds left.",
    ]


def test_the_part_of_the_limit_that_is_used_is_named_as_the_reason(
    clock: SimulatedClock, caplog: pytest.LogCaptureFixture
) -> None:
    rate_limiter = budget_of(clock, percent=10)
    with caplog.at_level(logging.INFO, logger=LOGGER.name):
        for _ in range(6):
            make(rate_limiter, "agents", rated(50, 40))
    assert caplog.messages[0] == (
        "This sync has used its part of the account's API rate limit (50 a minute). "
        "Continuing in 60 seconds, at 10:01:00 UTC."
    )
    assert clock.passed == pytest.approx(60)
    assert rate_limiter.usage.waited_seconds == pytest.approx(60)


def test_a_short_wait_is_not_logged(
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


def test_an_answer_shows_how_long_answers_take(rate_limiter: RateLimiter, clock: SimulatedClock) -> None:
    assert rate_limiter.latency_seconds == 0
    for seconds in (0.5, 1.0):
        request = call("agents")
        rate_limiter.acquire_call(request)
        clock.sleep(seconds)
        rate_limiter.update_from_response(request, response(headers=rated(400, 399)))
    assert rate_limiter.latency_seconds == pytest.approx(0.6)
