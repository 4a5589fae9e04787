"""Times of day as Freshdesk writes them, and as warehouses read them."""

import re

_TWELVE_HOURS = re.compile(r"(1[0-2]|0?[1-9]):([0-5]\d)(?::([0-5]\d))?\s*([ap])\.?m\.?", re.IGNORECASE)
_TWENTY_FOUR_HOURS = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)(?::([0-5]\d))?")


def in_24_hours(text: object) -> str | None:
    """`17:00:00` for `5:00 pm`, `05:00:00 pm` or `17:00`. None if it is no time of day."""
    if not isinstance(text, str):
        return None
    if match := _TWELVE_HOURS.fullmatch(text.strip()):
        hour = int(match[1]) % 12 + (12 if match[4].lower() == "p" else 0)
    elif match := _TWENTY_FOUR_HOURS.fullmatch(text.strip()):
        hour = int(match[1])
    else:
        return None
    return f"{hour:02}:{match[2]}:{match[3] or '00'}"
