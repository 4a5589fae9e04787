"""Configurations and states of Airbyte's own connector, handed to this one as a platform does."""

import json
from pathlib import Path
from typing import Any

import pytest

from integration_tests.conftest import Connect, Serve
from integration_tests.connector import Connector, stream_state
from integration_tests.fake_freshdesk import Account, FakeFreshdesk, RateLimit, plans
from integration_tests.filling import before

RECORDED = Path(__file__).parent.parent / "unit_tests" / "recorded_by_airbyte"


def recorded(name: str) -> dict[str, dict[str, Any]]:
    facts: dict[str, dict[str, Any]] = json.loads((RECORDED / f"{name}.json").read_text("utf-8"))
    return facts


CONFIGS = recorded("configs")
STATES = recorded("states")
OF_THE_ACCOUNT = ("domain", "api_key")

INCREMENTAL_THERE = ("tickets", "contacts", "satisfaction_ratings")
FULL_REFRESH_THERE = ("conversations", "companies", "groups", "agents")
STREAMS = (*INCREMENTAL_THERE, *FULL_REFRESH_THERE)


@pytest.fixture
def account(account: Account) -> Account:
    """Rows of each stream from before the instant that the recorded states name, at it, and after it."""
    for at in ("2020-01-01T00:00:00Z", "2020-04-21T20:34:26Z", "2021-11-01T00:00:00Z", "2026-05-01T00:00:00Z"):
        times: dict[str, Any] = {"created_at": at, "updated_at": at}
        account.add_contact(**times)
        account.add_company(**times)
        ticket = account.add_ticket(**times)
        account.add_conversation(ticket["id"], created_at=at)
        account.add("groups", name=at, description=None, agent_ids=[], **times)
        account.add("satisfaction_ratings", ticket_id=ticket["id"], ratings={"default_question": 103}, **times)
    account.add_agent()
    return account


def settings_of(name: str) -> dict[str, Any]:
    return {setting: value for setting, value in CONFIGS[name].items() if setting not in OF_THE_ACCOUNT}


def wanted(account: Account, stream: str, since: str) -> list[Any]:
    """The ids of what a stream should bring; agents are read in full each time, and groups know no start date."""
    return sorted(row["id"] for row in account.table(stream).rows.values() if row["updated_at"] >= since)


def handed_over(state: dict[str, Any], *streams: str) -> list[dict[str, Any]]:
    return [stream_state(stream, state) for stream in streams]


@pytest.mark.parametrize("name", CONFIGS)
def test_a_config_is_good_for_a_check(fake: FakeFreshdesk, connect: Connect, name: str) -> None:
    check = connect(fake, hasty=True, **settings_of(name)).check()
    assert check.exit_code == 0, check.errors_traced
    assert [status["status"] for status in check.of_type("CONNECTION_STATUS")] == ["SUCCEEDED"]


@pytest.mark.parametrize(
    "name",
    ["3.0.7 with all settings", "3.3.4 with all settings", "3.3.4 with one limit of its own", "left empty"],
)
def test_a_config_is_good_for_a_sync(fake: FakeFreshdesk, connect: Connect, account: Account, name: str) -> None:
    run = connect(fake, hasty=True, **settings_of(name)).read(*STREAMS)
    assert run.exit_code == 0, run.errors_traced
    start = CONFIGS[name].get("start_date") or ""
    for stream in STREAMS:
        since = start if stream not in ("groups", "agents") else ""
        assert sorted(run.ids(stream)) == wanted(account, stream, since), stream


@pytest.mark.parametrize("name", STATES)
def test_a_sync_goes_on_from_a_state_and_loses_nothing(connector: Connector, account: Account, name: str) -> None:
    run = connector.read(*STREAMS, state=handed_over(STATES[name]["state"], *STREAMS))
    assert run.exit_code == 0, run.errors_traced
    for stream in STREAMS:
        since = (STATES[name]["instant"] or "") if stream != "agents" else ""
        assert sorted(run.ids(stream)) == wanted(account, stream, since), stream


@pytest.mark.parametrize(
    "name", ["3.x, an incremental stream", "3.1, a stream read in full", "any, after a row that is dated in the future"]
)
def test_the_sync_after_it_goes_on_from_there(connector: Connector, account: Account, name: str) -> None:
    streams = [stream for stream in STREAMS if stream != "agents"]
    first = connector.read(*streams, state=handed_over(STATES[name]["state"], *streams))
    account.update_ticket(1, updated_at=before(hours=1))
    second = connector.read(*streams, state=first.last_states)
    assert second.exit_code == 0, second.errors_traced
    assert {stream: second.ids(stream) for stream in streams} == {stream: [] for stream in streams} | {
        "tickets": [1],
        "conversations": [row["id"] for row in account.conversations_of(1)],
    }


@pytest.mark.parametrize(
    "name", ["3.x, an incremental stream", "3.1, a stream read in full", "3.2 and later, a stream read in full"]
)
def test_a_full_refresh_reads_all_whatever_state_is_handed_to_it(
    connector: Connector, account: Account, name: str
) -> None:
    state = handed_over(STATES[name]["state"], "agents")
    run = connector.read("agents", state=state, sync_mode="full_refresh")
    assert run.exit_code == 0, run.errors_traced
    assert run.ids("agents") == list(account.agents)


def test_a_plan_that_the_form_filled_in_does_not_slow_a_larger_account_down(
    account: Account, serve: Serve, connect: Connect
) -> None:
    """It says 200 calls a minute; the account has 700, and 300 tickets with a call for each."""
    for _ in range(300):
        account.add_ticket(updated_at=before(days=2))
    fake = serve(rate_limit=RateLimit(plans.ENTERPRISE))
    run = connect(fake, **settings_of("3.3.4 as its form fills it in")).read("conversations")
    assert run.exit_code == 0, run.errors_traced
    calls = fake.journal.calls()
    assert len(calls) > 300
    assert max(call.started for call in calls) - min(call.started for call in calls) < 30
    assert [call for call in calls if call.status == 429] == []
