"""Requests to the fake, and what its account holds."""

from pathlib import Path
from typing import Any

import requests

from integration_tests.conftest import API_KEY
from integration_tests.fake_freshdesk import Account, FakeFreshdesk
from integration_tests.fake_freshdesk.sections import (
    archived_tickets,
    custom_object_examples,
    discussions,
    solution_examples,
    ticket_activities,
)
from integration_tests.filling import before

SECTIONS = (solution_examples, discussions, custom_object_examples, ticket_activities, archived_tickets)
RECORDED = Path(__file__).parents[3] / "unit_tests" / "recorded"
OF_SOME_ACCOUNTS = {"visible_in_portals", "company_ids"}
"""Keys that some accounts or records have and others do not."""
LAST_FILE = f"/ticket_activities/{before(days=1).date()}.json"


def get(fake: FakeFreshdesk, path: str, **params: Any) -> requests.Response:
    return requests.get(f"{fake.url}/api/v2/{path}", params=params, auth=(API_KEY, "X"), timeout=10)


def rows(fake: FakeFreshdesk, path: str, **params: Any) -> list[dict[str, Any]]:
    """The rows of all pages."""
    response = get(fake, path, per_page=100, **params)
    found: list[dict[str, Any]] = []
    while True:
        assert response.status_code == 200, response.text
        found += response.json()
        if "next" not in response.links:
            return found
        response = requests.get(response.links["next"]["url"], auth=(API_KEY, "X"), timeout=10)


def truth(account: Account, resource: str) -> list[dict[str, Any]]:
    return list(account.table(resource).rows.values())


def id_of(account: Account, resource: str, name: str) -> int:
    ids: list[int] = [row["id"] for row in truth(account, resource) if name in (row.get("name"), row.get("title"))]
    return ids[0]


def problem(response: requests.Response) -> tuple[str, str]:
    """The field and the code of a refused request."""
    assert response.status_code == 400, response.text
    error = response.json()["errors"][0]
    return error["field"], error["code"]
