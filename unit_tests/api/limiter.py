"""A limiter to call."""

from collections.abc import Mapping
from typing import Any

import requests

from source_freshdesk.api.rate_limit import RateLimit
from source_freshdesk.api.rate_limiter import RateLimiter
from source_freshdesk.api.wait_log import WaitLog
from unit_tests.support import API, LOGGER, SimulatedClock, response


def budget_of(clock: SimulatedClock, **how: Any) -> RateLimiter:
    return RateLimiter(RateLimit(**how), clock, WaitLog(clock, LOGGER))


def call(path: str) -> requests.PreparedRequest:
    return requests.Request("GET", f"{API}{path}").prepare()


def rated(total: float, remaining: float, used: float = 1.0) -> dict[str, str]:
    """Headers as Freshdesk writes them."""
    return {
        "x-ratelimit-total": str(float(total)),
        "x-ratelimit-remaining": str(float(remaining)),
        "x-ratelimit-used-currentrequest": str(float(used)),
    }


def make(rate_limiter: RateLimiter, path: str, headers: Mapping[str, str] | None = None, status: int = 200) -> None:
    """Make a call and have it answered."""
    request = call(path)
    rate_limiter.acquire_call(request)
    rate_limiter.update_from_response(request, response(status, url=request.url or "", headers=headers or {}))


def learn(rate_limiter: RateLimiter, path: str, status: int = 429, retry_after: str = "40") -> None:
    make(rate_limiter, path, {"Retry-After": retry_after}, status)
