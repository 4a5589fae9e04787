"""How a log puts a duration."""

SHOWN_SECONDS = 0.05
"""A shorter time is shown as none."""
SECONDS_WITH_A_FRACTION = 9.95
SECONDS_WITHOUT_MINUTES = 99.5
MINUTES_WITHOUT_HOURS = 120


def short(seconds: float) -> str:
    """In one figure and unit, such as `0 s`, `0.4 s`, `41 s`, `12 min`, `3.4 h`."""
    if seconds < SHOWN_SECONDS:
        return "0 s"
    if seconds < SECONDS_WITH_A_FRACTION:
        return f"{seconds:.1f} s"
    if seconds < SECONDS_WITHOUT_MINUTES:
        return f"{seconds:.0f} s"
    minutes = seconds / 60
    return f"{minutes:,.0f} min" if minutes < MINUTES_WITHOUT_HOURS else f"{minutes / 60:,.1f} h"
