"""`main.py` with a clock that runs so many times as fast: `python -m benchmarks.fast_main FACTOR COMMAND …`"""

import sys
import threading
import time

from source_freshdesk.api.clock import Clock
from source_freshdesk.process.start import start


class FastClock(Clock):
    """What takes a minute on it takes `60 / factor` seconds."""

    def __init__(self, factor: float) -> None:
        self._factor = factor
        self._started = time.time()

    def now(self) -> float:
        return self._started + (time.time() - self._started) * self._factor

    def monotonic(self) -> float:
        return time.monotonic() * self._factor

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds / self._factor)

    def wait(self, condition: threading.Condition, seconds: float) -> None:
        condition.wait(seconds / self._factor)


def main() -> None:
    start(sys.argv[2:], FastClock(float(sys.argv[1])))


if __name__ == "__main__":
    main()
