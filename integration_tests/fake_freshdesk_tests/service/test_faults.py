"""Faults that are asked for by name."""

import pytest
import requests

from integration_tests.fake_freshdesk import (
    Account,
    faults,
)
from integration_tests.fake_freshdesk_tests.service.client import Client


@pytest.mark.parametrize(
    ("fault", "status", "body"),
    [
        (faults.server_error(), 500, '{"code"'),
        (faults.bad_gateway(), 502, "<!DOCTYPE html>"),
        (faults.html_ok(), 200, "<!DOCTYPE html>"),
        (faults.empty_body(), 200, ""),
        (faults.object_instead_of_list(), 200, "{"),
        (faults.unauthorized(), 401, '{"code":"invalid_credentials"'),
        (faults.forbidden("require_feature", "Pay first."), 403, '{"code":"require_feature","message":"Pay first."}'),
        (faults.not_found(), 404, ""),
        (faults.status(418, {"tea": True}), 418, '{"tea":true}'),
        (faults.status(521, "Web server is down"), 521, "Web server is down"),
    ],
    ids=lambda value: value.name if isinstance(value, faults.Fault) else "",
)
def test_a_fault_answers_in_place_of_the_account(client: Client, fault: faults.Fault, status: int, body: str) -> None:
    client.fake.misbehave(fault)
    response = client.get("tickets")
    assert response.status_code == status
    assert response.text.startswith(body)
    assert bool(body) == bool(response.text)
    assert client.get("tickets").json() == []


def test_a_fault_strikes_the_calls_it_is_meant_for(client: Client) -> None:
    client.fake.misbehave(faults.server_error(), path="/api/v2/tickets", times=2, after=1)
    client.get("contacts")
    assert [client.get("tickets").status_code for _ in range(4)] == [200, 500, 500, 200]


def test_a_fault_may_be_meant_for_a_pattern_of_paths(account: Account, client: Client) -> None:
    for _ in range(2):
        account.add_ticket()
    client.fake.misbehave(faults.not_found(), path="/api/v2/tickets/*/conversations", times=None)
    assert client.get("tickets").status_code == 200
    assert [client.get(f"tickets/{i}/conversations").status_code for i in (1, 2)] == [404, 404]
    client.fake.behave()
    assert client.get("tickets/1/conversations").status_code == 200


@pytest.mark.parametrize(("retry_after", "header"), [(7, "7"), (None, None)])
def test_too_many_requests_may_say_when_to_come_back(
    client: Client, retry_after: int | None, header: str | None
) -> None:
    client.fake.misbehave(faults.too_many_requests(retry_after))
    response = client.get("tickets")
    assert (response.status_code, response.headers.get("Retry-After")) == (429, header)


def test_a_cut_connection_gives_no_byte(client: Client) -> None:
    client.fake.misbehave(faults.cut_connection())
    with pytest.raises(requests.ConnectionError):
        client.get("tickets")
    assert client.fake.journal.calls()[0].status == 0


def test_a_truncated_body_breaks_off(account: Account, client: Client) -> None:
    account.add_ticket()
    client.fake.misbehave(faults.truncated_body())
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        client.get("tickets")


def test_truncated_json_is_whole_for_http(account: Account, client: Client) -> None:
    account.add_ticket()
    client.fake.misbehave(faults.truncated_json())
    response = client.get("tickets")
    assert response.status_code == 200
    with pytest.raises(requests.exceptions.JSONDecodeError):
        response.json()


def test_an_object_may_come_in_a_list(client: Client) -> None:
    client.fake.misbehave(faults.list_instead_of_object(), path="/api/v2/agents/me")
    assert isinstance(client.rows("agents/me"), list)


def test_a_redirect_leads_elsewhere(client: Client) -> None:
    client.fake.misbehave(faults.redirect("https://elsewhere.example.com/"))
    response = client.get("tickets")
    assert (response.status_code, response.headers["Location"]) == (302, "https://elsewhere.example.com/")


def test_a_link_may_lead_to_another_host(client: Client) -> None:
    client.fake.misbehave(faults.foreign_next_link("elsewhere.example.com"))
    assert client.get("tickets").links["next"]["url"] == "http://elsewhere.example.com/api/v2/tickets?page=2"


def test_rate_headers_may_be_missing(client: Client) -> None:
    client.fake.misbehave(faults.no_rate_headers())
    assert not [name for name in client.get("tickets").headers if name.startswith("x-ratelimit")]


def test_a_slow_answer_is_late(client: Client) -> None:
    client.fake.misbehave(faults.slow(60))
    with pytest.raises(requests.ReadTimeout):
        client.session.get(f"{client.fake.url}/api/v2/tickets", timeout=0.05)


def test_latency_is_part_of_what_the_journal_measures(client: Client) -> None:
    client.fake.delay_seconds = 0.02
    client.get("tickets")
    assert client.fake.journal.calls()[0].seconds >= 0.02


def test_faults_add_up(client: Client) -> None:
    client.fake.misbehave(faults.too_many_requests(3))
    client.fake.misbehave(faults.no_rate_headers())
    response = client.get("tickets")
    assert response.status_code == 429
    assert "X-RateLimit-Remaining" not in response.headers
