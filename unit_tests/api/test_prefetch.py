"""Work done ahead by several threads, its results in order."""

import threading
from collections.abc import Callable, Iterable, Iterator
from functools import partial

import pytest

from source_freshdesk.api.prefetch import LOOK_AHEAD, MAX_THREADS, Prefetcher, Workers
from source_freshdesk.api.rate_limit import Call, RateLimit
from source_freshdesk.api.rate_limiter import Cancelled, RateLimiter
from source_freshdesk.api.wait_log import WaitLog
from unit_tests.api.test_rate_limiter import call
from unit_tests.support import LOGGER, SimulatedClock, together

PATIENCE_SECONDS = 10


def prefetcher(wanted: int = 4, watch: Callable[[threading.Event], None] | None = None) -> Prefetcher:
    return Prefetcher(Workers(lambda: wanted, watch or (lambda _event: None)), lambda: None)


class Gates:
    """Work that waits until it is let on. `begun`: items in the order in which work on them began."""

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.threads: set[threading.Thread] = set()
        self._changed = threading.Condition()
        self._open: set[int] = set()

    def work(self, item: int) -> int:
        with self._changed:
            self.begun.append(item)
            self.threads.add(threading.current_thread())
            self._changed.notify_all()
            assert self._changed.wait_for(lambda: item in self._open, PATIENCE_SECONDS)
        return item * 10

    def let_on(self, *items: int) -> None:
        with self._changed:
            self._open.update(items)
            self._changed.notify_all()

    def wait_until_begun(self, count: int) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.begun) >= count, PATIENCE_SECONDS)


class Taken:
    """Items that say how many of them were taken."""

    def __init__(self, items: Iterable[int]) -> None:
        self.count = 0
        self._items = items

    def __iter__(self) -> Iterator[int]:
        for item in self._items:
            self.count += 1
            yield item


@pytest.mark.parametrize("wanted", [1, 2, 7, MAX_THREADS])
@pytest.mark.parametrize("count", [0, 1, 5, 200])
def test_results_come_in_the_order_of_the_items(wanted: int, count: int) -> None:
    assert list(prefetcher(wanted).map(lambda item: item * 10, range(count))) == [item * 10 for item in range(count)]


def test_the_order_is_kept_whatever_is_done_first() -> None:
    done: list[int] = []
    events = [threading.Event() for _ in range(5)]
    events[4].set()

    def work(item: int) -> int:
        """The last first."""
        assert events[item].wait(PATIENCE_SECONDS)
        done.append(item)
        if item:
            events[item - 1].set()
        return item

    assert list(prefetcher(5).map(work, range(5))) == [0, 1, 2, 3, 4]
    assert done == [4, 3, 2, 1, 0]


def test_several_are_under_way_at_once_and_no_more_than_wanted() -> None:
    gates = Gates()
    gates.let_on(*range(4, 50))
    read = prefetcher(4).map(gates.work, range(50))
    together(lambda: gates.wait_until_begun(4), lambda: gates.let_on(0, 1, 2, 3), lambda: list(read))
    assert len(gates.begun) == 50
    assert len(gates.threads) <= 4


def test_threads_do_not_keep_the_process_from_ending_and_serve_again() -> None:
    gates, ahead = Gates(), prefetcher(3)
    gates.let_on(*range(100))
    for _ in range(5):
        assert len(list(ahead.map(gates.work, range(20)))) == 20
    assert 1 <= len(gates.threads) <= 3
    assert all(thread.daemon for thread in gates.threads)


@pytest.mark.parametrize(("wanted", "threads"), [(-3, 1), (0, 1), (5, 5), (1_000, MAX_THREADS)])
def test_at_least_one_thread_is_wanted_and_not_more_than_connections(wanted: int, threads: int) -> None:
    assert Workers(lambda: wanted, lambda _event: None).wanted == threads


@pytest.mark.parametrize("wanted", [1, 3])
def test_no_more_items_are_taken_than_is_looked_ahead(wanted: int) -> None:
    items = Taken(range(1_000))
    read = prefetcher(wanted).map(lambda item: item, items)
    assert items.count == 0, "nothing is done before a result is asked for"
    for given in range(50):
        assert next(read) == given
        assert items.count <= given + 1 + LOOK_AHEAD * wanted
    read.close()  # type: ignore[attr-defined]


def test_one_batch_that_is_larger_than_the_look_ahead_is_taken_alone() -> None:
    taken: list[int] = []

    def batches() -> Iterator[list[int]]:
        for number in range(10):
            taken.append(number)
            yield list(range(100))

    read = prefetcher(2).batches(lambda item: item, batches())
    assert list(next(read).results()) == list(range(100))
    assert len(taken) <= 2


def test_batches_keep_their_items_together() -> None:
    sizes = [3, 0, 1, 30, 2]
    batches = [[(number, item) for item in range(size)] for number, size in enumerate(sizes)]
    read = [(batch.items, list(batch.results())) for batch in prefetcher(2).batches(lambda item: item, batches)]
    assert read == [(items, items) for items in batches]


def test_batches_without_items_are_given_out_too() -> None:
    taken = 0

    def source() -> Iterator[list[int]]:
        nonlocal taken
        for _ in range(1000):
            taken += 1
            yield []

    next(prefetcher(1).batches(str, source()))
    assert taken < 10


def test_batches_can_be_taken_before_any_result_is() -> None:
    batches = list(prefetcher(2).batches(lambda item: item, [[1, 2], [3]]))
    assert [list(batch.results()) for batch in batches] == [[1, 2], [3]]


class Broken(Exception):
    pass


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


def test_cancelled_work_that_waits_for_the_quota_is_given_up() -> None:
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


def test_pieces_of_work_are_done_one_by_one_too() -> None:
    ahead = prefetcher(2)
    with ahead.cancellation() as cancellation:
        jobs = [ahead.submit(partial(pow, number, 2), cancellation) for number in range(10)]
        assert [job.result() for job in jobs] == [number**2 for number in range(10)]
    cancellation.cancel()
    late = ahead.submit(lambda: 1, cancellation)
    with pytest.raises(Cancelled):
        late.result()
