"""Tickets in the trash and those marked as spam: what enters the two lists, what leaves them, and what that costs."""

from datetime import timedelta

import pytest

from integration_tests.conftest import Connect
from integration_tests.connector import Connector, Run, stream_state
from integration_tests.fake_freshdesk import Account, FakeFreshdesk, faults
from integration_tests.filling import TODAY, add_tickets, before

TICKETS = "/api/v2/tickets"
MOVED = pytest.mark.parametrize("touch", [True, False], ids=["updated_at moves", "updated_at stays"])


@pytest.fixture
def connector(fake: FakeFreshdesk, connect: Connect) -> Connector:
    return connect(fake, now=TODAY)


def flags(run: Run) -> dict[int, tuple[bool, bool]]:
    """Whether each ticket that came is in the trash, and whether it is spam. None came twice."""
    assert run.exit_code == 0, run.errors_traced
    assert len(set(run.ids("tickets"))) == len(run.ids("tickets"))
    return {record["id"]: (record["deleted"], record["spam"]) for record in run.records["tickets"]}


def hidden_calls(fake: FakeFreshdesk) -> list[dict[str, str]]:
    return [dict(call.params) for call in fake.journal.calls(TICKETS) if "filter" in call.params]


def hide(account: Account, *, deleted: range = range(0), spam: range = range(0)) -> None:
    for number in deleted:
        account.delete_ticket(number, touch=False)
    for number in spam:
        account.spam_ticket(number, touch=False)


def test_each_ticket_says_whether_it_is_in_the_trash_and_whether_it_is_spam(
    connector: Connector, account: Account
) -> None:
    add_tickets(account, 30)
    hide(account, deleted=range(1, 4), spam=range(4, 6))
    run = connector.read("tickets")
    assert flags(run) == {number: (number in range(1, 4), number in range(4, 6)) for number in account.tickets}
    assert all(record["description"] and record["stats"] for record in run.records["tickets"])


@MOVED
@pytest.mark.parametrize("hidden", [5, 250], ids=["a page", "several pages"])
def test_what_happens_to_a_ticket_comes_in_the_next_sync_once(
    connector: Connector, account: Account, touch: bool, hidden: int
) -> None:
    add_tickets(account, 20 + 2 * hidden)
    hide(account, deleted=range(21, 21 + hidden), spam=range(21 + hidden, 21 + 2 * hidden))
    state = connector.read("tickets").last_states
    at = before(hours=1)
    account.delete_ticket(3, updated_at=at, touch=touch)
    account.spam_ticket(5, updated_at=at, touch=touch)
    then = connector.read("tickets", state=state)
    assert flags(then) == {3: (True, False), 5: (False, True)}
    account.restore_ticket(3, updated_at=at, touch=touch)
    account.restore_ticket(5, updated_at=at, touch=touch)
    account.restore_ticket(22, updated_at=at, touch=touch)
    again = connector.read("tickets", state=then.last_states)
    assert flags(again) == dict.fromkeys((3, 5, 22), (False, False))
    assert all(record["description"] and record["stats"] for record in again.records["tickets"])
    assert flags(connector.read("tickets", state=again.last_states)) == {}


@pytest.mark.parametrize("hidden", [0, 5, 250], ids=["none", "a page", "several pages"])
def test_a_quiet_sync_costs_one_page_of_each_list_without_what_costs_more(
    connector: Connector, fake: FakeFreshdesk, account: Account, hidden: int
) -> None:
    add_tickets(account, 20 + 2 * hidden)
    hide(account, deleted=range(21, 21 + hidden), spam=range(21 + hidden, 21 + 2 * hidden))
    state = connector.read("tickets").last_states
    fake.journal.clear()
    quiet = connector.read("tickets", state=state)
    assert flags(quiet) == {}
    assert fake.journal.count("/api/v2/tickets") == 3
    assert {(call["filter"], "include" in call) for call in hidden_calls(fake)} == {("deleted", False), ("spam", False)}


@MOVED
def test_a_ticket_that_goes_from_the_spam_to_the_trash_comes_once(
    connector: Connector, account: Account, touch: bool
) -> None:
    add_tickets(account, 20)
    hide(account, spam=range(3, 5))
    state = connector.read("tickets").last_states
    account.delete_ticket(3, updated_at=before(hours=1), touch=touch)
    then = connector.read("tickets", state=state)
    assert flags(then) == {3: (True, True)}
    assert flags(connector.read("tickets", state=then.last_states)) == {}


def test_a_ticket_that_changes_in_the_trash_comes_again(connector: Connector, account: Account) -> None:
    add_tickets(account, 20)
    hide(account, deleted=range(3, 5))
    state = connector.read("tickets").last_states
    account.update_ticket(3, updated_at=before(hours=1), subject="Changed")
    assert flags(connector.read("tickets", state=state)) == {3: (True, False)}


def test_tickets_that_freshdesk_deletes_for_ever_keep_their_last_record_and_are_named(
    connector: Connector, fake: FakeFreshdesk, account: Account
) -> None:
    add_tickets(account, 20)
    hide(account, deleted=range(3, 5), spam=range(7, 8))
    state = connector.read("tickets").last_states
    account.advance(timedelta(days=31))
    assert account.empty_trash() == [3, 4, 7]
    then = connector.read("tickets", state=state)
    assert flags(then) == {}
    assert "Deleted for ever: 3 tickets (3, 4, 7). Their last records stay." in then.log("INFO")
    fake.journal.clear()
    assert flags(connector.read("tickets", state=then.last_states)) == {}
    assert fake.journal.count("/api/v2/tickets") == 3


def test_many_that_are_deleted_together_are_read_by_pages_and_few_singly(
    connector: Connector, fake: FakeFreshdesk, account: Account
) -> None:
    add_tickets(account, 600)
    hide(account, deleted=range(1, 251))
    state = connector.read("tickets").last_states
    for number in range(300, 420):
        account.delete_ticket(number, updated_at=before(hours=1))
    fake.journal.clear()
    then = connector.read("tickets", state=state)
    assert len(flags(then)) == 120
    assert fake.journal.count() < 13
    account.delete_ticket(500, touch=False)
    fake.journal.clear()
    assert flags(connector.read("tickets", state=then.last_states)) == {500: (True, False)}
    assert fake.journal.count("/api/v2/tickets/500") == 1


def test_one_who_enters_while_another_leaves_is_found_within_a_day(
    fake: FakeFreshdesk, connect: Connect, account: Account
) -> None:
    add_tickets(account, 400)
    hide(account, deleted=range(51, 301))
    today = connect(fake, now=TODAY)
    state = today.read("tickets").last_states
    account.restore_ticket(60, touch=False)
    account.delete_ticket(7, touch=False)
    unseen = today.read("tickets", state=state)
    assert flags(unseen) == {}
    tomorrow = connect(fake, now=TODAY + timedelta(days=1))
    assert flags(tomorrow.read("tickets", state=unseen.last_states)) == {60: (False, False), 7: (True, False)}


def test_with_ten_thousand_in_the_trash_the_state_is_small_and_none_comes_again(
    connector: Connector, fake: FakeFreshdesk, account: Account
) -> None:
    for number in range(10_050):
        account.add_ticket(id=17 * number + number % 13 + 1, updated_at=before(days=100) + timedelta(seconds=number))
        account.delete_ticket(17 * number + number % 13 + 1, touch=False)
    first = connector.read("tickets")
    assert len(flags(first)) == 10_050
    assert all(len(str(state)) < 64 * 1024 for state in first.states("tickets"))
    fake.journal.clear()
    assert flags(connector.read("tickets", state=first.last_states)) == {}
    assert fake.journal.count("/api/v2/tickets") == 3


def test_an_older_state_brings_what_is_hidden_and_nothing_else_again(connector: Connector, account: Account) -> None:
    add_tickets(account, 20)
    hide(account, deleted=range(3, 5))
    newest = max(ticket["updated_at"] for ticket in account.tickets.values())
    run = connector.read("tickets", state=[stream_state("tickets", {"updated_at": newest})])
    assert {number for number, of_it in flags(run).items() if of_it != (False, False)} == {3, 4}
    assert len(run.ids("tickets")) <= 3


def test_a_first_sync_that_breaks_while_the_trash_is_read_goes_on_there(
    connector: Connector, fake: FakeFreshdesk, account: Account
) -> None:
    add_tickets(account, 500)
    hide(account, deleted=range(1, 451))
    fake.misbehave(faults.status(400), path=TICKETS, times=None, after=3)
    broken = connector.read("tickets")
    assert broken.exit_code == 1
    fake.behave()
    rest = connector.read("tickets", state=broken.last_states)
    assert sorted(broken.ids("tickets") + rest.ids("tickets")) == sorted(account.tickets)


def test_a_refused_list_is_named_and_others_are_read(
    connector: Connector, fake: FakeFreshdesk, account: Account
) -> None:
    add_tickets(account, 20)
    hide(account, deleted=range(3, 5), spam=range(7, 8))
    fake.misbehave(faults.forbidden("access_denied"), path=TICKETS, params={"filter": "deleted"}, times=None)
    run = connector.read("tickets")
    assert flags(run) == {number: (False, number == 7) for number in account.tickets if number not in (3, 4)}
    assert "Tickets that are deleted cannot be listed" in run.log("WARN")


def test_a_list_that_fails_holds_nothing_up(connector: Connector, fake: FakeFreshdesk, account: Account) -> None:
    add_tickets(account, 20)
    fake.misbehave(faults.status(400), path=TICKETS, params={"filter": "deleted"}, times=None)
    run = connector.read("tickets")
    assert run.exit_code == 1
    assert sorted(run.ids("tickets")) == sorted(account.tickets)
    assert run.last_states


@MOVED
@pytest.mark.parametrize("streams", [("conversations",), ("tickets", "conversations")], ids=" and ".join)
def test_conversations_are_read_when_their_ticket_comes_back_and_not_while_it_is_away(
    connector: Connector, fake: FakeFreshdesk, account: Account, touch: bool, streams: tuple[str, ...]
) -> None:
    add_tickets(account, 20)
    for number in (3, 7):
        account.add_conversation(number, created_at=account.tickets[number]["updated_at"])
    hide(account, deleted=range(3, 4), spam=range(7, 8))
    first = connector.read(*streams)
    assert first.ids("conversations") == []
    assert fake.journal.count("/api/v2/tickets/3/conversations") == 0
    assert fake.journal.count("/api/v2/tickets/7/conversations") == 0
    for number in (3, 7):
        account.restore_ticket(number, updated_at=before(hours=1), touch=touch)
    then = connector.read(*streams, state=first.last_states)
    assert sorted(then.ids("conversations")) == sorted(account.conversations)
    fake.journal.clear()
    assert connector.read(*streams, state=then.last_states).ids("conversations") == []
    assert fake.journal.count("/api/v2/tickets/3") == 0


@pytest.mark.parametrize("vanishes", [True, False], ids=["the second is in the trash", "the second is closed"])
def test_a_merge_loses_nothing(connector: Connector, account: Account, vanishes: bool) -> None:
    add_tickets(account, 20)
    state = connector.read("tickets", "conversations").last_states
    account.merge_tickets(3, 5, vanishes=vanishes)
    then = connector.read("tickets", "conversations", state=state)
    assert flags(then) == {3: (False, False), 5: (vanishes, False)}
    assert sorted(then.ids("conversations")) == sorted(account.conversations)


def test_nothing_is_asked_of_the_lists_if_neither_flag_is_selected(
    connector: Connector, fake: FakeFreshdesk, account: Account
) -> None:
    add_tickets(account, 20)
    hide(account, deleted=range(3, 5))
    run = connector.read("tickets", columns={"tickets": ("id", "updated_at")})
    assert sorted(run.ids("tickets")) == [number for number in account.tickets if number not in (3, 4)]
    assert hidden_calls(fake) == []
