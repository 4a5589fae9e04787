"""The made-up company is consistent."""

from datetime import timedelta

import pytest

from integration_tests.believable.day import a_day_passes
from integration_tests.believable.help_desk import believable_account
from integration_tests.fake_freshdesk import (
    Account,
)
from integration_tests.fake_freshdesk_tests.service.client import NOW


@pytest.fixture(scope="module")
def believable() -> Account:
    return believable_account(tickets=500, now=NOW, seed="tests")


def test_a_believable_account_has_all_kinds_of_records(believable: Account) -> None:
    tickets = believable.tickets.values()
    assert len(tickets) == 500
    assert {2, 5} < {ticket["status"] for ticket in tickets}
    for mark in ("spam", "deleted", "fr_escalated", "is_escalated"):
        assert {ticket[mark] for ticket in tickets} == {False, True}
    assert (len(believable.contacts), len(believable.companies), len(believable.agents)) == (600, 80, 25)
    assert max(len(believable.conversations_of(ticket_id)) for ticket_id in believable.tickets) > 100


def test_a_believable_account_is_consistent(believable: Account) -> None:
    now = believable.now_stamp()
    for ticket in believable.tickets.values():
        assert ticket["created_at"] <= ticket["updated_at"] <= now
        assert (ticket["stats"]["closed_at"] is not None) == (ticket["status"] == 5)
        assert ticket["requester_id"] in believable.contacts
        for conversation in believable.conversations_of(ticket["id"]):
            assert ticket["created_at"] < conversation["created_at"] <= ticket["updated_at"]
    for row in (*believable.contacts.values(), *believable.companies.values(), *believable.agents.values()):
        assert row["created_at"] <= row["updated_at"] <= now


def test_believable_accounts_of_one_seed_are_equal(believable: Account) -> None:
    twin = believable_account(tickets=500, now=NOW, seed="tests")
    assert dict(twin.tickets) == dict(believable.tickets)
    assert dict(twin.conversations) == dict(believable.conversations)


def test_a_day_changes_what_it_says_it_changes() -> None:
    account = believable_account(tickets=300, now=NOW)
    updated_before = {ticket_id: ticket["updated_at"] for ticket_id, ticket in account.tickets.items()}

    day = a_day_passes(account)

    assert account.now() == NOW + timedelta(days=1)
    changed = {
        ticket_id
        for ticket_id, ticket in account.tickets.items()
        if ticket["updated_at"] != updated_before.get(ticket_id)
    }
    assert changed == {*day.tickets_created, *day.tickets_updated, *day.tickets_deleted, *day.tickets_spammed}
    assert set(day.tickets_destroyed) == set(updated_before) - set(account.tickets)
    assert all(account.tickets[ticket_id]["deleted"] for ticket_id in day.tickets_deleted)
    assert all(day.since < account.tickets[ticket_id]["updated_at"] <= account.now_stamp() for ticket_id in changed)
    assert all(day.since < account.contacts[contact_id]["updated_at"] for contact_id in day.contacts_updated)
    assert all(conversation_id in account.conversations for conversation_id in day.conversations_created)
