"""Contacts, companies and agents: lists in no order of time, and details that the lists leave out."""

from collections import Counter
from datetime import timedelta

import pytest

from integration_tests.conftest import Connect, Serve
from integration_tests.connector import Connector, Run, stream_state
from integration_tests.fake_freshdesk import Account, FakeFreshdesk, faults
from integration_tests.filling import before

CONTACTS = "/api/v2/contacts"
COMPANIES = "/api/v2/companies"


@pytest.fixture
def account(account: Account) -> Account:
    """250 contacts, 120 companies, 12 agents, all older than a day."""
    for number in range(250):
        at = before(days=200) + timedelta(hours=number)
        account.add_contact(
            updated_at=at, tags=["vip"] if number % 2 else [], other_emails=["other@example.com"], view_all_tickets=True
        )
    for number in range(120):
        account.add_company(updated_at=before(days=100) + timedelta(hours=number))
    for number in range(12):
        account.add_agent(group_ids=[number], role_ids=[1, number], skill_ids=[9])
    return account


def truth(account: Account, stream: str) -> dict[int, dict[str, object]]:
    return dict(account.table(stream).rows)


@pytest.mark.parametrize("stream", ["contacts", "companies", "agents"])
def test_all_arrive_once(connector: Connector, account: Account, stream: str) -> None:
    run = connector.read(stream)
    assert run.exit_code == 0, run.errors_traced
    assert sorted(run.ids(stream)) == sorted(truth(account, stream))


@pytest.mark.parametrize("stream", ["contacts", "companies"])
def test_a_second_sync_emits_only_what_changed(connector: Connector, account: Account, stream: str) -> None:
    first = connector.read(stream)
    quiet = connector.read(stream, state=first.last_states)
    assert quiet.ids(stream) == []
    changed = next(iter(truth(account, stream)))
    account.change(stream, changed, updated_at=before(hours=2), name="Renamed")
    again = connector.read(stream, state=quiet.last_states)
    assert again.ids(stream) == [changed]
    assert again.records[stream][0]["name"] == "Renamed"


@pytest.mark.parametrize("stream", ["contacts", "companies"])
def test_the_state_moves_only_when_the_whole_list_was_read(
    fake: FakeFreshdesk, connect: Connect, account: Account, stream: str
) -> None:
    fake.misbehave(faults.forbidden("inaccessible_field"), path=f"/api/v2/{stream}", times=None, after=1)
    run = connect(fake, contact_details=False).read(stream)
    assert run.exit_code == 1
    assert len(run.ids(stream)) == 100
    assert run.states(stream) == []


@pytest.mark.parametrize(
    ("options", "filters_tried", "is_filtered"),
    [
        ({"contacts_filter_name": "_updated_since"}, ["_updated_since"], True),
        ({"contacts_filter_name": "updated_since"}, ["_updated_since", "updated_since"], True),
        ({"contacts_filter_name": "both"}, ["_updated_since"], True),
        ({"contacts_filter_name": "ignored"}, ["_updated_since", "updated_since"], False),
    ],
)
def test_the_name_of_the_contacts_filter_is_found_out(
    account: Account,
    serve: Serve,
    connect: Connect,
    options: dict[str, str],
    filters_tried: list[str],
    is_filtered: bool,
) -> None:
    fake = serve(**options)
    connector = connect(fake, contact_details=False)
    first = connector.read("contacts")
    fake.journal.clear()
    changed = account.update_contact(next(iter(account.contacts)), updated_at=before(hours=2))["id"]
    second = connector.read("contacts", state=first.last_states)
    assert second.ids("contacts") == [changed]
    tried = [name for call in fake.journal.calls() for name in call.params if name.endswith("updated_since")]
    assert list(dict.fromkeys(tried)) == filters_tried
    assert ("does not filter its list of contacts" in second.log("WARN")) is not is_filtered


@pytest.mark.parametrize("option", ["ignored", "rejected"])
def test_companies_are_filtered_here_where_freshdesk_does_not(
    account: Account, serve: Serve, connect: Connect, option: str
) -> None:
    connector = connect(serve(companies_filter=option))
    first = connector.read("companies")
    changed = account.update_company(next(iter(account.companies)), updated_at=before(hours=2))["id"]
    second = connector.read("companies", state=first.last_states)
    assert second.exit_code == 0
    assert second.ids("companies") == [changed]
    assert second.log("WARN").count("does not filter its list of companies") == 1


def test_a_contact_deleted_during_the_pass_takes_no_other_with_it(
    fake: FakeFreshdesk, connect: Connect, account: Account
) -> None:
    def delete_three(number: int, path: str, _params: dict[str, str]) -> None:
        if path == CONTACTS and number == 2:
            for contact_id in sorted(account.contacts, key=lambda key: account.contacts[key]["name"])[:3]:
                account.delete_contact(contact_id)

    fake.before_request(delete_three)
    run = connect(fake, contact_details=False).read("contacts")
    last = {record["id"]: record["deleted"] for record in run.records["contacts"]}
    assert last == {contact["id"]: contact["deleted"] for contact in account.contacts.values()}
    assert len(run.ids("contacts")) <= 250 + 3


def test_the_details_of_contacts_are_filled_and_their_cost_is_announced(
    connector: Connector, fake: FakeFreshdesk, account: Account
) -> None:
    run = connector.read("contacts")
    for record in run.records["contacts"]:
        contact = account.contacts[record["id"]]
        assert [record[key] for key in ("tags", "other_emails")] == [contact["tags"], contact["other_emails"]]
        assert record["view_all_tickets"] is True
    assert (
        "contacts: 250 API calls for avatar, devices, other_emails, tags, view_all_tickets; leave these columns out to "
        "save them."
    ) in run.log("INFO")
    assert sum(call.path.startswith(f"{CONTACTS}/") for call in fake.journal.calls()) == 250


def test_without_details_contacts_cost_one_call_a_page(fake: FakeFreshdesk, connect: Connect) -> None:
    run = connect(fake, contact_details=False).read("contacts")
    assert len(run.ids("contacts")) == 250
    # A search tells beforehand how many there will be.
    assert Counter(call.path for call in fake.journal.calls()) == {CONTACTS: 3 + 2 + 2, "/api/v2/search/contacts": 1}


def test_a_contact_that_vanishes_before_its_details_are_read_lacks_them(
    fake: FakeFreshdesk, connector: Connector, account: Account
) -> None:
    contact_id = next(iter(account.contacts))
    fake.misbehave(faults.not_found(), path=f"{CONTACTS}/{contact_id}", times=None)
    run = connector.read("contacts")
    assert run.exit_code == 0
    assert contact_id in run.ids("contacts")


def test_agents_have_their_groups_roles_and_skills(connector: Connector, account: Account) -> None:
    run = connector.read("agents")
    for record in run.records["agents"]:
        agent = account.agents[record["id"]]
        assert all(record[key] == agent[key] for key in ("group_ids", "role_ids", "skill_ids"))


def test_agents_are_skipped_with_a_warning_for_a_key_that_is_no_administrators(
    account: Account, serve: Serve, connect: Connect
) -> None:
    run: Run = connect(serve(admin=False)).read("agents", "companies")
    assert run.exit_code == 0
    assert run.statuses["agents"] == ["STARTED", "COMPLETE"]
    assert run.log("WARN").count("Stream agents is skipped") == 1
    assert "use the key of an administrator" in run.log("WARN")
    assert len(run.ids("companies")) == 120


def test_the_start_date_holds_for_contacts_and_companies(fake: FakeFreshdesk, connect: Connect) -> None:
    run = connect(fake, start_date="2026-02-22", contact_details=False).read("contacts", "companies")
    for stream in ("contacts", "companies"):
        assert run.records[stream] or stream == "contacts"
        assert all(record["updated_at"] >= "2026-02-22" for record in run.records[stream])


def test_the_state_of_airbytes_own_connector_is_understood(connector: Connector, account: Account) -> None:
    run = connector.read("contacts", state=[stream_state("contacts", {"updated_at": "2025-11-20T00:00:00Z"})])
    wanted = [row["id"] for row in account.contacts.values() if row["updated_at"] >= "2025-11-19T23:55:00Z"]
    assert sorted(run.ids("contacts")) == sorted(wanted)
    assert 0 < len(wanted) < 250
