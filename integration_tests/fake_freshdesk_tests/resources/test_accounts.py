"""Accounts that have some of everything."""

import pytest

from integration_tests.believable.day import a_day_passes
from integration_tests.believable.help_desk import believable_account
from integration_tests.fake_freshdesk import Account
from integration_tests.fake_freshdesk.sections.everything import fill_every_resource
from integration_tests.filling import TODAY


def test_everything_is_about_something() -> None:
    with pytest.raises(ValueError, match="tickets, contacts and agents"):
        fill_every_resource(Account(now=TODAY))


def test_everything_fits_a_believable_account() -> None:
    account = believable_account(tickets=20, now=TODAY)
    fill_every_resource(account)
    assert len(account.table("time_entries").rows) > 100


@pytest.fixture(scope="module")
def believable() -> Account:
    return believable_account(tickets=500, now=TODAY)


def test_a_believable_desk_is_consistent(believable: Account) -> None:
    role_ids = set(believable.table("roles").rows)
    assert all(agent["role_ids"] and set(agent["role_ids"]) <= role_ids for agent in believable.agents.values())
    fields = {row["name"]: row for row in believable.table("ticket_fields").rows.values()}
    statuses = {int(status) for status in fields["status"]["choices"]}
    assert {ticket["status"] for ticket in believable.tickets.values()} <= statuses
    assert {8, 9} < statuses
    custom = {name for ticket in believable.tickets.values() for name in ticket["custom_fields"]}
    assert custom <= set(fields)
    for resource in ("business_hours", "sla_policies", "canned_responses", "surveys", "products"):
        assert len(believable.table(resource).rows) > 1


def test_believable_time_and_ratings_are_about_the_tickets(believable: Account) -> None:
    entries, ratings = (list(believable.table(name).rows.values()) for name in ("time_entries", "satisfaction_ratings"))
    assert len(entries) > 100
    assert len(ratings) > 50
    for row in entries:
        assert row["company_id"] == believable.tickets[row["ticket_id"]]["company_id"]
        assert row["executed_at"] <= row["created_at"] <= believable.now_stamp()
    for row in ratings:
        ticket = believable.tickets[row["ticket_id"]]
        assert (row["user_id"], row["agent_id"]) == (ticket["requester_id"], ticket["responder_id"])
        assert ticket["stats"]["resolved_at"] <= row["created_at"] <= believable.now_stamp()
    assert {row["agent_id"] for row in (*entries, *ratings)} <= set(believable.agents)


def test_a_day_brings_time_entries_and_ratings() -> None:
    account = believable_account(tickets=300, now=TODAY)
    known = {name: set(account.table(name).rows) for name in ("time_entries", "satisfaction_ratings")}
    day = a_day_passes(account)
    assert set(account.table("time_entries").rows) - known["time_entries"] == set(day.time_entries_created)
    new_ratings = set(account.table("satisfaction_ratings").rows) - known["satisfaction_ratings"]
    assert new_ratings == set(day.satisfaction_ratings_created)
    assert day.time_entries_created
    assert day.satisfaction_ratings_created
    for row_id in day.satisfaction_ratings_created:
        assert day.since < account.table("satisfaction_ratings").rows[row_id]["created_at"] <= account.now_stamp()
