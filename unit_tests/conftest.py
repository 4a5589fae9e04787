"""What tests are handed."""

from collections.abc import Iterator

import pytest
import requests_mock

from source_freshdesk.api.client import Account
from unit_tests import support
from unit_tests.support import SimulatedClock


@pytest.fixture
def api() -> Iterator[requests_mock.Mocker]:
    """Freshdesk, as far as a test has told it what to answer; no call leaves the process."""
    with requests_mock.Mocker() as mocker:
        yield mocker


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock()


@pytest.fixture
def account(clock: SimulatedClock) -> Account:
    return support.account(clock)
