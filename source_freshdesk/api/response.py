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


class InvalidResponse(Exception):
    """The response is not what the endpoint promises; `str()` says what is wrong with it, without quoting it."""


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
        for row in body:
            _require_keys(row, self.required)
        return body


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

    Raises `InvalidResponse` if it is truncated, not JSON, of another shape, or not in the order that was asked for.
    """
    kind = response.headers.get("Content-Type", "").lower()
    if shape.content_type is not None and shape.content_type not in kind:
        raise InvalidResponse(f"{kind.partition(';')[0] or 'a body without a content type'} instead of JSON")
    rows = shape.rows(_parsed(response.content))
    _is_in_order(rows, response.request.url or "")
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


def _parsed(content: bytes) -> Any:
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError as error:
        flaw = InvalidResponse(f"a body of {len(content)} bytes that is truncated or not JSON: {error.msg}")
    try:
        # An invalid character in the text of one ticket is no reason to reject the page.
        lenient = json.loads(content.decode("utf-8-sig", "replace"))
        return orjson.loads(json.dumps(lenient, ensure_ascii=False).encode("utf-8", "replace"))
    except (ValueError, RecursionError):
        raise flaw from None


def _require_keys(row: Any, required: Sequence[str]) -> None:
    if not isinstance(row, dict):
        raise InvalidResponse(f"{_kind(row)} instead of an object")
    for key in required:
        if row.get(key) is None:
            raise InvalidResponse(f"an object without '{key}'")
        if key.endswith("_at"):
            try:
                instants.from_api(row[key])
            except (TypeError, ValueError):
                raise InvalidResponse(f"an object whose '{key}' is not a time") from None


def _is_in_order(rows: Sequence[Row], url: str) -> None:
    """A walk that continues from the last row's key relies on the order that it asked for."""
    asked = parse_qs(urlsplit(url).query)
    if "order_by" not in asked:
        return
    keys = [key for row in rows if isinstance(key := row.get(asked["order_by"][0]), str) and key[:4].isdecimal()]
    if keys != sorted(keys, reverse=asked.get("order_type") == ["desc"]):
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
