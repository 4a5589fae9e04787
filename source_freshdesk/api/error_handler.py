"""The CDK's error handler: applies the error rules, and validates successful responses."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import requests
from airbyte_cdk.sources.streams.http.error_handlers import ErrorHandler, ErrorResolution, ResponseAction
from urllib3.exceptions import NameResolutionError

from source_freshdesk.api import errors
from source_freshdesk.api.errors import AccessRevoked, Action, ErrorRule, FreshdeskError, ResourceUnavailable
from source_freshdesk.api.response import (
    InvalidResponse,
    Row,
    Shape,
    UnusableRows,
    error_code,
    is_page,
    validated_rows,
)
from source_freshdesk.api.transport import AnswerTooLarge, is_too_slow

_RESPONSE_ACTIONS = {
    Action.RETRY: ResponseAction.RETRY,
    Action.WAIT: ResponseAction.RATE_LIMITED,
    Action.SKIP: ResponseAction.IGNORE,
    Action.FAIL: ResponseAction.FAIL,
    Action.STOP: ResponseAction.FAIL,
}

FLAWED_ATTEMPTS = 3
"""A list of which a few rows are unusable is asked for so often before it is taken without them."""


@dataclass
class FailedCall(ErrorResolution):
    """The CDK's resolution for a response that ends the call, with the error that is raised."""

    error: FreshdeskError | None = None


class FreshdeskErrorHandler(ErrorHandler):
    """Decides what is done about every response of one endpoint. Keeps rows until their response is dropped.

    shape: what the endpoint promises; a success of another shape is retried as a transient failure.
    special: error rules of this endpoint, before those for every call.
    """

    # The backoff strategy decides how often to try, so the CDK's own counters must never end a call.
    max_retries = 0
    max_time = 0

    def __init__(self, shape: Shape, special: Sequence[ErrorRule] = ()) -> None:
        self._shape = shape
        self._special = special
        self._rows: WeakKeyDictionary[requests.Response, list[Row]] = WeakKeyDictionary()
        self._flaws: WeakKeyDictionary[requests.Response, UnusableRows] = WeakKeyDictionary()
        self._flawed: WeakKeyDictionary[requests.PreparedRequest, int] = WeakKeyDictionary()

    def interpret_response(self, response: requests.Response | Exception | None) -> ErrorResolution:
        """What the CDK has to do about a response or a failed connection."""
        if isinstance(response, requests.Response):
            if response.status_code == requests.codes.ok:
                return self._success(response)
            rule, detail = self._rule(response)
            kind = AccessRevoked if rule.action is Action.STOP else FreshdeskError
            error = kind(rule, _what(response), detail)
            return FailedCall(_RESPONSE_ACTIONS[rule.action], rule.failure_type, str(error), error)
        rule = _rule_for_failure(response)
        answered = _PROXY_STATUS.search(str(response))
        return _resolution(rule, f"{rule.message} (The proxy answers {answered[1]}.)" if answered else rule.message)

    def _success(self, response: requests.Response) -> ErrorResolution:
        try:
            self._rows[response] = validated_rows(response, self._shape)
        except InvalidResponse as flaw:
            if not isinstance(flaw, UnusableRows) or not self._is_still_flawed(response.request):
                return _resolution(errors.INVALID_RESPONSE, f"{errors.INVALID_RESPONSE.message} ({flaw})")
            self._rows[response], self._flaws[response] = flaw.usable, flaw
        return ErrorResolution(ResponseAction.SUCCESS)

    def _is_still_flawed(self, request: requests.PreparedRequest) -> bool:
        self._flawed[request] = self._flawed.get(request, 0) + 1
        return self._flawed[request] >= FLAWED_ATTEMPTS

    def flaw(self, response: requests.Response) -> UnusableRows | None:
        """Which rows `rows` leaves out, and why; None if it leaves out none."""
        return self._flaws.get(response)

    def rows(self, response: requests.Response) -> list[Row]:
        """The rows of a response that the client returned.

        Raises `ResourceUnavailable` if it is one of action SKIP.
        """
        if response.status_code != requests.codes.ok:
            rule, detail = self._rule(response)
            raise ResourceUnavailable(rule, _what(response), detail, response.status_code, error_code(response)[0])
        return self._rows.pop(response)

    def _rule(self, response: requests.Response) -> tuple[ErrorRule, str]:
        is_of_api = self._shape.content_type is not None
        if is_of_api and response.status_code == requests.codes.forbidden and is_page(response):
            return errors.BLOCKED, ""
        code, words = error_code(response)
        return errors.rule_for(response.status_code, code, self._special), words


def _resolution(rule: ErrorRule, message: str) -> ErrorResolution:
    return ErrorResolution(_RESPONSE_ACTIONS[rule.action], rule.failure_type, message)


def _what(response: requests.Response) -> str:
    return f"{response.request.method} {response.request.path_url.partition('?')[0]} -> {response.status_code}"


_PROXY_STATUS = re.compile(r"Tunnel connection failed: (\d{3}[\w -]*)")
"""As the standard library words it."""


def _rule_for_failure(failure: Exception | None) -> ErrorRule:
    """The rule for a call without a response. A name that does not resolve is usually a mistyped domain."""
    reason = getattr(failure.args[0], "reason", None) if failure is not None and failure.args else None
    if isinstance(reason, NameResolutionError):
        return errors.HOST_NOT_FOUND
    if isinstance(failure, requests.exceptions.SSLError) and "CERTIFICATE_VERIFY_FAILED" in str(failure):
        return errors.CERTIFICATE_NOT_TRUSTED
    if isinstance(failure, requests.exceptions.ProxyError):
        return errors.PROXY_REFUSES
    if isinstance(failure, AnswerTooLarge):
        return errors.TOO_LARGE
    return errors.TOO_SLOW if is_too_slow(failure) else errors.NO_CONNECTION
