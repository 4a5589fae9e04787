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
        lacking = [entry.getMessage() for entry in caplog.records if "lacks" in entry.getMessage()]
        assert lacking[-1].startswith("Stream agents lacks the fields that only the page of each row contains.")
        assert len(lacking) == 10

    @pytest.mark.parametrize("status", [403, 405])
    def test_one_agent_whose_page_is_refused_costs_no_other_its_details(
        self, server: requests_mock.Mocker, api: FreshdeskApi, caplog: pytest.LogCaptureFixture, status: int
    ) -> None:
        server.get(f"{API}agents", [answer([{"id": number} for number in range(1, 51)])])
        for number in range(1, 51):
            server.get(f"{API}agents/{number}", [answer({"id": number, "group_ids": [5]})])
        server.get(f"{API}agents/1", [refusal(status, "access_denied")])
        with caplog.at_level(logging.WARNING):
            without, *others = records(Agents(api))
        assert without == {"id": 1}
        assert all(record["group_ids"] == [5] for record in others)
        (warning,) = [entry.getMessage() for entry in caplog.records if "lacks" in entry.getMessage()]
        assert warning.startswith("Stream agents lacks the fields that only agents/1 contains.")

    def test_rows_whose_pages_are_refused_among_others_are_named_up_to_a_number(
        self, server: requests_mock.Mocker, api: FreshdeskApi, caplog: pytest.LogCaptureFixture
    ) -> None:
        server.get(f"{API}agents", [answer([{"id": number} for number in range(1, 51)])])
        for number in range(1, 51):
            server.get(f"{API}agents/{number}", [answer({"id": number, "group_ids": [5]})])
        for number in range(20, 41):
            server.get(f"{API}agents/{number}", [refusal(403, "access_denied")])
        with caplog.at_level(logging.WARNING):
            given = records(Agents(api))
        assert [record["id"] for record in given if "group_ids" not in record] == list(range(20, 41))
        lacking = [entry.getMessage() for entry in caplog.records if "lacks" in entry.getMessage()]
        assert len(lacking) == 10
        assert lacking[-1] == "Stream agents lacks them of more rows, which are not listed here."
