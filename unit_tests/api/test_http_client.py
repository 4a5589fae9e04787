"""Calls that are made again, and calls that are not."""

import logging
import math
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
import requests_mock
from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_freshdesk.api.backoff import MAX_ATTEMPTS, RetryAfterBackoff
from source_freshdesk.api.error_handler import FreshdeskErrorHandler
from source_freshdesk.api.errors import AccessRevoked
from source_freshdesk.api.freshdesk_api import FreshdeskApi, useful_workers
from source_freshdesk.api.http_client import REQUEST_KWARGS, FreshdeskHttpClient
from source_freshdesk.api.response import RowList
from unit_tests import support
from unit_tests.support import API, HOST, KEY, LOGGER, SimulatedClock, answer, dated, refusal, together

TICKETS = f"{API}tickets"


class Endpoint:
    """A list as a stream reads it."""

    def __init__(self, api: FreshdeskApi) -> None:
        self.error_handler = FreshdeskErrorHandler(RowList())
        self.client: FreshdeskHttpClient = api.client("tickets", LOGGER, self.error_handler, RetryAfterBackoff())

    def get(self, url: str = TICKETS) -> list[dict[str, Any]]:
        _, response = self.client.send_request("GET", url, request_kwargs=REQUEST_KWARGS)
        return self.error_handler.rows(response)

    def failure(self) -> AirbyteTracedException:
        with pytest.raises(AirbyteTracedException) as caught:
            self.get()
        assert KEY not in f"{caught.value.message}{caught.value.internal_message}"
        return caught.value


@pytest.fixture
def endpoint(api: FreshdeskApi) -> Endpoint:
    return Endpoint(api)


def test_a_call_brings_rows(server: requests_mock.Mocker, endpoint: Endpoint) -> None:
    server.get(TICKETS, [answer([{"id": 1}])])
    assert endpoint.get() == [{"id": 1}]
    assert endpoint.client.calls == 1


def test_a_spent_quota_is_waited_out_however_often_and_long(
    server: requests_mock.Mocker, endpoint: Endpoint, clock: SimulatedClock
) -> None:
    server.get(TICKETS, [refusal(429, Retry_After="900")] * 12 + [answer([{"id": 1}])])
    assert endpoint.get() == [{"id": 1}]
    assert clock.passed == pytest.approx(12 * 900)
    assert endpoint.client.calls == 13


def test_a_call_that_met_the_limit_has_not_failed(
    server: requests_mock.Mocker, endpoint: Endpoint, clock: SimulatedClock
) -> None:
    spent, broken = refusal(429, Retry_After="10"), refusal(500)
    server.get(TICKETS, [spent, broken] * (MAX_ATTEMPTS - 1) + [spent, answer([{"id": 1}])])
    assert endpoint.get() == [{"id": 1}]
    assert clock.passed == pytest.approx(MAX_ATTEMPTS * 10 + 1 + 2 + 4 + 8 + 16 + 32 + 60)


def test_a_word_is_said_at_least_every_minute_of_a_long_wait(
    server: requests_mock.Mocker, endpoint: Endpoint, clock: SimulatedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoken_at: list[float] = []
    monkeypatch.setattr(LOGGER, "info", lambda *_args: spoken_at.append(clock.passed))
    server.get(TICKETS, [refusal(429, Retry_After="3600"), refusal(429, Retry_After="600"), answer([])])
    endpoint.get()
    assert max(after - before for before, after in zip(spoken_at, [*spoken_at[1:], clock.passed], strict=True)) <= 60


def test_trouble_is_sat_out_without_a_second_too_much(
    server: requests_mock.Mocker, endpoint: Endpoint, clock: SimulatedClock
) -> None:
    server.get(TICKETS, [refusal(500), refusal(503), refusal(520), answer([{"id": 1}])])
    assert endpoint.get() == [{"id": 1}]
    assert clock.naps == [1, 2, 4]


def test_trouble_that_does_not_pass_ends_as_a_sentence(
    server: requests_mock.Mocker, endpoint: Endpoint, clock: SimulatedClock
) -> None:
    server.get(TICKETS, [refusal(500)])
    failure = endpoint.failure()
    assert failure.failure_type is FailureType.transient_error
    assert failure.message == (
        f"Freshdesk is in trouble at the moment. (GET /api/v2/tickets -> 500) (Tried {MAX_ATTEMPTS} times.)"
    )
    assert server.call_count == MAX_ATTEMPTS
    assert clock.passed == pytest.approx(1 + 2 + 4 + 8 + 16 + 32 + 60)


def test_each_call_has_the_whole_patience(server: requests_mock.Mocker, endpoint: Endpoint) -> None:
    server.get(
        TICKETS, [refusal(500)] * (MAX_ATTEMPTS - 1) + [answer([])] + [refusal(500)] * (MAX_ATTEMPTS - 1) + [answer([])]
    )
    assert endpoint.get() == []
    assert endpoint.get() == []


INVALID_RESPONSE: dict[str, dict[str, Any]] = {
    "cut": {"content": b'[{"id": 1}, {"i', "headers": dated()},
    "empty": {"content": b"", "headers": dated()},
    "a page of HTML": {"text": "<html>Maintenance</html>", "headers": {"Content-Type": "text/html"}},
    "HTML that is called JSON": {"text": "<html>Maintenance</html>", "headers": dated()},
    "another shape": answer({"message": "Oops"}),
    "rows without id": answer([{"name": "x"}]),
}


@pytest.mark.parametrize("broken", INVALID_RESPONSE.values(), ids=INVALID_RESPONSE.keys())
def test_an_answer_that_is_not_whole_is_asked_for_again(
    server: requests_mock.Mocker, endpoint: Endpoint, broken: dict[str, Any]
) -> None:
    server.get(TICKETS, [broken, broken, answer([{"id": 1}])])
    assert endpoint.get() == [{"id": 1}]


@pytest.mark.parametrize("broken", INVALID_RESPONSE.values(), ids=INVALID_RESPONSE.keys())
def test_an_answer_that_never_is_whole_is_an_error(
    server: requests_mock.Mocker, endpoint: Endpoint, broken: dict[str, Any]
) -> None:
    server.get(TICKETS, [broken])
    failure = endpoint.failure()
    assert failure.failure_type is FailureType.transient_error
    assert "did not arrive whole" in str(failure)
    assert server.call_count == MAX_ATTEMPTS


@pytest.mark.parametrize(
    "cut",
    [requests.exceptions.ChunkedEncodingError, requests.ReadTimeout, requests.ConnectTimeout, requests.ConnectionError],
)
def test_a_connection_that_breaks_is_made_again(
    server: requests_mock.Mocker, endpoint: Endpoint, cut: Callable[[str], Exception]
) -> None:
    server.get(TICKETS, [{"exc": cut("broken")}, answer([{"id": 1}])])
    assert endpoint.get() == [{"id": 1}]


@pytest.mark.parametrize(
    "cut", [requests.ConnectionError("refused"), requests.exceptions.SSLError(ssl.SSLError("expired"))]
)
def test_a_connection_that_is_never_made_is_an_error(
    server: requests_mock.Mocker, endpoint: Endpoint, cut: Exception
) -> None:
    server.get(TICKETS, exc=cut)
    failure = endpoint.failure()
    assert failure.failure_type is FailureType.transient_error
    assert str(failure).endswith(f"(Tried {MAX_ATTEMPTS} times.)")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(server: requests_mock.Mocker, endpoint: Endpoint, status: int) -> None:
    elsewhere = server.get("https://evil.com/", [answer([{"id": 666}])])
    server.get(TICKETS, [refusal(status, Location="https://evil.com/")])
    assert endpoint.failure().failure_type is FailureType.config_error
    assert not elsewhere.called
    assert server.call_count == 1


@pytest.mark.parametrize(
    ("status", "code", "failure_type"),
    [
        (401, "invalid_credentials", FailureType.config_error),
        (403, "account_suspended", FailureType.config_error),
        (400, "invalid_value", FailureType.system_error),
        (418, None, FailureType.system_error),
    ],
)
def test_what_asking_again_does_not_change_is_asked_once(
    server: requests_mock.Mocker, endpoint: Endpoint, status: int, code: str | None, failure_type: FailureType
) -> None:
    server.get(TICKETS, [refusal(status, code)])
    assert endpoint.failure().failure_type is failure_type
    assert server.call_count == 1


def test_no_attempt_is_remembered_when_a_call_is_over(server: requests_mock.Mocker, endpoint: Endpoint) -> None:
    server.get(TICKETS, [refusal(500), answer([]), refusal(401), refusal(500)])
    endpoint.get()
    endpoint.failure()
    endpoint.failure()
    assert endpoint.client._request_attempt_count == {}


def test_calls_are_counted_in_all_threads(server: requests_mock.Mocker, endpoint: Endpoint) -> None:
    server.get(TICKETS, [refusal(500), answer([])])
    together(*[endpoint.get] * 8)
    assert endpoint.client.calls == 9


def test_a_limit_met_by_one_client_holds_the_other(server: requests_mock.Mocker, clock: SimulatedClock) -> None:
    shared = support.api(clock)
    server.get(f"{API}agents", [refusal(429, Retry_After="50"), answer([])])
    server.get(TICKETS, [answer([])])
    called_at: list[float] = []

    class Watched(Endpoint):
        def get(self, url: str = TICKETS) -> list[dict[str, Any]]:
            rows = super().get(url)
            called_at.append(clock.passed)
            return rows

    one, other = Watched(shared), Watched(shared)
    together(lambda: one.get(f"{API}agents"))
    other.get()
    assert called_at == [pytest.approx(50), pytest.approx(50)]


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


def test_proxies_and_certificates_of_the_surroundings_are_heeded(
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


@pytest.mark.parametrize(
    ("status", "code"), [(401, None), (401, "password_expired"), (403, "account_suspended"), (403, "password_lockout")]
)
def test_a_closed_account_is_told_from_other_failures_and_not_asked_again(
    server: requests_mock.Mocker, endpoint: Endpoint, status: int, code: str | None
) -> None:
    server.get(TICKETS, [refusal(status, code)])
    failure = endpoint.failure()
    assert isinstance(failure, AccessRevoked)
    assert failure.failure_type is FailureType.config_error
    assert server.call_count == 1


def test_an_account_is_open_until_a_stream_finds_it_closed(api: FreshdeskApi) -> None:
    assert api.is_access_revoked is False


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

    def test_a_file_costs_no_quota(
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

    def test_proxies_and_certificates_of_the_surroundings_are_heeded(
        self, server: requests_mock.Mocker, error_handler: FreshdeskErrorHandler, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HTTPS_PROXY", "http://proxy.acme.com:3128")
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/etc/acme/ca.pem")
        server.get(self.FILE, [answer([])])
        self.get(support.api(), error_handler)
        assert server.last_request is not None
        assert server.last_request.proxies["https"] == "http://proxy.acme.com:3128"
        assert server.last_request.verify == "/etc/acme/ca.pem"


def test_the_api_is_below_the_accounts_address(api: FreshdeskApi) -> None:
    assert api.api_url == f"{HOST}/api/v2/"


def test_a_connection_that_breaks_leaves_no_call_under_way(server: requests_mock.Mocker, endpoint: Endpoint) -> None:
    """With nothing known of the quota, a call that stayed under way would hold all others for ever."""
    server.get(TICKETS, [{"exc": requests.ConnectionError("broken")}, answer([{"id": 1}])])
    assert endpoint.get() == [{"id": 1}]
    assert endpoint.get() == [{"id": 1}]


def test_what_was_used_is_counted_for_all_clients(
    server: requests_mock.Mocker, api: FreshdeskApi, clock: SimulatedClock
) -> None:
    told = {"X_RateLimit_Total": "400.0", "X_RateLimit_Remaining": "300.0", "X_RateLimit_Used_CurrentRequest": "7.0"}
    server.get(TICKETS, [answer([], 200, **told), refusal(429, Retry_After="40"), answer([], 200, **told)])
    one, other = Endpoint(api), Endpoint(api)
    one.get()
    before = api.rate_limiter.usage
    assert (before.calls, before.credits, before.waited_seconds) == (1, 7, 0)
    other.get()
    after = api.rate_limiter.usage.since(before)
    assert after.calls == 2
    assert after.waited_seconds == pytest.approx(40)


@pytest.mark.parametrize(
    ("allowed_per_second", "latency_seconds", "workers"),
    [
        (math.inf, 0.0, 4),
        (10.0, 0.0, 4),
        (math.inf, 0.3, 20),
        (400 * 0.9 / 60, 0.05, 4),
        (400 * 0.9 / 60, 0.3, 11),
        (2_000 / 60, 0.5, 32),
        (0.01, 60.0, 4),
    ],
)
def test_as_many_workers_are_useful_as_spend_a_minutes_quota_in_seconds(
    allowed_per_second: float, latency_seconds: float, workers: int
) -> None:
    assert useful_workers(allowed_per_second, latency_seconds) == workers
