"""Work that tests hold back and watch."""

import threading
from collections.abc import Callable, Iterable, Iterator

from source_freshdesk.api.prefetch import Prefetcher, Workers

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


class Broken(Exception):
    pass
