"""The ticket walk, end to end: nothing missing and nothing twice, whatever moves meanwhile."""

import itertools
from collections import Counter
from datetime import datetime, timedelta
from random import Random
from threading import Event

import pytest

from integration_tests.conftest import Connect, Serve
from integration_tests.connector import Connector, Run, stream_state
from integration_tests.fake_freshdesk import Account, FakeFreshdesk
from integration_tests.filling import add_tickets, before

TICKETS = "/api/v2/tickets"


def versions(run: Run) -> Counter[tuple[int, str]]:
    return Counter((record["id"], record["updated_at"]) for record in run.records["tickets"])


def assert_complete(run: Run, account: Account) -> None:
    """Every ticket arrived as it is now, and no version of one twice."""
    assert run.exit_code == 0, run.errors_traced
    assert run.statuses["tickets"] == ["STARTED", "RUNNING", "COMPLETE"]
    emitted = versions(run)
    assert set(emitted) >= {(ticket["id"], ticket["updated_at"]) for ticket in account.tickets.values()}
    assert max(emitted.values()) == 1


def test_old_tickets_arrive_too_not_just_the_last_thirty_days(connector: Connector, account: Account) -> None:
    add_tickets(account, 250)
    run = connector.read("tickets")
    assert_complete(run, account)
    assert sorted(run.ids("tickets")) == sorted(account.tickets)


def test_the_state_comes_after_every_page_and_counts_its_records(connector: Connector, account: Account) -> None:
    add_tickets(account, 350)
    run = connector.read("tickets")
    assert len(run.states("tickets")) == 4
    assert sum(state["sourceStats"]["recordCount"] for state in run.states("tickets")) == 350


@pytest.mark.parametrize("inclusive", [True, False], ids=["at or after", "after"])
def test_a_second_sync_emits_only_what_changed(
    account: Account, serve: Serve, connect: Connect, inclusive: bool
) -> None:
    add_tickets(account, 250)
    connector = connect(serve(updated_since_inclusive=inclusive))
    first = connector.read("tickets")
    quiet = connector.read("tickets", state=first.last_states)
    assert quiet.ids("tickets") == []
    assert quiet.last_states[0]["stream"] == first.last_states[0]["stream"]
    new = account.add_ticket(created_at=before(hours=1), updated_at=before(hours=1))["id"]
    account.update_ticket(17, updated_at=before(minutes=30))
    again = connector.read("tickets", state=quiet.last_states)
    assert sorted(again.ids("tickets")) == [17, new]


def test_a_row_that_shows_late_is_found_by_the_next_sync(connector: Connector, account: Account) -> None:
    add_tickets(account, 50)
    first = connector.read("tickets")
    newest = max(ticket["updated_at"] for ticket in account.tickets.values())
    late = account.add_ticket(updated_at=datetime.fromisoformat(newest) - timedelta(minutes=4))["id"]
    assert connector.read("tickets", state=first.last_states).ids("tickets") == [late]


def test_read_tickets_that_change_meanwhile_push_no_unread_one_over_a_page_boundary(
    fake: FakeFreshdesk, connector: Connector, account: Account
) -> None:
    add_tickets(account, 1000)

    def seven_change(number: int, path: str, _params: dict[str, str]) -> None:
        if path == TICKETS and number == 4:
            for ticket_id in range(1, 8):
                account.update_ticket(ticket_id, updated_at=before(minutes=1))

    fake.before_request(seven_change)
    assert_complete(connector.read("tickets"), account)


@pytest.mark.parametrize("inclusive", [True, False], ids=["at or after", "after"])
@pytest.mark.parametrize("tie_order", ["stable", "shuffled"])
def test_a_bulk_update_of_150_tickets_in_one_second_arrives_whole(
    account: Account, serve: Serve, connect: Connect, inclusive: bool, tie_order: str
) -> None:
    add_tickets(account, 120)
    add_tickets(account, 150, first=before(days=30), every=timedelta(0))
    add_tickets(account, 120, first=before(days=20))
    connector = connect(serve(updated_since_inclusive=inclusive, tie_order=tie_order))
    run = connector.read("tickets")
    assert_complete(run, account)
    assert connector.read("tickets", state=run.last_states).ids("tickets") == []


def test_tickets_that_leave_a_bulk_update_meanwhile_take_no_other_with_them(
    fake: FakeFreshdesk, connector: Connector, account: Account
) -> None:
    add_tickets(account, 350, every=timedelta(0))

    def forty_change(number: int, path: str, _params: dict[str, str]) -> None:
        if path == TICKETS and number in (2, 3):
            for ticket_id in range(40 * number, 40 * number + 40):
                account.update_ticket(ticket_id, updated_at=before(minutes=1))

    fake.before_request(forty_change)
    assert_complete(connector.read("tickets"), account)


def test_30050_tickets_of_one_second_arrive_past_the_cap_of_300_pages(
    connector: Connector, account: Account, fake: FakeFreshdesk
) -> None:
    for number in range(30_050):
        account.add_ticket(created_at=before(days=300) + timedelta(minutes=number), updated_at=before(days=2))
    run = connector.read("tickets")
    assert_complete(run, account)
    assert all(call.status == 200 for call in fake.journal.calls())
    assert max(len(str(state)) for state in run.states("tickets")) < 40_000
    fake.journal.clear()
    assert connector.read("tickets", state=run.last_states).ids("tickets") == []
    assert fake.journal.count(TICKETS) <= 2 + 2


def test_of_more_tickets_of_one_second_than_any_list_shows_the_rest_is_looked_up(
    connector: Connector, account: Account, fake: FakeFreshdesk
) -> None:
    for _ in range(30_050):
        account.add_ticket(created_at=before(days=300), updated_at=before(days=2))
    run = connector.read("tickets")
    assert_complete(run, account)
    assert fake.journal.count(TICKETS) <= 3 * 300 + 3 + 2
    assert run.log("WARN").count("than Freshdesk lists") == 1
    assert len(fake.journal.calls()) <= 1_500


def test_the_start_date_leaves_out_what_was_last_updated_before_it(
    account: Account, fake: FakeFreshdesk, connect: Connect
) -> None:
    add_tickets(account, 48, first=before(days=10))
    run = connect(fake, start_date="2026-05-23").read("tickets")
    wanted = [ticket["id"] for ticket in account.tickets.values() if ticket["updated_at"] >= "2026-05-23T00:00:00Z"]
    assert sorted(run.ids("tickets")) == sorted(wanted)
    assert 0 < len(wanted) < 48


def test_the_state_of_airbytes_own_connector_is_understood(connector: Connector, account: Account) -> None:
    add_tickets(account, 300)
    middle = account.tickets[150]["updated_at"]
    run = connector.read("tickets", state=[stream_state("tickets", {"updated_at": middle})])
    assert sorted(run.ids("tickets")) == list(range(150, 301))


def test_a_state_that_cannot_be_read_is_an_error_that_says_what_to_do(connector: Connector, account: Account) -> None:
    add_tickets(account, 1)
    run = connector.read("tickets", state=[stream_state("tickets", {"updated_at": "soon"})])
    assert run.exit_code == 1
    assert "Clear the stream's state" in run.errors_traced[0]["message"]


def test_a_full_refresh_reads_everything(connector: Connector, account: Account) -> None:
    add_tickets(account, 250)
    run = connector.read("tickets", sync_mode="full_refresh")
    assert_complete(run, account)


def test_an_account_without_tickets_syncs_and_has_a_state(connector: Connector) -> None:
    run = connector.read("tickets", "conversations")
    assert run.exit_code == 0
    assert [state["stream"]["stream_state"]["updated_at"] for state in run.last_states] == ["1970-01-01T00:00:00Z"] * 2


def test_a_page_costs_one_call(fake: FakeFreshdesk, connect: Connect, account: Account) -> None:
    add_tickets(account, 1000)
    connect(fake, num_workers=1).read("tickets")
    assert fake.journal.count("/api/v2/tickets") == 11 + 2
    # A search tells beforehand how many there are, the ticket fields what their choices are called, and the key's owner
    # whether these are all.
    assert fake.journal.count() == 11 + 2 + 1 + 1 + 1


def test_a_long_list_is_read_in_several_parts_at_once_and_none_is_lost_while_tickets_change(
    fake: FakeFreshdesk, connector: Connector, account: Account
) -> None:
    add_tickets(account, 4000)
    fake.delay_seconds = 0.05
    changes, is_busy, moments = Random(7), Event(), itertools.count()
    is_busy.set()

    def three_change(_number: int, path: str, _params: dict[str, str]) -> None:
        if path == TICKETS and is_busy.is_set():
            # One call at a time, so that what changes later has the later time, as in a real account.
            with account.lock:
                at = before(minutes=10) + timedelta(seconds=next(moments))
                for ticket_id in changes.sample(range(1, 4001), 3):
                    account.update_ticket(ticket_id, updated_at=at)

    fake.before_request(three_change)
    run = connector.read("tickets")
    assert run.exit_code == 0, run.errors_traced
    assert set(run.ids("tickets")) == set(account.tickets)
    assert max(versions(run).values()) == 1
    # Every part ends on a page that the next one has too, and some parts lie after the last of these tickets.
    assert fake.journal.count(TICKETS) <= 60
    calls = fake.journal.calls(TICKETS)
    assert any(later.started < earlier.started + earlier.seconds for earlier, later in itertools.pairwise(calls)), (
        "no two calls were under way at once"
    )
    # The truth to compare with holds still; what was changed while the last pages were read is the next sync's.
    is_busy.clear()
    fake.delay_seconds = 0
    again = connector.read("tickets", state=run.last_states)
    current = {(row["id"], row["updated_at"]) for row in account.tickets.values()}
    assert current <= set(versions(run)) | set(versions(again))


def test_records_of_parts_that_are_read_at_once_come_in_order_and_states_with_them(
    fake: FakeFreshdesk, connector: Connector, account: Account
) -> None:
    add_tickets(account, 4000)
    fake.delay_seconds = 0.05
    run = connector.read("tickets")
    assert run.ids("tickets") == sorted(account.tickets)
    marks = [state["stream"]["stream_state"]["updated_at"] for state in run.states("tickets")]
    assert marks == sorted(marks)
    emitted = 0
    for message in run.messages:
        if message["type"] == "RECORD":
            emitted += 1
        if message["type"] == "STATE":
            mark = message["state"]["stream"]["stream_state"]["updated_at"]
            assert emitted >= sum(row["updated_at"] < mark for row in account.tickets.values())


def test_a_bulk_update_in_the_middle_of_a_long_list_arrives_whole(
    connector: Connector, account: Account, fake: FakeFreshdesk
) -> None:
    add_tickets(account, 2000, first=before(days=300))
    add_tickets(account, 1500, first=before(days=200), every=timedelta(0))
    add_tickets(account, 2000, first=before(days=190))
    run = connector.read("tickets")
    assert_complete(run, account)
    assert fake.journal.count(TICKETS) <= 130
