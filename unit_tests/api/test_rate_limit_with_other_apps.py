"""Other apps, limits that change, and responses without headers."""

import itertools
import math
import random
from collections.abc import Callable

import pytest

from source_freshdesk.api.rate_limit import RateLimit
from source_freshdesk.api.rate_limit_headers import RateLimitHeaders
from unit_tests.api.other_apps import Spends, at_random, in_bursts, steadily
from unit_tests.api.simulated_limit import (
    KINDS,
    PERCENTS,
    PLAIN,
    Server,
    endless,
    job,
    run,
)


class TestWithOtherApps:
    """Which take a third of the limit."""

    @KINDS
    @pytest.mark.parametrize("how", [steadily, at_random])
    @pytest.mark.parametrize("percent", [90, 60])
    def test_calls_are_hardly_ever_refused(
        self, kind: str, how: Callable[[float, float, random.Random], Spends], percent: int
    ) -> None:
        """Never twice in a minute; of 50 calls a minute, where one call more or less is much, not that strictly."""
        minutes, refusals = 0, 0
        for total, seed in itertools.product([50, 200, 400], range(2)):
            rng = random.Random(f"{kind}{total}{percent}{seed}")
            server = Server(total, kind, rng.uniform(0, 60))
            seen = run(RateLimit(percent), server, endless(), 5 * 60, seed=seed, others=how(1 / 3, total, rng))
            assert seen.sent_while_closed == []
            if total > 50 or how is steadily:
                assert seen.most_refusals(server) <= 1
            minutes, refusals = minutes + 5, refusals + len(seen.refused)
            assert seen.credits(0, 300) >= 0.4 * 5 * total, "and what others leave is used"
        assert refusals < minutes / (2 if percent == 90 else 10), "usually none"

    @KINDS
    @pytest.mark.parametrize("seed", range(4))
    def test_nothing_goes_out_inside_a_retry_after(self, kind: str, seed: int) -> None:
        """Even with the whole limit for oneself and others who take what they want."""
        rng = random.Random(seed)
        server = Server(200, kind, rng.uniform(0, 60))
        seen = run(RateLimit(100), server, endless(), 600, seed=seed, others=in_bursts(1 / 3, 200, rng))
        assert seen.sent_while_closed == []
        assert seen.credits(0, 600) >= 0.4 * 10 * 200


class TestChange:
    @KINDS
    @PERCENTS
    @pytest.mark.parametrize(("before", "after"), [(700, 200), (200, 700), (400, 50), (50, 1_000)])
    def test_a_limit_that_changes_midway_is_followed(self, kind: str, percent: int, before: int, after: int) -> None:
        changes_at = 150.0
        server = Server(lambda now: before if now < changes_at else after, kind, 41)
        seen = run(RateLimit(percent), server, endless(), 480, seed=before)
        assert [at for at, _ in seen.refused if not changes_at <= at < changes_at + 60] == []
        assert seen.most_refusals(server) <= 20, "no more than were under way"
        assert seen.sent_while_closed == []
        assert seen.credits(changes_at + 90, 480) >= 0.95 * 3.5 * after * percent / 100


class TestWithoutHeaders:
    @KINDS
    @pytest.mark.parametrize("lanes", [1, 20])
    def test_all_calls_are_made_and_every_retry_after_kept(self, kind: str, lanes: int) -> None:
        server = Server(200, kind, 13, tells="nothing")
        seen = run(RateLimit(), server, job(700, lanes=lanes), 3_600, seed=lanes)
        assert len(seen.counted) == 700
        assert seen.ended <= 6 * 60
        assert seen.sent_while_closed == []
        if kind == "fixed":
            assert seen.most_refusals(server) <= 2 * lanes

    def test_nothing_is_known_until_three_answers_came_without(self) -> None:
        rate_limit = RateLimit()
        for _ in range(3):
            started = rate_limit.start(PLAIN, 0.0)
            assert rate_limit.seconds_until(PLAIN, 0.0) == math.inf
            rate_limit.finish(started, 0.1)
        for _ in range(20):
            assert rate_limit.seconds_until(PLAIN, 0.2) == 0
            rate_limit.start(PLAIN, 0.2)
        assert rate_limit.limit == ""
        assert rate_limit.spent_share is None
        assert rate_limit.allowed_per_second(PLAIN) == math.inf

    def test_a_call_that_broke_counts_as_made(self) -> None:
        rate_limit = RateLimit(100)
        rate_limit.finish(rate_limit.start(PLAIN, 0.0), 0.1, RateLimitHeaders(50, 50), 1.0)
        for _ in range(49):
            assert rate_limit.seconds_until(PLAIN, 0.2) == 0
            rate_limit.finish(rate_limit.start(PLAIN, 0.2), 0.2)
        assert rate_limit.seconds_until(PLAIN, 0.2) > 0
