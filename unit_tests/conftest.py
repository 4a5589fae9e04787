"""What tests are handed."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

import pytest
import requests_mock
from hypothesis import settings

from source_freshdesk import SourceFreshdesk
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.retrieval.hidden_tickets import FILTERS
from source_freshdesk.streams.contacts import Contacts
from unit_tests import support
from unit_tests.support import SimulatedClock

# A busy machine is no reason to fail.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


class Freshdesk(requests_mock.Mocker):
    """Answers what a test tells it to. No ticket and no contact is in a list besides the default one."""

    EMPTY: ClassVar[Mapping[str, Sequence[str]]] = {
        f"{support.API}tickets": [f"filter={name}" for name in FILTERS],
        f"{support.API}contacts": [f"state={name}" for name in Contacts.sections],
    }

    def register_uri(self, method: Any, url: Any, *args: Any, **kwargs: Any) -> Any:
        matcher = super().register_uri(method, url, *args, **kwargs)
        for query in self.EMPTY.get(str(url), ()):
            super().register_uri(method, f"{url}?{query}", [support.answer([])])
        return matcher


@pytest.fixture
def server() -> Iterator[requests_mock.Mocker]:
    """Freshdesk, as far as a test has set what it answers; no call leaves the process.

    The key is good, and how many rows there are is not said, unless a test has it otherwise.
    """
    with Freshdesk() as mocker:
        mocker.get(re.compile(f"^{support.API}search/"), [support.refusal(403, "access_denied")])
        mocker.get(f"{support.API}agents/me", [support.answer({"id": 7, "ticket_scope": 1})])
        mocker.get(f"{support.API}ticket_fields", [support.answer([])])
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
