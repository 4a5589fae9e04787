"""What the headers of a response say of the rate limit: https://developers.freshdesk.com/api/#ratelimit"""

import math
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class RateLimitHeaders:
    """The limit, and what is left of it, in credits."""

    total: float
    remaining: float


def rate_limit_headers(headers: Mapping[str, str]) -> RateLimitHeaders | None:
    """The limit in the headers of a response, None if they contain none. The values are written as fractions."""
    total, remaining = _number(headers.get("X-RateLimit-Total")), _number(headers.get("X-RateLimit-Remaining"))
    return None if total is None or remaining is None or total <= 0 else RateLimitHeaders(total, remaining)


def credits_used(headers: Mapping[str, str]) -> float | None:
    """What a response says that its call has cost, in credits."""
    return _number(headers.get("X-RateLimit-Used-CurrentRequest"))


def _number(text: str | None) -> float | None:
    try:
        number = float(text) if text is not None else math.nan
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None
