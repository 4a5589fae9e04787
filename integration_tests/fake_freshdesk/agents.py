"""Agents (https://developers.freshdesk.com/api/#agents)."""

from typing import Any

from integration_tests.fake_freshdesk.answers import Answer, json_answer
from integration_tests.fake_freshdesk.listing import Keep, Ordered, list_answer, without
from integration_tests.fake_freshdesk.plain import PAGING
from integration_tests.fake_freshdesk.request import Request
from integration_tests.fake_freshdesk.table import Record

LIST_PARAMETERS = PAGING | {"email", "mobile", "phone", "state"}

_STATES = ("fulltime", "occasional")
_row = without("group_ids", "role_ids", "skill_ids")


def agent_list(request: Request) -> Answer:
    """By name, without the groups, roles and skills a view has. https://developers.freshdesk.com/api/#list_all_agents"""
    table = request.account.table("agents")
    ordered = Ordered(table.rows, table.positions("name", _by_name)).where(*_conditions(request))
    return list_answer(request, ordered, _row)


def agent_me(request: Request) -> Answer:
    """The key's owner; every agent may ask. https://developers.freshdesk.com/api/#agents"""
    return json_answer(200, request.account.key_owner() | {"ticket_scope": request.options.ticket_scope})


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
