"""Points in time, as Freshdesk writes them and as this program compares them.

Freshdesk's times are UTC with whole seconds (https://developers.freshdesk.com/api/#schema). Inside, an instant is an
``int``: seconds since 1970-01-01T00:00:00Z.
"""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache

import pendulum

EPOCH = 0
_EPOCH, _SECOND = datetime.fromtimestamp(EPOCH, UTC), timedelta(seconds=1)

_RFC_3339 = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})")
_DAY_FIRST = re.compile(r"(\d{1,2})-(\d{1,2})-(\d{4})(?=[ T])")
_SPACED_ZONE = re.compile(r" (?:UTC|GMT|Z)$| (?=[+-]\d{2}:?\d{2}$)")


def from_api(text: str) -> int:
    """The instant of a time as the API sends it; fractions of a second are dropped, a missing zone means UTC.

    Raises ``ValueError`` when ``text`` is no time in one of the forms of `normalised`.
    """
    return (_moment(text) - _EPOCH) // _SECOND


def or_none(value: object) -> int | None:
    """The instant of a time as the API sends it; None if the value is none."""
    try:
        return from_api(value) if isinstance(value, str) else None
    except (ValueError, OverflowError):
        return None


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        found = _DAY_FIRST.match(text)
        text = f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}{text[found.end() :]}" if found else text
        moment = datetime.fromisoformat(_SPACED_ZONE.sub(lambda zone: "Z" if zone[0].strip() else "", text))
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def is_plain(value: object) -> bool:
    """Whether it looks like most times of the API: `2015-01-19T02:00:00Z`. As texts these are in order of time."""
    return isinstance(value, str) and value[19:] == "Z" and value[10] == "T" and value[16] == ":"


def parse(text: str) -> int:
    """The instant of a date or date-time as a person or another program writes it (ISO 8601, no zone = UTC).

    Raises ``ValueError`` when ``text`` is neither.
    """
    moment = pendulum.parse(text.strip(), strict=True)
    if not isinstance(moment, pendulum.DateTime):
        raise ValueError(f"{text!r} is neither a date nor a date-time")
    return int(moment.timestamp() // 1)


def from_http_date(text: str | None) -> int | None:
    """The instant of an HTTP ``Date`` header, None when it is missing or no date."""
    try:
        return int(parsedate_to_datetime(text).timestamp()) if text else None
    except (ValueError, OverflowError):
        return None


@lru_cache(maxsize=1000)
def to_api(instant: int) -> str:
    """``instant`` in the form that filters such as ``updated_since`` document: ``2015-01-19T02:00:00Z``."""
    return f"{datetime.fromtimestamp(instant, UTC).replace(tzinfo=None).isoformat()}Z"


def normalised(value: str | int) -> str:
    """A time in any form in which some resource of Freshdesk sends it, in the one form of all others.

    Those are, besides ISO 8601: `2026-01-31 10:00:00`, with and without ` UTC` (fields of ticket forms),
    `31-01-2026 10:00:00 +0000` (the export of ticket activities) and milliseconds since the epoch (custom objects).
    What is in the form of RFC 3339 stays as it is. Raises ``ValueError`` when it is none of these.
    """
    if isinstance(value, int):
        milliseconds = value % 1000
        return to_api(value // 1000)[:-1] + (f".{milliseconds:03d}Z" if milliseconds else "Z")
    if _RFC_3339.fullmatch(value):
        return value
    moment = _moment(value).astimezone(UTC)
    fraction = f".{moment.microsecond:06d}".rstrip("0") if moment.microsecond else ""
    return f"{moment.replace(microsecond=0, tzinfo=None).isoformat()}{fraction}Z"
