"""How long to wait before a call is repeated, and when to stop. Decides, never sleeps."""

import math

import requests
from airbyte_cdk.sources.streams.http.error_handlers import BackoffStrategy

from source_freshdesk.api.transport import AnswerTooLarge, is_too_slow

DEFAULT_RETRY_AFTER_SECONDS = 60.0
"""For a 429 without `Retry-After`: limits are by the minute, https://developers.freshdesk.com/api/#ratelimit"""

MIN_RETRY_AFTER_SECONDS = 1.0
MAX_RETRY_AFTER_SECONDS = 86_400.0
"""A `Retry-After` of more than a day, or one that is not a number, is ignored."""
MAX_PAUSE_SECONDS = 120.0
"""So long a `Retry-After` of a 503 is heeded; a longer one counts as this."""
MAX_BACKOFF_SECONDS = 60.0
MAX_ATTEMPTS = 8
"""With waits of 1, 2, 4, … 60 seconds between them, which outlasts about two minutes of failures."""
MAX_COSTLY_ATTEMPTS = 4
"""If the answer is too large or does not come in time: each attempt has taken minutes."""


def retry_after_seconds(response: requests.Response) -> float:
    """The wait in seconds that a 429 asks for, from `MIN_RETRY_AFTER_SECONDS` to `MAX_RETRY_AFTER_SECONDS`.

    The value of `Retry-After` is a number, at times with a fraction; without a valid one `DEFAULT_RETRY_AFTER_SECONDS`.
    """
    try:
        seconds = float(response.headers["Retry-After"])
    except (KeyError, ValueError):
        return DEFAULT_RETRY_AFTER_SECONDS
    return max(seconds, MIN_RETRY_AFTER_SECONDS) if seconds <= MAX_RETRY_AFTER_SECONDS else DEFAULT_RETRY_AFTER_SECONDS


def _pause_asked_for(response: requests.Response | requests.RequestException | None) -> float:
    """The wait in seconds that a 503 asks for, as far as it is heeded; 0 if there is none."""
    if not isinstance(response, requests.Response) or response.status_code != requests.codes.service_unavailable:
        return 0.0
    asked = response.headers.get("Retry-After", "")
    return min(float(asked), MAX_PAUSE_SECONDS) if asked.isdecimal() else 0.0


def backoff_seconds(failures: int) -> float:
    """The wait in seconds after so many failures in a row (1 or more): 1, 2, 4, … up to `MAX_BACKOFF_SECONDS`."""
    return min(2.0 ** (failures - 1), MAX_BACKOFF_SECONDS)


class RetryAfterBackoff(BackoffStrategy):
    """After a 429, waits as long as `Retry-After` says, without end; after any other failure, exponentially; after a
    503 at least as long as `Retry-After` says, up to `MAX_PAUSE_SECONDS`.

    max_attempts: after how many failures other than 429 the call is given up, at least 1; 8 by default.
    patience_seconds: it is given up, too, when it would have to wait for longer than that.
    """

    def __init__(self, max_attempts: int = MAX_ATTEMPTS, patience_seconds: float = math.inf) -> None:
        self._max_attempts = max_attempts
        self._patience_seconds = patience_seconds

    def within(self, patience_seconds: float) -> "RetryAfterBackoff":
        """The same with so much patience."""
        return RetryAfterBackoff(self._max_attempts, patience_seconds)

    def backoff_time(
        self,
        response_or_exception: requests.Response | requests.RequestException | None,
        attempt_count: int,
    ) -> float | None:
        """Seconds to wait after the request has failed `attempt_count` times; None: give up."""
        if (
            isinstance(response_or_exception, requests.Response)
            and response_or_exception.status_code == requests.codes.too_many_requests
        ):
            return retry_after_seconds(response_or_exception)
        is_costly = isinstance(response_or_exception, AnswerTooLarge) or is_too_slow(response_or_exception)
        if attempt_count >= (min(MAX_COSTLY_ATTEMPTS, self._max_attempts) if is_costly else self._max_attempts):
            return None
        seconds = max(backoff_seconds(attempt_count), _pause_asked_for(response_or_exception))
        return seconds if seconds <= self._patience_seconds else None
