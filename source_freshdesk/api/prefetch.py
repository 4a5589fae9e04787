"""Work that several threads do ahead, and whose results are taken in order.

The CDK's own concurrency emits records in any order, and states before their records. Here only the thread that takes
the results emits anything, so order and state stay as if there were one thread.
"""

import math
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, Generic, TypeVar

from source_freshdesk.api.rate_limiter import Cancelled

Item = TypeVar("Item")
Result = TypeVar("Result")

MAX_THREADS = 40


class Job(Generic[Result]):
    """A piece of work and, once it is done, its result."""

    def __init__(self, work: Callable[[], Result], cancelled: threading.Event) -> None:
        self.cancelled = cancelled
        self._work = work
        self._done = threading.Event()
        self._result: Result
        self._failure: BaseException | None = None

    def run(self) -> None:
        """Do the work. Called once, by a worker."""
        try:
            if self.cancelled.is_set():
                raise Cancelled
            self._result = self._work()
        except BaseException as failure:  # noqa: BLE001 - it is raised where the result is taken
            self._failure = failure
        self._done.set()

    def result(self) -> Result:
        """Waits for what the work returns; raises what it raises."""
        self._done.wait()
        if self._failure is not None:
            raise self._failure
        return self._result


class Workers:
    """Threads that are started when there is work, and never keep the process from ending.

    wanted: how many may work at present. watch: called in a thread with the event that cancels its work.
    """

    def __init__(self, wanted: Callable[[], int], watch: Callable[[threading.Event], None]) -> None:
        self._wanted = wanted
        self._watch = watch
        self._jobs: deque[Job[Any]] = deque()
        self._changed = threading.Condition()
        self._threads = 0
        self._idle = 0

    @property
    def wanted(self) -> int:
        """How many may work at present, at least one."""
        return min(max(self._wanted(), 1), MAX_THREADS)

    def submit(self, work: Callable[[], Result], cancelled: threading.Event) -> Job[Result]:
        """Have the work done as soon as a worker is free, in the order of submission."""
        job = Job(work, cancelled)
        with self._changed:
            self._jobs.append(job)
            self._grow()
            self._changed.notify()
        return job

    def _grow(self) -> None:
        if len(self._jobs) > self._idle and self._threads < self.wanted:
            self._threads += 1
            threading.Thread(target=self._work, daemon=True, name="fetch").start()

    def _work(self) -> None:
        while True:
            with self._changed:
                while not self._jobs:
                    self._idle += 1
                    self._changed.wait()
                    self._idle -= 1
                job = self._jobs.popleft()
                # More may be useful than were when the rest was submitted: by now Freshdesk's speed may be known.
                self._grow()
            self._watch(job.cancelled)
            job.run()


class Cancellation:
    """Cancels the work for one reader. wake: has blocked work check whether it was cancelled."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self.event = threading.Event()
        self._wake = wake

    def __enter__(self) -> "Cancellation":
        return self

    def __exit__(self, *_: object) -> None:
        self.cancel()

    def cancel(self) -> None:
        """The rest is not needed."""
        self.event.set()
        self._wake()


class Batch(Generic[Item, Result]):
    """Items that belong together, and what the work returns for each."""

    def __init__(self, items: Sequence[Item], jobs: Sequence[Job[Result]], cancellation: Cancellation) -> None:
        self.items = items
        self.weight = max(len(items), 1)
        """How much of the look-ahead it takes; a batch without items counts as one."""
        self._jobs = jobs
        self._cancellation = cancellation

    def results(self) -> Iterator[Result]:
        """In the order of the items. A failure ends the work on all batches."""
        try:
            for job in self._jobs:
                yield job.result()
        except BaseException:
            self._cancellation.cancel()
            raise


class Prefetcher:
    """Fetches ahead for one reader.

    workers: the threads of the account. wake: has work that the rate limit blocks check whether it was cancelled.
    affordable: how many results may wait in memory until they are taken.
    """

    def __init__(
        self, workers: Workers, wake: Callable[[], None], affordable: Callable[[], float] = lambda: math.inf
    ) -> None:
        self._workers = workers
        self._wake = wake
        self._affordable = affordable

    def cancellation(self) -> Cancellation:
        """For work that is submitted piece by piece."""
        return Cancellation(self._wake)

    def submit(self, work: Callable[[], Result], cancellation: Cancellation) -> Job[Result]:
        """A piece of work, done as soon as a worker is free."""
        return self._workers.submit(work, cancellation.event)

    @property
    def _most_ahead(self) -> float:
        return min(LOOK_AHEAD * self._workers.wanted, max(self._affordable(), 1))

    def map(self, work: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """`work` of each item, in the order of the items. Several are under way at once, and no more are taken from
        `items` than that needs. The first failure is raised in its place and ends the rest.
        """
        for batch in self.batches(work, ([item] for item in items)):
            yield from batch.results()

    def batches(
        self, work: Callable[[Item], Result], batches: Iterable[Sequence[Item]]
    ) -> Iterator[Batch[Item, Result]]:
        """The batches in their order, with the work on them and on some that follow under way."""
        cancellation = self.cancellation()
        try:
            ahead: deque[Batch[Item, Result]] = deque()
            weight_ahead = 0
            for items in batches:
                jobs = [self._workers.submit(partial(work, item), cancellation.event) for item in items]
                ahead.append(Batch(items, jobs, cancellation))
                weight_ahead += ahead[-1].weight
                while ahead and weight_ahead - ahead[0].weight >= self._most_ahead:
                    weight_ahead -= ahead[0].weight
                    yield ahead.popleft()
            yield from ahead
        except BaseException:  # A reader who closes it early, too. Batches that were all given out may be read later.
            cancellation.cancel()
            raise


LOOK_AHEAD = 3
"""Jobs for each worker: enough that none is idle while records are emitted."""
