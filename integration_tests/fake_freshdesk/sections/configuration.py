"""How an account is set up: products, business hours, SLA policies, settings (https://developers.freshdesk.com/api/)."""

from collections.abc import Container, Mapping
from datetime import datetime, timedelta
from typing import Any

from integration_tests.fake_freshdesk.endpoints.plain import by_name, plain_list, plain_view, single_object
from integration_tests.fake_freshdesk.model.account import Account
from integration_tests.fake_freshdesk.model.table import Record
from integration_tests.fake_freshdesk.sections.ticket_fields import by_position

ENDPOINTS = (
    plain_list("products", order=by_name, admin=True),
    plain_view("products/{product_id}", "products", admin=True),
    plain_list("business_hours", admin=True),
    plain_view("business_hours/{business_hour_id}", "business_hours", admin=True),
    plain_list("sla_policies", order=by_position, admin=True),
    single_object("account"),
    single_object("settings/helpdesk"),
)

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
_ORGANISATION_ID = 2_090_099_548_831_106_048
"""Larger than what a double tells apart from its neighbours."""


def helpdesk_settings(*further_languages: str) -> Record:
    """English, and what else the help desk speaks."""
    return {
        "primary_language": "en",
        "supported_languages": list(further_languages),
        "portal_languages": list(further_languages),
        "help_widget_languages": [],
    }


def account_details(account: Account) -> Record:
    return {
        "organisation_id": _ORGANISATION_ID + 1,
        "organisation_name": "Brightleaf Coffee Machines",
        "account_id": 1_846_221,
        "account_name": "Brightleaf Coffee Machines",
        "account_domain": "brightleaf.freshdesk.com",
        "bundle_id": 3_021_442,
        "hipaa_compliant": False,
        "total_agents": {
            "full_time": len([agent for agent in account.agents.values() if not agent["occasional"]]),
            "occasional": len([agent for agent in account.agents.values() if agent["occasional"]]),
            "field_service": 0,
            "collaborators": 0,
        },
        "timezone": "Berlin",
        "data_center": "EU",
        "tier_type": "Forest",
        "address": {
            "country": "Germany",
            "state": "Hesse",
            "city": "Frankfurt",
            "street": None,
            "postalcode": "60311",
            "id": 1,
        },
        "contact_person": {"firstname": "Account", "lastname": "Owner", "email": "owner@brightleaf.example.com"},
    }


def add_business_hours(account: Account, name: str, at: datetime, **more: Any) -> Record:
    """From eight to five on weekdays. The id is text, unlike in the ticket groups that refer to it."""
    day = {"start_time": "08:00:00 am", "end_time": "05:00:00 pm"}
    fields = {
        "id": str(account.new_id("business_hours")),
        "name": name,
        "description": None,
        "is_default": False,
        "time_zone": "Berlin",
        "business_hours": dict.fromkeys(_WEEKDAYS, day),
        "created_at": at,
        "updated_at": at,
    }
    return account.add("business_hours", **fields | more)


def add_sla_policy(
    account: Account,
    position: int,
    name: str,
    hours: Mapping[int, tuple[int, int]],
    at: datetime,
    *,
    by_the_clock: Container[int] = (),
    **more: Any,
) -> Record:
    """One that promises a response and a resolution within so many hours, by priority: business hours, but for those
    priorities that count by the clock. The id is text."""
    target = {
        f"priority_{priority}": {
            "business_hours": priority not in by_the_clock,
            "escalation_enabled": False,
            "respond_within": respond_hours * 3600,
            "resolve_within": resolve_hours * 3600,
            "next_respond_within": None,
        }
        for priority, (respond_hours, resolve_hours) in sorted(hours.items(), reverse=True)
    }
    fields = {
        "id": str(account.new_id("sla_policies")),
        "name": name,
        "description": None,
        "active": True,
        "sla_target": target,
        "applicable_to": {},
        "is_default": False,
        "position": position,
        "created_at": at,
        "updated_at": at,
        "escalation": {},
    }
    return account.add("sla_policies", **fields | more)


def seed(account: Account) -> None:
    """Every resource in an old and a new form, but ids as accounts send them today: some are text."""
    now = account.now()
    account.objects["account"] = account_details(account)
    account.objects["settings/helpdesk"] = helpdesk_settings("de", "pt-BR")
    times = {"created_at": now - timedelta(days=300), "updated_at": now - timedelta(days=3)}
    account.add("products", name="Crema One", description=None, **times)
    account.add("products", name="grindwell", description="", primary_email="mill@example.com", default=False, **times)
    _seed_business_hours(account, now)
    _seed_sla_policies(account, now)


def _seed_business_hours(account: Account, now: datetime) -> None:
    old_day = {"start_time": "8:00 am", "end_time": "5:00 pm"}
    add_business_hours(account, "Old", now, is_default=True, business_hours={"saturday": old_day, "sunday": old_day})
    slots = [{"day": day, "time_slots": [{"start_time": "08:00", "end_time": "17:00"}]} for day in _WEEKDAYS]
    own = {"business_hours_type": "custom", "business_hours": slots, "is_default": True, "sources": []}
    add_business_hours(account, "New", now, description="Office hours", source_business_hours=[own])
    add_business_hours(account, "Never", now, business_hours={}, source_business_hours=[])


def _seed_sla_policies(account: Account, now: datetime) -> None:
    hours = {1: (24, 72), 2: (8, 24), 3: (4, 12), 4: (1, 4)}
    add_sla_policy(account, 2, "Default SLA Policy", hours, now, is_default=True)
    level = {"escalation_time": 1800, "agent_ids": [-1, next(iter(account.agents))]}
    add_sla_policy(
        account,
        1,
        "Old policy with escalation",
        hours,
        now,
        active=False,
        applicable_to={"ticket_types": ["Incident"], "group_ids": list(account.table("groups").rows)[:1]},
        escalation={
            "reminder_response": {},
            "reminder_resolution": {},
            "response": level,
            "resolution": {"level_1": level, "level_2": level | {"escalation_time": 3600}},
            "reminder_next_response": {},
            "next_response": {},
        },
    )
    condition = {"resource": "ticket", "field_name": "source", "operator": "contains_in", "value": [15, 17]}
    add_sla_policy(
        account,
        4,
        "Policy for chats",
        {1: (2, 8)},
        now,
        description="",
        is_default=True,
        applicable_to={"sources": [15, 17]},
        advanced_conditions={
            "match_type": "all",
            "properties": [{"match_type": "all", "properties": [condition]}],
        },
    )
