"""Switches and numbers."""

from typing import Any

import pytest

from unit_tests.configs import config, refused


@pytest.mark.parametrize(("given_value", "taken"), [(True, True), (False, False), (None, True)])
def test_contact_details_is_a_switch(given_value: bool | None, taken: bool) -> None:
    assert config(contact_details=given_value).contact_details is taken
    assert config().contact_details is True


@pytest.mark.parametrize(("given_value", "taken"), [(True, True), (False, False), (None, False)])
def test_archived_tickets_are_read_only_if_they_are_wanted(given_value: bool | None, taken: bool) -> None:
    assert config(archived_tickets=given_value).archived_tickets is taken
    assert config().archived_tickets is False


@pytest.mark.parametrize("days", [0, 1, 14, 365])
def test_the_days_to_look_back_can_be_set_and_need_not_be(days: int) -> None:
    assert config(lookback_window_in_days=days).lookback_window_in_days == days
    assert config(lookback_window_in_days=None).lookback_window_in_days == 14
    assert config().lookback_window_in_days == 14


@pytest.mark.parametrize("days", [-1, 1.5, "14 days", "1.5", True, []])
def test_days_to_look_back_that_are_no_number_are_refused(days: Any) -> None:
    message = refused(lookback_window_in_days=days)
    assert f"'lookback_window_in_days' is {days!r}" in message
    assert message.endswith("a whole number of 0 or more.")


@pytest.mark.parametrize("name", ["contact_details", "archived_tickets"])
@pytest.mark.parametrize("value", ["on", "falsch", 0, 1, []])
def test_a_switch_that_is_neither_on_nor_off_is_refused(name: str, value: Any) -> None:
    message = refused(**{name: value})
    assert f"'{name}'" in message
    assert "true or false" in message


@pytest.mark.parametrize(("text", "number"), [("14", 14), (" 7 ", 7), ("", 14)])
def test_a_number_may_come_as_text(text: str, number: int) -> None:
    """Old forms and Terraform send it so."""
    assert config(lookback_window_in_days=text).lookback_window_in_days == number


@pytest.mark.parametrize(("text", "is_on"), [("true", True), ("False", False), ("", False)])
def test_a_switch_may_come_as_text(text: str, is_on: bool) -> None:
    assert config(archived_tickets=text).archived_tickets is is_on


def test_settings_that_it_does_not_know_are_left_alone() -> None:
    assert config(_limit=5, requests_per_hour=50, api={"id": 1}) == config()


@pytest.mark.parametrize(
    ("name", "default", "good"),
    [
        ("requests_per_minute", None, [1, 50, 100_000]),
        ("api_quota_percent", 90, [1, 50, 90, 100]),
        ("num_workers", None, [1, 4, 40]),
    ],
)
def test_the_pace_can_be_set_and_need_not_be(name: str, default: int | None, good: list[int]) -> None:
    assert getattr(config(), name) == default
    assert getattr(config(**{name: None}), name) == default
    assert [getattr(config(**{name: value}), name) for value in good] == good


@pytest.mark.parametrize(
    ("name", "too_much", "words"),
    [
        ("requests_per_minute", [], "of 1 or more"),
        ("api_quota_percent", [101], "from 1 to 100"),
        ("num_workers", [41], "from 1 to 40"),
    ],
)
def test_a_pace_that_is_no_number_or_out_of_bounds_is_refused_with_the_bounds(
    name: str, too_much: list[int], words: str
) -> None:
    for value in [0, -1, 1.5, 2.0, "five", True, False, [], float("nan"), *too_much]:
        message = refused(**{name: value})
        assert f"'{name}' is {value!r}" in message
        assert message.endswith(f"a whole number {words}.")


def test_a_config_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        config().base_url = "http://evil.com"  # type: ignore[misc]
