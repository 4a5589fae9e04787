"""Requests that are refused."""

import pytest
import requests

from integration_tests.fake_freshdesk import (
    Account,
)
from integration_tests.fake_freshdesk_tests.service.client import KEY, Client, serving


@pytest.mark.parametrize(
    "auth", [None, ("wrong-key", "X"), (KEY, ""), ("X", KEY)], ids=["no key", "wrong key", "no password", "swapped"]
)
def test_a_wrong_key_is_refused(client: Client, auth: tuple[str, str] | None) -> None:
    response = requests.get(f"{client.fake.url}/api/v2/tickets", auth=auth, timeout=10)
    assert response.status_code == 401
    assert response.json() == {
        "code": "invalid_credentials",
        "message": "You have to be logged in to perform this action.",
    }


@pytest.mark.parametrize("header", ["Bearer test-key", "Basic test-key", "Basic /w==", "Basic"])
def test_only_basic_authentication_is_understood(client: Client, header: str) -> None:
    response = requests.get(f"{client.fake.url}/api/v2/tickets", headers={"Authorization": header}, timeout=10)
    assert response.status_code == 401


@pytest.mark.parametrize("path", ["ticket", "tickets/", "tickets/12/nothing", "tickets/one", "tickets/1"])
def test_an_unknown_path_is_an_empty_404(client: Client, path: str) -> None:
    response = client.get(path)
    assert (response.status_code, response.content) == (404, b"")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_written(client: Client, method: str) -> None:
    for _ in range(2):
        # Twice on one connection: the body must not be taken for the next request.
        response = client.session.request(method, f"{client.fake.url}/api/v2/tickets", json={"a": 1}, timeout=10)
        assert response.status_code == 405
        assert response.headers["Allow"] == "GET"


def test_only_json_is_spoken(client: Client) -> None:
    client.session.headers["Accept"] = "text/html"
    assert client.get("tickets").status_code == 406
    client.session.headers["Accept"] = "application/json"
    assert client.get("tickets").status_code == 200


@pytest.mark.parametrize(
    "path", ["tickets", "tickets/1", "tickets/1/conversations", "contacts", "companies", "agents", "agents/me"]
)
def test_an_unknown_parameter_is_refused(client: Client, path: str) -> None:
    response = client.get(path, sort="name")
    assert response.status_code == 400
    assert response.json() == {
        "description": "Validation failed",
        "errors": [{"field": "sort", "message": "Unexpected/invalid field in request", "code": "invalid_field"}],
    }


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("tickets", {"order_by": "id"}),
        ("tickets", {"order_type": "up"}),
        ("tickets", {"include": "stats,conversations"}),
        ("tickets", {"filter": "all"}),
        ("tickets", {"page": "0"}),
        ("contacts", {"state": "all"}),
        ("agents", {"state": "all"}),
    ],
)
def test_an_unknown_value_is_refused(client: Client, path: str, params: dict[str, str]) -> None:
    assert client.problem(path, **params) == (next(iter(params)), "invalid_value")


def test_a_suspended_account_refuses_everything(account: Account) -> None:
    with serving(account, suspended=True) as client:
        for path in ("tickets", "agents/me", "nowhere"):
            response = client.get(path)
            assert (response.status_code, response.json()["code"]) == (403, "account_suspended")
