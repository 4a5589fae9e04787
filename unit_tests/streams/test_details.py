"""Fields that only the page of each row contains."""

import logging

import pytest
import requests_mock

from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.streams.agents import Agents
from unit_tests.support import (
    API,
    answer,
    ids,
    records,
    refusal,
)


class TestAgents:
    """The list of agents leaves out memberships."""

    def test_an_agent_comes_with_its_memberships(self, server: requests_mock.Mocker, api: FreshdeskApi) -> None:
        server.get(f"{API}agents", [answer([{"id": 1, "type": "support_agent"}])])
        server.get(f"{API}agents/1", [answer({"id": 1, "group_ids": [5], "role_ids": [6]})])
        assert records(Agents(api)) == [{"id": 1, "type": "support_agent", "group_ids": [5], "role_ids": [6]}]

    def test_an_agent_that_was_deleted_meanwhile_comes_as_the_list_has_it(
        self, server: requests_mock.Mocker, api: FreshdeskApi
    ) -> None:
        server.get(f"{API}agents", [answer([{"id": 1}])])
        server.get(f"{API}agents/1", [refusal(404)])
        assert ids(records(Agents(api))) == [1]

    def test_agents_whose_pages_are_refused_come_as_the_list_has_them(
        self, server: requests_mock.Mocker, api: FreshdeskApi, caplog: pytest.LogCaptureFixture
    ) -> None:
        server.get(f"{API}agents", [answer([{"id": number} for number in range(1, 101)])])
        for number in range(1, 101):
            server.get(f"{API}agents/{number}", [refusal(403, "access_denied")])
        with caplog.at_level(logging.WARNING):
            assert ids(records(Agents(api))) == list(range(1, 101))
        (warning,) = [entry.getMessage() for entry in caplog.records if "lacks" in entry.getMessage()]
        assert warning.startswith("Stream agents lacks the fields that only the page of each row contains.")
