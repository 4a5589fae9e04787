"""Times of day become those that a warehouse reads."""

import pytest

from source_freshdesk.records.times_of_day import in_24_hours


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("8:00 am", "08:00:00"),
        ("05:00:00 pm", "17:00:00"),
        ("12:00 am", "00:00:00"),
        ("12:30 PM", "12:30:00"),
        ("11:59:59 pm", "23:59:59"),
        ("17:00", "17:00:00"),
        ("09:30:15", "09:30:15"),
        ("24:00", "24:00:00"),
        (" 9:05am ", "09:05:00"),
        ("25:00", None),
        ("13:00 pm", None),
        ("noon", None),
        ("", None),
        (None, None),
        (900, None),
    ],
)
def test_a_time_of_day_is_written_in_24_hours(text: object, time: str | None) -> None:
    assert in_24_hours(text) == time
