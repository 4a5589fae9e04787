"""What a sync has used of the rate limit, in all and on behalf of each stream."""

import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True)
class Usage:
    """Calls, and the credits that they took. `waited_seconds`: for how long at least one call was blocked by the limit;
    known of all streams together only.
    """

    calls: int = 0
    credits: float = 0.0
    waited_seconds: float = 0.0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(self.calls + other.calls, self.credits + other.credits, self.waited_seconds + other.waited_seconds)

    def since(self, earlier: "Usage") -> "Usage":
        """What came after `earlier`."""
        return Usage(
            self.calls - earlier.calls, self.credits - earlier.credits, self.waited_seconds - earlier.waited_seconds
        )


class UsageLedger:
    """Counts what is used. From any thread: a thread says on whose behalf it makes calls."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._caller = threading.local()
        self._used: defaultdict[str, Usage] = defaultdict(Usage)
        self._drained: defaultdict[str, Usage] = defaultdict(Usage)
        self._waited = Usage()

    @contextmanager
    def on_behalf_of(self, name: str) -> Iterator[None]:
        """What this thread uses meanwhile is used by `name`."""
        before = self._name
        self._caller.name = name
        try:
            yield
        finally:
            self._caller.name = before

    @property
    def _name(self) -> str:
        return getattr(self._caller, "name", "")

    def add_call(self, credits_: float) -> None:
        """A call has ended that took so many credits."""
        with self._lock:
            self._used[self._name] += Usage(1, credits_)

    def add_wait(self, seconds: float) -> None:
        """The limit has blocked calls for so long."""
        with self._lock:
            self._waited += Usage(waited_seconds=seconds)

    @property
    def total(self) -> Usage:
        """What was used so far."""
        with self._lock:
            return sum(self._used.values(), self._waited)

    def used_by(self, name: str) -> Usage:
        """What was used so far on behalf of `name`."""
        with self._lock:
            return self._used[name]

    def drain(self, names: Iterable[str]) -> Usage:
        """What was used on behalf of these names and was in no earlier answer of this method."""
        drained = Usage()
        with self._lock:
            for name in set(names):
                drained += self._used[name].since(self._drained[name])
                self._drained[name] = self._used[name]
        return drained
