"""Contacts (https://developers.freshdesk.com/api/#contacts)."""

from integration_tests.fake_freshdesk.endpoints.answers import Answer, json_answer
from integration_tests.fake_freshdesk.endpoints.listing import Keep, Ordered, changed_since, equal, list_answer, without
from integration_tests.fake_freshdesk.endpoints.options import Options
from integration_tests.fake_freshdesk.endpoints.plain import PAGING, by_name, found
from integration_tests.fake_freshdesk.endpoints.request import Request
from integration_tests.fake_freshdesk.model.table import Record

LIST_PARAMETERS = PAGING | {"company_id", "contact_type", "email", "mobile", "phone", "state"}

_STATES = ("blocked", "deleted", "unverified", "verified")
_TYPES = ("contact", "visitor")
_UPDATE_FILTERS = ("_updated_since", "updated_since")
_NEVER_SHOWN = ("blocked", "set_aside_at")
_VIEW_ONLY = ("avatar", "tags", "other_emails", "view_all_tickets", "deleted")
_row = without(*_NEVER_SHOWN, *_VIEW_ONLY)
_view = without(*_NEVER_SHOWN)


def update_filters(options: Options) -> frozenset[str]:
    """The names this account takes the update filter by."""
    if options.contacts_filter_name in _UPDATE_FILTERS:
        return frozenset({options.contacts_filter_name})
    return frozenset(_UPDATE_FILTERS)


def contact_list(request: Request) -> Answer:
    """By name, which may change while the list is walked. https://developers.freshdesk.com/api/#list_all_contacts"""
    table = request.account.table("contacts")
    state = request.choice("state", _STATES)
    positions = table.positions("name", by_name, state or "unblocked and undeleted", _population(state))
    return list_answer(request, Ordered(table.rows, positions).where(*_conditions(request)), _row)


def contact_view(request: Request) -> Answer:
    """https://developers.freshdesk.com/api/#view_contact"""
    contact = found(request, "contacts", request.named["contact_id"])
    row = _view(contact)
    if not contact["deleted"]:
        del row["deleted"]
    return json_answer(200, row)


def _population(state: str | None) -> Keep:
    if state == "deleted":
        return lambda contact: bool(contact["deleted"])
    if state == "blocked":
        return lambda contact: bool(contact["blocked"] and not contact["deleted"])
    if state == "verified":
        return lambda contact: _is_ordinary(contact) and contact["active"]
    if state == "unverified":
        return lambda contact: _is_ordinary(contact) and not contact["active"]
    return _is_ordinary


def _is_ordinary(contact: Record) -> bool:
    return not contact["deleted"] and not contact["blocked"]


def _conditions(request: Request) -> list[Keep]:
    conditions = equal("company_id", request.number("company_id"))
    conditions += equal("contact_type", request.choice("contact_type", _TYPES))
    for name in ("email", "mobile", "phone"):
        conditions += equal(name, request.params.get(name))
    if request.options.contacts_filter_name != "ignored":
        for name in _UPDATE_FILTERS:
            conditions += changed_since(request, name)
    return conditions
