"""The call that tells whether account and key are good."""

from typing import Any

import pytest
import requests
import requests_mock
from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_freshdesk.api.current_agent import ATTEMPTS, CurrentAgent
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from unit_tests.support import API, LOGGER, SimulatedClock, answer, refusal

ME = f"{API}agents/me"
AGENT = {"id": 7, "ticket_scope": 1}


def failure(api: FreshdeskApi) -> AirbyteTracedException:
    with pytest.raises(AirbyteTracedException) as caught:
        CurrentAgent(api, "check", LOGGER).get()
    return caught.value


def test_a_valid_key_belongs_to_an_agent(server: requests_mock.Mocker, api: FreshdeskApi) -> None:
    server.get(ME, [answer(AGENT)])
    assert CurrentAgent(api, "check", LOGGER).get() == AGENT


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (401, "invalid_credentials", "copy it again"),
        (401, "password_expired", "has expired"),
        (403, "access_denied", "active agent"),
        (403, None, "active agent"),
        (403, "account_suspended", "suspended this account"),
        (404, None, "check 'domain'"),
        (302, None, "check 'domain'"),
    ],
)
def test_a_refused_key_is_the_users_to_fix(
    server: requests_mock.Mocker, api: FreshdeskApi, status: int, code: str | None, words: str
) -> None:
    server.get(ME, [refusal(status, code)])
    refused = failure(api)
    assert refused.failure_type is FailureType.config_error
    assert words in str(refused)
    assert server.call_count == 1


@pytest.mark.parametrize(
    "trouble", [refusal(500), answer([]), answer({"name": "x"}), {"exc": requests.ConnectionError("down")}]
)
def test_trouble_is_not_sat_out_for_long_since_a_person_may_be_waiting(
    server: requests_mock.Mocker, api: FreshdeskApi, clock: SimulatedClock, trouble: dict[str, Any]
) -> None:
    server.get(ME, [trouble])
    assert failure(api).failure_type is FailureType.transient_error
    assert server.call_count == ATTEMPTS
    assert clock.passed <= 5


def test_a_spent_rate_limit_is_waited_out_for_the_current_agent_too(
    server: requests_mock.Mocker, api: FreshdeskApi, clock: SimulatedClock
) -> None:
    server.get(ME, [refusal(429, Retry_After="30"), answer(AGENT)])
    assert CurrentAgent(api, "check", LOGGER).get() == AGENT
    assert clock.passed == pytest.approx(30)


def test_calls_are_counted_with_retries(server: requests_mock.Mocker, api: FreshdeskApi) -> None:
    server.get(ME, [refusal(500), answer(AGENT)])
    current_agent = CurrentAgent(api, "check", LOGGER)
    current_agent.get()
    assert api.ledger.used_by("check").calls == 2
