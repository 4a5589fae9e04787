"""Files on other hosts, which get no key."""

from pathlib import Path
from typing import Any

import pytest
import requests_mock

from source_freshdesk.api.backoff import RetryAfterBackoff
from source_freshdesk.api.error_handler import FreshdeskErrorHandler
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.api.http_client import REQUEST_KWARGS
from source_freshdesk.api.response import RowList
from unit_tests import support
from unit_tests.support import KEY, LOGGER, SimulatedClock, answer, refusal


class TestDownloads:
    """Files that Freshdesk keeps on other hosts."""

    FILE = "https://files.example.com/day.json?signature=abc"

    @pytest.fixture
    def error_handler(self) -> FreshdeskErrorHandler:
        return FreshdeskErrorHandler(RowList())

    def get(self, api: FreshdeskApi, error_handler: FreshdeskErrorHandler) -> list[dict[str, Any]]:
        client = api.download_client("ticket_activities", LOGGER, error_handler, RetryAfterBackoff())
        _, response = client.send_request("GET", self.FILE, request_kwargs=REQUEST_KWARGS)
        return error_handler.rows(response)

    def test_a_file_is_fetched_without_the_key(
        self, server: requests_mock.Mocker, api: FreshdeskApi, error_handler: FreshdeskErrorHandler
    ) -> None:
        server.get(self.FILE, [answer([{"id": 1}])])
        assert self.get(api, error_handler) == [{"id": 1}]
        sent = server.last_request
        assert sent is not None
        assert "Authorization" not in sent.headers
        assert KEY not in str(sent.headers)

    def test_not_even_a_netrc_file_gives_a_key_away(
        self,
        server: requests_mock.Mocker,
        error_handler: FreshdeskErrorHandler,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        netrc = tmp_path / "netrc"
        netrc.write_text("machine files.example.com login me password mine\n", "utf-8")
        monkeypatch.setenv("NETRC", str(netrc))
        server.get(self.FILE, [answer([])])
        self.get(support.api(), error_handler)
        assert server.last_request is not None
        assert "Authorization" not in server.last_request.headers

    def test_a_file_costs_no_credit(
        self, server: requests_mock.Mocker, api: FreshdeskApi, error_handler: FreshdeskErrorHandler
    ) -> None:
        server.get(self.FILE, [answer([])])
        self.get(api, error_handler)
        assert api.rate_limiter.usage.calls == 0

    def test_trouble_with_a_file_is_sat_out(
        self,
        server: requests_mock.Mocker,
        api: FreshdeskApi,
        error_handler: FreshdeskErrorHandler,
        clock: SimulatedClock,
    ) -> None:
        server.get(self.FILE, [refusal(503), answer([{"id": 1}])])
        assert self.get(api, error_handler) == [{"id": 1}]
        assert clock.naps == [1]

    def test_proxies_and_certificates_of_the_environment_are_applied(
        self, server: requests_mock.Mocker, error_handler: FreshdeskErrorHandler, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HTTPS_PROXY", "http://proxy.acme.com:3128")
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/etc/acme/ca.pem")
        server.get(self.FILE, [answer([])])
        self.get(support.api(), error_handler)
        assert server.last_request is not None
        assert server.last_request.proxies["https"] == "http://proxy.acme.com:3128"
        assert server.last_request.verify == "/etc/acme/ca.pem"
