"""What happened to tickets, from files of a day each, which another host keeps."""

import json
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from integration_tests.conftest import Connect
from integration_tests.connector import Connector, Run
from integration_tests.every_resource import activities, activities_that_came
from integration_tests.fake_freshdesk import Account, FakeFreshdesk, faults
from integration_tests.fake_freshdesk.sections.ticket_activities import EXPORT, FILE_STARTS, add_activity
from integration_tests.filling import TODAY

STREAM = "ticket_activities"
LINKS = "/api/v2/export/ticket_activities"
MIDNIGHT = TODAY.replace(hour=0)


def day(ago: int) -> str:
    return (TODAY - timedelta(days=ago)).date().isoformat()


@pytest.fixture
def account() -> Account:
    """Six days have something in their files."""
    account = Account(now=TODAY)
    for ago in (20, 6, 5, 4, 3, 1):
        starts = MIDNIGHT - timedelta(days=ago) + FILE_STARTS
        for number in range(3):
            add_activity(account, starts + timedelta(hours=7 * number), 1 + number, {"status": "Open"})
        # The same once more: two rows, not one twice.
        add_activity(account, starts, 1, {"status": "Open"})
    return account


@pytest.fixture
def connector(connect: Connect, fake: FakeFreshdesk) -> Connector:
    """On a clock that stands where the account's does: files are of days."""
    return connect(fake, now=TODAY)


def serve_files(account: Account, **settings: Any) -> None:
    """How the fake tells of files; see `EXPORT`."""
    account.objects[EXPORT] = settings


def synced(connector: Connector, before: Run | None = None) -> Run:
    run = connector.read(STREAM, state=before.last_states if before else None)
    assert (run.exit_code, run.log("WARN", "ERROR")) == (0, "")
    assert run.statuses[STREAM][-1] == "COMPLETE"
    return run


def days_that_came(run: Run) -> set[str]:
    return {record["export_date"] for record in run.records[STREAM]}


@pytest.mark.parametrize("shape", ["one", "list"])
def test_all_activities_come_whatever_the_shape_of_the_link(connector: Connector, account: Account, shape: str) -> None:
    serve_files(account, shape=shape)
    run = synced(connector)
    assert Counter(activities_that_came(run)) == Counter(activities(account))
    assert len(set(run.keys(STREAM))) == len(run.keys(STREAM)) == 24


def test_the_keys_of_a_day_are_the_same_each_time(connector: Connector) -> None:
    assert synced(connector).keys(STREAM) == synced(connector).keys(STREAM)


@pytest.mark.real_clock
def test_a_second_sync_reads_only_files_that_are_not_settled(connector: Connector, fake: FakeFreshdesk) -> None:
    first = synced(connector)
    fake.journal.clear()
    second = synced(connector, first)
    assert second.records[STREAM] == []
    assert {call.params["created_at"] for call in fake.journal.calls(LINKS)} >= {day(0), day(1)}
    assert [call.path for call in fake.journal.calls("/ticket_activities/")] == [f"/ticket_activities/{day(1)}.json"]


def test_a_file_that_has_grown_comes_again(connector: Connector, account: Account) -> None:
    """Under the same keys, so that a destination knows what it has."""
    first = synced(connector)
    add_activity(account, MIDNIGHT + timedelta(hours=9), 4, {"status": "Closed"})
    second = synced(connector, first)
    assert days_that_came(second) == {day(1)}
    assert len(second.keys(STREAM)) == 5
    assert len(set(second.keys(STREAM)) - set(first.keys(STREAM))) == 1


def test_a_file_that_is_late_comes_in_a_later_sync(connector: Connector, account: Account) -> None:
    serve_files(account, late=[day(4), day(5)])
    first = synced(connector)
    assert days_that_came(first) == {day(ago) for ago in (20, 6, 3, 1)}
    serve_files(account, late=[day(5)])
    second = synced(connector, first)
    assert days_that_came(second) == {day(4)}
    serve_files(account)
    third = synced(connector, second)
    assert days_that_came(third) == {day(5)}
    assert days_that_came(synced(connector, third)) == set()


def test_a_link_that_has_expired_is_asked_for_again(
    connector: Connector, account: Account, fake: FakeFreshdesk
) -> None:
    fake.misbehave(faults.status(403, "<Error/>"), path=f"/ticket_activities/{day(5)}.json", times=2)
    run = synced(connector)
    assert Counter(activities_that_came(run)) == Counter(activities(account))
    assert [call.params["created_at"] for call in fake.journal.calls(LINKS)].count(day(5)) == 3


def test_links_that_never_open_fail_and_the_next_sync_has_what_is_missing(
    connector: Connector, account: Account, fake: FakeFreshdesk
) -> None:
    """The files of all other days are read before."""
    fake.misbehave(faults.status(403, "<Error/>"), path=f"/ticket_activities/{day(5)}.json", times=None)
    first = connector.read(STREAM)
    assert first.exit_code == 1
    assert first.errors_traced[0]["failure_type"] == "transient_error"
    assert days_that_came(first) == {day(ago) for ago in (20, 6, 4, 3, 1)}
    fake.behave()
    second = synced(connector, first)
    assert days_that_came(second) == {day(5)}


@pytest.mark.parametrize("fault", [faults.truncated_json(), faults.truncated_body(), faults.bad_gateway()])
def test_a_file_that_does_not_arrive_whole_is_fetched_again(
    fake: FakeFreshdesk, connect: Connect, account: Account, fault: faults.Fault
) -> None:
    fake.misbehave(fault, path=f"/ticket_activities/{day(5)}.json", times=1)
    run = connect(fake, now=TODAY).read(STREAM)
    assert run.exit_code == 0
    assert Counter(activities_that_came(run)) == Counter(activities(account))


def test_the_host_of_the_files_never_sees_the_key(connector: Connector, fake: FakeFreshdesk) -> None:
    """It would refuse a call that shows one, and the fake would raise it."""
    synced(connector)
    assert {call.status for call in fake.journal.calls("/ticket_activities/")} == {200}


@pytest.mark.real_clock
def test_a_start_date_leaves_out_the_files_before_it(fake: FakeFreshdesk, connect: Connect) -> None:
    run = synced(connect(fake, now=TODAY, start_date=day(4)))
    assert days_that_came(run) <= {day(ago) for ago in (5, 4, 3, 1)}
    assert days_that_came(run) >= {day(ago) for ago in (4, 3, 1)}
    assert min(call.params["created_at"] for call in fake.journal.calls(LINKS)) >= day(5)


def test_the_state_names_the_files_that_are_done_with(connector: Connector) -> None:
    (state,) = synced(connector).last_states
    saved = json.loads(json.dumps(state["stream"]["stream_state"]))
    assert {day(20), day(6), day(5), day(4), day(3)} <= set(saved["unsettled"])
    assert saved["files"] == []
