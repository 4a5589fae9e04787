"""Points in time, as Freshdesk writes them and as this program compares them.

Freshdesk's times are UTC with whole seconds (https://developers.freshdesk.com/api/#schema). Inside, an instant is an
``int``: seconds since 1970-01-01T00:00:00Z.
"""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import pendulum

EPOCH = 0


def from_api(text: str) -> int:
    """The instant of a time as the API sends it; fractions of a second are dropped, a missing zone means UTC.

    Raises ``ValueError`` when ``text`` is no ISO 8601 time.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return int(moment.timestamp() // 1)


def from_person(text: str) -> int:
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
    except ValueError:
        return None


def to_api(instant: int) -> str:
    """``instant`` in the form that filters such as ``updated_since`` document: ``2015-01-19T02:00:00Z``."""
    return datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
