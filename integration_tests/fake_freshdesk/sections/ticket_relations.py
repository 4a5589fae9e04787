"""What belongs to one ticket: watchers, associated tickets, summary (https://developers.freshdesk.com/api/#tickets)."""

from datetime import timedelta

from integration_tests.fake_freshdesk.endpoints.answers import Answer, invalid_value, json_answer, not_found
from integration_tests.fake_freshdesk.endpoints.endpoint import Endpoint
from integration_tests.fake_freshdesk.endpoints.plain import found
from integration_tests.fake_freshdesk.endpoints.request import Request
from integration_tests.fake_freshdesk.model.account import Account
from integration_tests.fake_freshdesk.model.table import Record

PARENT, CHILD, TRACKER, RELATED = 1, 2, 3, 4
"""Values of a ticket's `association_type`; section "Ticket Attributes" of the page."""

SUMMARY_FEATURE = "Ticket Summary"

_LITE = (
    "id",
    "subject",
    "status",
    "association_type",
    "requester_id",
    "responder_id",
    "created_at",
    "updated_at",
)


def watchers(request: Request) -> Answer:
    return json_answer(200, {"watcher_ids": _ticket(request)["watcher_ids"]})


def associated_tickets(request: Request) -> Answer:
    """The children of a parent or the related tickets of a tracker; any other ticket is refused."""
    ticket = _ticket_associated_as(request, PARENT, TRACKER)
    return json_answer(200, {"tickets": [_lite(row) for row in _associated(request.account, ticket)]})


def prime_association(request: Request) -> Answer:
    """The parent of a child or the tracker of a related ticket; any other ticket is refused."""
    ticket = _ticket_associated_as(request, CHILD, RELATED)
    for prime in _associated(request.account, ticket):
        return json_answer(200, _lite(prime))
    return not_found()


def summary(request: Request) -> Answer:
    """404 for a ticket without one."""
    ticket = _ticket(request)
    for row in request.account.table("ticket_summaries").group("ticket_id", ticket["id"]):
        return json_answer(200, row)
    return not_found()


ENDPOINTS = (
    Endpoint("tickets/{ticket_id}/watchers", watchers),
    Endpoint("tickets/{ticket_id}/associated_tickets", associated_tickets),
    Endpoint("tickets/{ticket_id}/prime_association", prime_association),
    Endpoint("tickets/{ticket_id}/summary", summary, feature=SUMMARY_FEATURE),
)


def _ticket(request: Request) -> Record:
    return found(request, "tickets", request.named["ticket_id"])


def _ticket_associated_as(request: Request, *types: int) -> Record:
    ticket = _ticket(request)
    if ticket["association_type"] not in types:
        message = f"It should be one of these values: '{','.join(map(str, types))}'"
        raise invalid_value("association_type", message)
    return ticket


def _associated(account: Account, ticket: Record) -> list[Record]:
    known = (account.tickets.get(ticket_id) for ticket_id in ticket.get("associated_tickets_list", []))
    return [row for row in known if row is not None and not row["deleted"]]


def _lite(ticket: Record) -> Record:
    return {key: ticket[key] for key in _LITE}


def seed(account: Account) -> None:
    """A family, a tracker with its related tickets, a parent whose child is gone, watchers, and summaries."""
    agent_ids = list(account.agents)
    yesterday = account.now() - timedelta(days=1)
    parent, child, tracker, *related, lonely = [account.add_ticket(created_at=yesterday) for _ in range(6)]
    _associate(account, PARENT, parent, CHILD, [child])
    _associate(account, TRACKER, tracker, RELATED, related)
    _associate(account, PARENT, lonely, CHILD, [])
    account.change("tickets", parent["id"], watcher_ids=agent_ids[:2])
    account.change("tickets", child["id"], watcher_ids=agent_ids[:1])
    account.add("ticket_summaries", **_summary(parent, agent_ids[0]), created_at=yesterday, updated_at=yesterday)
    edited = {"last_edited_at": account.now(), "last_edited_user_id": agent_ids[-1]}
    account.add(
        "ticket_summaries",
        **_summary(child, None) | edited,
        created_at=yesterday,
        updated_at=account.now(),
    )


def _associate(account: Account, prime_type: int, prime: Record, type_: int, others: list[Record]) -> None:
    other_ids = [other["id"] for other in others]
    account.change(
        "tickets",
        prime["id"],
        association_type=prime_type,
        associated_tickets_count=len(others),
        associated_tickets_list=other_ids,
    )
    for other_id in other_ids:
        account.change("tickets", other_id, association_type=type_, associated_tickets_list=[prime["id"]])


def _summary(ticket: Record, user_id: int | None) -> Record:
    return {
        "body": f"<p>The customer waits for an answer to <b>{ticket['subject']}</b>.</p>",
        "body_text": f"The customer waits for an answer to {ticket['subject']}.",
        "user_id": user_id,
        "ticket_id": ticket["id"],
        "attachments": [],
        "last_edited_at": None,
        "last_edited_user_id": None,
        "cloud_files": [],
    }
