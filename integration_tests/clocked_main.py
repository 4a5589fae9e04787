"""`main.py` with a clock handed in: `python -m integration_tests.clocked_main [TIME] COMMAND …`

Waiting takes no time on it. With a TIME in ISO 8601 it starts there, otherwise at the present.
"""

import sys
import threading
import time
from datetime import datetime

from source_freshdesk.api.clock import Clock
from source_freshdesk.process.start import start

REAL_SECONDS = 0.02
"""How long a thing that happens may take before the hands move on."""


class HastyClock(Clock):
    """Sleeping moves the hands on. start: where they are at first, in epoch seconds; None: at the present."""

    def __init__(self, start: float | None = None) -> None:
        self._ahead = 0.0 if start is None else start - time.time()
        self._slept = 0.0

    def now(self) -> float:
        return time.time() + self._ahead + self._slept

    def monotonic(self) -> float:
        return time.monotonic() + self._slept

    def sleep(self, seconds: float) -> None:
        self._slept += seconds

    def wait(self, condition: threading.Condition, seconds: float) -> None:
        if not condition.wait(REAL_SECONDS):
            self._slept += seconds


def main() -> None:
    first, *others = sys.argv[1:]
    if first[:1].isdecimal():
        start(others, HastyClock(datetime.fromisoformat(first).timestamp()))
    else:
        start([first, *others], HastyClock())


if __name__ == "__main__":
    main()
