"""Validates responses before they are used: complete, JSON, and of the shape that the endpoint promises."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol
from urllib.parse import parse_qs, urlsplit

import orjson
import requests

from source_freshdesk import instants

Row = dict[str, Any]

USE_ERRORS = (ValueError, TypeError, LookupError, ArithmeticError, AttributeError, RecursionError)
"""What using an answer raises if a value in it is of another kind than it should be."""


TOLERATED_ROWS = 3
TOLERATED_SHARE = 0.03
"""So many rows of a list may be unusable, the larger of the two, or the whole list is."""


class InvalidResponse(Exception):
    """The response is not what the endpoint promises; `str()` says what is wrong with it, without quoting it."""


class UnusableRows(InvalidResponse):
    """A few rows of a list are not what the endpoint promises, the others are."""

    def __init__(self, flaw: str, usable: list[Row], unusable: Sequence[Any]) -> None:
        super().__init__(flaw)
        self.usable = usable
        self.unusable = unusable


class Shape(Protocol):
    """What an endpoint promises. `content_type`: a part of its media type, None if that may be any."""

    content_type: ClassVar[str | None]

    def rows(self, body: Any) -> list[Row]:
        """The rows of a parsed body. Raises `InvalidResponse` if the body is of another shape."""


@dataclass(frozen=True)
class RowList:
    """A list of objects, each of which has the keys of `required`.

    under: the key of an object that the list may be in. Bare lists are accepted too: some resources were seen in both
    forms.
    """

    content_type: ClassVar[str | None] = "json"

    required: Sequence[str] = ("id",)
    under: str | None = None

    def rows(self, body: Any) -> list[Row]:
        """The objects of the list."""
        if self.under is not None and isinstance(body, dict):
            body = body.get(self.under)
        if not isinstance(body, list):
            raise InvalidResponse(f"{_kind(body)} instead of a list")
        usable, unusable, flaws = list[Row](), list[Any](), list[str]()
        for row in body:
            try:
                _require_keys(row, self.required)
            except InvalidResponse as flaw:
                unusable.append(row)
                flaws.append(str(flaw))
            else:
                usable.append(row)
        if not unusable:
            return body
        if not usable or len(unusable) > max(TOLERATED_ROWS, TOLERATED_SHARE * len(body)):
            raise InvalidResponse(flaws[0])
        raise UnusableRows(flaws[0], usable, unusable)


@dataclass(frozen=True)
class SingleObject:
    """One object, which has the keys of `required`."""

    content_type: ClassVar[str | None] = "json"

    required: Sequence[str] = ("id",)

    def rows(self, body: Any) -> list[Row]:
        """The object, as the only row."""
        _require_keys(body, self.required)
        return [body]


def validated_rows(response: requests.Response, shape: Shape) -> list[Row]:
    """The rows of a successful response.

    Raises `InvalidResponse` if it is truncated, not JSON, of another shape, or not in the order that was asked for;
    `UnusableRows` if that is so for a few rows of a list.
    """
    kind = response.headers.get("Content-Type", "").lower()
    if shape.content_type is not None and shape.content_type not in kind:
        raise InvalidResponse(f"{kind.partition(';')[0] or 'a body without a content type'} instead of JSON")
    try:
        rows = shape.rows(parsed_body(response))
    except UnusableRows as flaw:
        _confirm_order(flaw.usable, response.request.url or "")
        raise
    except USE_ERRORS as error:
        raise InvalidResponse(f"values of a kind that is not expected: {kind_of(error)}") from error
    _confirm_order(rows, response.request.url or "")
    return rows


def error_code(response: requests.Response) -> tuple[str | None, str]:
    """Freshdesk's code and message of an unsuccessful response; None and "" where it has none.

    Of a failed validation the first field's: https://developers.freshdesk.com/api/#errors
    """
    try:
        body = orjson.loads(response.content)
    except orjson.JSONDecodeError:
        return None, ""
    if isinstance(body, Mapping) and isinstance(body.get("errors"), list) and body["errors"]:
        first = body["errors"][0]
        if isinstance(first, Mapping) and first.get("code"):
            field = f"{first['field']}: " if first.get("field") else ""
            return _text(first["code"]) or None, f"{field}{_text(first.get('message'))}"
    if isinstance(body, Mapping):
        return _text(body.get("code")) or None, _text(body.get("message") or body.get("description"))
    return None, ""


def parsed_body(response: requests.Response) -> Any:
    """The JSON of a body. Raises `InvalidResponse` if it is none.

    An invalid character or number in the text of one row is no reason to reject all rows: it is replaced.
    """
    content = response.content
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError as error:
        flaw = InvalidResponse(f"a body of {len(content)} bytes that is truncated or not JSON: {error.msg}")
    try:
        text = content.decode("utf-8-sig", "replace")
        lenient = json.loads(text, strict=False, parse_constant=lambda _: None)
        return orjson.loads(json.dumps(lenient, ensure_ascii=False).encode("utf-8", "replace"))
    except (ValueError, RecursionError):
        raise flaw from None


def kind_of(error: Exception) -> str:
    """What an error of `USE_ERRORS` is about, without quoting a value."""
    return f"no {error}" if isinstance(error, KeyError) else type(error).__name__


def _require_keys(row: Any, required: Sequence[str]) -> None:
    if not isinstance(row, dict):
        raise InvalidResponse(f"{_kind(row)} instead of an object")
    for key in required:
        value = row.get(key)
        if value is None:
            raise InvalidResponse(f"an object without '{key}'")
        if isinstance(value, (list, dict)):
            raise InvalidResponse(f"an object whose '{key}' is {_kind(value)}")


def _confirm_order(rows: Sequence[Row], url: str) -> None:
    """A walk that continues from the last row's key relies on the order that it asked for."""
    asked = parse_qs(urlsplit(url).query)
    if "order_by" not in asked:
        return
    values: list[Any] = [row.get(asked["order_by"][0]) for row in rows]
    is_descending = asked.get("order_type") == ["desc"]
    if all(map(instants.is_plain, values)) and values == sorted(values, reverse=is_descending):
        return
    keys = [key for value in values if (key := instants.or_none(value)) is not None]
    if keys != sorted(keys, reverse=is_descending):
        raise InvalidResponse(f"rows that are not in order of {asked['order_by'][0]}")


def _kind(value: Any) -> str:
    return {dict: "an object", list: "a list", str: "a text", type(None): "null"}.get(type(value), "a value")


def _text(value: Any) -> str:
    return value[:300] if isinstance(value, str) else ""


def is_page(response: requests.Response) -> bool:
    """Whether a response is a page for people, as of a firewall, and not one of the API."""
    begin = response.content.lstrip()[:9].lower()
    return response.headers.get("Content-Type", "").startswith("text/html") or begin.startswith(
        (b"<!doctype", b"<html")
    )
