"""What the CDK is to do about an answer."""

import pytest
import requests
from airbyte_cdk.models import FailureType
from airbyte_cdk.sources.streams.http.error_handlers import ResponseAction
from urllib3.connection import HTTPConnection
from urllib3.exceptions import MaxRetryError, NameResolutionError, NewConnectionError

from source_freshdesk.api.error_handler import FailedCall, FreshdeskErrorHandler
from source_freshdesk.api.errors import AccessRevoked, Action, ErrorRule, FreshdeskError, ResourceUnavailable
from source_freshdesk.api.response import RowList
from source_freshdesk.api.transport import AnswerTooLarge
from unit_tests.support import API, response


@pytest.fixture
def error_handler() -> FreshdeskErrorHandler:
    return FreshdeskErrorHandler(RowList())


@pytest.mark.parametrize(
    ("status", "content", "action", "failure_type"),
    [
        (200, b"[]", ResponseAction.SUCCESS, None),
        (200, b"[", ResponseAction.RETRY, FailureType.transient_error),
        (200, b"{}", ResponseAction.RETRY, FailureType.transient_error),
        (204, b"", ResponseAction.FAIL, FailureType.system_error),
        (302, b"", ResponseAction.FAIL, FailureType.config_error),
        (401, b"", ResponseAction.FAIL, FailureType.config_error),
        (403, b'{"code": "access_denied"}', ResponseAction.IGNORE, FailureType.config_error),
        (403, b"", ResponseAction.FAIL, FailureType.config_error),
        (403, b"<!DOCTYPE html><title>Just a moment...</title>", ResponseAction.RETRY, FailureType.transient_error),
        (404, b"", ResponseAction.IGNORE, FailureType.config_error),
        (429, b"", ResponseAction.RATE_LIMITED, FailureType.transient_error),
        (500, b"<html>", ResponseAction.RETRY, FailureType.transient_error),
    ],
)
def test_an_answer_is_followed_by_what_it_means(
    error_handler: FreshdeskErrorHandler,
    status: int,
    content: bytes,
    action: ResponseAction,
    failure_type: FailureType | None,
) -> None:
    resolution = error_handler.interpret_response(response(status, content))
    assert (resolution.response_action, resolution.failure_type) == (action, failure_type)


def test_a_refused_key_is_the_users_to_fix(error_handler: FreshdeskErrorHandler) -> None:
    resolution = error_handler.interpret_response(response(401, url=f"{API}tickets?page=2"))
    assert resolution.failure_type is FailureType.config_error
    assert resolution.error_message is not None
    assert resolution.error_message.startswith("Freshdesk rejected the API key")
    assert "(GET /api/v2/tickets -> 401)" in resolution.error_message


@pytest.mark.parametrize(
    ("status", "content", "kind"),
    [
        (401, b"", AccessRevoked),
        (401, b'{"code": "password_expired"}', AccessRevoked),
        (403, b'{"code": "account_suspended"}', AccessRevoked),
        (403, b'{"code": "password_lockout"}', AccessRevoked),
        (403, b'{"code": "ssl_required"}', FreshdeskError),
        (403, b"", FreshdeskError),
        (400, b"", FreshdeskError),
        (302, b"", FreshdeskError),
    ],
)
def test_an_answer_that_ends_the_call_comes_with_the_error_that_says_why(
    error_handler: FreshdeskErrorHandler, status: int, content: bytes, kind: type[FreshdeskError]
) -> None:
    resolution = error_handler.interpret_response(response(status, content))
    assert isinstance(resolution, FailedCall)
    assert type(resolution.error) is kind
    assert resolution.error_message == str(resolution.error)
    assert resolution.error.failure_type is resolution.failure_type


def test_a_cut_answer_is_reported_with_its_flaw(error_handler: FreshdeskErrorHandler) -> None:
    message = error_handler.interpret_response(response(content=b"[")).error_message
    assert message is not None
    assert message.startswith("Freshdesk's response is incomplete or invalid. (a body of 1 bytes")


def failed_with(reason: Exception) -> requests.ConnectionError:
    return requests.ConnectionError(MaxRetryError(None, "/", reason))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("failure", "failure_type", "words"),
    [
        (
            failed_with(NameResolutionError("acmee.freshdesk.com", HTTPConnection("acmee"), OSError())),  # type: ignore[arg-type]
            FailureType.config_error,
            "'domain'",
        ),
        (failed_with(NewConnectionError(HTTPConnection("acme"), "refused")), FailureType.transient_error, "reached"),
        (
            requests.exceptions.ProxyError(
                MaxRetryError(None, "/", OSError("Tunnel connection failed: 407 Proxy Authentication Required"))  # type: ignore[arg-type]
            ),
            FailureType.config_error,
            "(The proxy answers 407 Proxy Authentication Required.)",
        ),
        (requests.exceptions.ProxyError("unable to connect to proxy"), FailureType.config_error, "HTTPS_PROXY"),
        (requests.exceptions.SSLError("EOF occurred in violation of protocol"), FailureType.transient_error, "reached"),
        (requests.ReadTimeout("too slow"), FailureType.transient_error, "in time"),
        (AnswerTooLarge("bomb"), FailureType.transient_error, "larger than 256 MB"),
        (requests.exceptions.ChunkedEncodingError("cut"), FailureType.transient_error, "reached"),
        (requests.ConnectionError(), FailureType.transient_error, "reached"),
        (None, FailureType.transient_error, "reached"),
    ],
)
def test_a_failed_connection_is_tried_again(
    error_handler: FreshdeskErrorHandler, failure: Exception | None, failure_type: FailureType, words: str
) -> None:
    resolution = error_handler.interpret_response(failure)
    assert resolution.response_action is ResponseAction.RETRY
    assert resolution.failure_type is failure_type
    assert resolution.error_message is not None
    assert words in resolution.error_message


def test_rows_are_handed_out_once_as_they_were_validated(error_handler: FreshdeskErrorHandler) -> None:
    confirm_unavailable = response(content=b'[{"id": 1}]')
    error_handler.interpret_response(confirm_unavailable)
    assert error_handler.rows(confirm_unavailable) == [{"id": 1}]


def test_a_refusal_is_raised_with_its_status_and_code(error_handler: FreshdeskErrorHandler) -> None:
    refused = response(403, b'{"code": "require_feature", "message": "Upgrade"}')
    error_handler.interpret_response(refused)
    with pytest.raises(ResourceUnavailable, match="Upgrade") as caught:
        error_handler.rows(refused)
    assert (caught.value.status, caught.value.code) == (403, "require_feature")


def test_what_a_status_means_for_one_list_is_applied() -> None:
    special = ErrorRule(400, "invalid_field", Action.SKIP, FailureType.system_error, "Not known.")
    error_handler = FreshdeskErrorHandler(RowList(), (special,))
    resolution = error_handler.interpret_response(response(400, b'{"errors": [{"code": "invalid_field"}]}'))
    assert resolution.response_action is ResponseAction.IGNORE


def test_the_cdk_never_ends_a_call_by_its_own_count(error_handler: FreshdeskErrorHandler) -> None:
    assert error_handler.max_retries == 0
    assert error_handler.max_time == 0


def test_a_certificate_that_is_not_trusted_is_not_tried_again(error_handler: FreshdeskErrorHandler) -> None:
    failure = requests.exceptions.SSLError("[SSL: CERTIFICATE_VERIFY_FAILED] self-signed certificate in chain")
    resolution = error_handler.interpret_response(failure)
    assert (resolution.response_action, resolution.failure_type) == (ResponseAction.FAIL, FailureType.config_error)
    assert "REQUESTS_CA_BUNDLE" in str(resolution.error_message)
