"""Work that nobody waits for is not done."""

import threading
from collections.abc import Iterator

import pytest

from source_freshdesk.api.prefetch import Prefetcher, Workers
from source_freshdesk.api.rate_limit import Call, RateLimit
from source_freshdesk.api.rate_limiter import Cancelled, RateLimiter
from source_freshdesk.api.wait_log import WaitLog
from unit_tests.api.limiter import call
from unit_tests.api.work import PATIENCE_SECONDS, Broken, Gates, prefetcher
from unit_tests.support import LOGGER, SimulatedClock


def test_the_first_failure_is_raised_in_its_place_and_what_is_queued_is_not_done() -> None:
    gates, failing = Gates(), threading.Event()

    def work(item: int) -> int:
        if item == 2:
            failing.set()
            raise Broken(item)
        return gates.work(item)

    gates.let_on(0, 1)
    read = prefetcher(2).map(work, range(100))
    assert [next(read), next(read)] == [0, 10]
    assert failing.wait(PATIENCE_SECONDS)
    with pytest.raises(Broken, match="2"):
        next(read)
    begun = set(gates.begun)
    gates.let_on(*range(100))
    assert len(begun) <= 4, "0, 1, and what was under way beside the failure"
    for thread in gates.threads:
        thread.join(0.02)
    assert set(gates.begun) <= begun | {3, 4}
    with pytest.raises(StopIteration):
        next(read)


def test_of_two_failures_the_earlier_items_is_raised() -> None:
    second_failed = threading.Event()

    def work(item: int) -> int:
        if item == 1:
            second_failed.set()
            raise Broken("second")
        assert second_failed.wait(PATIENCE_SECONDS)
        raise Broken("first")

    with pytest.raises(Broken, match="first"):
        list(prefetcher(2).map(work, range(2)))


def test_a_source_that_fails_raises_and_ends_the_work() -> None:
    def items() -> Iterator[int]:
        yield 0
        raise Broken

    woken = threading.Event()
    ahead = Prefetcher(Workers(lambda: 2, lambda _event: None), woken.set)
    with pytest.raises(Broken):
        list(ahead.map(lambda item: item, items()))
    assert woken.is_set()


def test_who_reads_no_further_ends_the_work() -> None:
    gates, cancelled = Gates(), list[threading.Event]()
    gates.let_on(0)
    read = prefetcher(2, cancelled.append).map(gates.work, range(100))
    assert next(read) == 0
    gates.wait_until_begun(3)
    read.close()  # type: ignore[attr-defined]
    assert all(event.is_set() for event in cancelled)
    gates.let_on(*range(100))
    for thread in gates.threads:
        thread.join(0.02)
    assert len(gates.begun) <= 3, "nothing that was queued is begun"


def test_the_end_of_one_readers_work_leaves_anothers_alone() -> None:
    ahead = prefetcher(2)
    one, other = ahead.map(lambda item: item, range(100)), ahead.map(lambda item: item, range(100))
    assert [next(one), next(other)] == [0, 0]
    one.close()  # type: ignore[attr-defined]
    assert list(other) == list(range(1, 100))


def test_cancelled_work_that_waits_for_the_rate_limit_is_given_up() -> None:
    clock = SimulatedClock()
    clock.GRACE_SECONDS = PATIENCE_SECONDS
    rate_limiter = RateLimiter(RateLimit(), clock, WaitLog(clock, LOGGER))
    rate_limiter.rate_limit.refuse(
        rate_limiter.rate_limit.start(Call(), clock.monotonic()).call, clock.monotonic(), 86_400
    )
    begun, ended = threading.Event(), list[BaseException]()
    unstable_paths = threading.Event()

    def work(item: int) -> int:
        if item == 0:
            return 0
        begun.set()
        try:
            rate_limiter.acquire_call(call("agents"))
        except BaseException as end:
            ended.append(end)
            unstable_paths.set()
            raise
        return item

    read = Prefetcher(Workers(lambda: 1, rate_limiter.cancel_with), rate_limiter.wake).map(work, range(3))
    assert next(read) == 0
    assert begun.wait(PATIENCE_SECONDS)
    read.close()  # type: ignore[attr-defined]
    assert unstable_paths.wait(PATIENCE_SECONDS / 2), "at once, not when the time is over"
    assert isinstance(ended[0], Cancelled)
    assert clock.passed == 0
