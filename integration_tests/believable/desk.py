"""What the believable help desk is furnished with before its first ticket: roles, fields, hours, policies, phrases."""

from datetime import datetime
from typing import Any

from integration_tests.believable import wording
from integration_tests.believable.course import WAITING_ON_CUSTOMER
from integration_tests.believable.sla import (
    DEFAULT_HOURS,
    FIELD_SERVICE,
    HOURS_OF_GROUP,
    OFFICE,
    OUTAGE,
    OUTAGE_HOURS,
    URGENT,
)
from integration_tests.fake_freshdesk.model.account import Account
from integration_tests.fake_freshdesk.model.moments import stamp
from integration_tests.fake_freshdesk.model.table import Record
from integration_tests.fake_freshdesk.sections.canned_responses import canned_response
from integration_tests.fake_freshdesk.sections.configuration import (
    account_details,
    add_business_hours,
    add_sla_policy,
    helpdesk_settings,
)
from integration_tests.fake_freshdesk.sections.surveys import question
from integration_tests.fake_freshdesk.sections.ticket_fields import (
    OPEN_PENDING_RESOLVED_CLOSED,
    PRIORITIES,
    SOURCES,
    TYPES,
    ticket_field,
)

WAITING_FOR_PART, VISIT_PLANNED = 8, 9
"""Statuses of this help desk's own, after those of Freshdesk."""

_ROLES = (
    ("Account Administrator", "Has complete control over the help desk."),
    ("Supervisor", "Can see reports and assign tickets."),
    ("Agent", "Can reply to tickets and resolve them."),
)
_STATUSES = OPEN_PENDING_RESOLVED_CLOSED | {
    str(WAITING_ON_CUSTOMER): ["Waiting on Customer", "Awaiting your Reply"],
    str(WAITING_FOR_PART): ["Waiting for a Part", "We wait for a part"],
    str(VISIT_PLANNED): ["Visit Planned", "A technician will visit you"],
}


def add_roles(account: Account, founded: datetime) -> list[Record]:
    """One who may everything, one who watches over the others, one who answers."""
    return [
        account.add(
            "roles",
            name=name,
            description=description,
            default=True,
            created_at=founded,
            updated_at=founded,
            agent_type=1,
        )
        for name, description in _ROLES
    ]


def add_calendars(account: Account, founded: datetime) -> dict[str, int]:
    """The office hours. By name of a group the id of those it works in, a number as groups have it."""
    ids = {
        hours: int(
            add_business_hours(
                account,
                hours.name,
                founded,
                is_default=hours == OFFICE,
                description="When most of us are in the office" if hours == OFFICE else None,
                time_zone=hours.rails_zone,
            )["id"]
        )
        for hours in (OFFICE, FIELD_SERVICE)
    }
    return {group: ids[HOURS_OF_GROUP.get(group, OFFICE)] for group in wording.GROUPS}


def furnish(account: Account, founded: datetime) -> None:
    """Everything else, for an account that has its people, groups and products."""
    account.objects["account"] = account_details(account)
    account.objects["settings/helpdesk"] = helpdesk_settings("de")
    outages = {"ticket_types": [OUTAGE]}
    add_sla_policy(account, 1, "Outages", OUTAGE_HOURS, founded, by_the_clock=(URGENT,), applicable_to=outages)
    add_sla_policy(account, 2, "Default SLA Policy", DEFAULT_HOURS, founded, by_the_clock=(URGENT,), is_default=True)
    _add_ticket_fields(account, stamp(founded))
    _add_surveys(account, founded)
    _add_canned_responses(account, founded)


def _add_ticket_fields(account: Account, at: str) -> None:
    group_choices = {row["name"]: row["id"] for row in account.table("groups").rows.values()}
    agent_choices = {row["contact"]["name"]: row["id"] for row in account.agents.values()}
    product_choices = {row["name"]: row["id"] for row in account.table("products").rows.values()}
    fields: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
        ("requester", "Requester", "default_requester", {"portal_cc": False, "portal_cc_to": "company"}),
        ("subject", "Subject", "default_subject", {}),
        ("ticket_type", "Type", "default_ticket_type", {"choices": TYPES}),
        ("source", "Source", "default_source", {"choices": SOURCES}),
        ("status", "Status", "default_status", {"choices": _STATUSES}),
        ("priority", "Priority", "default_priority", {"choices": PRIORITIES}),
        ("group", "Group", "default_group", {"choices": group_choices}),
        ("agent", "Agent", "default_agent", {"choices": agent_choices}),
        ("product", "Product", "default_product", {"choices": product_choices}),
        ("description", "Description", "default_description", {}),
        ("cf_order_number", "Order number", "custom_text", {}),
        ("cf_serial_number", "Serial number", "custom_text", {}),
        ("cf_refund_amount", "Refund amount", "custom_decimal", {}),
        ("cf_under_warranty", "Under warranty", "custom_checkbox", {}),
        ("cf_visit_date", "Visit date", "custom_date", {}),
    )
    for position, (name, label, type_, more) in enumerate(fields, start=1):
        account.add("ticket_fields", **ticket_field(position, name, label, type_, at, **more))


def _add_surveys(account: Account, founded: datetime) -> None:
    times = {"created_at": founded, "updated_at": founded}
    default = question("default_question", "How satisfied are you with our answer?", default=True)
    account.add("surveys", title="Default Survey", active=False, **times, questions=[default])
    in_time = question(f"question_{account.new_id('survey_questions')}", "Did we answer in time?")
    account.add("surveys", title="After closing", active=True, **times, questions=[default, in_time])


def _add_canned_responses(account: Account, founded: datetime) -> None:
    responses = (("Personal", wording.AGENT_REPLIES[:1]), ("Repairs", wording.AGENT_REPLIES[1:]), ("Drafts", ()))
    for name, texts in responses:
        folder = account.add(
            "canned_response_folders",
            name=name,
            created_at=founded,
            updated_at=founded,
            personal=name == "Personal",
            responses_count=len(texts),
        )
        for number, text in enumerate(texts, start=1):
            account.add("canned_responses", **canned_response(folder, f"{name} {number}", f"Hi, {text}"))
