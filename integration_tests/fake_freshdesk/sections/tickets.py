"""Tickets (https://developers.freshdesk.com/api/#tickets)."""

from collections.abc import Hashable, Mapping
from datetime import timedelta
from typing import Any

from integration_tests.fake_freshdesk.endpoints.answers import (
    Answer,
    Refusal,
    access_denied,
    invalid_value,
    json_answer,
)
from integration_tests.fake_freshdesk.endpoints.listing import Keep, Ordered, changed_since, equal, list_answer, without
from integration_tests.fake_freshdesk.endpoints.plain import PAGING, found
from integration_tests.fake_freshdesk.endpoints.request import Request
from integration_tests.fake_freshdesk.model import moments
from integration_tests.fake_freshdesk.model.account import Account
from integration_tests.fake_freshdesk.model.records import OPEN
from integration_tests.fake_freshdesk.model.table import Record

LAST_PAGE = 300
"""https://developers.freshdesk.com/api/#list_all_tickets"""

WINDOW_WITHOUT_UPDATED_SINCE = timedelta(days=30)
"""Without `updated_since` the list has only the tickets created in the past 30 days (same section)."""

LIST_PARAMETERS = PAGING | {
    "company_id",
    "email",
    "filter",
    "include",
    "order_by",
    "order_type",
    "requester_id",
    "updated_since",
}
VIEW_PARAMETERS = frozenset({"include"})

_FILTERS = ("new_and_my_open", "watching", "spam", "deleted")
_ORDERS = ("created_at", "due_by", "updated_at", "status")
_LIST_INCLUDES = ("stats", "requester", "description", "company")
_VIEW_INCLUDES = ("conversations", "requester", "company", "stats")
_CONVERSATIONS_IN_VIEW = 10
_CREDITS_PER_INCLUDE_IN_LIST = 2
_CREDITS_PER_INCLUDE_IN_VIEW = 1

_DESCRIPTION = ("description", "description_text")
_NEVER_SHOWN = ("watcher_ids", "stats", "set_aside_at")
_VIEW_ONLY = ("attachments", "source_additional_info", "associated_tickets_list")
_row_in_default_list = without(*_NEVER_SHOWN, *_VIEW_ONLY, *_DESCRIPTION, "deleted")
_row_in_deleted_list = without(*_NEVER_SHOWN, *_VIEW_ONLY, *_DESCRIPTION)
_view = without(*_NEVER_SHOWN, "associated_tickets_count")


def list_cost(params: Mapping[str, str]) -> int:
    return 1 + _CREDITS_PER_INCLUDE_IN_LIST * _includes_in(params)


def view_cost(params: Mapping[str, str]) -> int:
    return 1 + _CREDITS_PER_INCLUDE_IN_VIEW * _includes_in(params)


def ticket_list(request: Request) -> Answer:
    """https://developers.freshdesk.com/api/#list_all_tickets"""
    if request.page > LAST_PAGE:
        message = f"You cannot access tickets beyond the {LAST_PAGE}th page. Please provide a smaller page number."
        raise invalid_value("page", message)
    includes = request.choices("include", _LIST_INCLUDES)
    in_deleted_list = request.params.get("filter") == "deleted"

    def show(ticket: Record) -> Record:
        row = _row_in_deleted_list(ticket) if in_deleted_list else _row_in_default_list(ticket)
        if "description" in includes:
            row |= {key: ticket[key] for key in _DESCRIPTION}
        return row | _included(request.account, ticket, includes)

    return list_answer(request, request.account.remember(_list_name(request), lambda: _list(request)), show)


def ticket_view(request: Request) -> Answer:
    """https://developers.freshdesk.com/api/#view_a_ticket"""
    includes = request.choices("include", _VIEW_INCLUDES)
    ticket = found(request, "tickets", request.named["ticket_id"])
    row = _view(ticket)
    if not ticket["deleted"]:
        del row["deleted"]
    if "conversations" in includes:
        row["conversations"] = request.account.conversations_of(ticket["id"])[:_CONVERSATIONS_IN_VIEW]
    return json_answer(200, row | _included(request.account, ticket, includes))


def conversations_of_ticket(request: Request) -> Answer:
    """https://developers.freshdesk.com/api/#list_all_ticket_notes"""
    ticket = found(request, "tickets", request.named["ticket_id"])
    if ticket["deleted"]:
        raise Refusal(access_denied())
    rows = {row["id"]: row for row in request.account.conversations_of(ticket["id"])}
    positions = [(row["created_at"], row_id) for row_id, row in rows.items()]
    return list_answer(request, Ordered(rows, positions), lambda row: row)


def _list_name(request: Request) -> Hashable:
    """Equal for the pages of one walk: the longest have 300, and to filter the tickets anew for each takes seconds."""
    of_all_pages = frozenset((name, value) for name, value in request.params.items() if name not in PAGING)
    return "tickets", of_all_pages, request.options.updated_since_inclusive, _window_start(request)


def _list(request: Request) -> Ordered:
    return _in_window(request, _ordered(request)).where(*_conditions(request))


def _window_start(request: Request) -> str:
    return moments.stamp(request.account.now() - WINDOW_WITHOUT_UPDATED_SINCE)


def _ordered(request: Request) -> Ordered:
    table = request.account.table("tickets")
    order = request.choice("order_by", _ORDERS) or "created_at"
    direction = request.choice("order_type", ("asc", "desc")) or "desc"
    population, belongs = _population(request)
    positions = table.positions(order, lambda ticket: ticket[order] or "", population, belongs)
    return Ordered(table.rows, positions, descending=direction == "desc")


def _population(request: Request) -> tuple[str, Keep]:
    """The tickets a `filter` stands for, and the name they are kept by."""
    owner_id = request.account.key_owner()["id"]
    chosen = request.choice("filter", _FILTERS)
    if chosen == "deleted":
        return chosen, lambda ticket: bool(ticket["deleted"])
    if chosen == "spam":
        return chosen, lambda ticket: bool(ticket["spam"] and not ticket["deleted"])
    if chosen == "watching":
        return f"watching {owner_id}", lambda ticket: _is_ordinary(ticket) and owner_id in ticket["watcher_ids"]
    if chosen == "new_and_my_open":
        return (
            f"new_and_my_open {owner_id}",
            lambda ticket: (
                _is_ordinary(ticket) and ticket["status"] == OPEN and ticket["responder_id"] in (None, owner_id)
            ),
        )
    return "ordinary", _is_ordinary


def _is_ordinary(ticket: Record) -> bool:
    return not ticket["spam"] and not ticket["deleted"]


def _in_window(request: Request, ordered: Ordered) -> Ordered:
    """The tickets updated since the moment asked for, or else created in the past 30 days."""
    sorted_by = request.params.get("order_by", "created_at")
    since = request.moment("updated_since")
    if since is not None:
        # A walk that asks from where it got to asks for another list each time: this one is cut by bisection.
        if sorted_by == "updated_at":
            return ordered.starting_at(since, inclusive=request.options.updated_since_inclusive)
        return ordered.where(*changed_since(request, "updated_since"))
    window_start = _window_start(request)
    if sorted_by == "created_at":
        return ordered.starting_at(window_start, inclusive=True)
    return ordered.where(lambda ticket: ticket["created_at"] >= window_start)


def _conditions(request: Request) -> list[Keep]:
    conditions = equal("requester_id", request.number("requester_id"))
    conditions += equal("company_id", request.number("company_id"))
    if "email" in request.params:
        contacts = request.account.table("contacts").group("email", request.params["email"])
        requester_ids = {contact["id"] for contact in contacts}
        conditions.append(lambda ticket: ticket["requester_id"] in requester_ids)
    return conditions


def _included(account: Account, ticket: Record, includes: list[str]) -> dict[str, Any]:
    """The keys an answer has only when it is asked to include them."""
    included: dict[str, Any] = {}
    if "stats" in includes:
        included["stats"] = ticket["stats"]
    if "requester" in includes:
        included["requester"] = _requester(account, ticket["requester_id"])
    if "company" in includes:
        company = account.companies.get(ticket["company_id"])
        included["company"] = {} if company is None else {"id": company["id"], "name": company["name"]}
    return included


def _requester(account: Account, user_id: int) -> Record:
    """A contact, or an agent who wrote a ticket, or someone the account forgot."""
    agent = account.agents.get(user_id)
    known = account.contacts.get(user_id) or (agent["contact"] if agent else {})
    return {"id": user_id} | {key: known.get(key) for key in ("name", "email", "mobile", "phone")}


def _includes_in(params: Mapping[str, str]) -> int:
    return len([include for include in params.get("include", "").split(",") if include])
