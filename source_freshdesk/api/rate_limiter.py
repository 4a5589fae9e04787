"""Blocks calls until the account's rate limit allows them; shared by all streams and threads."""

import math
import threading
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from airbyte_cdk.sources.streams.call_rate import AbstractAPIBudget, AbstractCallRatePolicy, LimiterSession

from source_freshdesk.api.access_latch import AccessLatch
from source_freshdesk.api.backoff import retry_after_seconds
from source_freshdesk.api.clock import Clock
from source_freshdesk.api.errors import transient_error
from source_freshdesk.api.rate_limit import Call, InFlightCall, RateLimit
from source_freshdesk.api.rate_limit_headers import credits_used, rate_limit_headers
from source_freshdesk.api.usage import Usage, UsageLedger
from source_freshdesk.api.wait_log import LOG_INTERVAL_SECONDS, WaitLog

LISTS_WITH_LIMITS_OF_THEIR_OWN: Mapping[str, str] = {"/api/v2/tickets": "tickets", "/api/v2/contacts": "contacts"}
"""https://developers.freshdesk.com/api/#ratelimit"""

CREDITS_FOR_AN_INCLUDE = 2
"""On the list of tickets: https://developers.freshdesk.com/api/#list_all_tickets"""

MIN_LOGGED_WAIT_SECONDS = 5.0


class Cancelled(Exception):
    """The call is not needed any more."""


class RateLimiter(AbstractAPIBudget):
    """Blocks each call until the rate limit allows it, in any thread, and learns from each response.

    max_in_flight: how many calls may be under way. patience_seconds: a call that would be blocked longer fails.

    Else it blocks for as long as it takes. The log says once until when, and has a line every `LOG_INTERVAL_SECONDS`.
    """

    def __init__(
        self,
        rate_limit: RateLimit,
        clock: Clock,
        wait_log: WaitLog,
        max_in_flight: float = math.inf,
        patience_seconds: float = math.inf,
    ) -> None:
        self.rate_limit = rate_limit
        self._clock = clock
        self._wait_log = wait_log
        self._max_in_flight = max_in_flight
        self._patience_seconds = patience_seconds
        self._changed = threading.Condition()
        self._under_way: dict[int, InFlightCall] = {}
        self.ledger = UsageLedger()
        self._waiting_calls = 0
        self._waiting_since = 0.0
        self._latency_seconds = 0.0
        self._answer_bytes = 0.0
        self._cancelled = threading.local()
        self._latch = AccessLatch()

    @property
    def usage(self) -> Usage:
        """What was used so far."""
        return self.ledger.total

    @property
    def latency_seconds(self) -> float:
        """How long a response takes, as a moving average, in seconds; 0 before the first one."""
        return self._latency_seconds

    @property
    def answer_bytes(self) -> float:
        """How large answers are: the largest one, less a tenth for each that came after it; 0 before the first one."""
        return self._answer_bytes

    def cancel_with(self, event: threading.Event) -> None:
        """Calls of this thread raise `Cancelled` once `event` is set."""
        self._cancelled.event = event

    def acquire_call(self, request: Any, block: bool = True, timeout: float | None = None) -> None:
        """Return when the call may be made. It always blocks: limits are renewed, however long that takes.

        Raises `Cancelled` if the call is not needed any more, `AccessRevoked` if the key or the account was refused,
        `AirbyteTracedException` if it would take longer than the patience lasts.
        """
        call = call_of(request)
        with self._changed:
            while (seconds := self._seconds_until(call)) > 0:
                self._latch.check(request)
                if self._patience_seconds < seconds < math.inf:
                    raise transient_error(
                        f"The account's API rate limit is used up, by other apps or by a sync, and free again in about "
                        f"{math.ceil(seconds / 60)} min. Try again then."
                    )
                self._block(call, seconds)
            self._raise_if_cancelled()
            self._latch.check(request)
            self._under_way[id(request)] = self.rate_limit.start(call, self._clock.monotonic())

    def update_from_response(self, request: Any, response: Any) -> None:
        """Learn from a response."""
        self._latch.note(request, response)
        headers = response.headers
        used = credits_used(headers)
        with self._changed:
            now = self._clock.monotonic()
            started = self._under_way.pop(id(request))
            self.rate_limit.finish(started, now, rate_limit_headers(headers), used)
            if response.status_code == requests.codes.too_many_requests:
                self.rate_limit.refuse(started.call, now, retry_after_seconds(response))
            self._latency_seconds += (now - started.at - self._latency_seconds) * (
                0.2 if self._latency_seconds else 1.0
            )
            self._answer_bytes = max(0.9 * self._answer_bytes, len(response.content))
            self.ledger.add_call(started.call.credits if used is None else used)
            self._changed.notify_all()

    def record_failed_call(self, request: Any) -> None:
        """A call ended without a response. Freshdesk may have counted it, so it stays counted."""
        with self._changed:
            started = self._under_way.pop(id(request), None)
            if started is not None:
                self.rate_limit.finish(started, self._clock.monotonic())
                self.ledger.add_call(started.call.credits)
            self._changed.notify_all()

    def get_matching_policy(self, request: Any) -> AbstractCallRatePolicy | None:
        """None: there is one rate limit for the account, not a set of policies."""
        return None

    def wake(self) -> None:
        """Have blocked calls check whether they were cancelled."""
        with self._changed:
            self._changed.notify_all()

    def _seconds_until(self, call: Call) -> float:
        """As the rate limit says; infinite while as many calls are under way as there may be."""
        if len(self._under_way) >= self._max_in_flight:
            return math.inf
        return self.rate_limit.seconds_until(call, self._clock.monotonic())

    def _block(self, call: Call, seconds: float) -> None:
        """Wait until the limit changes, at most `seconds` or until the next line of the log is due."""
        self._raise_if_cancelled()
        started_at = self._clock.monotonic()
        if math.isfinite(seconds) and seconds > MIN_LOGGED_WAIT_SECONDS:
            self._wait_log.announce(started_at + seconds, self._reason(call, started_at))
        # A call that waits only for another one to end is not blocked by the limit.
        for_limit = int(math.isfinite(seconds))
        if self._waiting_calls == 0:
            self._waiting_since = started_at
        self._waiting_calls += for_limit
        try:
            self._clock.wait(self._changed, min(seconds, LOG_INTERVAL_SECONDS))
        finally:
            self._waiting_calls -= for_limit
            if for_limit and self._waiting_calls == 0:
                self.ledger.add_wait(self._clock.monotonic() - self._waiting_since)
        self._wait_log.log_rest()

    def _reason(self, call: Call, now: float) -> str:
        if self.rate_limit.is_refused(call, now):
            return "The account's API rate limit is reached."
        limit = f" ({self.rate_limit.limit})" if self.rate_limit.limit else ""
        return f"This sync has used its part of the account's API rate limit{limit}."

    def _raise_if_cancelled(self) -> None:
        event = getattr(self._cancelled, "event", None)
        if event is not None and event.is_set():
            raise Cancelled


class RateLimitedSession(LimiterSession):
    """The CDK's session with a rate limiter, which also learns of calls that got no response."""

    def __init__(self, rate_limiter: RateLimiter) -> None:
        super().__init__(api_budget=rate_limiter)
        self._rate_limiter = rate_limiter

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        """Send a request when the limiter allows it."""
        try:
            return super().send(request, **kwargs)
        except BaseException:
            self._rate_limiter.record_failed_call(request)
            raise


def call_of(request: requests.PreparedRequest) -> Call:
    """What a request costs, and whether it reads a list with a limit of its own."""
    url = urlsplit(request.url or "")
    list_name = LISTS_WITH_LIMITS_OF_THEIR_OWN.get(url.path)
    includes = parse_qs(url.query).get("include", [""])[0].split(",") if list_name == "tickets" else []
    return Call(1.0 + CREDITS_FOR_AN_INCLUDE * sum(map(bool, includes)), list_name)
