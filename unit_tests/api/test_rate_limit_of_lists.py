"""Limits of lists, and those of the user."""

import itertools

import pytest

from source_freshdesk.api.rate_limit import Call, RateLimit, list_limit
from source_freshdesk.api.rate_limit_headers import RateLimitHeaders
from unit_tests.api.simulated_limit import (
    KINDS,
    LIST_LIMITS,
    PERCENTS,
    PLAIN,
    TICKET_LIST,
    Server,
    endless,
    most_in_any,
    run,
)


class TestRequestsPerMinute:
    @KINDS
    @pytest.mark.parametrize("bound", [1, 7, 50, 150])
    @pytest.mark.parametrize("tells", ["account", "nothing"])
    def test_the_users_bound_is_kept_in_any_minute(self, kind: str, bound: int, tells: str) -> None:
        server = Server(200, kind, 13, tells=tells)
        seen = run(RateLimit(100, bound), server, endless(lanes=10), 300, seed=bound)
        assert most_in_any(60, [at for at, _ in seen.sent]) <= bound
        assert len(seen.sent) >= 0.95 * 5 * bound
        assert seen.refused == []

    def test_it_counts_calls_whatever_they_cost_or_bring(self) -> None:
        rate_limit = RateLimit(100, 10)
        for number in range(10):
            assert rate_limit.seconds_until(TICKET_LIST, 0.0) == 0
            rate_limit.finish(
                rate_limit.start(TICKET_LIST, 0.0), 0.0, RateLimitHeaders(2_000, 1_900), used=0.0 if number else 7.0
            )
        assert rate_limit.seconds_until(PLAIN, 1.0) == pytest.approx(59)


class TestLists:
    @KINDS
    @PERCENTS
    @pytest.mark.parametrize("total", [50, 200, 700])
    @pytest.mark.parametrize("tells", ["account", "list"])
    @pytest.mark.parametrize("call", [Call(1.0, "tickets"), TICKET_LIST], ids=["plain", "with includes"])
    def test_a_limit_of_calls_is_kept(self, kind: str, percent: int, total: int, tells: str, call: Call) -> None:
        """One lane reads the list, as the stream does, the others what is on it."""
        server = Server(total, kind, 23, list_counts="calls", tells=tells)
        seen = run(RateLimit(percent), server, [itertools.repeat(call), *endless(lanes=9)], 130, seed=total)
        assert seen.refused == []
        assert sum(one == call for _, one in seen.counted) > 0

    @KINDS
    @pytest.mark.parametrize("total", [200, 700])
    @pytest.mark.parametrize("tells", ["account", "list"])
    def test_a_limit_of_credits_is_learned_from_one_refusal(self, kind: str, total: int, tells: str) -> None:
        server = Server(total, kind, 23, list_counts="credits", tells=tells)
        seen = run(RateLimit(90), server, [itertools.repeat(TICKET_LIST), *endless(lanes=9)], 300, seed=total)
        assert len(seen.refused) <= 1
        assert seen.sent_while_closed == []
        assert sum(one == TICKET_LIST for _, one in seen.counted) > 0

    def test_a_refused_list_holds_itself_alone(self) -> None:
        rate_limit = RateLimit()
        rate_limit.finish(rate_limit.start(PLAIN, 0.0), 0.1, RateLimitHeaders(400, 399), 1.0)
        refused = rate_limit.start(Call(1.0, "tickets"), 0.2)
        rate_limit.finish(refused, 0.3, RateLimitHeaders(400, 398), 1.0)
        rate_limit.refuse(refused.call, 0.3, 30.0)
        assert rate_limit.seconds_until(Call(1.0, "tickets"), 0.3) == pytest.approx(30)
        assert rate_limit.seconds_until(Call(7.0, "tickets"), 10.3) == pytest.approx(20)
        assert rate_limit.is_refused(Call(1.0, "tickets"), 10.3)
        assert rate_limit.seconds_until(PLAIN, 0.3) == 0
        assert rate_limit.seconds_until(Call(1.0, "contacts"), 0.3) == 0

    def test_calls_go_on_side_by_side_while_a_list_is_refused(self) -> None:
        rate_limit = RateLimit()
        rate_limit.finish(rate_limit.start(PLAIN, 0.0), 0.1, RateLimitHeaders(400, 399), 1.0)
        refused = rate_limit.start(TICKET_LIST, 0.2)
        rate_limit.finish(refused, 0.3, RateLimitHeaders(400, 0), 0.0)
        rate_limit.refuse(refused.call, 0.3, 30.0)
        rate_limit.finish(rate_limit.start(PLAIN, 0.4), 0.5, RateLimitHeaders(400, 398), 1.0)
        for _ in range(10):
            assert rate_limit.seconds_until(PLAIN, 0.5) == 0
            rate_limit.start(PLAIN, 0.5)

    def test_a_refused_call_to_anything_else_holds_all(self) -> None:
        rate_limit = RateLimit()
        refused = rate_limit.start(PLAIN, 0.0)
        rate_limit.finish(refused, 0.1, RateLimitHeaders(400, 0), 0.0)
        rate_limit.refuse(refused.call, 0.1, 30.0)
        for call in (PLAIN, TICKET_LIST, Call(1.0, "contacts")):
            assert rate_limit.seconds_until(call, 0.1) == pytest.approx(30)

    @pytest.mark.parametrize("total", LIST_LIMITS)
    def test_the_limit_of_a_list_follows_from_the_accounts(self, total: int) -> None:
        assert list_limit(total) == LIST_LIMITS[total]
