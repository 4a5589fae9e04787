"""The CDK's error handler: joins the table of meanings with the belief in answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import requests
from airbyte_cdk.sources.streams.http.error_handlers import ErrorHandler, ErrorResolution, ResponseAction
from urllib3.exceptions import NameResolutionError

from source_freshdesk.api import errors
from source_freshdesk.api.answers import NotWhole, Row, Shape, believed_rows, error_code
from source_freshdesk.api.errors import AccountClosed, Action, FreshdeskError, Meaning, Refused

_RESPONSE_ACTIONS = {
    Action.RETRY: ResponseAction.RETRY,
    Action.WAIT: ResponseAction.RATE_LIMITED,
    Action.SKIP: ResponseAction.IGNORE,
    Action.FAIL: ResponseAction.FAIL,
    Action.STOP: ResponseAction.FAIL,
}


@dataclass
class Failed(ErrorResolution):
    """The CDK's word for an answer that ends the call, with the error that says why."""

    error: FreshdeskError | None = None


class AnswerPolicy(ErrorHandler):
    """Judges every answer of one endpoint.

    shape: what the endpoint promises; a success of another shape is retried as a passing failure.
    special: rows that stand above the common table of meanings for this endpoint.
    """

    # How often to try is the backoff strategy's to say, so the CDK's own counters must never end a call.
    max_retries = 0
    max_time = 0

    def __init__(self, shape: Shape, special: Sequence[Meaning] = ()) -> None:
        self._shape = shape
        self._special = special
        self._believed: WeakKeyDictionary[requests.Response, list[Row]] = WeakKeyDictionary()

    def interpret_response(self, response: requests.Response | Exception | None) -> ErrorResolution:
        """What the CDK is to do about an answer or a failed connection."""
        if isinstance(response, requests.Response):
            if response.status_code == requests.codes.ok:
                try:
                    self._believed[response] = believed_rows(response, self._shape)
                except NotWhole as flaw:
                    return _resolution(errors.NOT_WHOLE, f"{errors.NOT_WHOLE.sentence} ({flaw})")
                return ErrorResolution(ResponseAction.SUCCESS)
            meaning, detail = self._meaning(response)
            kind = AccountClosed if meaning.action is Action.STOP else FreshdeskError
            error = kind(meaning, _what(response), detail)
            return Failed(_RESPONSE_ACTIONS[meaning.action], meaning.fault, str(error), error)
        meaning = _meaning_of_failure(response)
        return _resolution(meaning, meaning.sentence)

    def rows(self, response: requests.Response) -> list[Row]:
        """The rows of a response that the client handed over.

        Raises `Refused` if it is one of action SKIP.
        """
        if response.status_code != requests.codes.ok:
            meaning, detail = self._meaning(response)
            raise Refused(meaning, _what(response), detail, response.status_code, error_code(response)[0])
        return self._believed.pop(response)

    def _meaning(self, response: requests.Response) -> tuple[Meaning, str]:
        code, words = error_code(response)
        return errors.meaning_of(response.status_code, code, self._special), words


def _resolution(meaning: Meaning, message: str) -> ErrorResolution:
    return ErrorResolution(_RESPONSE_ACTIONS[meaning.action], meaning.fault, message)


def _what(response: requests.Response) -> str:
    return f"{response.request.method} {response.request.path_url.partition('?')[0]} -> {response.status_code}"


def _meaning_of_failure(failure: Exception | None) -> Meaning:
    """A name that does not resolve is told apart: it is mostly a mistyped domain."""
    reason = getattr(failure.args[0], "reason", None) if failure is not None and failure.args else None
    return errors.NO_HOST if isinstance(reason, NameResolutionError) else errors.NO_ANSWER
