"""Misbehaviour by name: what a client meets when Freshdesk, or the edge in front of it, strays from the page."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from integration_tests.fake_freshdesk.endpoints import answers
from integration_tests.fake_freshdesk.endpoints.answers import Answer, coded, json_answer

_HTML_TYPE = "text/html; charset=UTF-8"

Honest = Callable[[], Answer]
"""Gives the answer that would be sent without the fault."""


@dataclass(frozen=True)
class Fault:
    """A named way to answer wrongly; `spoil` gets the honest answer, if it asks for it, and the URL of a next page."""

    name: str
    spoil: Callable[[Honest, str], Answer]


# Refusals and failures


def too_many_requests(retry_after: int | None = None) -> Fault:
    """429, with `Retry-After` unless None."""
    return _instead("too_many_requests", answers.too_many(retry_after))


def server_error() -> Fault:
    """500 from Freshdesk itself, in JSON."""
    content = {"code": "internal_error", "message": "We're sorry, but something went wrong."}
    return _instead("server_error", json_answer(500, content))


def bad_gateway() -> Fault:
    """502 from the edge, in HTML."""
    return _instead("bad_gateway", _html(502, "502 Bad Gateway"))


def unauthorized() -> Fault:
    """401, as for a key that was changed or disabled a moment ago."""
    return _instead("unauthorized", answers.invalid_credentials())


def forbidden(code: str = "access_denied", message: str = "You are not authorized to perform this action.") -> Fault:
    """403 with a code, such as "require_feature"."""
    return _instead(f"forbidden({code})", coded(403, code, message))


def not_found() -> Fault:
    """404 with an empty body."""
    return _instead("not_found", answers.not_found())


def status(code: int, body: Any = None) -> Fault:
    """Any status with any body: text is sent as it is, None as nothing, the rest as JSON."""
    if body is None or isinstance(body, str):
        return _instead(f"status({code})", Answer(code, (body or "").encode()))
    return _instead(f"status({code})", json_answer(code, body))


def redirect(to_url: str) -> Fault:
    """302 to another place, which a client must not show its key."""
    return _instead(f"redirect({to_url})", Answer(302, headers={"location": to_url}))


# Answers that look right and are not


def html_ok() -> Fault:
    """200 with a page for people, as of an edge that checks for robots or a desk under maintenance."""
    return _instead("html_ok", _html(200, "Just a moment..."))


def firewall() -> Fault:
    """403 with a page for people, as of an edge that takes the client for a robot."""
    return _instead("firewall", _html(403, "Just a moment..."))


def empty_body() -> Fault:
    """200 with nothing in it."""
    return _instead("empty_body", Answer(200))


def truncated_json() -> Fault:
    """Whole for HTTP, but the JSON stops in the middle."""
    return Fault("truncated_json", lambda honest, _: _halved(honest()))


def object_instead_of_list() -> Fault:
    """200 with an object where a list belongs."""
    return _instead("object_instead_of_list", json_answer(200, {"message": "This is not a list."}))


def list_instead_of_object() -> Fault:
    """200 with the object in a list."""
    return Fault("list_instead_of_object", lambda honest, _: _in_a_list(honest()))


def altered(name: str, change: Callable[[list[dict[str, Any]]], Any]) -> Fault:
    """200 with what `change` makes of the rows of a list. name: of the fault."""

    def spoil(honest: Honest, _: str) -> Answer:
        answer = honest()
        if answer.status != HTTPStatus.OK:
            return answer
        return replace(answer, body=json.dumps(change(json.loads(answer.body))).encode())

    return Fault(name, spoil)


def cannot_render(row_id: int) -> Fault:
    """500 for every page that this row is on."""

    def spoil(honest: Honest, _: str) -> Answer:
        answer = honest()
        is_on_it = answer.status == HTTPStatus.OK and any(row.get("id") == row_id for row in json.loads(answer.body))
        return json_answer(500, {"message": "We're sorry, but something went wrong."}) if is_on_it else answer

    return Fault(f"cannot_render({row_id})", spoil)


def endless(*, is_empty: bool = False) -> Fault:
    """Every page is the one that was asked for first, or empty, and links to a next one."""
    first: dict[str, bytes] = {}

    def spoil(honest: Honest, next_url: str) -> Answer:
        answer = honest()
        if answer.status != HTTPStatus.OK:
            return answer
        if not answer.body.startswith(b"["):
            return answer
        body = first.setdefault(re.sub(r"page=\d+", "", next_url), answer.body)
        answer = replace(answer, body=b"[]" if is_empty else body)
        return replace(answer, headers={**answer.headers, "link": f'<{next_url}>; rel="next"'})

    return Fault(f"endless({is_empty})", spoil)


def foreign_next_link(host: str) -> Fault:
    """`Link` leads to another host, even on the last page."""

    def spoil(honest: Honest, next_url: str) -> Answer:
        answer = honest()
        foreign = urlsplit(next_url)._replace(netloc=host).geturl()
        return replace(answer, headers={**answer.headers, "link": f'<{foreign}>; rel="next"'})

    return Fault(f"foreign_next_link({host})", spoil)


def no_rate_headers() -> Fault:
    """Honest, but silent about the rate limit."""
    return Fault("no_rate_headers", lambda honest, _: replace(honest(), rate_headers=False))


# The connection


def cut_connection() -> Fault:
    """The connection is closed before the first byte."""
    return _instead("cut_connection", Answer(0, hangs_up=True))


def truncated_body() -> Fault:
    """`Content-Length` is right, but the connection is closed after half of the body."""
    return Fault("truncated_body", lambda honest, _: _half_delivered(honest()))


def slow(seconds: float) -> Fault:
    """Honest, but late."""
    return Fault(f"slow({seconds})", lambda honest, _: replace(honest(), delay_seconds=seconds))


def _instead(name: str, answer: Answer) -> Fault:
    return Fault(name, lambda _honest, _next_url: answer)


def _html(code: int, title: str) -> Answer:
    page = f"<!DOCTYPE html>\n<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\n"
    return Answer(code, page.encode(), content_type=_HTML_TYPE, rate_headers=False)


def _halved(answer: Answer) -> Answer:
    return replace(answer, body=answer.body[: len(answer.body) // 2])


def _half_delivered(answer: Answer) -> Answer:
    return replace(answer, delivered=len(answer.body) // 2)


def _in_a_list(answer: Answer) -> Answer:
    return replace(answer, body=json.dumps([json.loads(answer.body)]).encode())
