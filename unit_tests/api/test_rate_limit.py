"""A sync alone spends its share, and no more."""

import math
import random

import pytest

from source_freshdesk.api.rate_limit import Call, RateLimit
from unit_tests.api.simulated_limit import KINDS, PERCENTS, TOTALS, Server, endless, job, run


class TestAlone:
    """No other app uses the account."""

    @KINDS
    @PERCENTS
    @pytest.mark.parametrize("total", TOTALS)
    @pytest.mark.parametrize("latency", [(0.05, 0.5), (0.05, 0.06)])
    def test_the_share_is_spent_and_no_call_refused(
        self, kind: str, percent: int, total: int, latency: tuple[float, float]
    ) -> None:
        seed = total + percent
        windows = 3
        server = Server(total, kind, random.Random(f"{seed}{latency}").uniform(0, 60))
        seen = run(RateLimit(percent), server, endless(), windows * 60, seed=seed, latency=latency)
        assert seen.refused == []
        assert seen.credits(0, windows * 60) >= 0.97 * windows * total * percent / 100

    @KINDS
    @pytest.mark.parametrize("seed", range(10))
    def test_where_the_minute_begins_makes_no_difference(self, kind: str, seed: int) -> None:
        rng = random.Random(seed)
        total, percent = rng.choice([50, 200, 400]), rng.choice([10, 50, 90, 99, 100])
        lanes = rng.randint(1, 20) if total == 50 else 20
        server = Server(total, kind, seed * 5.0)
        seen = run(RateLimit(percent), server, endless(lanes=lanes), 5 * 60, seed=seed)
        assert seen.refused == []
        assert seen.credits(0, 5 * 60) >= 0.97 * 5 * math.floor(total * percent / 100)

    @KINDS
    @PERCENTS
    @pytest.mark.parametrize("total", [3_000])
    def test_a_limit_by_the_hour_is_one(self, kind: str, percent: int, total: int) -> None:
        server = Server(total, kind, random.Random(total).uniform(0, 3_600), 3_600)
        seen = run(RateLimit(percent), server, endless(), 2 * 3_600, seed=total)
        assert seen.refused == []
        assert seen.credits(0, 2 * 3_600) >= 0.97 * 2 * total * percent / 100

    @KINDS
    @PERCENTS
    @pytest.mark.parametrize("total", [3_000, 5_000])
    def test_a_limit_by_the_minute_is_not_taken_for_one_by_the_hour(self, kind: str, percent: int, total: int) -> None:
        """Old plans have these numbers by the hour."""
        server = Server(total, kind, random.Random(total).uniform(0, 60))
        seen = run(RateLimit(percent), server, endless(lanes=40), 20 * 60, seed=total)
        assert seen.refused == []
        assert seen.credits(5 * 60, 20 * 60) >= 0.9 * 15 * total * percent / 100

    @KINDS
    @PERCENTS
    def test_calls_that_cost_more_are_weighed(self, kind: str, percent: int) -> None:
        seen = run(RateLimit(percent), Server(700, kind, 17), endless(Call(7.0)), 4 * 60)
        assert seen.refused == []
        assert seen.credits(0, 4 * 60) >= 0.97 * 4 * (700 * percent / 100 - 6)

    @KINDS
    @PERCENTS
    @pytest.mark.parametrize("total", TOTALS)
    def test_a_job_that_fits_into_the_first_minute_is_not_held_back(self, kind: str, percent: int, total: int) -> None:
        size = total * percent // 100
        # A minute that begins meanwhile gives more, never less.
        seen = run(RateLimit(percent), Server(total, kind, 30), job(size), 600, seed=total)
        first_answer = seen.sent[1][0]
        assert len(seen.counted) == size
        assert [seconds for at, seconds in seen.held if at > first_answer and math.isfinite(seconds)] == []
        assert seen.ended <= first_answer + size / 20 * 0.275 * 1.3 + 1.0

    @KINDS
    @PERCENTS
    @pytest.mark.parametrize("spent_before", [0.6])
    @pytest.mark.parametrize("total", TOTALS)
    def test_a_job_that_fits_into_what_others_left_is_not_held_back(
        self, kind: str, percent: int, spent_before: float, total: int
    ) -> None:
        server = Server(total, kind, 0)
        server.others(spent_before * total, 0.0)
        cushion = total * (100 - percent) / 100
        size = math.floor(min(total * percent / 100, total - spent_before * total - cushion))
        seen = run(RateLimit(percent), server, job(size), 600, seed=total)
        first_answer = seen.sent[1][0]
        assert len(seen.counted) == size
        assert [seconds for at, seconds in seen.held if at > first_answer and math.isfinite(seconds)] == []
        # Calls that are under way and counted already may stand against a few of the last ones for a moment.
        assert seen.ended <= first_answer + size / 20 * 0.275 * 1.3 + 2.5
