"""Headers, compression and connections."""

import socket
from urllib.parse import urlsplit

import pytest
import requests

from integration_tests.fake_freshdesk import (
    Account,
    FakeFreshdesk,
)
from integration_tests.fake_freshdesk_tests.service.client import KEY, Client, serving


def test_answers_look_like_those_of_the_service(client: Client) -> None:
    headers = client.get("tickets").headers
    assert headers["Content-Type"] == "application/json; charset=utf-8"
    assert headers["Date"].endswith(" GMT")
    assert headers["X-Request-Id"]


def test_bodies_are_compressed_only_if_the_account_does(account: Account, client: Client) -> None:
    account.add_ticket()
    assert "Content-Encoding" not in client.get("tickets").headers
    with serving(account, gzip=True) as compressing:
        response = compressing.get("tickets")
    assert response.headers["Content-Encoding"] == "gzip"
    assert response.json()[0]["id"] == 1


def test_a_connection_is_kept_open(client: Client) -> None:
    address = urlsplit(client.fake.url)
    request = b"GET /api/v2/nowhere HTTP/1.1\r\nHost: fake\r\n\r\n"
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        for _ in range(2):
            connection.sendall(request)
            assert connection.recv(65536).startswith(b"HTTP/1.1 401 Unauthorized\r\n")


def test_a_stopped_fake_answers_no_open_connection(account: Account) -> None:
    with serving(account) as client:
        client.get("tickets")
        with FakeFreshdesk(account, api_key=KEY) as stopped:
            url = f"{stopped.url}/api/v2/tickets"
            client.session.get(url, timeout=10)
        with pytest.raises(requests.ConnectionError):
            client.session.get(url, timeout=10)
