"""To whom the key is shown."""

import base64
from collections.abc import Iterator

import pytest
import requests
from airbyte_cdk.utils.airbyte_secrets_utils import filter_secrets, update_secrets

from source_freshdesk.api.auth import ApiKeyAuth
from unit_tests.support import API, HOST, KEY

CREDENTIALS = base64.b64encode(f"{KEY}:X".encode()).decode()


@pytest.fixture(autouse=True)
def _forget_secrets() -> Iterator[None]:
    update_secrets([])
    yield
    update_secrets([])


def authorization(url: str, base_url: str = HOST) -> str | None:
    request = requests.Request("GET", url, headers={"Authorization": "old"}).prepare()
    return ApiKeyAuth(KEY, base_url)(request).headers.get("Authorization")


@pytest.mark.parametrize("url", [HOST, f"{API}tickets?page=2", f"{API}tickets#https://evil.com", API.upper()])
def test_the_account_is_shown_the_key(url: str) -> None:
    assert authorization(url) == f"Basic {CREDENTIALS}"


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.com/api/v2/tickets",
        "https://other.freshdesk.com/api/v2/tickets",
        f"{HOST}.evil.com/",
        f"https://evil.com/{HOST}",
        "http://acme.freshdesk.com/api/v2/tickets",
        f"{HOST}:8443/api/v2/tickets",
    ],
)
def test_nobody_else_is_shown_the_key(url: str) -> None:
    assert authorization(url) is None


def test_on_a_loopback_host_the_port_counts() -> None:
    assert authorization("http://127.0.0.1:8080/api/v2/tickets", "http://127.0.0.1:8080") == f"Basic {CREDENTIALS}"
    assert authorization("http://127.0.0.1:8081/api/v2/tickets", "http://127.0.0.1:8080") is None


def test_the_key_and_its_header_are_masked_in_logs() -> None:
    ApiKeyAuth(KEY, HOST)
    shown = filter_secrets(f"key {KEY}, headers {{'Authorization': 'Basic {CREDENTIALS}'}}")
    assert KEY not in shown
    assert CREDENTIALS not in shown
