"""What headers and the limit say."""

import pytest

from source_freshdesk.api.rate_limit import RateLimit
from source_freshdesk.api.rate_limit_headers import RateLimitHeaders, credits_used, rate_limit_headers
from unit_tests.api.simulated_limit import PLAIN


class TestWords:
    @pytest.mark.parametrize(
        ("total", "limit", "per_second"),
        [(50, "50 a minute", 0.75), (3_000, "3,000 an hour", 0.75), (1_000, "1,000 a minute", 15)],
    )
    def test_the_limit_is_reported(self, total: float, limit: str, per_second: float) -> None:
        rate_limit = RateLimit(90)
        rate_limit.finish(rate_limit.start(PLAIN, 0.0), 0.1, RateLimitHeaders(total, total - 1), 1.0)
        assert rate_limit.limit == limit
        assert rate_limit.allowed_per_second(PLAIN) == pytest.approx(per_second)
        assert rate_limit.spent_share == pytest.approx(1 / total)

    def test_the_users_bound_limits_the_rate(self) -> None:
        assert RateLimit(90, 30).allowed_per_second(PLAIN) == 0.5

    @pytest.mark.parametrize(
        ("headers", "expected"),
        [
            ({}, None),
            ({"X-RateLimit-Total": "400.0", "X-RateLimit-Remaining": "399.0"}, RateLimitHeaders(400, 399)),
            ({"X-RateLimit-Total": "400", "X-RateLimit-Remaining": "0"}, RateLimitHeaders(400, 0)),
            ({"X-RateLimit-Total": "400"}, None),
            ({"X-RateLimit-Remaining": "400"}, None),
            ({"X-RateLimit-Total": "many", "X-RateLimit-Remaining": "0"}, None),
            ({"X-RateLimit-Total": "nan", "X-RateLimit-Remaining": "0"}, None),
            ({"X-RateLimit-Total": "inf", "X-RateLimit-Remaining": "0"}, None),
            ({"X-RateLimit-Total": "0", "X-RateLimit-Remaining": "0"}, None),
            ({"X-RateLimit-Total": "-1", "X-RateLimit-Remaining": "0"}, None),
            ({"X-RateLimit-Total": "400", "X-RateLimit-Remaining": "-5"}, None),
        ],
    )
    def test_headers_are_accepted_if_they_are_numbers(
        self, headers: dict[str, str], expected: RateLimitHeaders | None
    ) -> None:
        assert rate_limit_headers(headers) == expected

    @pytest.mark.parametrize(("text", "used"), [("7.0", 7), ("0", 0), ("x", None), ("-1", None)])
    def test_so_is_the_cost(self, text: str, used: float | None) -> None:
        assert credits_used({"X-RateLimit-Used-CurrentRequest": text}) == used
