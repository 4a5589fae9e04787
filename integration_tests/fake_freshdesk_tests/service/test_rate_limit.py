"""How many calls the account may make."""

from typing import Literal

import pytest
import requests

from integration_tests.fake_freshdesk import (
    Account,
    Plan,
    RateLimit,
    plans,
)
from integration_tests.fake_freshdesk_tests.service.client import (
    AGENTS,
    CONTACTS,
    TEN,
    TICKETS,
    Clock,
    allowed,
    serving,
)


def test_every_answer_shows_what_is_left_of_the_rate_limit(account: Account) -> None:
    with serving(account, rate_limit=RateLimit(plans.TRIAL)) as client:
        answers = [client.get(path) for path in ("tickets", "nowhere", "companies")]
    assert [answer.headers["X-RateLimit-Total"] for answer in answers] == ["50.0"] * 3
    assert [answer.headers["X-RateLimit-Remaining"] for answer in answers] == ["49.0", "48.0", "47.0"]


def test_a_call_too_many_is_answered_429(account: Account) -> None:
    clock = Clock(1000.0)
    with serving(account, rate_limit=RateLimit(Plan(2), clock=clock)) as client:
        for _ in range(2):
            client.get("companies")
        clock.at += 12.5
        refused = client.get("companies")
        clock.at += int(refused.headers["Retry-After"])
        assert client.get("companies").status_code == 200
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "48")
    assert refused.headers["X-RateLimit-Total"] == "2.0"
    assert refused.headers["X-RateLimit-Remaining"] == "0.0"
    assert "message" in refused.json()


def test_invalid_requests_count(account: Account) -> None:
    with serving(account, rate_limit=RateLimit(Plan(2), clock=Clock())) as client:
        assert client.get("nowhere").status_code == 404
        assert requests.get(f"{client.fake.url}/api/v2/tickets", timeout=10).status_code == 401
        assert client.get("tickets").status_code == 429


def test_the_journal_shows_what_a_call_was_charged(account: Account) -> None:
    with serving(account, rate_limit=RateLimit(Plan(4), clock=Clock())) as client:
        for include in ("stats", "stats", None):
            client.get("tickets", include=include)
        assert [(call.status, call.credits) for call in client.fake.journal.calls()] == [(200, 3), (429, 0), (200, 1)]


@pytest.mark.parametrize(
    ("plan", "total", "list_calls"),
    [
        (plans.TRIAL, 50, 50),
        (plans.FREE, 50, 50),
        (plans.GROWTH, 200, 20),
        (plans.PRO, 400, 100),
        (plans.ENTERPRISE, 700, 200),
        (plans.BOUGHT_1000, 1000, 300),
        (plans.BOUGHT_2000, 2000, 400),
    ],
)
def test_a_plan_limits_the_account_and_two_lists(plan: Plan, total: int, list_calls: int) -> None:
    limit = RateLimit(plan, clock=Clock())
    assert allowed(limit, TICKETS) == list_calls
    assert allowed(limit, CONTACTS) == min(list_calls, total - list_calls)
    assert allowed(limit, f"{TICKETS}/1") == total - list_calls - min(list_calls, total - list_calls)


@pytest.mark.parametrize(("lists_count", "calls"), [("calls", 20), ("credits", 6)])
def test_whether_a_list_limit_counts_calls_or_credits_is_an_option(
    lists_count: Literal["calls", "credits"], calls: int
) -> None:
    limit = RateLimit(plans.GROWTH, lists_count=lists_count, clock=Clock())
    assert allowed(limit, TICKETS, cost=3) == calls
    assert allowed(limit, AGENTS) == 200 - 3 * calls


@pytest.mark.parametrize(("headers_tell", "shown"), [("account", (200, 199)), ("list", (20, 19))])
def test_which_limit_the_headers_of_a_list_show_is_an_option(
    headers_tell: Literal["account", "list"], shown: tuple[int, int]
) -> None:
    limit = RateLimit(plans.GROWTH, headers_tell=headers_tell, clock=Clock())
    charge = limit.charge(TICKETS, 1)
    assert (charge.total, charge.remaining) == shown
    assert limit.charge(AGENTS, 1).total == 200


def test_a_reached_list_limit_says_when_the_list_is_free() -> None:
    clock = Clock()
    limit = RateLimit(plans.GROWTH, window="sliding", clock=clock)
    assert allowed(limit, AGENTS) == 200
    clock.at = 60.0
    assert allowed(limit, TICKETS) == 20
    clock.at = 61.0
    refused = limit.charge(TICKETS, 1)
    assert (refused.retry_after, refused.remaining) == (59, 0)
    assert not limit.charge(CONTACTS, 1).refused


def test_a_refusal_may_show_what_is_left_of_the_account() -> None:
    limit = RateLimit(plans.GROWTH, refusal_tells_zero=False, clock=Clock())
    allowed(limit, TICKETS)
    refused = limit.charge(TICKETS, 1)
    assert (refused.refused, refused.remaining) == (True, 180)


def test_a_refusal_may_keep_to_itself_when_to_come_back(account: Account) -> None:
    with serving(account, rate_limit=RateLimit(Plan(0), tells_retry_after=False, clock=Clock())) as client:
        response = client.get("tickets")
    assert response.status_code == 429
    assert "Retry-After" not in response.headers


@pytest.mark.parametrize(("refused_calls_count", "free_at_sixty"), [(False, 10), (True, 7)])
def test_whether_refused_calls_count_is_an_option(refused_calls_count: bool, free_at_sixty: int) -> None:
    clock = Clock()
    limit = RateLimit(TEN, window="sliding", refused_calls_count=refused_calls_count, clock=clock)
    for _ in range(10):
        limit.charge(AGENTS, 1)
    clock.at = 10.0
    for _ in range(3):
        assert limit.charge(AGENTS, 1).used == int(refused_calls_count)
    clock.at = 60.0
    assert allowed(limit) == free_at_sixty


def test_a_limit_may_change_midway() -> None:
    limit = RateLimit(plans.GROWTH, clock=Clock())
    assert allowed(limit) == 200
    limit.plan = plans.PRO
    assert allowed(limit) == 200
    limit.plan = plans.TRIAL
    charge = limit.charge(AGENTS, 1)
    assert (charge.refused, charge.total, charge.remaining) == (True, 50, 0)
