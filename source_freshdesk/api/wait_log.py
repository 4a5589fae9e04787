"""What the log says while the program waits or works for long."""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from source_freshdesk.api.clock import Clock

HEARTBEAT_SECONDS = 30.0
"""Airbyte takes a source that says nothing for long for a dead one."""


class WaitLog:
    """Waits, saying once why and until when, and a word every `HEARTBEAT_SECONDS` on the way."""

    def __init__(self, clock: Clock, logger: logging.Logger) -> None:
        self._clock = clock
        self._logger = logger
        self._announced_until = 0.0
        self._said_at = 0.0
        self._lock = threading.Lock()

    def sleep(self, seconds: float, why: str) -> None:
        """Return after `seconds`."""
        moment = self._clock.monotonic() + seconds
        self.announce(moment, why)
        while (left := moment - self._clock.monotonic()) > 0:
            self._clock.sleep(min(left, HEARTBEAT_SECONDS))
            self.heartbeat()

    def announce(self, moment: float, why: str) -> None:
        """Say why nothing happens until the monotonic `moment`, unless that was said."""
        now = self._clock.monotonic()
        with self._lock:
            if moment <= self._announced_until + 1:
                return
            self._announced_until, self._said_at = moment, now
        goes_on = datetime.fromtimestamp(self._clock.now(), UTC) + timedelta(seconds=moment - now)
        self._logger.info(f"{why} Going on in {format_duration(moment - now)}, at {goes_on:%H:%M:%S} UTC.")

    def heartbeat(self) -> None:
        """Say that the wait which was announced goes on, if nothing was said for long."""
        now = self._clock.monotonic()
        with self._lock:
            left = self._announced_until - now
            if left <= 0 or now - self._said_at < HEARTBEAT_SECONDS - 1:
                return
            self._said_at = now
        self._logger.info(f"Still waiting, {format_duration(left)} to go.")


class ProgressLog:
    """Says how far things are, at most every `HEARTBEAT_SECONDS`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._said_at = clock.monotonic()
        self._lock = threading.Lock()

    def log(self, logger: logging.Logger, words: Callable[[], str]) -> None:
        """Log `words` if nothing was said for long."""
        now = self._clock.monotonic()
        with self._lock:
            if now - self._said_at < HEARTBEAT_SECONDS:
                return
            self._said_at = now
        logger.info(words())


def format_duration(seconds: float) -> str:
    whole = max(round(seconds), 1)
    return "1 second" if whole == 1 else f"{whole} seconds"
