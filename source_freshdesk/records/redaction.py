"""Secrets of other systems that a help desk's configuration holds, kept out of records.

Rules call other systems with keys, passwords and headers, and mailboxes sign in at mail servers:
https://developers.freshdesk.com/api/#automations
"""

import re
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import orjson

from source_freshdesk.api.response import Row

REDACTED = "[redacted]"

_SECRET = re.compile(
    r"pass(word|wd|phrase|code)|secret|token|api[_-]?key|access[_-]?key|credential|cookie|signature"
    r"|^auth(_header|orization|_token|_key)?$|headers?$",
    re.IGNORECASE,
)


def redacted(row: Row) -> Row:
    """A copy of the row without what looks like a secret, at any depth: values of fields that are named like one, of
    headers, of `{"name": "api_key", "value": …}`, and inside addresses.
    """
    copy: Row = _copy(row)
    return copy


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        is_named_secret = any(_is_secret(value.get(naming)) for naming in ("name", "key"))
        return {
            key: REDACTED if member and (_is_secret(key) or (key == "value" and is_named_secret)) else _copy(member)
            for key, member in value.items()
        }
    if isinstance(value, list):
        return [_copy(one) for one in value]
    if isinstance(value, str) and value[:1] in ("{", "["):
        return _without_secrets_inside(value)
    return _without_secrets(value) if isinstance(value, str) and "://" in value else value


def _is_secret(name: Any) -> bool:
    return isinstance(name, str) and _SECRET.search(name) is not None


def _without_secrets_inside(text: str) -> str:
    """An object or list that is written as text."""
    try:
        return orjson.dumps(_copy(orjson.loads(text))).decode()
    except orjson.JSONDecodeError:
        return text


def _without_secrets(text: str) -> str:
    """An address without user, password and secret parameters; any other text as it is."""
    try:
        url = urlsplit(text)
        query = parse_qsl(url.query, keep_blank_values=True)
    except ValueError:
        return text
    if " " in text or not url.netloc:
        return text
    if any(_is_secret(name) for name, _ in query):
        url = url._replace(
            query=urlencode([(name, REDACTED if _is_secret(name) else member) for name, member in query])
        )
    if "@" in url.netloc:
        url = url._replace(netloc=f"{REDACTED}@{url.netloc.rpartition('@')[2]}")
    return url.geturl()
