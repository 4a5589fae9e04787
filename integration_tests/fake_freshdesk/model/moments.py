"""Moments as the API writes and reads them; section "Date Fields" of https://developers.freshdesk.com/api/"""

import re
from datetime import UTC, datetime

_WRITTEN = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_READ = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?(Z|[+-]\d\d(:?\d\d)?)?)?")


def stamp(moment: datetime) -> str:
    """The one form the API writes: UTC, whole seconds, `Z`. Two such stamps compare as their moments do."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def is_stamp(text: str) -> bool:
    return _WRITTEN.fullmatch(text) is not None


def moment(text: str) -> datetime:
    """The moment a stamp stands for."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def read(text: str) -> str | None:
    """The stamp of a moment in any form the page documents, or None: fractions of a second are not among them."""
    if not _READ.fullmatch(text):
        return None
    try:
        read_moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return stamp(read_moment if read_moment.tzinfo else read_moment.replace(tzinfo=UTC))
