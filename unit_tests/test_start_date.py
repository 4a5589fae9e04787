"""Dates to start from."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from source_freshdesk import instants
from unit_tests.configs import config, config_or_none, refused
from unit_tests.support import NOW


@pytest.mark.parametrize("start_date", [None, "", "  "])
def test_without_a_start_date_all_history_is_wanted(start_date: str | None) -> None:
    assert config(start_date=start_date).start == instants.EPOCH
    assert config().start == instants.EPOCH


@pytest.mark.parametrize(
    ("start_date", "instant"),
    [
        ("2024-01-31", "2024-01-31T00:00:00Z"),
        (" 2024-01-31 ", "2024-01-31T00:00:00Z"),
        ("2024-01-31T10:20:30Z", "2024-01-31T10:20:30Z"),
        ("2024-01-31 10:20:30", "2024-01-31T10:20:30Z"),
        ("2024-01-31T10:20", "2024-01-31T10:20:00Z"),
        ("2024-01-31T10:20Z", "2024-01-31T10:20:00Z"),
        ("2024-01-31T10:20:30.999Z", "2024-01-31T10:20:30Z"),
        ("2024-01-31T10:20:30+02:00", "2024-01-31T08:20:30Z"),
        ("2024-01-31T10:20:30-0330", "2024-01-31T13:50:30Z"),
        ("1900-01-01", "1970-01-01T00:00:00Z"),
        ("0001-01-01", "1970-01-01T00:00:00Z"),
        ("2026-11-23T10:00:00Z", "2026-11-23T10:00:00Z"),
    ],
)
def test_a_start_date_is_a_day_or_a_time(start_date: str, instant: str) -> None:
    assert config(start_date=start_date).start == instants.from_api(instant)


@pytest.mark.parametrize(
    "start_date",
    [
        *("2024", "2024-01", "P1D", "2024-13-01", "2024-02-30", "2024-W05", "20240131", "31.01.2024", "1706659200"),
        *("2024-01-31T25:00:00Z", "2024-01-31T10", "2024-01-31/2024-02-01", "soon"),
        *(5, 2024.0, True, {}, ["2024-01-31"]),
    ],
)
def test_what_is_no_date_is_refused_with_an_example(start_date: Any) -> None:
    message = refused(start_date=start_date)
    assert "'start_date'" in message
    assert "'2024-01-31'" in message


@pytest.mark.parametrize("start_date", ["2026-11-24", "2026-11-23T10:00:01Z", "9999-12-31"])
def test_a_start_date_in_the_future_is_refused(start_date: str) -> None:
    assert "in the future" in refused(start_date=start_date)


@given(st.from_regex(r"\A\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?\Z"))
def test_each_start_date_is_taken_or_refused(text: str) -> None:
    taken = config_or_none(start_date=text)
    assert taken is None or instants.EPOCH <= taken.start <= NOW
