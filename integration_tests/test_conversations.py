"""Conversations: all those of every ticket that changed, of no other; a deleted ticket stops no sync."""

import pytest

from integration_tests.conftest import Connect, Serve
from integration_tests.connector import Connector, Run
from integration_tests.fake_freshdesk import Account, FakeFreshdesk, faults
from integration_tests.filling import add_tickets, before


def path(ticket_id: int) -> str:
    return f"/api/v2/tickets/{ticket_id}/conversations"


@pytest.fixture
def account(account: Account) -> Account:
    """250 tickets, some of them with conversations, one with more than a page of them."""
    add_tickets(account, 250)
    for ticket_id in range(1, 250, 10):
        for _ in range(3):
            account.add_conversation(ticket_id, created_at=account.tickets[ticket_id]["updated_at"])
    for _ in range(230):
        account.add_conversation(7, created_at=account.tickets[7]["updated_at"])
    return account


def assert_complete(run: Run, account: Account) -> None:
    """Every conversation arrived, none twice."""
    assert run.exit_code == 0, run.errors_traced
    assert run.statuses["conversations"] == ["STARTED", "RUNNING", "COMPLETE"]
    assert sorted(run.ids("conversations")) == sorted(account.conversations)


def test_all_conversations_of_all_tickets_arrive_past_the_first_page(connector: Connector, account: Account) -> None:
    assert_complete(connector.read("conversations"), account)


def test_they_cost_a_call_for_each_ticket_and_one_credit_for_each_page_of_tickets(
    connector: Connector, fake: FakeFreshdesk
) -> None:
    connector.read("conversations")
    lists = fake.journal.calls("/api/v2/tickets")
    assert all("include" not in call.params for call in lists)
    # Three pages, and one each of the trash and of the spam.
    assert fake.journal.count("/api/v2/tickets") == 3 + 2
    # Of three pages two are read again, in case a conversation slipped from one to another.
    assert fake.journal.count(path(7)) == 3 + 2
    # A search tells beforehand how many tickets there are; and it is asked whether the key's owner sees all of them.
    assert fake.journal.count() == 3 + 2 + 249 + 3 + 2 + 1 + 1


def test_a_second_sync_reads_those_of_changed_tickets_only(
    connector: Connector, fake: FakeFreshdesk, account: Account
) -> None:
    first = connector.read("conversations")
    fake.journal.clear()
    new = account.add_conversation(11, created_at=before(hours=1))["id"]
    second = connector.read("conversations", state=first.last_states)
    assert sorted(second.ids("conversations")) == sorted(row["id"] for row in account.conversations_of(11))
    assert new in second.ids("conversations")
    assert fake.journal.count() == 2 + 2 + 1


def test_syncing_tickets_beside_them_does_not_hide_changed_tickets_from_them(
    connector: Connector, account: Account
) -> None:
    first = connector.read("tickets", "conversations")
    assert_complete(first, account)
    account.add_conversation(11, created_at=before(hours=1))
    second = connector.read("tickets", "conversations", state=first.last_states)
    assert second.ids("tickets") == [11]
    assert len(second.ids("conversations")) == 4


def test_the_state_comes_after_each_batch_of_tickets_and_does_not_grow(connector: Connector) -> None:
    run = connector.read("conversations")
    states = run.states("conversations")
    assert len(states) == 3
    assert max(len(str(state)) for state in states) < 1500
    assert sum(state["sourceStats"]["recordCount"] for state in states) == len(run.ids("conversations"))


@pytest.mark.parametrize("is_in_the_trash", [True, False], ids=["to the trash", "for ever"])
def test_a_ticket_that_vanishes_after_it_was_listed_is_skipped_with_one_line(
    connector: Connector, fake: FakeFreshdesk, account: Account, is_in_the_trash: bool
) -> None:
    def vanish(number: int, called: str, _params: dict[str, str]) -> None:
        if called == path(11) and number == 1:
            if is_in_the_trash:
                account.delete_ticket(11)
            else:
                account.destroy_ticket(11)

    fake.before_request(vanish)
    run = connector.read("conversations")
    assert run.exit_code == 0, run.errors_traced
    assert run.log("INFO").count("Ticket 11 was deleted") == 1
    wanted = {row["id"] for row in account.conversations.values() if row["ticket_id"] != 11}
    assert sorted(run.ids("conversations")) == sorted(wanted)


def test_a_ticket_that_is_there_but_refused_is_no_gap(
    connector: Connector, fake: FakeFreshdesk, account: Account
) -> None:
    fake.misbehave(faults.forbidden("access_denied"), path=path(11), times=None)
    first = connector.read("conversations")
    assert first.exit_code == 0
    assert "lacks those of ticket 11; a later sync reads them" in first.log("WARN")
    refused = {row["id"] for row in account.conversations.values() if row["ticket_id"] == 11}
    assert set(first.ids("conversations")) == set(account.conversations) - refused
    fake.behave()
    second = connector.read("conversations", state=first.last_states)
    assert set(second.ids("conversations")) == refused
    assert "refused" not in second.last_states[0]["stream"]["stream_state"]


def test_a_key_that_may_read_no_conversation_at_all_is_logged_and_leaves_no_gap(
    connector: Connector, fake: FakeFreshdesk, account: Account
) -> None:
    fake.misbehave(faults.forbidden("access_denied"), path="/api/v2/tickets/*", times=None)
    first = connector.read("conversations", "tickets")
    assert first.exit_code == 0
    assert first.log("WARN").count("Stream conversations is skipped.") == 1
    assert not any("updated_at" in state["stream"]["stream_state"] for state in first.states("conversations"))
    assert first.ids("tickets") != []
    fake.behave()
    second = connector.read("conversations", state=first.last_states)
    assert set(second.ids("conversations")) == set(account.conversations)


def test_a_suspended_account_stops_them(account: Account, serve: Serve, connect: Connect) -> None:
    run = connect(serve(suspended=True)).read("conversations")
    assert run.exit_code == 1
    assert "suspended" in run.errors_traced[0]["message"]


def test_the_latest_set_of_each_ticket_leaves_out_what_was_deleted(connector: Connector, account: Account) -> None:
    first = connector.read("conversations")
    gone = account.conversations_of(11)[0]["id"]
    account.remove("conversations", gone)
    account.add_conversation(11, created_at=before(hours=1))
    then = connector.read("conversations", state=first.last_states)
    rows = {row["id"]: row for row in (*first.records["conversations"], *then.records["conversations"])}.values()
    assert {row["ticket_synced_at"] for row in first.records["conversations"]} == {
        first.records["conversations"][0]["ticket_synced_at"]
    }
    latest: dict[int, str] = {}
    for row in rows:
        latest[row["ticket_id"]] = max(latest.get(row["ticket_id"], ""), row["ticket_synced_at"])
    kept = [row["id"] for row in rows if row["ticket_synced_at"] == latest[row["ticket_id"]]]
    assert gone in {row["id"] for row in rows}
    assert sorted(kept) == sorted(account.conversations)


def test_a_ticket_that_comes_back_and_is_refused_is_asked_for_by_the_next_sync(
    connector: Connector, fake: FakeFreshdesk, account: Account
) -> None:
    account.delete_ticket(11, touch=False)
    state = connector.read("conversations").last_states
    account.restore_ticket(11, touch=False)
    fake.misbehave(faults.forbidden(), path="/api/v2/tickets/11", times=None)
    refused = connector.read("conversations", state=state)
    assert (refused.exit_code, refused.ids("conversations")) == (0, [])
    fake.behave()
    then = connector.read("conversations", state=refused.last_states)
    assert sorted(then.ids("conversations")) == sorted(row["id"] for row in account.conversations_of(11))
