"""Groups (https://developers.freshdesk.com/api/#groups), roles (#roles) and skills (#skills)."""

from dataclasses import replace
from datetime import timedelta

from integration_tests.fake_freshdesk.endpoints.answers import Answer
from integration_tests.fake_freshdesk.endpoints.endpoint import Endpoint
from integration_tests.fake_freshdesk.endpoints.plain import by_name, plain_list, plain_view
from integration_tests.fake_freshdesk.endpoints.request import Request
from integration_tests.fake_freshdesk.model.account import Account
from integration_tests.fake_freshdesk.model.table import Record

SKILLS_FEATURE = "Skill Based Round Robin"


def _skill_list(path: str, *, paged: bool) -> Endpoint:
    """Bare, or in an object with the key `skills`; which of them is an option of the fake."""
    bare, wrapped = (
        plain_list(
            path,
            "skills",
            order=lambda row: row["rank"],
            wrapped_in=wrapped_in,
            admin=True,
            feature=SKILLS_FEATURE,
            paged=paged,
        )
        for wrapped_in in (None, "skills")
    )

    def answer(request: Request) -> Answer:
        return (wrapped if request.options.skills_wrapped else bare).answer(request)

    return replace(bare, answer=answer)


ENDPOINTS = (
    plain_list("groups", order=by_name, leaves_out=("agent_ids",), admin=True),
    plain_view("groups/{group_id}", "groups", admin=True),
    plain_list("admin/groups", "admin_groups", order=by_name, admin=True, paged=False),
    plain_list("roles", admin=True),
    _skill_list("admin/skills", paged=False),
    _skill_list("skills", paged=True),
)


def seed(account: Account) -> None:
    """Groups in the form of 2023 and of 2026, each in its revamped form too; roles; skills, one without conditions."""
    times = {"created_at": account.now() - timedelta(days=200), "updated_at": account.now() - timedelta(days=2)}
    group = _seed_groups(account, times)
    for agent_id in group["agent_ids"]:
        account.change("agents", agent_id, group_ids=[*account.agents[agent_id]["group_ids"], group["id"]])
    for name, is_default, agent_type in (("Account Administrator", True, 1), ("Field Collaborator", False, 3)):
        description = "Does what the name says." if is_default else None
        account.add("roles", name=name, description=description, default=is_default, agent_type=agent_type, **times)
    condition = {"resource_type": "ticket", "field_name": "ticket_type", "operator": "in", "value": ["Incident"]}
    agents = [{"id": agent_id} for agent_id in list(account.agents)[:2]]
    skill = account.add(
        "skills", name="Repairs", rank=1, agents=agents, match_type="all", conditions=[condition], **times
    )
    for agent in agents:
        account.change("agents", agent["id"], skill_ids=[skill["id"]])
    account.add("skills", name="Anything", rank=2, agents=[], match_type="any", conditions=[], **times)


def _seed_groups(account: Account, times: Record) -> Record:
    """The group with members."""
    agent_ids = list(account.agents)
    common = {"unassigned_for": None, "business_hour_id": None, "group_type": "support_agent_group", **times}
    old = account.add(
        "groups",
        name="Billing (old)",
        description="As older accounts send it",
        escalate_to=agent_ids[0],
        **common,
        auto_ticket_assign=True,
        agent_ids=[],
    )
    new = account.add(
        "groups",
        name="Chat (new)",
        description=None,
        escalate_to=None,
        **common | {"unassigned_for": "30m", "business_hour_id": 158_000_271_923},
        auto_ticket_assign=12,
        agent_availability_status=False,
        agent_ids=agent_ids[:3],
    )
    revamped = {"type": "support_agent_group", "allow_agents_to_change_availability": False, **times}
    account.add(
        "admin_groups",
        id=old["id"],
        name=old["name"],
        description=old["description"],
        escalate_to=agent_ids[0],
        unassigned_for="1h",
        agent_ids=[],
        business_calendar_id=None,
        automatic_agent_assignment={"enabled": False},
        **revamped,
    )
    settings = [
        {"channel": "freshdesk", "assignment_type": "load_based", "assignment_type_settings": {"capping_limit": 3}}
    ]
    account.add(
        "admin_groups",
        id=new["id"],
        name=new["name"],
        description=None,
        escalate_to=agent_ids[:1],
        unassigned_for="30m",
        agent_ids=agent_ids[:3],
        business_calendar_id=158_000_271_923,
        sync_status="success",
        automatic_agent_assignment={"enabled": True, "type": "channel_specific", "settings": settings},
        **revamped,
    )
    account.add(
        "admin_groups",
        name="Nobody yet",
        description=None,
        escalate_to=None,
        unassigned_for=None,
        agent_ids=[],
        business_calendar_id=None,
        automatic_agent_assignment={"enabled": True, "type": "omni_channel"},
        **revamped,
    )
    return new
