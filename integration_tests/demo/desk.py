"""How the desk of the demo is organised: groups, skills, ticket fields and forms."""

from datetime import datetime

from integration_tests.fake_freshdesk import Account
from integration_tests.fake_freshdesk.model.table import Record


def organise_agents(account: Account, times: Record) -> None:
    """Every group as administrators see it, and a skill for each of the first two groups' agents."""
    groups = list(account.table("groups").rows.values())
    for group in groups:
        account.add(
            "admin_groups",
            id=group["id"],
            name=group["name"],
            description=group["description"],
            escalate_to=group["agent_ids"][:1],
            unassigned_for=group["unassigned_for"],
            agent_ids=group["agent_ids"],
            type=group["group_type"],
            business_calendar_id=None,
            allow_agents_to_change_availability=False,
            automatic_agent_assignment={"enabled": False},
            created_at=group["created_at"],
            updated_at=group["updated_at"],
        )
    for rank, (group, ticket_type) in enumerate(zip(groups, ("Incident", "Refund"), strict=False), start=1):
        condition = {"resource_type": "ticket", "field_name": "ticket_type", "operator": "in", "value": [ticket_type]}
        account.add(
            "skills",
            name=f"{ticket_type}s",
            rank=rank,
            agents=[{"id": agent_id} for agent_id in group["agent_ids"]],
            match_type="all",
            conditions=[condition],
            **times,
        )


def design_ticket_fields(account: Account) -> None:
    """Every field as administrators see it. The type of a ticket has a section, shown for problems."""
    admin_fields = {}
    for field in account.table("ticket_fields").rows.values():
        shown = {key: value for key, value in field.items() if key not in ("description", "choices")}
        admin_fields[field["name"]] = account.add("admin_ticket_fields", **shown, archived=False, has_section=False)
    outer, inner = admin_fields["ticket_type"], admin_fields["cf_serial_number"]
    problem = {"id": account.new_id("choices"), "position": 1, "value": "Problem", "parent_choice_id": None}
    section = account.add(
        "ticket_field_sections",
        label="Broken machine",
        parent_ticket_field_id=outer["id"],
        choice_ids=[problem["id"]],
        ticket_field_ids=[inner["id"]],
        is_fsm=False,
    )
    account.change("admin_ticket_fields", outer["id"], has_section=True, sections=[section], choices=[problem])
    mapping = {"section_id": section["id"], "position": 1}
    account.change("admin_ticket_fields", inner["id"], section_mappings=[mapping])


def design_ticket_forms(account: Account, founded: datetime) -> None:
    portal = {"id": account.new_id("portals"), "name": "Brightleaf", "host_url": "support.brightleaf.example.com"}
    for name, title, portals in (("default_form", "Default form", []), ("repair", "Order a repair", [portal])):
        account.add(
            "ticket_forms",
            name=name,
            title=title,
            default=not portals,
            description=None,
            created_at=founded,
            updated_at=founded,
            last_updated_by=None,
            portals=portals,
            fields=[],
        )
