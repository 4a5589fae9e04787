"""The connector with a clock on which waiting takes no time: what `main.py` does, without the waits."""

import threading
import time

from source_freshdesk.api.waiting import Clock
from source_freshdesk.run import run

REAL_SECONDS = 0.02
"""How long a thing that happens may take before the hands move on."""


class HastyClock(Clock):
    """Sleeping moves the hands on."""

    def __init__(self) -> None:
        self._slept = 0.0

    def now(self) -> float:
        return time.time() + self._slept

    def monotonic(self) -> float:
        return time.monotonic() + self._slept

    def sleep(self, seconds: float) -> None:
        self._slept += seconds

    def wait(self, condition: threading.Condition, seconds: float) -> None:
        if not condition.wait(REAL_SECONDS):
            self._slept += seconds


if __name__ == "__main__":
    run(clock=HastyClock())
