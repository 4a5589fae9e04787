"""What tests are handed."""

import re
from collections.abc import Iterator

import pytest
import requests_mock
from hypothesis import settings

from source_freshdesk import SourceFreshdesk
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from unit_tests import support
from unit_tests.support import SimulatedClock

# A busy machine is no reason to fail.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture
def server() -> Iterator[requests_mock.Mocker]:
    """Freshdesk, as far as a test has told it what to answer; no call leaves the process.

    The key is good, and how many rows there are is not told, unless a test has it otherwise.
    """
    with requests_mock.Mocker() as mocker:
        mocker.get(re.compile(f"^{support.API}search/"), [support.refusal(403, "access_denied")])
        mocker.get(f"{support.API}agents/me", [support.answer({"id": 7, "ticket_scope": 1})])
        yield mocker


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock()


@pytest.fixture
def api(clock: SimulatedClock) -> FreshdeskApi:
    return support.api(clock)


@pytest.fixture
def source(clock: SimulatedClock) -> SourceFreshdesk:
    return SourceFreshdesk(clock)
