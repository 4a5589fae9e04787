"""The fields of records are those that real accounts sent."""

import pytest

from integration_tests.fake_freshdesk import (
    Account,
)
from integration_tests.fake_freshdesk_tests.service.client import Client, recorded_keys


@pytest.mark.parametrize(
    ("path", "recording"),
    [
        ("tickets", "2026-tickets"),
        ("tickets/1", "2026-tickets_view"),
        ("tickets/1/conversations", "2023-conversations"),
        ("contacts", "2026-contacts"),
        ("companies", "2026-companies"),
        ("agents", "2026-agents"),
    ],
)
def test_records_have_the_keys_real_accounts_sent(account: Account, client: Client, path: str, recording: str) -> None:
    company = account.add_company()
    account.add_contact(company_id=company["id"])
    account.add_contact()
    account.add_agent()
    account.add_ticket()
    account.add_conversation(1)
    always, ever = recorded_keys(recording)

    answer = client.rows(path)

    for record in answer if isinstance(answer, list) else [answer]:
        assert always <= set(record) <= ever


def test_a_contact_without_a_company_has_no_other_companies(account: Account, client: Client) -> None:
    account.add_contact()
    assert "other_companies" not in client.rows("contacts")[0]


def test_a_view_of_a_contact_has_more_than_the_list(account: Account, client: Client) -> None:
    contact = account.add_contact(tags=["vip"])
    more = set(client.rows(f"contacts/{contact['id']}")) - set(client.rows("contacts")[0])
    assert more == {"avatar", "tags", "other_emails", "view_all_tickets"}


def test_a_view_of_an_agent_has_groups_roles_and_skills_and_the_list_has_not(account: Account, client: Client) -> None:
    agent = account.add_agent(group_ids=[7], role_ids=[8], skill_ids=[9])
    view = client.rows(f"agents/{agent['id']}")
    assert (view["group_ids"], view["role_ids"], view["skill_ids"]) == ([7], [8], [9])
    assert set(view) - set(client.rows("agents")[0]) == {"group_ids", "role_ids", "skill_ids"}


def test_an_included_part_is_absent_unless_asked_for(account: Account, client: Client) -> None:
    contact = account.add_contact(name="Ada Lovelace")
    company = account.add_company(name="Engines")
    account.add_ticket(requester_id=contact["id"], company_id=company["id"], status=5)

    plain = client.rows("tickets")[0]
    full = client.rows("tickets", include="stats,requester,description,company")[0]

    assert set(full) - set(plain) == {"stats", "requester", "description", "description_text", "company"}
    assert set(full["requester"]) == {"id", "name", "email", "mobile", "phone"}
    assert full["requester"]["name"] == "Ada Lovelace"
    assert full["company"] == {"id": company["id"], "name": "Engines"}
    assert full["stats"]["closed_at"] == full["updated_at"]


def test_a_view_includes_the_first_ten_conversations(account: Account, client: Client) -> None:
    account.add_ticket()
    for _ in range(12):
        account.add_conversation(1)
    assert len(client.rows("tickets/1", include="conversations")["conversations"]) == 10


@pytest.mark.parametrize(
    ("path", "include", "credits_used"),
    [
        ("tickets", None, "1.0"),
        ("tickets", "stats", "3.0"),
        ("tickets", "stats,requester,description", "7.0"),
        ("tickets/1", "stats,company", "3.0"),
        ("tickets/1", "conversations", "2.0"),
    ],
)
def test_includes_cost_credits(
    account: Account, client: Client, path: str, include: str | None, credits_used: str
) -> None:
    account.add_ticket()
    response = client.get(path, include=include)
    assert response.status_code == 200
    assert response.headers["X-RateLimit-Used-CurrentRequest"] == credits_used
