"""The calls that were made."""

import threading
from collections import Counter
from dataclasses import dataclass


@dataclass(frozen=True)
class Call:
    """One call, as it was answered. The key is never kept, only whether it was right.

    status: 0 if the connection was closed without an answer.
    started: `time.monotonic()` on arrival; `seconds`: from there until the answer was ready to be sent.
    credits: what it was charged of the rate limit.
    """

    number: int
    method: str
    path: str
    params: dict[str, str]
    status: int
    started: float
    seconds: float
    authorized: bool
    credits: float = 0.0


class Journal:
    """Calls in the order of their arrival. A call is written down before its answer is sent, so a client that has
    the answer finds the call here."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: list[Call] = []
        self._arrived = 0
        self._arrived_by_path: Counter[str] = Counter()

    def arrive(self, path: str) -> tuple[int, int]:
        """The number of a call that has just come in, among all and among those for its path; both from 1."""
        with self._lock:
            self._arrived += 1
            self._arrived_by_path[path] += 1
            return self._arrived, self._arrived_by_path[path]

    def write(self, call: Call) -> None:
        with self._lock:
            self._calls.append(call)

    def calls(self, path_prefix: str | None = None) -> list[Call]:
        with self._lock:
            calls = [call for call in self._calls if path_prefix is None or call.path.startswith(path_prefix)]
        return sorted(calls, key=lambda call: call.number)

    def count(self, *paths: str) -> int:
        """How many calls were made for exactly these paths; without a path, how many at all."""
        with self._lock:
            return sum(1 for call in self._calls if not paths or call.path in paths)

    def clear(self) -> None:
        """Forget every call; numbers start from 1 again."""
        with self._lock:
            self._calls.clear()
            self._arrived = 0
            self._arrived_by_path.clear()
