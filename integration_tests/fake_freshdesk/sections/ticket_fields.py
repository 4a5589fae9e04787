"""Ticket fields and forms (https://developers.freshdesk.com/api/#ticket-fields)."""

from datetime import timedelta
from typing import Any

from integration_tests.fake_freshdesk.endpoints.answers import Answer, json_answer
from integration_tests.fake_freshdesk.endpoints.endpoint import Endpoint
from integration_tests.fake_freshdesk.endpoints.listing import Ordered, Show, without
from integration_tests.fake_freshdesk.endpoints.plain import by_id, field_is, found, plain_list, plain_view
from integration_tests.fake_freshdesk.endpoints.request import Request
from integration_tests.fake_freshdesk.model.account import Account
from integration_tests.fake_freshdesk.model.table import Record

FORMS_FEATURE = "Ticket Forms"

OPEN_PENDING_RESOLVED_CLOSED = {
    "2": ["Open", "Being Processed"],
    "3": ["Pending", "Awaiting your Reply"],
    "4": ["Resolved", "This ticket has been Resolved"],
    "5": ["Closed", "This ticket has been Closed"],
}
"""The statuses every account has, with their names for agents and for customers."""

SOURCES = {"Email": 1, "Portal": 2, "Phone": 3, "Chat": 7, "Feedback Widget": 9, "Outbound Email": 10}
PRIORITIES = {"Low": 1, "Medium": 2, "High": 3, "Urgent": 4}
TYPES = ["Question", "Incident", "Problem", "Feature Request", "Refund"]

_PARTS_OF_ADMIN_FIELD = {"section": "sections"}
_PARTS_OF_FORM = {"portals": "portals"}


def by_position(row: Record) -> Any:
    return row["position"]


def admin_field_list(request: Request) -> Answer:
    """Without choices, and without sections unless they are included."""
    table = request.account.table("admin_ticket_fields")
    show = _without_parts(request, _PARTS_OF_ADMIN_FIELD, "choices")
    return _whole(Ordered(table.rows, table.positions("position", by_position)), show)


def admin_field_view(request: Request) -> Answer:
    """With choices, and without sections unless they are included."""
    row = found(request, "admin_ticket_fields", request.named["field_id"])
    return json_answer(200, _without_parts(request, _PARTS_OF_ADMIN_FIELD)(row))


def form_list(request: Request) -> Answer:
    """Without fields, and without portals unless they are included."""
    table = request.account.table("ticket_forms")
    return _whole(Ordered(table.rows, table.positions("id", by_id)), _without_parts(request, _PARTS_OF_FORM, "fields"))


ENDPOINTS = (
    plain_list("ticket_fields", order=by_position, filters={"type": field_is("type")}),
    Endpoint("admin/ticket_fields", admin_field_list, frozenset({"include"}), admin=True),
    Endpoint("admin/ticket_fields/{field_id}", admin_field_view, frozenset({"include"}), admin=True),
    plain_list(
        "admin/ticket_fields/{parent_ticket_field_id}/sections",
        "ticket_field_sections",
        child_of="admin_ticket_fields",
        wrapped_in="sections",
        admin=True,
        paged=False,
    ),
    Endpoint("ticket-forms", form_list, frozenset({"include"}), admin=True, feature=FORMS_FEATURE),
    plain_view("ticket-forms/{form_id}", "ticket_forms", leaves_out=("portals",), admin=True, feature=FORMS_FEATURE),
)


def _without_parts(request: Request, parts: dict[str, str], *keys: str) -> Show:
    """Shows records without these keys, and of the parts only those that the request includes."""
    included = request.choices("include", tuple(parts))
    return without(*keys, *(key for include, key in parts.items() if include not in included))


def _whole(ordered: Ordered, show: Show) -> Answer:
    return json_answer(200, [show(ordered.rows[row_id]) for _, row_id in ordered.positions])


def ticket_field(position: int, name: str, label: str, type_: str, at: str, **more: Any) -> Record:
    """A field that agents see and fill; custom ones have no description."""
    is_default = type_.startswith("default_")
    return {
        "name": name,
        "label": label,
        "description": f"Ticket {label.lower()}" if is_default else None,
        "position": position,
        "required_for_closure": False,
        "required_for_agents": False,
        "type": type_,
        "default": is_default,
        "customers_can_edit": False,
        "customers_can_filter": False,
        "label_for_customers": label,
        "required_for_customers": False,
        "displayed_to_customers": False,
        "created_at": at,
        "updated_at": at,
    } | more


def seed(account: Account) -> None:
    """Choices in every form; sections, a field that has none, and dependent fields; forms with and without a portal."""
    _seed_ticket_fields(account)
    _seed_admin_ticket_fields(account)
    _seed_forms(account)


def _seed_ticket_fields(account: Account) -> None:
    at = account.now_stamp()
    group_choices = {row["name"]: row["id"] for row in account.table("groups").rows.values()}
    agent_choices = {row["contact"]["name"]: row["id"] for row in account.agents.values()}
    countries = {"Germany": {"Bavaria": ["Munich"], "Hesse": []}, "Iceland": {}}
    nested = [
        {"id": account.new_id("ticket_fields"), "name": name, "label": label, "level": level, "ticket_field_id": 1}
        | {"description": None, "label_in_portal": label, "created_at": at, "updated_at": at}
        for name, label, level in (("cf_state", "State", 2), ("cf_city", "City", 3))
    ]
    fields: tuple[tuple[str, str, str, Record], ...] = (
        ("requester", "Requester", "default_requester", {"portal_cc": False, "portal_cc_to": "company"}),
        ("subject", "Subject", "default_subject", {"required_for_agents": True}),
        ("ticket_type", "Type", "default_ticket_type", {"choices": TYPES}),
        ("source", "Source", "default_source", {"choices": SOURCES}),
        ("status", "Status", "default_status", {"choices": OPEN_PENDING_RESOLVED_CLOSED}),
        ("priority", "Priority", "default_priority", {"choices": PRIORITIES}),
        ("group", "Group", "default_group", {"choices": group_choices}),
        ("agent", "Agent", "default_agent", {"choices": agent_choices}),
        ("product", "Product", "default_product", {"choices": {}}),
        ("cf_country", "Country", "nested_field", {"choices": countries, "nested_ticket_fields": nested}),
        ("cf_region", "Region", "custom_dropdown", {"choices": ["North", "South"]}),
        ("cf_floor", "Floor", "custom_dropdown", {"choices": [{"label": "First", "value": "1", "position": 1}]}),
        ("cf_reference_number", "Reference Number", "custom_number", {}),
    )
    for position, (name, label, type_, more) in enumerate(fields, start=1):
        account.add("ticket_fields", **ticket_field(position, name, label, type_, at, **more))


def _seed_admin_ticket_fields(account: Account) -> None:
    at = account.now_stamp()
    common = {"archived": False, "has_section": False}
    account.add("admin_ticket_fields", **_admin_field(1, "subject", "Subject", "default_subject", at), **common)
    choice_ids = [account.new_id("choices") for _ in range(3)]
    inner = account.add(
        "admin_ticket_fields",
        **_admin_field(3, "cf_error_code", "Error code", "custom_text", at),
        **common | {"is_fsm": False, "field_update_in_progress": False},
    )
    outer = account.add(
        "admin_ticket_fields",
        **_admin_field(2, "ticket_type", "Type", "default_ticket_type", at),
        **common
        | {
            "has_section": True,
            "choices": [
                {"id": choice_id, "position": place, "value": value, "parent_choice_id": None}
                for place, (choice_id, value) in enumerate(zip(choice_ids, TYPES, strict=False), start=1)
            ],
        },
    )
    section = account.add(
        "ticket_field_sections",
        label="Broken machine",
        parent_ticket_field_id=outer["id"],
        choice_ids=choice_ids[1:],
        ticket_field_ids=[inner["id"]],
        is_fsm=False,
    )
    empty_section = account.add(
        "ticket_field_sections",
        label="Service task",
        parent_ticket_field_id=outer["id"],
        choice_ids=[],
        ticket_field_ids=[],
        is_fsm=True,
    )
    account.change("admin_ticket_fields", outer["id"], sections=[section, empty_section])
    mapping = {"section_id": section["id"], "position": 1}
    account.change("admin_ticket_fields", inner["id"], section_mappings=[mapping])
    country_id, state_id = choice_ids[0] + 1000, choice_ids[0] + 1001
    state = {"id": state_id, "position": 1, "value": "Bavaria", "parent_choice_id": country_id, "choices": []}
    account.add(
        "admin_ticket_fields",
        **_admin_field(4, "cf_country", "Country", "nested_field", at),
        **common | {"archived": True},
        choices=[{"id": country_id, "position": 1, "value": "Germany", "parent_choice_id": None, "choices": [state]}],
        dependent_fields=[{"id": account.new_id("ticket_fields"), "name": "cf_state", "label": "State", "level": 2}],
    )


def _admin_field(position: int, name: str, label: str, type_: str, at: str) -> Record:
    field = ticket_field(position, name, label, type_, at)
    del field["description"]
    return field


def _seed_forms(account: Account) -> None:
    now = account.now()
    written = f"{now - timedelta(days=90):%Y-%m-%d %H:%M:%S}"
    field = {
        "name": "subject",
        "label": "Subject",
        "label_for_customers": "What is it about?",
        "type": "default_subject",
        "position": 1,
        "required_for_customers": True,
        "customers_can_edit": True,
        "displayed_to_customers": True,
        "created_at": written,
        "updated_at": written,
    }
    times = {"created_at": now - timedelta(days=90), "updated_at": now - timedelta(days=1)}
    default = {"name": "default_form", "title": "Default form", "default": True, "description": None}
    account.add("ticket_forms", **default, **times, last_updated_by=None, portals=[], fields=[])
    account.add(
        "ticket_forms",
        name="repair",
        title="Order a repair",
        default=False,
        description="For machines under warranty",
        **times,
        last_updated_by=next(iter(account.agents)),
        portals=[{"id": account.new_id("portals"), "name": "Brightleaf", "host_url": "support.brightleaf.example.com"}],
        fields=[{"id": account.new_id("form_fields"), **field}],
    )
