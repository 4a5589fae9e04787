"""Agents (https://developers.freshdesk.com/api/#agents)."""

from datetime import timedelta
from typing import Any

from integration_tests.fake_freshdesk.endpoints.answers import Answer, invalid_fields, json_answer
from integration_tests.fake_freshdesk.endpoints.endpoint import Endpoint
from integration_tests.fake_freshdesk.endpoints.listing import Keep, Ordered, list_answer, without
from integration_tests.fake_freshdesk.endpoints.plain import PAGING, by_id, plain_view
from integration_tests.fake_freshdesk.endpoints.request import Request
from integration_tests.fake_freshdesk.model.account import Account
from integration_tests.fake_freshdesk.model.moments import stamp
from integration_tests.fake_freshdesk.model.table import Record

LIST_PARAMETERS = PAGING | {"email", "mobile", "only", "phone", "state"}

_STATES = ("fulltime", "occasional")
_row = without("group_ids", "role_ids", "skill_ids")


def agent_list(request: Request) -> Answer:
    """By name, without the groups, roles and skills a view has. https://developers.freshdesk.com/api/#list_all_agents"""
    if request.choice("only", ("availability",)) is not None:
        return _availability_list(request)
    table = request.account.table("agents")
    ordered = Ordered(table.rows, table.positions("name", _by_name)).where(*_conditions(request))
    return list_answer(request, ordered, _row)


def agent_me(request: Request) -> Answer:
    """The key's owner; every agent may ask. https://developers.freshdesk.com/api/#agents"""
    return json_answer(200, request.account.key_owner() | {"ticket_scope": request.options.ticket_scope})


ENDPOINTS = (
    Endpoint("agents/me", agent_me),
    Endpoint("agents", agent_list, LIST_PARAMETERS, admin=True),
    plain_view("agents/{agent_id}", "agents", admin=True),
)


def _availability_list(request: Request) -> Answer:
    """Rows of another kind: who may be given work, by channel. It knows no other parameters than those of pages."""
    if others := [name for name in request.params if name not in PAGING | {"only"}]:
        raise invalid_fields(others)
    table = request.account.table("agent_availability")
    return list_answer(request, Ordered(table.rows, table.positions("id", by_id)), dict)


def _by_name(agent: Record) -> Any:
    return agent["contact"]["name"].casefold()


def _conditions(request: Request) -> list[Keep]:
    conditions: list[Keep] = []
    state = request.choice("state", _STATES)
    if state is not None:
        conditions.append(lambda agent: agent["occasional"] == (state == "occasional"))
    sought = [name for name in ("email", "mobile", "phone") if name in request.params]
    return conditions + [_contact_has(name, request.params[name]) for name in sought]


def _contact_has(name: str, value: str) -> Keep:
    return lambda agent: agent["contact"][name] == value


_KEYS_SINCE_2024 = ("deactivated", "focus_mode")
_KEYS_SINCE_2026 = ("agent_operational_status", "api_key_enabled")


def seed(account: Account) -> None:
    """Agents as accounts of 2023 and 2024 sent them, and the availability of all, of one without any channel."""
    for name, missing in (("Vera Meyer", (*_KEYS_SINCE_2024, *_KEYS_SINCE_2026)), ("Otto Costa", _KEYS_SINCE_2026)):
        agent = account.add_agent(name=name)
        account.table("agents").put(without(*missing)(agent))
    for place, agent in enumerate(account.agents.values()):
        account.add("agent_availability", **_availability(account, agent, has_channels=place != 0))


def _availability(account: Account, agent: Record, *, has_channels: bool) -> Record:
    changed = stamp(account.now() - timedelta(hours=2))
    channels = [
        {
            "assignment_limit": 5 if channel == "chat" else None,
            "current_assignment_load": 1,
            "available": True,
            "channel": channel,
            "logged_in": True,
            "round_robin_enabled": channel != "phone",
            "availability_updated_at": changed if channel == "chat" else None,
            "status_id": None,
            "pause_assignment": False,
        }
        for channel in ("freshdesk", "chat", "phone")
    ]
    return {
        "id": agent["id"],
        "user_data": {
            "user": {"id": agent["id"], "name": agent["contact"]["name"], "email": agent["contact"]["email"]}
        },
        "contact": agent["contact"],
        "availability": {
            "agent_ref": f"agent-{agent['id']}",
            "channel_availability": channels if has_channels else [],
            "status_updated_at": changed if has_channels else None,
        },
        "deactivated": False,
        "availability_control": "agent" if has_channels else None,
        "legacy_routing": None,
    }
