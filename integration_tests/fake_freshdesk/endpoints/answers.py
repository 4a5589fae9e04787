"""What goes back to the client, and the refusals the API has words for.

Shapes and codes: https://developers.freshdesk.com/api/#error
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

JSON_TYPE = "application/json; charset=utf-8"


@dataclass(frozen=True)
class Answer:
    """One answer, and how much of it really reaches the client.

    delivered: so many bytes of the body are sent, then the connection is closed; None sends all and keeps it open.
    hangs_up: the connection is closed before the first byte.
    rate_headers: whether the answer tells what is left of the rate limit; pages of the edge in front do not.
    """

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = JSON_TYPE
    delivered: int | None = None
    hangs_up: bool = False
    delay_seconds: float = 0.0
    rate_headers: bool = True


class Refusal(Exception):
    """Raised where a request turns out to be refused; carries the answer that says so."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status, answer.body)
        self.answer = answer


def json_answer(status: int, content: Any, headers: Mapping[str, str] | None = None) -> Answer:
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return Answer(status, body, headers or {})


def coded(status: int, code: str, message: str) -> Answer:
    return json_answer(status, {"code": code, "message": message})


def validation_failed(problems: Sequence[tuple[str, str, str]]) -> Refusal:
    """400 for (field, message, code) problems."""
    errors = [{"field": field, "message": message, "code": code} for field, message, code in problems]
    return Refusal(json_answer(400, {"description": "Validation failed", "errors": errors}))


def invalid_fields(names: Sequence[str]) -> Refusal:
    return validation_failed([(name, "Unexpected/invalid field in request", "invalid_field") for name in names])


def invalid_value(name: str, message: str) -> Refusal:
    return validation_failed([(name, message, "invalid_value")])


def datatype_mismatch(name: str, expected: str) -> Refusal:
    return validation_failed([(name, f"It should be a/an {expected}", "datatype_mismatch")])


def invalid_credentials() -> Answer:
    return coded(401, "invalid_credentials", "You have to be logged in to perform this action.")


def access_denied() -> Answer:
    return coded(403, "access_denied", "You are not authorized to perform this action.")


def require_feature(feature: str) -> Answer:
    """In the words of a real account: https://github.com/airbytehq/airbyte/issues/1957"""
    message = f"The {feature} feature(s) is/are not supported in your plan. Please upgrade your account to use it."
    return coded(403, "require_feature", message)


def account_suspended() -> Answer:
    return coded(403, "account_suspended", "Your account has been suspended.")


def not_found() -> Answer:
    """404 with an empty body."""
    return Answer(404)


def method_not_allowed(method: str) -> Answer:
    message = f"{method} method is not allowed. It should be one of these method(s): GET"
    content = {"code": "method_not_allowed", "message": message}
    return json_answer(405, content, {"allow": "GET"})


def not_acceptable() -> Answer:
    return Answer(406)


def too_many(retry_after: int | None) -> Answer:
    """429; the page shows the `Retry-After` header and no body (https://developers.freshdesk.com/api/#ratelimit)."""
    headers = {} if retry_after is None else {"retry-after": str(retry_after)}
    return json_answer(429, {"message": "You have exceeded the limit of requests per minute"}, headers)
