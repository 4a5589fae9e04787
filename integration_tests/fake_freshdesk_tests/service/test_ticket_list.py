"""Which tickets the list has."""

from datetime import timedelta

from integration_tests.fake_freshdesk import (
    Account,
)
from integration_tests.fake_freshdesk_tests.service.client import AN_HOUR_AGO, NOW, Client


def test_a_deleted_ticket_leaves_the_default_list(account: Account, client: Client) -> None:
    kept, deleted = account.add_ticket(), account.add_ticket()
    account.delete_ticket(deleted["id"])
    assert client.ids("tickets") == [kept["id"]]
    assert client.ids("tickets", filter="deleted") == [deleted["id"]]
    assert client.rows("tickets", filter="deleted")[0]["deleted"] is True
    assert client.rows(f"tickets/{deleted['id']}")["deleted"] is True


def test_a_spam_ticket_leaves_the_default_list(account: Account, client: Client) -> None:
    kept, spam = account.add_ticket(), account.add_ticket()
    account.spam_ticket(spam["id"])
    assert client.ids("tickets") == [kept["id"]]
    assert client.ids("tickets", filter="spam") == [spam["id"]]


def test_deleting_touches_a_ticket_unless_asked_otherwise(account: Account) -> None:
    for _ in range(2):
        account.add_ticket(updated_at=AN_HOUR_AGO)
    assert account.delete_ticket(1)["updated_at"] == account.now_stamp()
    assert account.delete_ticket(2, touch=False)["updated_at"] == AN_HOUR_AGO


def test_a_destroyed_ticket_is_deleted(account: Account, client: Client) -> None:
    account.add_ticket()
    account.add_conversation(1)
    account.destroy_ticket(1)
    assert client.ids("tickets") == []
    assert client.get("tickets/1").status_code == 404
    assert client.get("tickets/1/conversations").status_code == 404
    assert not account.conversations


def test_without_updated_since_only_tickets_of_the_last_thirty_days_are_listed(
    account: Account, client: Client
) -> None:
    account.add_ticket(created_at=NOW - timedelta(days=31), updated_at=NOW)
    recent = account.add_ticket(created_at=NOW - timedelta(days=29))
    assert client.ids("tickets") == [recent["id"]]
    assert client.ids("tickets", order_by="updated_at") == [recent["id"]]
    assert len(client.ids("tickets", updated_since="1970-01-01T00:00:00Z")) == 2


def test_my_open_tickets_are_new_ones_and_the_owners(account: Account, client: Client) -> None:
    me, other = account.add_agent(), account.add_agent()
    account.add_ticket()
    account.add_ticket(responder_id=me["id"])
    account.add_ticket(responder_id=other["id"])
    account.add_ticket(status=5)
    assert sorted(client.ids("tickets", filter="new_and_my_open")) == [1, 2]


def test_watched_tickets_are_those_the_owner_watches(account: Account, client: Client) -> None:
    me = account.add_agent()
    account.add_ticket()
    account.add_ticket(watcher_ids=[me["id"]])
    assert client.ids("tickets", filter="watching") == [2]


def test_tickets_can_be_asked_for_by_requester_and_company(account: Account, client: Client) -> None:
    contact = account.add_contact(email="ada@example.com")
    account.add_ticket(requester_id=contact["id"])
    account.add_ticket(requester_id=1, company_id=5)
    assert client.ids("tickets", requester_id=contact["id"]) == [1]
    assert client.ids("tickets", email="ada@example.com") == [1]
    assert client.ids("tickets", company_id=5) == [2]


def test_a_list_follows_a_contact_that_changed(account: Account, client: Client) -> None:
    contact = account.add_contact(email="ada@example.com")
    account.add_ticket(requester_id=contact["id"])
    assert client.ids("tickets", email="ada@example.com") == [1]
    account.update_contact(contact["id"], email="ada@new.example.com")
    assert client.ids("tickets", email="ada@example.com") == []
