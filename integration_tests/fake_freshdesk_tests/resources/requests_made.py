"""Requests to the fake, and the resources they read."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import requests

from integration_tests.conftest import API_KEY
from integration_tests.fake_freshdesk import FakeFreshdesk

RECORDED = Path(__file__).parents[3] / "unit_tests" / "recorded"
PAGED = {
    "agents?only=availability": "agent_availability",
    "business_hours": "business_hours",
    "canned_response_folders": "canned_response_folders",
    "company_fields": "company_fields",
    "contact_fields": "contact_fields",
    "email/mailboxes": "email_mailboxes",
    "email_configs": "email_configs",
    "groups": "groups",
    "products": "products",
    "roles": "roles",
    "scenario_automations": "scenario_automations",
    "skills": "skills",
    "sla_policies": "sla_policies",
    "surveys": "surveys",
    "surveys/satisfaction_ratings": "satisfaction_ratings",
    "ticket_fields": "ticket_fields",
    "time_entries": "time_entries",
}
WHOLE = {
    "admin/groups": "admin_groups",
    "admin/skills": "skills",
    "admin/ticket_fields": "admin_ticket_fields",
    "ticket-forms": "ticket_forms",
}
FOR_ALL_AGENTS = {
    "account",
    "scenario_automations",
    "settings/helpdesk",
    "surveys",
    "surveys/satisfaction_ratings",
    "ticket_fields",
    "time_entries",
}
FURTHER_PATHS_FOR_ADMINISTRATORS = {
    "admin/ticket_fields/1",
    "admin/ticket_fields/1/sections",
    "automations/1/rules",
    "business_hours/1",
    "canned_response_folders/1/responses",
    "company_fields/1",
    "contact_fields/1",
    "email/mailboxes/1",
    "products/1",
    "ticket-forms/1",
}
FEATURES = {
    "admin/skills": "Skill Based Round Robin",
    "skills": "Skill Based Round Robin",
    "surveys": "Surveys",
    "surveys/satisfaction_ratings": "Surveys",
    "ticket-forms": "Ticket Forms",
    "tickets/1/summary": "Ticket Summary",
    "time_entries": "Timesheets",
}


def get(fake: FakeFreshdesk, path: str, **params: Any) -> requests.Response:
    return requests.get(f"{fake.url}/api/v2/{path}", params=params, auth=(API_KEY, "X"), timeout=10)


def read(fake: FakeFreshdesk, path: str, **params: Any) -> Any:
    response = get(fake, path, **params)
    assert response.status_code == 200, response.text
    return response.json()


def ids(fake: FakeFreshdesk, path: str, **params: Any) -> list[Any]:
    return [row["id"] for row in read(fake, path, **params)]


def problem(fake: FakeFreshdesk, path: str, **params: Any) -> tuple[str, str]:
    """The field and the code of a refused request."""
    response = get(fake, path, **params)
    assert response.status_code == 400, response.text
    error = response.json()["errors"][0]
    return error["field"], error["code"]


def walk(fake: FakeFreshdesk, path: str) -> Iterator[Any]:
    """The rows of all pages of 100."""
    response = get(fake, path, per_page=100)
    yield from response.json()
    while "next" in response.links:
        response = requests.get(response.links["next"]["url"], auth=(API_KEY, "X"), timeout=10)
        yield from response.json()


def rows_sent(fake: FakeFreshdesk, resource: str) -> list[Any]:
    """The rows of a resource, as its lists and single objects send them."""
    if resource == "settings":
        return [read(fake, "settings/helpdesk")]
    if resource == "canned_responses":
        folders = ids(fake, "canned_response_folders")
        return [row for folder in folders for row in read(fake, f"canned_response_folders/{folder}/responses")]
    paths = {resource: path for path, resource in PAGED.items()} | {"agents": "agents"}
    return list(walk(fake, paths[resource]))
