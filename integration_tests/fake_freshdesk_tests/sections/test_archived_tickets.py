"""Archived tickets, which are found by their number."""

from integration_tests.fake_freshdesk import Account, FakeFreshdesk
from integration_tests.fake_freshdesk.sections import archived_tickets
from integration_tests.fake_freshdesk_tests.sections.requests_made import get, rows, truth
from integration_tests.filling import before


def test_an_archived_ticket_is_found_by_its_id_only(account: Account, fake: FakeFreshdesk) -> None:
    ticket = account.add_ticket(status=5, created_at=before(days=10))
    account.add_conversation(ticket["id"], created_at=before(days=9))
    path = f"tickets/{ticket['id']}"
    shown, conversations = get(fake, path).json(), get(fake, f"{path}/conversations").json()
    everything = {"updated_since": "2020-01-01"}
    assert len(rows(fake, "tickets", **everything)) == 1

    archived_tickets.archive_ticket(account, ticket["id"])

    assert rows(fake, "tickets", **everything) == []
    assert [get(fake, at).status_code for at in (path, f"{path}/conversations")] == [404, 404]
    assert get(fake, f"tickets/archived/{ticket['id']}").json() == shown | {"archived": True}
    assert get(fake, f"tickets/archived/{ticket['id']}/conversations").json() == conversations


def test_a_ticket_that_is_not_archived_is_not_in_the_archive(account: Account, fake: FakeFreshdesk) -> None:
    ticket = account.add_ticket()
    assert get(fake, f"tickets/archived/{ticket['id']}").status_code == 404


def test_archived_ticket_conversations_have_pages_oldest_first(account: Account, fake: FakeFreshdesk) -> None:
    talkative = truth(account, "archived_tickets")[0]
    conversations = rows(fake, f"tickets/archived/{talkative['id']}/conversations")
    created = [conversation["created_at"] for conversation in conversations]
    assert len(created) == 105
    assert created == sorted(created)
