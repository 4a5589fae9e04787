"""Rules that act on tickets."""

import json
import logging
from typing import Any

import pytest
import requests_mock

from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.records.redaction import REDACTED
from source_freshdesk.streams.automations import AutomationRules, ScenarioAutomations
from source_freshdesk.streams.email import EmailMailboxes
from unit_tests.support import API, ago, answer, ids, queries, read, refusal, warnings

ME = f"{API}agents/me"
RULES = f"{API}automations"
WEBHOOK = {
    "name": "trigger_webhook",
    "url": "https://example.com/hook",
    "api_key": "hush",
    "auth_header": {"username": "me", "password": "hush"},
    "custom_headers": {"X-Token": "hush"},
}


def rule(rule_id: int, **fields: Any) -> dict[str, Any]:
    return {"id": rule_id, "updated_at": ago(500).replace("Z", ".201Z"), **fields}


def rules(server: requests_mock.Mocker, kind: int, *rows: dict[str, Any]) -> None:
    """The rules of a kind."""
    server.get(f"{RULES}/{kind}/rules", [answer({"rules": list(rows), "meta": {"count": len(rows)}})])


@pytest.fixture
def automation_rules(api: FreshdeskApi) -> AutomationRules:
    return AutomationRules(api)


class TestAutomationRules:
    def test_the_rules_of_each_kind_are_read(
        self, server: requests_mock.Mocker, automation_rules: AutomationRules
    ) -> None:
        rules(server, 1, rule(11))
        rules(server, 3)
        rules(server, 4, rule(41), rule(42))
        records = read(automation_rules)
        assert [(record["id"], record["automation_type_id"]) for record in records] == [(11, 1), (41, 4), (42, 4)]
        assert queries(server, "automations/1/rules") == [{}]

    def test_rules_that_did_not_change_are_not_emitted_again(
        self, server: requests_mock.Mocker, automation_rules: AutomationRules, api: FreshdeskApi
    ) -> None:
        rules(server, 1, rule(11))
        rules(server, 3)
        rules(server, 4)
        assert ids(read(automation_rules)) == [11]
        again = AutomationRules(api)
        again.state = automation_rules.state
        assert read(again) == []

    def test_no_secret_is_in_a_record(self, server: requests_mock.Mocker, automation_rules: AutomationRules) -> None:
        rules(server, 1, rule(11, actions=[WEBHOOK, {"name": "set", "value": {"then": [{"token": "hush"}]}}]))
        rules(server, 3)
        rules(server, 4)
        (record,) = read(automation_rules)
        assert "hush" not in json.dumps(record)
        assert record["actions"][0]["auth_header"] == REDACTED
        assert record["actions"][0]["url"] == "https://example.com/hook"

    def test_a_name_that_some_accounts_write_with_a_capital_is_as_declared(
        self, server: requests_mock.Mocker, automation_rules: AutomationRules
    ) -> None:
        rules(server, 1, rule(11, Summary={"conditions": []}), rule(12, summary={"actions": []}))
        rules(server, 3)
        rules(server, 4)
        assert [record["summary"] for record in read(automation_rules)] == [{"conditions": []}, {"actions": []}]

    def test_a_kind_that_is_refused_is_left_out_and_asked_for_again(
        self, server: requests_mock.Mocker, automation_rules: AutomationRules, caplog: pytest.LogCaptureFixture
    ) -> None:
        rules(server, 1, rule(11))
        server.get(f"{RULES}/3/rules", [refusal(403, "access_denied")])
        rules(server, 4, rule(41))
        server.get(ME, [answer({"id": 7})])
        with caplog.at_level(logging.WARNING):
            assert ids(read(automation_rules)) == [11, 41]
        (warning,) = warnings(caplog)
        assert warning.startswith("Stream automation_rules lacks the rows of automations/3/rules.")
        automation_rules.state = automation_rules.state
        rules(server, 3, rule(31, updated_at=ago(400_000)))
        assert ids(read(automation_rules)) == [31]

    def test_whether_they_can_be_read_is_found_by_one_call(
        self, server: requests_mock.Mocker, automation_rules: AutomationRules
    ) -> None:
        server.get(f"{RULES}/1/rules", [answer({"rules": []}), refusal(403, "access_denied")])
        assert automation_rules.probe() is None
        refused = automation_rules.probe()
        assert refused is not None
        assert refused.code == "access_denied"
        assert {request.path for request in server.request_history} == {
            "/api/v2/automations/1/rules",
            "/api/v2/agents/me",
        }


class TestScenarioAutomations:
    @pytest.fixture
    def scenarios(self, api: FreshdeskApi) -> ScenarioAutomations:
        return ScenarioAutomations(api)

    def test_they_come_without_times_and_are_read_whole_each_time(
        self, server: requests_mock.Mocker, scenarios: ScenarioAutomations
    ) -> None:
        server.get(f"{API}scenario_automations", [answer([{"id": 1, "actions": [{"name": "status", "value": 4}]}])])
        assert read(scenarios) == [{"id": 1, "actions": [{"name": "status", "value": "4"}]}]

    def test_no_secret_is_in_a_record(self, server: requests_mock.Mocker, scenarios: ScenarioAutomations) -> None:
        server.get(f"{API}scenario_automations", [answer([{"id": 1, "actions": [WEBHOOK]}])])
        (record,) = read(scenarios)
        assert "hush" not in json.dumps(record)

    def test_no_secret_is_in_a_value_that_is_written_as_text(
        self, server: requests_mock.Mocker, scenarios: ScenarioAutomations
    ) -> None:
        action = {"name": "trigger_webhook", "value": WEBHOOK}
        server.get(f"{API}scenario_automations", [answer([{"id": 1, "actions": [action]}])])
        (record,) = read(scenarios)
        assert "hush" not in json.dumps(record)


def test_the_password_of_a_mail_server_is_in_no_record(server: requests_mock.Mocker, api: FreshdeskApi) -> None:
    incoming = {"mail_server": "imap.example.com", "user_name": "me", "password": "hush"}
    server.get(
        f"{API}email/mailboxes", [answer([{"id": 1, "updated_at": ago(500), "custom_mailbox": {"incoming": incoming}}])]
    )
    (record,) = read(EmailMailboxes(api))
    assert record["custom_mailbox"] == {"incoming": incoming | {"password": REDACTED}}
