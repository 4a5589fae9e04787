"""Archived tickets: in no list, and found by their numbers only."""

import json
import re
from datetime import date, timedelta
from typing import Any

import pytest

from integration_tests.conftest import Connect
from integration_tests.connector import Connector, Run
from integration_tests.fake_freshdesk import Account, FakeFreshdesk
from integration_tests.fake_freshdesk.sections.archived_tickets import archive_ticket
from integration_tests.filling import TODAY, add_tickets, before

TICKETS, CONVERSATIONS = STREAMS = ("archived_tickets", "archived_ticket_conversations")
ARCHIVED = {3, 4, 17}
DESTROYED = {8, 9}
NEWEST = 40


@pytest.fixture
def account() -> Account:
    """40 tickets of a year ago, but for the newest: three archived, two gone for ever, one in the trash, one spam."""
    account = Account(now=TODAY)
    add_tickets(account, NEWEST - 1, first=before(days=365))
    account.add_ticket(created_at=before(hours=3))
    for ticket_id in (3, 4, 20):
        account.add_conversation(ticket_id, touch=False)
    for ticket_id in ARCHIVED:
        archive_ticket(account, ticket_id)
    for ticket_id in DESTROYED:
        account.destroy_ticket(ticket_id)
    account.delete_ticket(30)
    account.spam_ticket(31)
    return account


@pytest.fixture
def connector(connect: Connect, fake: FakeFreshdesk) -> Connector:
    """On a clock that stands where the account's does, for they are read once a day."""
    return connect(fake, archived_tickets=True, now=TODAY)


def asked_for(fake: FakeFreshdesk) -> set[int]:
    """The numbers that were looked for in the archive since the journal was cleared."""
    return {int(call.path.split("/")[5]) for call in fake.journal.calls("/api/v2/tickets/archived/")}


def synced(fake: FakeFreshdesk, connector: Connector, last: Run | None = None, *, days: int = 1) -> Run:
    """A sync, some days after the one before it. They are read once a day."""
    fake.journal.clear()
    run = connector.read(*STREAMS, state=[aged(state, days) for state in last.last_states] if last else None)
    assert (run.exit_code, run.log("WARN", "ERROR")) == (0, "")
    assert [run.statuses[stream][-1] for stream in STREAMS] == ["COMPLETE", "COMPLETE"]
    return run


def aged(state: dict[str, Any], days: int) -> dict[str, Any]:
    """The state with all its days so much earlier, as if that time had passed."""

    def earlier(found: re.Match[str]) -> str:
        return f'"{date.fromisoformat(found[1]) - timedelta(days=days)}"'

    aged_state: dict[str, Any] = json.loads(re.sub(r'"(\d{4}-\d\d-\d\d)"', earlier, json.dumps(state)))
    return aged_state


def test_they_cost_nothing_unless_they_are_wanted(fake: FakeFreshdesk, connect: Connect) -> None:
    run = connect(fake).read(*STREAMS, "companies")
    assert run.exit_code == 0
    assert (run.records[TICKETS], run.records[CONVERSATIONS]) == ([], [])
    assert [call.path for call in fake.journal.calls()] == ["/api/v2/companies"]
    for stream in STREAMS:
        assert run.statuses[stream] == ["STARTED", "COMPLETE"]
        assert f"Stream {stream} is off" in run.log("INFO")


def test_all_of_them_come(fake: FakeFreshdesk, connector: Connector, account: Account) -> None:
    run = synced(fake, connector)
    assert sorted(run.ids(TICKETS)) == sorted(ARCHIVED)
    assert all(record["archived"] for record in run.records[TICKETS])
    assert sorted(run.ids(CONVERSATIONS)) == sorted(account.table("archived_ticket_conversations").rows)


def test_no_number_is_asked_for_that_a_list_shows(fake: FakeFreshdesk, connector: Connector) -> None:
    """Nor one above all of them, where the newest is too young to be archived."""
    synced(fake, connector)
    assert asked_for(fake) == ARCHIVED | DESTROYED


def test_what_was_found_is_not_asked_for_again(fake: FakeFreshdesk, connector: Connector) -> None:
    first = synced(fake, connector)
    second = synced(fake, connector, first)
    assert asked_for(fake) == set(), "and what was not found is not asked for so soon"
    assert [second.ids(stream) for stream in STREAMS] == [[], []]


@pytest.mark.real_clock
def test_what_was_not_found_for_long_is_not_asked_for_again(fake: FakeFreshdesk, connector: Connector) -> None:
    first = synced(fake, connector)
    second = synced(fake, connector, first, days=30)
    assert asked_for(fake) == DESTROYED
    synced(fake, connector, second)
    assert asked_for(fake) == set()


@pytest.mark.real_clock
def test_they_are_read_once_a_day(fake: FakeFreshdesk, connector: Connector) -> None:
    first = synced(fake, connector)
    synced(fake, connector, first, days=0)
    assert fake.journal.count() == 0


def test_a_ticket_that_is_archived_later_comes_later(
    fake: FakeFreshdesk, connector: Connector, account: Account
) -> None:
    first = synced(fake, connector)
    archive_ticket(account, 20)
    second = synced(fake, connector, first)
    assert second.ids(TICKETS) == [20]
    assert [record["ticket_id"] for record in second.records[CONVERSATIONS]] == [20]


def test_a_ticket_that_is_restored_and_archived_again_comes_again(
    fake: FakeFreshdesk, connector: Connector, account: Account
) -> None:
    first = synced(fake, connector)
    ticket = account.remove("archived_tickets", 17)
    account.table("tickets").put(ticket | {"archived": False})
    second = synced(fake, connector, first)
    assert second.ids(TICKETS) == []
    archive_ticket(account, 17)
    assert synced(fake, connector, second).ids(TICKETS) == [17]


def test_archived_tickets_that_are_newer_than_all_listed_ones_come(
    fake: FakeFreshdesk, connector: Connector, account: Account
) -> None:
    """A help desk that nobody wrote to for long."""
    archive_ticket(account, NEWEST)
    archive_ticket(account, NEWEST - 1)
    run = synced(fake, connector)
    assert sorted(run.ids(TICKETS)) == sorted({*ARCHIVED, NEWEST, NEWEST - 1})


def test_a_sync_that_is_broken_off_goes_on_where_it_was(
    fake: FakeFreshdesk, connector: Connector, account: Account
) -> None:
    """States come while numbers are asked for; what they say was emitted is not asked for again."""
    for ticket_id in range(41, 400):
        account.add_ticket(id=ticket_id, created_at=before(days=300))
        archive_ticket(account, ticket_id)
    account.add_ticket(id=400, created_at=before(hours=1))
    first = synced(fake, connector)
    states = first.states(TICKETS)
    assert len(states) > 2
    fake.journal.clear()
    second = connector.read(TICKETS, state=states[:1])
    emitted_before = {record["data"]["id"] for record in records_before_state(first)}
    assert emitted_before
    assert set(second.ids(TICKETS)) == set(first.ids(TICKETS)) - emitted_before
    assert asked_for(fake).isdisjoint(emitted_before)


def records_before_state(run: Run) -> list[dict[str, dict[str, int]]]:
    """Those that came before the first state of the stream."""
    records = []
    for message in run.messages:
        if message["type"] == "STATE":
            break
        if message["type"] == "RECORD":
            records.append(message["record"])
    return records
