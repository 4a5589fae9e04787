"""How long to wait before a call is made again."""

import pytest
import requests

from source_freshdesk.api.backoff import MAX_ATTEMPTS, RetryAfterBackoff, backoff_seconds, retry_after_seconds
from unit_tests.support import response


@pytest.mark.parametrize(
    ("status", "headers", "attempt", "seconds"),
    [
        (429, {"Retry-After": "30"}, 1, 30),
        (429, {"Retry-After": "12.5"}, 1, 12.5),
        (429, {"Retry-After": "3600"}, 1, 3600),
        (429, {"retry-after": " 7 "}, 1, 7),
        (429, {"Retry-After": "30"}, 1_000, 30),
        (429, {"Retry-After": "0"}, 1, 1),
        (429, {"Retry-After": "0.2"}, 1, 1),
        (429, {"Retry-After": "-5"}, 1, 1),
        (429, {"Retry-After": "-inf"}, 1, 1),
        (429, {}, 1, 60),
        (429, {"Retry-After": ""}, 1, 60),
        (429, {"Retry-After": "soon"}, 1, 60),
        (429, {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}, 1, 60),
        (429, {"Retry-After": "inf"}, 1, 60),
        (429, {"Retry-After": "nan"}, 1, 60),
        (500, {}, 1, 1),
        (500, {}, 2, 2),
        (500, {}, 3, 4),
        (500, {}, 6, 32),
        (500, {}, 7, 60),
        (500, {}, 8, None),
        (500, {}, 9, None),
        (503, {"Retry-After": "30"}, 1, 30),
        (503, {"Retry-After": "30"}, 7, 60),
        (503, {"Retry-After": "3600"}, 1, 120),
        (503, {"Retry-After": "soon"}, 1, 1),
        (502, {"Retry-After": "30"}, 1, 1),
        (200, {}, 1, 1),
    ],
)
def test_the_wait_after_an_answer(status: int, headers: dict[str, str], attempt: int, seconds: float | None) -> None:
    assert RetryAfterBackoff().backoff_time(response(status, headers=headers), attempt) == seconds


@pytest.mark.parametrize(("attempt", "seconds"), [(1, 1), (7, 60), (8, None)])
@pytest.mark.parametrize("failure", [requests.ConnectionError(), None])
def test_the_wait_after_a_failed_connection(
    failure: requests.RequestException | None, attempt: int, seconds: float | None
) -> None:
    assert RetryAfterBackoff().backoff_time(failure, attempt) == seconds


@pytest.mark.parametrize("text", ["1e300", "99999999999999"])
def test_a_wait_without_sense_is_the_usual_one(text: str) -> None:
    """Nobody would live to see its end, and no calendar has a name for it."""
    assert retry_after_seconds(response(429, headers={"Retry-After": text})) == 60


def test_about_two_minutes_of_trouble_are_sat_out() -> None:
    assert 100 < sum(backoff_seconds(failures) for failures in range(1, MAX_ATTEMPTS)) < 130


def test_attempts_can_be_fewer() -> None:
    impatient = RetryAfterBackoff(max_attempts=3)
    assert [impatient.backoff_time(response(500), attempt) for attempt in (1, 2, 3)] == [1, 2, None]


def test_the_wait_never_shrinks_and_never_is_nothing() -> None:
    waits = [backoff_seconds(failures) for failures in range(1, 1_000)]
    assert waits == sorted(waits)
    assert waits[0] >= 1
