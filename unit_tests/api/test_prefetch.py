"""Results come in order, and no more is under way than is wanted."""

import threading
from collections.abc import Iterator
from functools import partial

import pytest

from source_freshdesk.api.prefetch import LOOK_AHEAD, MAX_THREADS, Prefetcher, Workers
from source_freshdesk.api.rate_limiter import Cancelled
from unit_tests.api.work import PATIENCE_SECONDS, Gates, Taken, prefetcher
from unit_tests.support import together


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


def test_pieces_of_work_are_done_one_by_one_too() -> None:
    ahead = prefetcher(2)
    with ahead.cancellation() as cancellation:
        jobs = [ahead.submit(partial(pow, number, 2), cancellation) for number in range(10)]
        assert [job.result() for job in jobs] == [number**2 for number in range(10)]
    cancellation.cancel()
    late = ahead.submit(lambda: 1, cancellation)
    with pytest.raises(Cancelled):
        late.result()


@pytest.mark.parametrize(("affordable", "most"), [(0.2, 1), (3.0, 3), (1_000.0, LOOK_AHEAD * 4)])
def test_no_more_results_wait_than_the_memory_has_room_for(affordable: float, most: int) -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for number in range(100):
            taken.append(number)
            yield number

    ahead = Prefetcher(Workers(lambda: 4, lambda _event: None), lambda: None, lambda: affordable)
    next(ahead.map(lambda item: item, items()))
    assert len(taken) == most + 1
