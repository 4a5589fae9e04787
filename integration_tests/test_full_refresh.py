"""Full refresh: complete each time, and continued only if it was interrupted."""

from collections import Counter
from pathlib import Path

import pytest

from integration_tests.conftest import API_KEY, Connect
from integration_tests.connector import Connector, Run, incremental_streams
from integration_tests.every_resource import account_with_everything, keys_that_came
from integration_tests.fake_freshdesk import Account, FakeFreshdesk, faults
from integration_tests.filling import TODAY, add_tickets, before

STREAMS = tuple(incremental_streams())


@pytest.fixture(scope="module")
def syncs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Run]:
    """Two full refreshes of everything, the second of which gets the states of the first."""
    with FakeFreshdesk(account_with_everything(before(hours=1), tickets=6), API_KEY) as fake:
        settings = {"domain": fake.url, "api_key": API_KEY, "archived_tickets": True}
        connector = Connector(tmp_path_factory.mktemp("full_refresh"), settings, now=TODAY)
        first = connector.read(*STREAMS, sync_mode="full_refresh")
        return first, connector.read(*STREAMS, sync_mode="full_refresh", state=first.last_states)


@pytest.mark.parametrize("stream", ["tickets", "agents", "ticket_statuses"])
def test_a_stream_that_the_role_refuses_replaces_no_records_by_nothing(
    served: FakeFreshdesk, connect: Connect, stream: str
) -> None:
    served.misbehave(faults.forbidden(), path="/api/v2/*", times=None)
    served.misbehave(faults.status(200, {"id": 1, "ticket_scope": 1}), path="/api/v2/agents/me", times=None)
    run = connect(served).read(stream, sync_mode="full_refresh")
    assert run.exit_code == 1
    assert run.statuses[stream][-1] == "INCOMPLETE"
    assert f"Stream {stream} is refused to this key" in run.errors_traced[0]["message"]
    switched = connect(served, skip_refused_streams=True).read(stream, sync_mode="full_refresh")
    assert (switched.exit_code, switched.statuses[stream][-1]) == (0, "COMPLETE")
    appended = connect(served).read(stream)
    assert (appended.exit_code, appended.statuses[stream][-1]) == (0, "COMPLETE")


@pytest.mark.parametrize("stream", ["tickets", "roles"])
def test_a_stream_that_the_plan_lacks_is_skipped(served: FakeFreshdesk, connect: Connect, stream: str) -> None:
    served.misbehave(faults.forbidden("require_feature"), path="/api/v2/*", times=None)
    served.misbehave(faults.status(200, {"id": 1, "ticket_scope": 1}), path="/api/v2/agents/me", times=None)
    run = connect(served).read(stream, sync_mode="full_refresh")
    assert (run.exit_code, run.statuses[stream][-1]) == (0, "COMPLETE")
    assert f"Stream {stream} is skipped" in run.log("WARN")


@pytest.mark.parametrize("stream", STREAMS)
def test_a_full_refresh_after_one_that_was_completed_emits_all_again(syncs: tuple[Run, Run], stream: str) -> None:
    first, second = syncs
    assert Counter(keys_that_came(first, stream))
    assert Counter(keys_that_came(second, stream)) == Counter(keys_that_came(first, stream))


def test_an_incremental_sync_after_a_full_refresh_starts_at_the_beginning(
    connector: Connector, account: Account
) -> None:
    add_tickets(account, 3)
    full = connector.read("tickets", sync_mode="full_refresh")
    assert connector.read("tickets", state=full.last_states).ids("tickets") == [1, 2, 3]


def test_a_full_refresh_that_was_interrupted_continues(
    connector: Connector, account: Account, fake: FakeFreshdesk, tmp_path: Path
) -> None:
    add_tickets(account, 250)
    fake.misbehave(faults.forbidden("inaccessible_field"), times=None, after=4)
    interrupted = connector.read("tickets", sync_mode="full_refresh")
    fake.behave()
    rest = connector.read("tickets", sync_mode="full_refresh", state=interrupted.last_states)
    assert interrupted.exit_code == 1
    assert 0 < len(rest.ids("tickets")) < 250
    assert set(interrupted.ids("tickets")) | set(rest.ids("tickets")) == set(account.tickets)
