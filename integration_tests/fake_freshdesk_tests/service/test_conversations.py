"""Conversations of a ticket."""

from integration_tests.fake_freshdesk import (
    Account,
)
from integration_tests.fake_freshdesk_tests.service.client import AN_HOUR_AGO, NOW, Client


def test_conversations_are_sorted_oldest_first(account: Account, client: Client) -> None:
    account.add_ticket()
    newer = account.add_conversation(1, created_at=NOW)
    older = account.add_conversation(1, created_at=AN_HOUR_AGO)
    assert client.ids("tickets/1/conversations") == [older["id"], newer["id"]]


def test_conversations_have_pages(account: Account, client: Client) -> None:
    account.add_ticket()
    for _ in range(101):
        account.add_conversation(1)
    assert [len(page) for page in client.walk("tickets/1/conversations", per_page=100)] == [100, 1]


def test_conversations_of_a_deleted_ticket_are_refused(account: Account, client: Client) -> None:
    account.add_ticket()
    account.delete_ticket(1)
    response = client.get("tickets/1/conversations")
    assert (response.status_code, response.json()["code"]) == (403, "access_denied")


def test_a_conversation_touches_its_ticket(account: Account) -> None:
    ticket = account.add_ticket(updated_at=AN_HOUR_AGO)
    account.add_conversation(1, touch=False)
    assert ticket["updated_at"] == AN_HOUR_AGO
    account.add_conversation(1)
    assert ticket["updated_at"] == account.now_stamp()
