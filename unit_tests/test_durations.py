"""How a log puts a duration."""

import pytest

from source_freshdesk.durations import short


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (0.04, "0 s"),
        (0.4, "0.4 s"),
        (9.96, "10 s"),
        (41, "41 s"),
        (99.6, "2 min"),
        (720, "12 min"),
        (7_140, "119 min"),
        (12_240, "3.4 h"),
        (36_000_000, "10,000.0 h"),
    ],
)
def test_a_duration_has_one_figure_and_one_unit(seconds: float, words: str) -> None:
    assert short(seconds) == words
