"""The call that tells whether account and key are good."""

from typing import Any

import pytest
import requests
import requests_mock
from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_freshdesk.api.client import Account
from source_freshdesk.api.door import ATTEMPTS, Door
from unit_tests.support import API, LOGGER, SimulatedClock, answer, refusal

ME = f"{API}agents/me"
AGENT = {"id": 7, "ticket_scope": 1}


def failure(account: Account) -> AirbyteTracedException:
    with pytest.raises(AirbyteTracedException) as caught:
        Door(account, "check", LOGGER).key_owner()
    return caught.value


def test_a_good_key_belongs_to_an_agent(api: requests_mock.Mocker, account: Account) -> None:
    api.get(ME, [answer(AGENT)])
    assert Door(account, "check", LOGGER).key_owner() == AGENT


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
    api: requests_mock.Mocker, account: Account, status: int, code: str | None, words: str
) -> None:
    api.get(ME, [refusal(status, code)])
    refused = failure(account)
    assert refused.failure_type is FailureType.config_error
    assert words in str(refused)
    assert api.call_count == 1


@pytest.mark.parametrize(
    "trouble", [refusal(500), answer([]), answer({"name": "x"}), {"exc": requests.ConnectionError("down")}]
)
def test_trouble_is_not_sat_out_for_long_since_a_person_may_be_waiting(
    api: requests_mock.Mocker, account: Account, clock: SimulatedClock, trouble: dict[str, Any]
) -> None:
    api.get(ME, [trouble])
    assert failure(account).failure_type is FailureType.transient_error
    assert api.call_count == ATTEMPTS
    assert clock.passed <= 5


def test_a_spent_quota_is_waited_out_at_the_door_too(
    api: requests_mock.Mocker, account: Account, clock: SimulatedClock
) -> None:
    api.get(ME, [refusal(429, Retry_After="30"), answer(AGENT)])
    assert Door(account, "check", LOGGER).key_owner() == AGENT
    assert clock.passed == pytest.approx(30)


def test_calls_are_counted_with_retries(api: requests_mock.Mocker, account: Account) -> None:
    api.get(ME, [refusal(500), answer(AGENT)])
    door = Door(account, "check", LOGGER)
    door.key_owner()
    assert door.calls == 2
