"""The HTTP client: sends a request until it is answered, and waits in between."""

import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import requests
from airbyte_cdk.models import FailureType
from airbyte_cdk.sources.message import InMemoryMessageRepository
from airbyte_cdk.sources.streams.http import HttpClient
from airbyte_cdk.sources.streams.http.error_handlers import ErrorResolution, ResponseAction
from airbyte_cdk.sources.streams.http.exceptions import BaseBackoffException, UserDefinedBackoffException
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_freshdesk.api.backoff import RetryAfterBackoff
from source_freshdesk.api.error_handler import FailedCall, FreshdeskErrorHandler

CONNECT_TIMEOUT_SECONDS = 10.0

READ_TIMEOUT_SECONDS = 60.0

REQUEST_KWARGS: Mapping[str, Any] = {
    "timeout": (CONNECT_TIMEOUT_SECONDS, READ_TIMEOUT_SECONDS),
    # A redirect leads to another host, which must not get the key. It fails with one of the error rules.
    "allow_redirects": False,
}


class FreshdeskHttpClient(HttpClient):
    """The CDK's client with a retry loop of its own: see `_send_with_retry`.

    The CDK's loop gives up on a 429 after six attempts, adds a second to every wait, and sleeps without a line in the
    log.
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
        metered: Callable[[], AbstractContextManager[None]] | None,
    ) -> None:
        """error_handler: decides what a response means. backoff: decides how long to wait. sleep: waits so many seconds
        and logs why. metered: what a call is made in, so that its use of the rate limit is counted; None: the limit
        does not apply, so the session does not block the call again after a 429.
        """
        super().__init__(
            name=name,
            logger=logger,
            error_handler=error_handler,
            backoff_strategy=backoff,
            session=session,
            message_repository=InMemoryMessageRepository(),
        )
        # With --debug the CDK logs each response, with customers' data and their secrets.
        logger.addFilter(_without_body)
        self._sleep = sleep
        self._is_rate_limited = metered is not None
        self._metered = metered or nullcontext

    def _send_with_retry(
        self,
        request: requests.PreparedRequest,
        request_kwargs: Mapping[str, Any],
        log_formatter: Callable[[requests.Response], Any] | None = None,
        exit_on_rate_limit: bool | None = False,
    ) -> requests.Response:
        """Send a request until it is answered, fails, or was tried often enough. The life of a call:

        1. `RateLimitedSession.send` asks the `RateLimiter`, which blocks this thread until the rate limit allows the
           call (https://developers.freshdesk.com/api/#ratelimit), and then sends it.
        2. `FreshdeskErrorHandler` decides what the response means, by the rules of `errors.py`. A success is validated
           and returned, and so is a response of action SKIP; actions FAIL and STOP raise a `FreshdeskError`.
        3. For actions RETRY and WAIT, `RetryAfterBackoff` decides how long to wait, or that the call is given up.
        4. After a 429 nothing sleeps here: the limiter has read `Retry-After` too, and blocks this call, and all others
           that the refusal applies to, in step 1. A 429 does not count as an attempt.
        5. After any other failure this thread sleeps here, in `WaitLog.sleep`.

        Raises `AirbyteTracedException` with the message of the last failure once the call is given up.
        """
        try:
            while True:
                try:
                    with self._metered():
                        return self._send(request, request_kwargs, log_formatter, exit_on_rate_limit)
                except UserDefinedBackoffException as failed:
                    if self._is_rate_limited and _is_too_many_requests(failed):
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
        """As the CDK's, which logs the complete response of a failure, with customers' data, and a line for each
        response of action SKIP.
        """
        if error_resolution.response_action is ResponseAction.IGNORE:
            return
        if error_resolution.response_action is ResponseAction.FAIL:
            if isinstance(error_resolution, FailedCall) and error_resolution.error is not None:
                raise error_resolution.error
            raise AirbyteTracedException(
                message=error_resolution.error_message,
                internal_message=error_resolution.error_message,
                failure_type=error_resolution.failure_type or FailureType.system_error,
            )
        super()._handle_error_resolution(response, exc, request, error_resolution, exit_on_rate_limit)


def _without_body(record: logging.LogRecord) -> bool:
    """Keep the record, without the body of a response."""
    if hasattr(record, "body"):
        record.body = "left out"
    return True


def _is_too_many_requests(failed: BaseBackoffException) -> bool:
    return failed.response is not None and failed.response.status_code == requests.codes.too_many_requests
