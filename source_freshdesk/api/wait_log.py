"""What the log says while the program waits or works for long."""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from source_freshdesk.api.clock import Clock

LOG_INTERVAL_SECONDS = 30.0
"""Airbyte stops a source that is silent for long."""


class WaitLog:
    """Waits; the log says once why and until when, and has a line every `LOG_INTERVAL_SECONDS`."""

    def __init__(self, clock: Clock, logger: logging.Logger) -> None:
        self._clock = clock
        self._logger = logger
        self._announced_until = 0.0
        self._logged_at = 0.0
        self._lock = threading.Lock()

    def sleep(self, seconds: float, why: str) -> None:
        """Return after `seconds`."""
        moment = self._clock.monotonic() + seconds
        self.announce(moment, why)
        while (left := moment - self._clock.monotonic()) > 0:
            self._clock.sleep(min(left, LOG_INTERVAL_SECONDS))
            self.log_rest()

    def announce(self, moment: float, why: str) -> None:
        """Log why nothing happens until the monotonic `moment`, unless that was logged before."""
        now = self._clock.monotonic()
        with self._lock:
            if moment <= self._announced_until + 1:
                return
            self._announced_until, self._logged_at = moment, now
        continues_at = datetime.fromtimestamp(self._clock.now(), UTC) + timedelta(seconds=moment - now)
        self._logger.info(f"{why} Continuing in {format_duration(moment - now)}, at {continues_at:%H:%M:%S} UTC.")

    def log_rest(self) -> None:
        """Log how long the announced wait still takes, if nothing was logged for long."""
        now = self._clock.monotonic()
        with self._lock:
            left = self._announced_until - now
            if left <= 0 or now - self._logged_at < LOG_INTERVAL_SECONDS - 1:
                return
            self._logged_at = now
        self._logger.info(f"Still waiting, {format_duration(left)} left.")


class ProgressLog:
    """Logs the progress, at most every `LOG_INTERVAL_SECONDS`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._logged_at = clock.monotonic()
        self._lock = threading.Lock()

    def log(self, logger: logging.Logger, message: Callable[[], str]) -> None:
        """Log what `message` returns, if nothing was logged for long."""
        now = self._clock.monotonic()
        with self._lock:
            if now - self._logged_at < LOG_INTERVAL_SECONDS:
                return
            self._logged_at = now
        logger.info(message())


def format_duration(seconds: float) -> str:
    whole = max(round(seconds), 1)
    return "1 second" if whole == 1 else f"{whole} seconds"
