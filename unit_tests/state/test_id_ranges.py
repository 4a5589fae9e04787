"""Many whole numbers as a short text."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from source_freshdesk.state.id_ranges import from_text, to_text


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        ([], ""),
        ([5], "5"),
        ([5, 6], "5-6"),
        ([43, 3, 1, 2, 40], "1-3,40,43"),
        (range(1, 1_000_001), "1-1000000"),
    ],
)
def test_runs_are_named_by_their_first_and_last(numbers: list[int], text: str) -> None:
    assert to_text(numbers) == text
    assert from_text(text) == set(numbers)


@given(st.sets(st.integers(0, 10_000)))
def test_numbers_come_back_as_they_were_sent(numbers: set[int]) -> None:
    assert from_text(to_text(numbers)) == numbers


@given(st.sets(st.integers(0, 200)))
def test_a_text_is_as_short_as_can_be(numbers: set[int]) -> None:
    runs = [run for run in to_text(numbers).split(",") if run]
    assert len(runs) == len([number for number in numbers if number - 1 not in numbers])


@pytest.mark.parametrize("text", ["a", "1-b", "-5", "1-2-3", "1.5", "1;2", "1-5,six"])
def test_what_is_no_such_text_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        from_text(text)


@pytest.mark.parametrize("text", ["5-3", "5-"])
def test_a_run_that_ends_before_it_begins_or_nowhere_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        from_text(text)


def test_a_million_scattered_numbers_fit_into_a_state() -> None:
    """Platforms refuse states of 2 MB."""
    chance = random.Random(0)
    numbers = {number for number in range(1, 1_000_001) if chance.random() < 0.5}
    text = to_text(numbers)
    assert len(text) < 250_000
    assert from_text(text) == numbers


def test_scattered_numbers_that_lie_far_apart_take_no_memory_for_those_between() -> None:
    numbers = {number * 10**9 for number in range(2_000)}
    assert from_text(to_text(numbers)) == numbers


@pytest.mark.parametrize("text", ["flags:1:?", "flags:x:eJwDAAAAAAE=", "flags:1:AAAA"])
def test_flags_that_cannot_be_unpacked_are_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        from_text(text)
