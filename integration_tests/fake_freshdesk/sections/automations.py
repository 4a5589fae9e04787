"""Automation rules (https://developers.freshdesk.com/api/#automations) and scenarios (#scenario-automations)."""

from datetime import datetime, timedelta
from typing import Any

from integration_tests.fake_freshdesk.endpoints.answers import Answer, Refusal, json_answer, not_found
from integration_tests.fake_freshdesk.endpoints.endpoint import Endpoint
from integration_tests.fake_freshdesk.endpoints.plain import found, plain_list
from integration_tests.fake_freshdesk.endpoints.request import Request
from integration_tests.fake_freshdesk.model.account import Account
from integration_tests.fake_freshdesk.model.table import Record

ON_CREATION, HOURLY, ON_UPDATE = 1, 3, 4
"""The kinds of rules, by their `automation_type_id`."""


def rule_list(request: Request) -> Answer:
    """All rules of a kind, in the order in which they are applied."""
    rules = sorted(_rules(request), key=lambda rule: (rule["position"], rule["id"]))
    return json_answer(200, {"rules": rules, "meta": {"count": len(rules), "cascading_rules": False}})


def rule_view(request: Request) -> Answer:
    rule = found(request, "automation_rules", request.named["rule_id"])
    if rule not in _rules(request):
        return not_found()
    return json_answer(200, rule)


ENDPOINTS = (
    plain_list("scenario_automations"),
    Endpoint("automations/{automation_type_id}/rules", rule_list, admin=True),
    Endpoint("automations/{automation_type_id}/rules/{rule_id}", rule_view, admin=True),
)


def _rules(request: Request) -> list[Record]:
    type_id = request.named["automation_type_id"]
    if type_id not in {str(kind) for kind in (ON_CREATION, HOURLY, ON_UPDATE)}:
        raise Refusal(not_found())
    return request.account.table("automation_rules").group("automation_type_id", int(type_id))


def add_rule(account: Account, type_id: int, position: int, at: datetime, **more: Any) -> Record:
    """A rule whose times have milliseconds, unlike those of any other resource."""
    row = {
        "id": account.new_id("automation_rules"),
        "name": f"Rule {position}",
        "position": position,
        "active": True,
        "automation_type_id": type_id,
        "conditions": [],
        "actions": [],
        "outdated": False,
        "last_updated_by": None,
        "affected_tickets_count": 0,
        "created_at": f"{at:%Y-%m-%dT%H:%M:%S}.201Z",
        "updated_at": f"{at:%Y-%m-%dT%H:%M:%S}.939Z",
    } | more
    account.table("automation_rules").put(row)
    return row


def seed(account: Account) -> None:
    """Rules on creation and on update, none that run hourly; among their actions one that holds secrets."""
    at = account.now() - timedelta(days=50)
    condition = {"resource_type": "ticket", "field_name": "priority", "operator": "in", "value": [3, 4]}
    webhook = {
        "field_name": "trigger_webhook",
        "request_type": "POST",
        "url": "https://hooks.example.com/in",
        "content_type": "JSON",
        "content_layout": "1",
        "content": {"ticket": "{{ticket.id}}"},
        "auth_header": {"username": "hook", "password": "a-password-in-a-rule"},
        "custom_headers": {"X-Token": "a-token-in-a-rule"},
    }
    plain_webhook = {"field_name": "trigger_webhook", "url": "https://hooks.example.com", "api_key": "a-key-in-a-rule"}
    condition_set = {"name": "condition_set_1", "match_type": "all", "properties": [condition]}
    add_rule(
        account,
        ON_CREATION,
        1,
        at,
        conditions=[condition_set],
        operator="condition_set_1",
        actions=[{"field_name": "priority", "value": 4}, webhook],
        last_updated_by=next(iter(account.agents)),
        affected_tickets_count=12,
        Summary={"conditions": ["If Priority is High or Urgent"], "actions": ["Set Priority as Urgent"]},
    )
    add_rule(
        account,
        ON_UPDATE,
        2,
        at,
        active=False,
        outdated=True,
        performer={"type": 1, "members": list(account.agents)[:1]},
        events=[{"field_name": "status", "from": "--", "to": 5}],
        actions=[plain_webhook],
        summary={"performer": "Agent", "events": ["Status is changed"]},
    )
    add_rule(account, ON_UPDATE, 1, at, performer={"type": 4}, events=[], summary={})
    actions = [
        {"name": "priority", "value": 2},
        {"name": "group_id", "value": None},
        {"name": "send_email_to_requester"},
    ]
    account.add("scenario_automations", name="Urgent repair", description="For outages", actions=actions, private=False)
    times = {"created_at": at, "updated_at": at}
    account.add("scenario_automations", name="Mine", description=None, actions=[], private=True, **times)
