"""A call is repeated until it is answered, fails, or was tried often enough."""

import ssl
from collections.abc import Callable
from typing import Any

import pytest
import requests
import requests_mock
from airbyte_cdk.models import FailureType

from source_freshdesk.api.backoff import MAX_ATTEMPTS
from source_freshdesk.api.errors import AccessRevoked
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.api.rate_limit import RateLimit
from unit_tests.api.endpoint import INVALID_RESPONSE, TICKETS, Endpoint
from unit_tests.support import HOST, KEY, LOGGER, SimulatedClock, answer, refusal, together


def test_a_call_brings_rows(server: requests_mock.Mocker, endpoint: Endpoint, api: FreshdeskApi) -> None:
    server.get(TICKETS, [answer([{"id": 1}])])
    assert endpoint.get() == [{"id": 1}]
    assert api.ledger.used_by("tickets").calls == 1


def test_a_spent_rate_limit_is_waited_out_however_often_and_long(
    server: requests_mock.Mocker, endpoint: Endpoint, api: FreshdeskApi, clock: SimulatedClock
) -> None:
    server.get(TICKETS, [refusal(429, Retry_After="900")] * 12 + [answer([{"id": 1}])])
    assert endpoint.get() == [{"id": 1}]
    assert clock.passed == pytest.approx(12 * 900)
    assert api.ledger.used_by("tickets").calls == 13


def test_a_call_that_met_the_limit_has_not_failed(
    server: requests_mock.Mocker, endpoint: Endpoint, clock: SimulatedClock
) -> None:
    spent, broken = refusal(429, Retry_After="10"), refusal(500)
    server.get(TICKETS, [spent, broken] * (MAX_ATTEMPTS - 1) + [spent, answer([{"id": 1}])])
    assert endpoint.get() == [{"id": 1}]
    assert clock.passed == pytest.approx(MAX_ATTEMPTS * 10 + 1 + 2 + 4 + 8 + 16 + 32 + 60)


def test_a_line_is_logged_at_least_every_minute_of_a_long_wait(
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


def test_trouble_that_does_not_pass_ends_as_a_message(
    server: requests_mock.Mocker, endpoint: Endpoint, clock: SimulatedClock
) -> None:
    server.get(TICKETS, [refusal(500)])
    failure = endpoint.failure()
    assert failure.failure_type is FailureType.transient_error
    assert failure.message == (
        f"Freshdesk has a temporary problem. (GET /api/v2/tickets -> 500) (Tried {MAX_ATTEMPTS} times.)"
    )
    assert server.call_count == MAX_ATTEMPTS
    assert clock.passed == pytest.approx(1 + 2 + 4 + 8 + 16 + 32 + 60)


def test_each_call_has_all_attempts(server: requests_mock.Mocker, endpoint: Endpoint) -> None:
    server.get(
        TICKETS, [refusal(500)] * (MAX_ATTEMPTS - 1) + [answer([])] + [refusal(500)] * (MAX_ATTEMPTS - 1) + [answer([])]
    )
    assert endpoint.get() == []
    assert endpoint.get() == []


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
    assert "is incomplete or invalid" in str(failure)
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


def test_calls_are_counted_in_all_threads(server: requests_mock.Mocker, endpoint: Endpoint, api: FreshdeskApi) -> None:
    server.get(TICKETS, [refusal(500), answer([])])
    together(*[endpoint.get] * 8)
    assert api.ledger.used_by("tickets").calls == 9


@pytest.mark.parametrize(
    ("status", "code"), [(401, None), (401, "password_expired"), (403, "account_suspended"), (403, "password_lockout")]
)
def test_a_closed_account_is_distinguished_from_other_failures_and_not_asked_again(
    server: requests_mock.Mocker, endpoint: Endpoint, status: int, code: str | None
) -> None:
    server.get(TICKETS, [refusal(status, code)])
    failure = endpoint.failure()
    assert isinstance(failure, AccessRevoked)
    assert failure.failure_type is FailureType.config_error
    assert server.call_count == 1


def test_a_call_that_somebody_waits_for_is_given_up_when_the_waits_become_longer_than_that(
    server: requests_mock.Mocker, clock: SimulatedClock
) -> None:
    server.get(TICKETS, [refusal(500)])
    api = FreshdeskApi(
        HOST, KEY, rate_limit=RateLimit(), num_workers=1, clock=clock, logger=LOGGER, patience_seconds=5.0
    )
    assert "(Tried 4 times.)" in str(Endpoint(api).failure().message)
    assert clock.naps == [1, 2, 4]
