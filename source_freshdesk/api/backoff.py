"""How long to wait before a call is made again, and when to stop trying. Decides, never sleeps."""

import requests
from airbyte_cdk.sources.streams.http.error_handlers import BackoffStrategy

DEFAULT_RETRY_AFTER_SECONDS = 60.0
"""For a 429 that does not say: the quota is one of calls a minute, https://developers.freshdesk.com/api/#ratelimit"""

MIN_RETRY_AFTER_SECONDS = 1.0
MAX_RETRY_AFTER_SECONDS = 86_400.0
"""What asks for more than a day (or for no number) is not believed."""
MAX_BACKOFF_SECONDS = 60.0
MAX_ATTEMPTS = 8
"""Waits of 1, 2, 4, … 60 seconds between them: about two minutes of trouble are sat out."""


def retry_after_seconds(response: requests.Response) -> float:
    """The wait that a 429 asks for. The header's value is a number, at times with a fraction."""
    try:
        seconds = float(response.headers["Retry-After"])
    except (KeyError, ValueError):
        return DEFAULT_RETRY_AFTER_SECONDS
    return max(seconds, MIN_RETRY_AFTER_SECONDS) if seconds <= MAX_RETRY_AFTER_SECONDS else DEFAULT_RETRY_AFTER_SECONDS


def backoff_seconds(failures: int) -> float:
    """The wait after the given number of failures in a row, at least 1."""
    return min(2.0 ** (failures - 1), MAX_BACKOFF_SECONDS)


class RetryAfterBackoff(BackoffStrategy):
    """Waits as long as a 429 asks for, for ever; after any other failure exponentially, `max_attempts` times."""

    def __init__(self, max_attempts: int = MAX_ATTEMPTS) -> None:
        self._max_attempts = max_attempts

    def backoff_time(
        self,
        response_or_exception: requests.Response | requests.RequestException | None,
        attempt_count: int,
    ) -> float | None:
        """Seconds to wait after the request has failed `attempt_count` times; None: do not try again."""
        if (
            isinstance(response_or_exception, requests.Response)
            and response_or_exception.status_code == requests.codes.too_many_requests
        ):
            return retry_after_seconds(response_or_exception)
        return backoff_seconds(attempt_count) if attempt_count < self._max_attempts else None
