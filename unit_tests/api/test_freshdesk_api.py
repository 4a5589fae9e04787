"""What all streams of one account share."""

import math
from typing import Any

import pytest
import requests_mock

from source_freshdesk.api.freshdesk_api import FreshdeskApi, useful_threads, useful_workers
from unit_tests import support
from unit_tests.api.endpoint import TICKETS, Endpoint
from unit_tests.support import API, SimulatedClock, answer, refusal, together


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


def test_an_account_is_open_until_a_stream_finds_it_closed(api: FreshdeskApi) -> None:
    assert api.is_out_of_reach is False


def test_what_was_used_is_counted_for_all_clients(
    server: requests_mock.Mocker, api: FreshdeskApi, clock: SimulatedClock
) -> None:
    headers = {
        "X_RateLimit_Total": "400.0",
        "X_RateLimit_Remaining": "300.0",
        "X_RateLimit_Used_CurrentRequest": "7.0",
    }
    server.get(TICKETS, [answer([], 200, **headers), refusal(429, Retry_After="40"), answer([], 200, **headers)])
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
def test_as_many_workers_are_useful_as_spend_a_minutes_rate_limit_in_seconds(
    allowed_per_second: float, latency_seconds: float, workers: int
) -> None:
    assert useful_workers(allowed_per_second, latency_seconds) == workers


@pytest.mark.parametrize(
    ("allowed_per_second", "latency_seconds", "threads"),
    [
        (math.inf, 0, 20),
        (math.inf, 0.1, 20),
        (math.inf, 0.014, 1),
        (1000, 0.014, 1),
        (1000, 0.015, 15),
        (1000, 1, 20),
        (0.5, 0.3, 1),
        (5, 0, 1),
    ],
)
def test_calls_go_out_at_once_where_that_saves_time(
    allowed_per_second: float, latency_seconds: float, threads: int
) -> None:
    assert useful_threads(allowed_per_second, latency_seconds, 20) == threads
