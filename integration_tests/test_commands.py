"""What a platform asks before it syncs: spec, check, discover; and what it sees when a read cannot start."""

import base64
from pathlib import Path
from typing import Any

import pytest

from integration_tests.conftest import API_KEY, Connect, Serve
from integration_tests.connector import Connector, Run, discovered_streams
from integration_tests.fake_freshdesk import Account, FakeFreshdesk, faults
from integration_tests.fake_freshdesk.service import plans
from integration_tests.fake_freshdesk.service.rate_limit import RateLimit

OTHER_KEYS = {
    "account": [["account_id"]],
    "custom_object_records": [["schema_id"], ["display_id"]],
    "settings": [["primary_language"]],
    "solution_article_translations": [["id"], ["language"]],
    "ticket_activities": [["_airbyte_ticket_activity_id"]],
    "ticket_associations": [["ticket_id"]],
    "ticket_summaries": [["ticket_id"]],
    "ticket_watchers": [["ticket_id"]],
}
"""Of streams whose key is not `id`."""
OTHER_CURSORS = {"custom_object_records": ["updated_time"], "ticket_activities": ["performed_at"]}
FULL_REFRESH_ONLY = {
    "account",
    "admin_groups",
    "admin_ticket_fields",
    "agent_availability",
    "company_fields",
    "contact_fields",
    "custom_object_schemas",
    "discussion_forums",
    "scenario_automations",
    "settings",
    "skills",
    "ticket_field_sections",
    "ticket_fields",
    "ticket_forms",
    "ticket_priorities",
    "ticket_sources",
    "ticket_statuses",
}
SCHEMAS = Path(__file__).parent.parent / "source_freshdesk" / "schemas"


def test_spec_describes_the_form(connector: Connector) -> None:
    run = connector.spec()
    (spec,) = run.of_type("SPEC")
    form = spec["connectionSpecification"]["properties"]
    assert run.exit_code == 0
    assert list(form)[:4] == ["domain", "api_key", "start_date", "contact_details"]
    assert form["api_key"]["airbyte_secret"] is True
    assert all(field["title"] and field["description"] for field in form.values())


def test_discover_lists_every_stream_with_key_modes_and_schema(connector: Connector) -> None:
    run = connector.discover()
    (catalog,) = run.of_type("CATALOG")
    streams = {stream["name"]: stream for stream in catalog["streams"]}
    assert streams.keys() == {file.stem for file in SCHEMAS.glob("*.json")}
    assert OTHER_KEYS.keys() | FULL_REFRESH_ONLY <= streams.keys()
    for name, stream in streams.items():
        key = stream["source_defined_primary_key"]
        assert key == OTHER_KEYS.get(name, [["id"]])
        assert {field for (field,) in key} <= stream["json_schema"]["properties"].keys()
        if name in FULL_REFRESH_ONLY:
            assert stream["supported_sync_modes"] == ["full_refresh"]
        else:
            assert stream["supported_sync_modes"] == ["full_refresh", "incremental"]
            assert stream["default_cursor_field"] == OTHER_CURSORS.get(name, ["updated_at"])
            assert stream["source_defined_cursor"] is True


def connection_status(run: Run) -> tuple[str, str]:
    """A check's verdict, with the assertions that hold for each: one status, exit code 0, no stack trace."""
    (status,) = run.of_type("CONNECTION_STATUS")
    assert run.exit_code == 0
    assert "Traceback" not in run.output + run.errors
    return status["status"], status.get("message", "")


def test_a_valid_key_passes_the_check_with_a_call_for_each_stream(connector: Connector, fake: FakeFreshdesk) -> None:
    assert connection_status(connector.check()) == ("SUCCEEDED", "")
    calls = fake.journal.calls()
    assert calls[0].path == "/api/v2/agents/me"
    assert len(calls) <= 1 + len(discovered_streams())


def test_the_check_passes_for_a_key_that_is_no_administrators(serve: Serve, connect: Connect) -> None:
    assert connection_status(connect(serve(admin=False)).check())[0] == "SUCCEEDED"


@pytest.mark.parametrize("scope", [2, 3])
def test_the_check_warns_of_a_key_that_does_not_see_all_tickets(serve: Serve, connect: Connect, scope: int) -> None:
    run = connect(serve(ticket_scope=scope)).check()
    assert connection_status(run)[0] == "SUCCEEDED"
    assert "does not see all tickets" in run.log("WARN")


def test_the_log_of_a_sync_of_tickets_warns_of_it_once_too(serve: Serve, connect: Connect, account: Account) -> None:
    account.add_ticket()
    connector = connect(serve(ticket_scope=3))
    assert connector.read("tickets", "conversations", "companies").log("WARN").count("does not see all tickets") == 1
    assert "does not see all tickets" not in connector.read("companies").log("WARN")


def test_without_a_command_the_usage_is_shown(connector: Connector) -> None:
    run = connector.run()
    assert run.exit_code == 2
    assert run.output == ""
    assert run.errors.startswith("usage: main.py spec\n")


def test_a_check_asks_for_few_things(fake: FakeFreshdesk, connector: Connector) -> None:
    connector.check()
    assert fake.journal.count() == 10


def test_a_check_may_use_more_than_the_share_of_syncs(serve: Serve, connect: Connect) -> None:
    connector = connect(serve(rate_limit=RateLimit(plans.GROWTH)), api_quota_percent=1, requests_per_minute=1)
    run = connector.check()
    assert connection_status(run)[0] == "SUCCEEDED"
    assert "Continuing in" not in run.log()


def test_the_check_does_not_warn_of_a_key_that_sees_all_tickets(connector: Connector) -> None:
    assert "does not see all tickets" not in connector.check().log("WARN")


@pytest.mark.parametrize(
    ("fault", "advice", "failure_type"),
    [
        (faults.unauthorized(), "rejected the API key", "config_error"),
        (faults.not_found(), "There is no Freshdesk account at this address: check 'domain'", "config_error"),
        (faults.forbidden("account_suspended", "Suspended"), "has suspended this account", "config_error"),
        (faults.forbidden("password_lockout", "Locked"), "has locked the agent", "config_error"),
        (faults.forbidden("access_denied", "No"), "Freshdesk refuses this API key", "config_error"),
        (faults.redirect("http://127.0.0.1:9/"), "redirects elsewhere: check 'domain'", "config_error"),
        (faults.bad_gateway(), "a temporary problem", "transient_error"),
        (faults.html_ok(), "is incomplete or invalid", "transient_error"),
        (faults.cut_connection(), "cannot be reached", "transient_error"),
    ],
)
def test_a_failed_check_is_one_message_that_says_what_to_do(
    fake: FakeFreshdesk, connect: Connect, fault: faults.Fault, advice: str, failure_type: str
) -> None:
    fake.misbehave(fault, path="*", times=None)
    run = connect(fake, hasty=True).check()
    status, message = connection_status(run)
    assert status == "FAILED"
    assert advice in message
    assert [trace["failure_type"] for trace in run.errors_traced] == [failure_type]
    assert run.errors_traced[0].get("stack_trace") is None


def test_nobody_listening_is_a_network_problem(tmp_path: Path) -> None:
    run = Connector(tmp_path, {"domain": "http://127.0.0.1:9", "api_key": API_KEY}, hasty=True).check()
    assert connection_status(run)[0] == "FAILED"
    assert "cannot be reached" in connection_status(run)[1]


@pytest.mark.parametrize(
    ("settings", "field", "advice"),
    [
        ({"domain": "help.acme.com"}, "domain", "such as 'acme' or 'acme.freshdesk.com'"),
        ({"domain": "http://example.com:80"}, "domain", "such as 'acme'"),
        ({"domain": 7}, "domain", "such as 'acme'"),
        ({"api_key": ""}, "api_key", "Copy the key"),
        ({"start_date": "yesterday"}, "start_date", "such as '2024-01-31'"),
        ({"start_date": "2999-01-01"}, "start_date", "in the future"),
        ({"contact_details": "yes"}, "contact_details", "true or false"),
    ],
)
def test_a_bad_setting_is_named_by_check_discover_and_read(
    tmp_path: Path, settings: dict[str, Any], field: str, advice: str
) -> None:
    connector = Connector(tmp_path, {"domain": "acme", "api_key": API_KEY, **settings})
    status, message = connection_status(connector.check())
    assert status == "FAILED"
    assert f"'{field}'" in message
    assert advice in message
    for run in (connector.discover(), connector.read("tickets")):
        assert run.exit_code == 1
        assert run.errors_traced[-1]["failure_type"] == "config_error"
        assert f"'{field}'" in run.errors_traced[-1]["message"]


def test_settings_that_the_connector_does_not_know_do_no_harm(fake: FakeFreshdesk, connect: Connect) -> None:
    connector = connect(fake, requests_per_minute=50, rate_limit_plan={"rate_limit_plan": "growth"}, colour="blue")
    assert connection_status(connector.check())[0] == "SUCCEEDED"
    assert connector.read("agents").exit_code == 0


def test_a_catalog_with_an_unknown_stream_fails_and_names_it(connector: Connector, account: Account) -> None:
    account.add_company()
    run = connector.read("invoices", "companies")
    assert run.exit_code == 1
    assert "invoices" in "".join(str(trace) for trace in run.errors_traced)
    assert run.statuses["companies"][-1] == "COMPLETE"


@pytest.mark.parametrize("fault", [None, faults.unauthorized(), faults.status(418, {"code": "teapot"})])
def test_the_key_shows_nowhere_not_even_in_debug_logs(
    fake: FakeFreshdesk, connector: Connector, account: Account, fault: faults.Fault | None
) -> None:
    account.add_company()
    if fault:
        fake.misbehave(fault, path="*", times=None)
    run = connector.read("companies", arguments=["--debug"])
    assert API_KEY not in run.output + run.errors
    assert base64.b64encode(f"{API_KEY}:X".encode()).decode() not in run.output + run.errors


@pytest.mark.parametrize(
    ("field", "value", "advice"),
    [
        ("requests_per_minute", 0, "a whole number of 1 or more"),
        ("requests_per_minute", "many", "a whole number of 1 or more"),
        ("api_quota_percent", 0, "a whole number from 1 to 100"),
        ("api_quota_percent", 101, "a whole number from 1 to 100"),
        ("api_quota_percent", 0.9, "a whole number from 1 to 100"),
        ("num_workers", 41, "a whole number from 1 to 40"),
        ("num_workers", True, "a whole number from 1 to 40"),
    ],
)
def test_a_bad_setting_is_named_by_check_and_read(tmp_path: Path, field: str, value: Any, advice: str) -> None:
    connector = Connector(tmp_path, {"domain": "acme", "api_key": API_KEY, field: value})
    check = connector.check()
    (status,) = check.of_type("CONNECTION_STATUS")
    assert check.exit_code == 0
    assert status["status"] == "FAILED"
    read = connector.read("tickets")
    assert read.exit_code == 1
    for run, message in ((check, status["message"]), (read, read.errors_traced[-1]["message"])):
        assert f"'{field}'" in message
        assert advice in message
        assert run.errors_traced[-1]["failure_type"] == "config_error"


def test_a_check_does_not_wait_for_a_limit_that_is_used_up(fake: FakeFreshdesk, connector: Connector) -> None:
    fake.misbehave(faults.too_many_requests(retry_after=1800), path="*", times=None)
    status, message = connection_status(connector.check())
    assert status == "FAILED"
    assert "rate limit is used up" in message
    assert "about 30 min" in message
    assert fake.journal.count() == 1
    assert connector.discover().exit_code == 0
