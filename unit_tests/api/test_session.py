"""What every call carries, and to whom the key is shown."""

import logging
from typing import Any

import pytest
import requests
import requests_mock

from source_freshdesk.api.freshdesk_api import FreshdeskApi
from unit_tests import support
from unit_tests.api.endpoint import TICKETS, Endpoint
from unit_tests.support import HOST, KEY, LOGGER, answer


def test_a_call_shows_the_key_and_asks_for_json(server: requests_mock.Mocker, monkeypatch: pytest.MonkeyPatch) -> None:
    for bundle in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(bundle, raising=False)
    server.get(TICKETS, [answer([])])
    Endpoint(support.api()).get()
    sent = server.last_request
    assert sent is not None
    assert sent.headers["Authorization"].startswith("Basic ")
    assert sent.headers["Accept"] == "application/json"
    assert sent.verify is True
    assert sent.timeout, "a call without a limit of time can hang for ever"


def test_a_netrc_file_does_not_stand_in_for_the_key(
    server: requests_mock.Mocker, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine acme.freshdesk.com login other password other\n", "utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    server.get(TICKETS, [answer([])])
    Endpoint(support.api()).get()
    sent = server.last_request
    assert sent is not None
    assert sent.headers["Authorization"] == requests.auth._basic_auth_str(KEY, "X")


def test_proxies_and_certificates_of_the_environment_are_applied(
    server: requests_mock.Mocker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.acme.com:3128")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/etc/acme/ca.pem")
    server.get(TICKETS, [answer([])])
    Endpoint(support.api()).get()
    sent = server.last_request
    assert sent is not None
    assert sent.proxies["https"] == "http://proxy.acme.com:3128"
    assert sent.verify == "/etc/acme/ca.pem"


def test_debug_logs_do_not_show_the_key(
    server: requests_mock.Mocker, endpoint: Endpoint, caplog: pytest.LogCaptureFixture
) -> None:
    """The CDK's formatter masks what is registered as a secret; nothing else may carry the key in clear."""
    server.get(TICKETS, [answer([])])
    with caplog.at_level(logging.DEBUG, logger=LOGGER.name):
        endpoint.get()
    assert not [message for message in caplog.messages if KEY in message]


def test_the_api_is_below_the_accounts_address(api: FreshdeskApi) -> None:
    assert api.api_url == f"{HOST}/api/v2/"


def test_a_connection_that_breaks_leaves_no_call_under_way(server: requests_mock.Mocker, endpoint: Endpoint) -> None:
    """With nothing known of the quota, a call that stayed under way would hold all others for ever."""
    server.get(TICKETS, [{"exc": requests.ConnectionError("broken")}, answer([{"id": 1}])])
    assert endpoint.get() == [{"id": 1}]
    assert endpoint.get() == [{"id": 1}]
