"""Archived tickets: no list has them, only who knows an id finds them.

https://developers.freshdesk.com/api/#archive_tickets
"""

from datetime import timedelta

from integration_tests.fake_freshdesk.endpoints.plain import plain_list, plain_view
from integration_tests.fake_freshdesk.model.account import Account
from integration_tests.fake_freshdesk.model.records import CLOSED
from integration_tests.fake_freshdesk.model.table import Record

ARCHIVE_TICKETS = "Archive Tickets"

ENDPOINTS = (
    plain_view(
        "tickets/archived/{ticket_id}",
        "archived_tickets",
        leaves_out=("watcher_ids", "stats", "associated_tickets_count", "deleted"),
        feature=ARCHIVE_TICKETS,
    ),
    plain_list(
        "tickets/archived/{ticket_id}/conversations",
        of="archived_ticket_conversations",
        child_of="archived_tickets",
        order=lambda conversation: conversation["created_at"],
        feature=ARCHIVE_TICKETS,
    ),
)


def archive_ticket(account: Account, ticket_id: int) -> Record:
    """The ticket and its conversations leave every list and view, and are found below `tickets/archived` only."""
    with account.lock:
        for conversation in account.conversations_of(ticket_id):
            account.table("archived_ticket_conversations").put(account.remove("conversations", conversation["id"]))
        ticket = account.remove("tickets", ticket_id) | {"archived": True}
        ticket.pop("set_aside_at", None)
        account.table("archived_tickets").put(ticket)
        return ticket


def seed(account: Account) -> None:
    """Old tickets in the archive: one with two pages of conversations, one without any, one with an attachment."""
    closed_at = account.now() - timedelta(days=400)
    talkative, silent, attached = (
        account.add_ticket(
            subject=subject, status=CLOSED, created_at=closed_at - timedelta(days=20), updated_at=closed_at
        )
        for subject in ("Discussed at length", "", "See the picture")
    )
    for number in range(105):
        written_at = closed_at - timedelta(days=19) + timedelta(hours=number)
        account.add_conversation(talkative["id"], created_at=written_at, touch=False)
    account.add_conversation(attached["id"], created_at=closed_at - timedelta(days=1), touch=False, incoming=True)
    attachment = {
        "id": account.new_id("attachments"),
        "name": "picture.png",
        "content_type": "image/png",
        "size": 20_480,
        "created_at": attached["created_at"],
        "updated_at": attached["created_at"],
        "attachment_url": "https://attachments.example.com/picture.png?Expires=1&Signature=abc",
    }
    account.change("tickets", attached["id"], attachments=[attachment], custom_fields={"cf_serial": "BL-1", "old": 1})
    for ticket in (talkative, silent, attached):
        archive_ticket(account, ticket["id"])
