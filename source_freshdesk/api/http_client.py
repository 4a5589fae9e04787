"""The HTTP client: sends a request until it is answered, and waits in between."""

import logging
import threading
from collections.abc import Callable, Mapping
from typing import Any

import requests
from airbyte_cdk.models import FailureType
from airbyte_cdk.sources.message import InMemoryMessageRepository
from airbyte_cdk.sources.streams.http import HttpClient
from airbyte_cdk.sources.streams.http.error_handlers import ErrorResolution, ResponseAction
from airbyte_cdk.sources.streams.http.exceptions import BaseBackoffException, UserDefinedBackoffException
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_freshdesk.api.backoff import RetryAfterBackoff
from source_freshdesk.api.error_handler import Failed, FreshdeskErrorHandler

CONNECT_TIMEOUT_SECONDS = 10.0

READ_TIMEOUT_SECONDS = 60.0

REQUEST_KWARGS: Mapping[str, Any] = {
    "timeout": (CONNECT_TIMEOUT_SECONDS, READ_TIMEOUT_SECONDS),
    # A redirect leads to another host, which must not see the key. It fails with a row of the table of meanings.
    "allow_redirects": False,
}


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


def _without_body(record: logging.LogRecord) -> bool:
    """Keep the record, without the body of an answer."""
    if hasattr(record, "body"):
        record.body = "left out"
    return True


def _met_the_call_limit(failed: BaseBackoffException) -> bool:
    return failed.response is not None and failed.response.status_code == requests.codes.too_many_requests
