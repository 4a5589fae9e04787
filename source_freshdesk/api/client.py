"""One account as callers see it: a connection pool, a key, a quota, and patience."""

import logging
import math
import threading
from collections.abc import Callable, Mapping
from typing import Any

import requests
from airbyte_cdk.models import FailureType
from airbyte_cdk.sources.http_config import MAX_CONNECTION_POOL_SIZE
from airbyte_cdk.sources.message import InMemoryMessageRepository
from airbyte_cdk.sources.streams.http import HttpClient
from airbyte_cdk.sources.streams.http.error_handlers import ErrorResolution, ResponseAction
from airbyte_cdk.sources.streams.http.exceptions import BaseBackoffException, UserDefinedBackoffException
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_freshdesk.api.auth import ApiKeyAuth
from source_freshdesk.api.backoff import RetryAfterBackoff
from source_freshdesk.api.error_handler import Failed, FreshdeskErrorHandler
from source_freshdesk.api.prefetch import Prefetcher, Workers
from source_freshdesk.api.rate_limit import Call, RateLimit
from source_freshdesk.api.rate_limiter import RateLimitedSession, RateLimiter
from source_freshdesk.api.waiting import Clock, ProgressLog, WaitLog

CONNECT_TIMEOUT_SECONDS = 10.0
READ_TIMEOUT_SECONDS = 60.0
API_PATH = "/api/v2/"

MIN_WORKERS, MAX_WORKERS = 4, 32
WORKERS_WITHOUT_LIMIT = 20
BURST_SECONDS = 10.0
"""A quota that is unused is spent within this time, so that a small sync is not slowed by being careful."""

REQUEST_KWARGS: Mapping[str, Any] = {
    "timeout": (CONNECT_TIMEOUT_SECONDS, READ_TIMEOUT_SECONDS),
    # A redirect leads to another host, which must not see the key. It fails with a row of the table of meanings.
    "allow_redirects": False,
}


class FreshdeskApi:
    """What all streams of one account share: the base URL, the session, the quota, the workers and the clock.

    num_workers: how many calls may be under way at once; None: as many as the quota and Freshdesk's speed make useful.
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
    ) -> None:
        self.clock = clock
        self.is_access_revoked = False
        """Whether Freshdesk has stopped to let this key in."""
        self.counts: dict[tuple[str, str], int | None] = {}
        """How many rows of a resource changed since a day, where that was asked."""
        self._num_workers = num_workers
        self.api_url = base_url + API_PATH
        self.wait_log = WaitLog(self.clock, logger)
        self.progress_log = ProgressLog(self.clock)
        self.rate_limiter = RateLimiter(rate_limit, clock, self.wait_log, num_workers or math.inf)
        workers = Workers(self._useful_workers, self.rate_limiter.cancel_with)
        self.prefetcher = Prefetcher(workers, self.rate_limiter.wake)
        self._session = _session(base_url, api_key, self.rate_limiter)

    def _useful_workers(self) -> int:
        if self._num_workers is not None:
            return self._num_workers
        return useful_workers(
            self.rate_limiter.rate_limit.allowed_per_second(Call()), self.rate_limiter.latency_seconds
        )

    def useful_calls_at_once(self, call: Call) -> int:
        """How many calls like this, one after another in each of so many threads, the quota keeps up with."""
        rate, maximum = self.rate_limiter.rate_limit.allowed_per_second(call), self._useful_workers()
        return (
            max(min(math.ceil(rate * self.rate_limiter.latency_seconds), maximum), 1)
            if math.isfinite(rate)
            else maximum
        )

    def client(
        self, name: str, logger: logging.Logger, error_handler: FreshdeskErrorHandler, backoff: RetryAfterBackoff
    ) -> "FreshdeskHttpClient":
        """A client for one endpoint, over the account's one session."""
        return FreshdeskHttpClient(
            name, logger, error_handler, backoff, session=self._session, sleep=self.wait_log.sleep
        )

    def download_client(
        self, name: str, logger: logging.Logger, error_handler: FreshdeskErrorHandler, backoff: RetryAfterBackoff
    ) -> "FreshdeskHttpClient":
        """A client for files that Freshdesk keeps on other hosts: it has no key to show, and costs no quota."""
        session = requests.Session()
        session.proxies, session.verify, session.trust_env = self._session.proxies, self._session.verify, False
        return FreshdeskHttpClient(
            name, logger, error_handler, backoff, session=session, sleep=self.wait_log.sleep, is_rate_limited=False
        )


class FreshdeskHttpClient(HttpClient):
    """The CDK's client with a retry loop of its own.

    The CDK's gives up on a 429 after six tries, adds a second to every wait, and sleeps in silence. Here the backoff
    strategy alone says how long to wait and when to stop, and a call that met the call limit counts as no failure.
    """

    def __init__(
        self,
        name: str,
        logger: logging.Logger,
        error_handler: FreshdeskErrorHandler,
        backoff: RetryAfterBackoff,
        *,
        session: requests.Session,
        sleep: Callable[[float, str], None],
        is_rate_limited: bool = True,
    ) -> None:
        """is_metered: whether the session's budget holds calls back after one that met the call limit."""
        super().__init__(
            name=name,
            logger=logger,
            error_handler=error_handler,
            backoff_strategy=backoff,
            session=session,
            message_repository=InMemoryMessageRepository(),
        )
        # With --debug the CDK logs each answer, customers' data, their secrets and all.
        logger.addFilter(_without_body)
        self._sleep = sleep
        self._is_rate_limited = is_rate_limited
        self._counting = threading.Lock()
        self.calls = 0
        """Requests sent, retries included."""

    def _send_with_retry(
        self,
        request: requests.PreparedRequest,
        request_kwargs: Mapping[str, Any],
        log_formatter: Callable[[requests.Response], Any] | None = None,
        exit_on_rate_limit: bool | None = False,
    ) -> requests.Response:
        try:
            while True:
                with self._counting:
                    self.calls += 1
                try:
                    return self._send(request, request_kwargs, log_formatter, exit_on_rate_limit)
                except UserDefinedBackoffException as failed:
                    if self._is_rate_limited and _met_the_call_limit(failed):
                        # No failure. The budget lets it out again when the wait is over, with all that it holds back.
                        self._request_attempt_count[request] -= 1
                    else:
                        self._sleep(float(failed.backoff), str(failed))
        except BaseBackoffException as failed:
            attempts = self._request_attempt_count[request]
            tried = f" (Tried {attempts} times.)" if attempts > 1 else ""
            raise AirbyteTracedException(
                message=f"{failed}{tried}",
                internal_message=f"{request.method} {request.path_url.partition('?')[0]}: {failed}{tried}",
                failure_type=failed.failure_type or FailureType.system_error,
            ) from failed
        finally:
            self._evict_key(request)

    def _handle_error_resolution(
        self,
        response: requests.Response | None,
        exc: requests.RequestException | None,
        request: requests.PreparedRequest,
        error_resolution: ErrorResolution,
        exit_on_rate_limit: bool | None = False,
    ) -> None:
        """As the CDK's, which on a failure writes the whole answer into the log, customers' data and all, and a line
        for each answer that the caller may go on without.
        """
        if error_resolution.response_action is ResponseAction.IGNORE:
            return
        if error_resolution.response_action is ResponseAction.FAIL:
            if isinstance(error_resolution, Failed) and error_resolution.error is not None:
                raise error_resolution.error
            raise AirbyteTracedException(
                message=error_resolution.error_message,
                internal_message=error_resolution.error_message,
                failure_type=error_resolution.failure_type or FailureType.system_error,
            )
        super()._handle_error_resolution(response, exc, request, error_resolution, exit_on_rate_limit)


def useful_workers(allowed_per_second: float, latency_seconds: float) -> int:
    """How many calls under way at once spend what a minute allows within `BURST_SECONDS`."""
    if latency_seconds <= 0:
        return MIN_WORKERS
    if not math.isfinite(allowed_per_second):
        return WORKERS_WITHOUT_LIMIT
    needed = math.ceil(allowed_per_second * 60 / BURST_SECONDS * latency_seconds)
    return min(max(needed, MIN_WORKERS), MAX_WORKERS)


def _without_body(record: logging.LogRecord) -> bool:
    """Keep the record, without the body of an answer."""
    if hasattr(record, "body"):
        record.body = "left out"
    return True


def _met_the_call_limit(failed: BaseBackoffException) -> bool:
    return failed.response is not None and failed.response.status_code == requests.codes.too_many_requests


def _session(base_url: str, api_key: str, rate_limiter: RateLimiter) -> requests.Session:
    session = RateLimitedSession(rate_limiter)
    adapter = requests.adapters.HTTPAdapter(
        pool_connections=MAX_CONNECTION_POOL_SIZE, pool_maxsize=MAX_CONNECTION_POOL_SIZE
    )
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    # Proxies and the CA bundle of the environment, looked up once instead of at each call.
    surroundings: Mapping[str, Any] = session.merge_environment_settings(base_url, {}, None, None, None)
    session.proxies, session.verify = surroundings["proxies"], surroundings["verify"]
    session.trust_env = False
    session.headers["Accept"] = "application/json"
    session.auth = ApiKeyAuth(api_key, base_url)
    return session
