"""Agents, and who may read what."""

import pytest

from integration_tests.fake_freshdesk import (
    Account,
)
from integration_tests.fake_freshdesk_tests.service.client import Client, serving


def test_the_keys_owner_is_known_even_to_an_account_without_agents(account: Account) -> None:
    with serving(account, ticket_scope=2, admin=False) as client:
        assert client.rows("agents/me")["ticket_scope"] == 2
    assert not account.agents


@pytest.mark.parametrize("path", ["agents", "agents/1", "groups"])
def test_only_administrators_may_read_configuration(account: Account, path: str) -> None:
    with serving(account, admin=False) as client:
        response = client.get(path)
    assert response.status_code == 403
    assert response.json() == {
        "code": "access_denied",
        "message": "You are not authorized to perform this action.",
    }


def test_agents_can_be_asked_for_by_state_and_email(account: Account, client: Client) -> None:
    occasional = account.add_agent(occasional=True)["id"]
    fulltime = account.add_agent(email="ada@example.com")["id"]
    assert client.ids("agents", state="occasional") == [occasional]
    assert client.ids("agents", state="fulltime") == [fulltime]
    assert client.ids("agents", email="ada@example.com") == [fulltime]


def test_a_resource_needs_only_a_line_in_the_table_of_endpoints(account: Account, client: Client) -> None:
    sales, billing = account.add("groups", name="Sales", agent_ids=[1]), account.add("groups", name="billing")
    assert client.ids("groups") == [billing["id"], sales["id"]]
    assert "agent_ids" not in client.rows("groups")[1]
    assert client.rows(f"groups/{sales['id']}")["agent_ids"] == [1]
