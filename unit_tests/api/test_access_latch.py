"""Once the key or the account is refused, only the question whether it is so is asked."""

import pytest
import requests

from source_freshdesk.api.access_latch import AccessLatch
from source_freshdesk.api.errors import AccessRevoked
from unit_tests.support import API, response

REFUSALS = [
    (401, b""),
    (401, b'{"code":"password_expired"}'),
    (403, b'{"code":"account_suspended"}'),
    (403, b'{"code":"password_lockout"}'),
]


def request(path: str) -> requests.PreparedRequest:
    return requests.Request("GET", API + path).prepare()


@pytest.mark.parametrize(("status", "body"), REFUSALS)
def test_a_refusal_of_the_key_or_the_account_holds_all_other_calls_back(status: int, body: bytes) -> None:
    latch = AccessLatch()
    latch.check(request("tickets"))
    latch.note(request("tickets"), response(status, body))
    with pytest.raises(AccessRevoked):
        latch.check(request("companies?page=2"))
    latch.check(request("agents/me"))


@pytest.mark.parametrize(
    ("status", "body"), [(403, b'{"code":"access_denied"}'), (403, b"<html>"), (404, b""), (500, b""), (429, b"")]
)
def test_other_responses_hold_nothing_back(status: int, body: bytes) -> None:
    latch = AccessLatch()
    latch.note(request("tickets"), response(status, body))
    latch.check(request("companies"))


def test_a_key_that_is_good_after_all_opens_it_again() -> None:
    latch = AccessLatch()
    latch.note(request("tickets"), response(401, b""))
    latch.note(request("companies"), response(200))
    with pytest.raises(AccessRevoked):
        latch.check(request("companies"))
    latch.note(request("agents/me"), response(200, b"{}"))
    latch.check(request("companies"))
