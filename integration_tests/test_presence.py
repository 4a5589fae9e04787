"""Contacts that are deleted or blocked, agents that are removed, and rows that are gone."""

from collections import Counter

import pytest

from integration_tests.conftest import Connect
from integration_tests.connector import Connector
from integration_tests.fake_freshdesk import Account, FakeFreshdesk
from integration_tests.filling import TODAY, before

CONTACTS = "/api/v2/contacts"


@pytest.fixture
def people(account: Account) -> list[int]:
    """Six contacts, of whom one is deleted and one is blocked."""
    ids = [account.add_contact(updated_at=before(days=number + 1))["id"] for number in range(6)]
    account.delete_contact(ids[0], touch=False)
    account.block_contact(ids[1], touch=False)
    return ids


def test_each_contact_says_whether_it_is_deleted_and_whether_it_is_blocked(
    connector: Connector, people: list[int]
) -> None:
    run = connector.read("contacts")
    flags = {record["id"]: (record["deleted"], record["blocked"]) for record in run.records["contacts"]}
    assert flags == {number: (number == people[0], number == people[1]) for number in people}


def test_what_happens_to_a_contact_comes_in_the_next_sync_once(
    connector: Connector, fake: FakeFreshdesk, account: Account, people: list[int]
) -> None:
    state = connector.read("contacts").last_states
    account.delete_contact(people[2], updated_at=before(hours=3))
    account.block_contact(people[3], updated_at=before(hours=2))
    account.change("contacts", people[0], deleted=False, updated_at=before(hours=1))
    then = connector.read("contacts", state=state)
    flags = {record["id"]: (record["deleted"], record["blocked"]) for record in then.records["contacts"]}
    assert flags == {people[2]: (True, False), people[3]: (False, True), people[0]: (False, False)}
    assert len(then.ids("contacts")) == 3
    fake.journal.clear()
    assert connector.read("contacts", state=then.last_states).ids("contacts") == []
    assert fake.journal.count() == 3


def test_a_contact_that_was_merged_into_another_is_deleted(
    connector: Connector, account: Account, people: list[int]
) -> None:
    state = connector.read("contacts").last_states
    account.merge_contacts(people[2], people[3])
    then = connector.read("contacts", state=state)
    assert {record["id"]: record["deleted"] for record in then.records["contacts"]} == {
        people[2]: False,
        people[3]: True,
    }


def test_lists_of_contacts_are_not_asked_for_if_their_column_is_not_selected(
    connector: Connector, fake: FakeFreshdesk, people: list[int]
) -> None:
    run = connector.read("contacts", columns={"contacts": ("id", "name", "blocked")})
    assert sorted(run.ids("contacts")) == sorted(people[1:])
    assert [call.params.get("state") for call in fake.journal.calls(CONTACTS)] == [None, "blocked"]


def test_an_agent_who_was_removed_is_named_and_only_changes_are_emitted(connector: Connector, account: Account) -> None:
    agents = [account.add_agent(updated_at=before(days=3), group_ids=[1])["id"] for _ in range(4)]
    first = connector.read("agents")
    assert sorted(first.ids("agents")) == agents
    quiet = connector.read("agents", state=first.last_states)
    assert quiet.ids("agents") == []
    account.remove("agents", agents[2])
    account.change("agents", agents[1], group_ids=[1, 2])
    then = connector.read("agents", state=quiet.last_states)
    assert then.ids("agents") == [agents[1]]
    assert f"1 rows of agents are gone from Freshdesk (keys {agents[2]})" in then.log("INFO")


@pytest.mark.parametrize("stream", ["groups", "roles", "products", "time_entries", "solution_articles", "surveys"])
def test_rows_that_are_gone_from_a_list_that_is_read_whole_are_counted_and_named(
    connect: Connect, served: FakeFreshdesk, everything: Account, stream: str
) -> None:
    first = connect(served).read(stream)
    gone = first.ids(stream)[0]
    everything.remove(stream, gone)
    then = connect(served).read(stream, state=first.last_states)
    assert then.ids(stream) == []
    assert f"1 rows of {stream} are gone from Freshdesk (keys {gone})" in then.log("INFO")


@pytest.mark.parametrize(
    ("stream", "column"),
    [
        ("contacts", "name"),
        ("agents", "occasional"),
        ("admin_ticket_fields", "label"),
        ("ticket_forms", "title"),
        ("custom_object_schemas", "name"),
    ],
)
def test_no_row_is_asked_for_singly_if_no_column_needs_it(
    connect: Connect, served: FakeFreshdesk, stream: str, column: str
) -> None:
    connector = connect(served)
    whole = connector.read(stream)
    assert f"{stream}: {len(whole.ids(stream)):,} API calls for " in whole.log("INFO")
    spent = served.journal.count()
    served.journal.clear()
    some = connector.read(stream, columns={stream: ("id", column)})
    assert some.ids(stream) == whole.ids(stream)
    assert served.journal.count() <= spent - len(whole.ids(stream))
    assert "leave these columns out" not in some.log("INFO")


def test_a_sync_in_which_nothing_changed_emits_nothing_and_costs_one_call_for_each_list(
    connect: Connect, served: FakeFreshdesk
) -> None:
    streams = ("tickets", "conversations", "contacts", "companies", "agents", "groups", "roles", "products", "surveys")
    columns = {"agents": ("id", "occasional")}
    connector = connect(served, now=TODAY)
    first = connector.read(*streams, columns=columns)
    settled = connector.read(*streams, columns=columns, state=first.last_states)
    served.journal.clear()
    quiet = connector.read(*streams, columns=columns, state=settled.last_states)
    assert {stream: quiet.ids(stream) for stream in streams if quiet.ids(stream)} == {}
    lists = [(call.path, call.params.get("filter"), call.params.get("state")) for call in served.journal.calls()]
    # Tickets are listed for themselves and for their conversations, everything else once.
    assert Counter(lists) - Counter({*lists}) == Counter([("/api/v2/tickets", None, None)])
    assert len(quiet.log().split("\n")) <= 15
    assert len(lists) == 3 + 1 + 3 + 1 + 1 + 4 + 1, "and one for the scope of the key's owner"
