"""Time as the program reads it and waits for it."""

import threading
import time


class Clock:
    """Time as the program reads it and waits for it; tests hand in one of their own."""

    def now(self) -> float:
        """Seconds since the epoch."""
        return time.time()

    def monotonic(self) -> float:
        """Seconds that never run backwards."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)

    def wait(self, condition: threading.Condition, seconds: float) -> None:
        """Wait for a notification of `condition`, which is held, at most so long."""
        condition.wait(seconds)
