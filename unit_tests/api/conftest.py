"""What tests of the API are handed."""

import pytest

from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.api.rate_limiter import RateLimiter
from unit_tests.api.endpoint import Endpoint
from unit_tests.api.limiter import budget_of, make, rated
from unit_tests.support import SimulatedClock


@pytest.fixture
def endpoint(api: FreshdeskApi) -> Endpoint:
    return Endpoint(api)


@pytest.fixture
def rate_limiter(clock: SimulatedClock) -> RateLimiter:
    return budget_of(clock)


@pytest.fixture
def open_budget(rate_limiter: RateLimiter) -> RateLimiter:
    """One that knows that there is plenty left, so that calls go out side by side."""
    make(rate_limiter, "agents", rated(400, 300))
    return rate_limiter
