"""One account as the streams see it: its address, its key, its rate limit and the threads that call it."""

import logging
import math
from collections.abc import Callable, Collection, Mapping
from functools import partial
from http.cookiejar import DefaultCookiePolicy
from typing import Any, TypeVar

import requests
from airbyte_cdk.sources.http_config import MAX_CONNECTION_POOL_SIZE

from source_freshdesk.api.auth import ApiKeyAuth
from source_freshdesk.api.backoff import RetryAfterBackoff
from source_freshdesk.api.clock import Clock
from source_freshdesk.api.error_handler import FreshdeskErrorHandler
from source_freshdesk.api.http_client import FreshdeskHttpClient
from source_freshdesk.api.prefetch import Job, Prefetcher, Workers
from source_freshdesk.api.rate_limit import Call, RateLimit
from source_freshdesk.api.rate_limiter import RateLimitedSession, RateLimiter
from source_freshdesk.api.transport import BoundedAdapter
from source_freshdesk.api.usage import UsageLedger
from source_freshdesk.api.wait_log import ProgressLog, WaitLog

API_PATH = "/api/v2/"

MIN_WORKERS, MAX_WORKERS = 4, 32

WORKERS_WITHOUT_LIMIT = 20

WORTH_A_THREAD_SECONDS = 0.015
"""A call that takes less is not worth a thread. Python runs one at a time, and passing on from one to the other took a
fifth of the CPU where pages came within 5 ms."""

BURST_SECONDS = 10.0
"""An unused rate limit is spent within this time, so that a small sync is not slowed down."""

READ_AHEAD_BYTES = 60_000_000
"""What was fetched and waits to be emitted may take about this much memory."""


class FreshdeskApi:
    """What all streams of one account share: the base URL, the session, the rate limit, the threads and the clock.

    base_url: scheme and host, no path. num_workers: how many calls may be under way at once; None: as many as the rate
    limit and Freshdesk's speed make useful. patience_seconds: a call that the rate limit blocks for longer fails, and
    so does one that would have to wait for longer before it is tried again.
    """

    def __init__(
        self,
        base_url: str,
        api_key: str,
        *,
        rate_limit: RateLimit,
        num_workers: int | None,
        clock: Clock,
        logger: logging.Logger,
        patience_seconds: float = math.inf,
    ) -> None:
        self.clock = clock
        self.is_out_of_reach = False
        """Whether Freshdesk refuses the key or the whole account, or does not answer at all."""
        self.counts: dict[tuple[str, str], Job[int | None]] = {}
        """How many rows of a resource changed since a day, where that was asked."""
        self._num_workers, self._patience_seconds = num_workers, patience_seconds
        self.api_url = base_url + API_PATH
        self.wait_log = WaitLog(self.clock, logger)
        self.progress_log = ProgressLog(self.clock)
        self.rate_limiter = RateLimiter(rate_limit, clock, self.wait_log, num_workers or math.inf, patience_seconds)
        workers = Workers(self._useful_workers, self.rate_limiter.cancel_with)
        self.prefetcher = Prefetcher(workers, self.rate_limiter.wake, self._affordable_answers)
        self._begun: list[tuple[str, Job[None]]] = []
        self._session = _session(base_url, api_key, self.rate_limiter)

    def _useful_workers(self) -> int:
        if self._num_workers is not None:
            return self._num_workers
        return useful_workers(
            self.rate_limiter.rate_limit.allowed_per_second(Call()), self.rate_limiter.latency_seconds
        )

    def _affordable_answers(self) -> float:
        return READ_AHEAD_BYTES / max(self.rate_limiter.answer_bytes, 1)

    def useful_calls_at_once(self, call: Call) -> int:
        """In how many threads calls like this, one after another, use up the rate limit."""
        allowed_per_second = self.rate_limiter.rate_limit.allowed_per_second(call)
        return useful_threads(allowed_per_second, self.rate_limiter.latency_seconds, self._useful_workers())

    def client(
        self, name: str, logger: logging.Logger, error_handler: FreshdeskErrorHandler, backoff: RetryAfterBackoff
    ) -> "FreshdeskHttpClient":
        """A client for one endpoint, over the account's one session. name: of whom it makes calls on behalf of."""
        return FreshdeskHttpClient(
            name,
            logger,
            error_handler,
            backoff.within(self._patience_seconds),
            session=self._session,
            sleep=self.wait_log.sleep,
            metered=partial(self.ledger.on_behalf_of, name),
        )

    @property
    def ledger(self) -> UsageLedger:
        """What was used so far, and on whose behalf."""
        return self.rate_limiter.ledger

    def begin(self, name: str, work: Callable[[], None]) -> None:
        """Have this done by another thread while the stream of this name is read."""
        self._begun.append((name, self.prefetcher.submit(work, self.prefetcher.cancellation())))

    def await_begun(self, names: Collection[str]) -> None:
        """Return when what was begun for these names is done."""
        for _, job in [begun for begun in self._begun if begun[0] in names]:
            job.result()

    def note_out_of_reach(self) -> None:
        """Freshdesk refuses the key or the account, or does not answer: no stream can be read any more."""
        self.is_out_of_reach = True

    def download_client(
        self, name: str, logger: logging.Logger, error_handler: FreshdeskErrorHandler, backoff: RetryAfterBackoff
    ) -> "FreshdeskHttpClient":
        """A client for files that Freshdesk keeps on other hosts: it sends no key, and costs no call."""
        session = _bounded(requests.Session())
        session.proxies, session.verify, session.trust_env = self._session.proxies, self._session.verify, False
        return FreshdeskHttpClient(
            name, logger, error_handler, backoff, session=session, sleep=self.wait_log.sleep, metered=None
        )


def useful_workers(allowed_per_second: float, latency_seconds: float) -> int:
    """How many calls under way at once spend what a minute allows within `BURST_SECONDS`.

    allowed_per_second: by the rate limit; infinite if unknown. latency_seconds: of a response; 0 if unknown.
    Between `MIN_WORKERS` and `MAX_WORKERS`; `WORKERS_WITHOUT_LIMIT` if no limit is known.
    """
    if latency_seconds <= 0:
        return MIN_WORKERS
    if not math.isfinite(allowed_per_second):
        return WORKERS_WITHOUT_LIMIT
    needed = math.ceil(allowed_per_second * 60 / BURST_SECONDS * latency_seconds)
    return min(max(needed, MIN_WORKERS), MAX_WORKERS)


def useful_threads(allowed_per_second: float, latency_seconds: float, maximum: int) -> int:
    """In how many threads calls, one after another, use up what the rate limit allows; one, where Freshdesk answers
    faster than threads take turns. 0 seconds: it is not known how long an answer takes.
    """
    if 0 < latency_seconds < WORTH_A_THREAD_SECONDS:
        return 1
    if not math.isfinite(allowed_per_second):
        return maximum
    return max(min(math.ceil(allowed_per_second * latency_seconds), maximum), 1)


Session = TypeVar("Session", bound=requests.Session)


def _bounded(session: Session) -> Session:
    """The session, with bounds for answers, and without a memory for cookies."""
    adapter = BoundedAdapter(pool_connections=MAX_CONNECTION_POOL_SIZE, pool_maxsize=MAX_CONNECTION_POOL_SIZE)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
    return session


def _session(base_url: str, api_key: str, rate_limiter: RateLimiter) -> requests.Session:
    session = _bounded(RateLimitedSession(rate_limiter))
    # Proxies and the CA bundle of the environment, read once instead of for each call.
    environment: Mapping[str, Any] = session.merge_environment_settings(base_url, {}, None, None, None)
    session.proxies, session.verify = environment["proxies"], environment["verify"]
    session.trust_env = False
    session.headers["Accept"] = "application/json"
    session.auth = ApiKeyAuth(api_key, base_url)
    return session
