"""What the user may fill in, and what is said about the rest."""

import re
from typing import Any

import pytest
from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from hypothesis import given
from hypothesis import strategies as st

from source_freshdesk import instants
from source_freshdesk.config import Config
from unit_tests.support import KEY, NOW


def config(**settings: Any) -> Config:
    return Config.from_mapping({"domain": "acme", "api_key": KEY} | settings, now=NOW)


def refused(**settings: Any) -> str:
    """The sentence with which these settings are refused."""
    with pytest.raises(AirbyteTracedException) as caught:
        config(**settings)
    assert caught.value.failure_type is FailureType.config_error
    assert caught.value.message is not None
    assert KEY not in f"{caught.value.message}{caught.value.internal_message}"
    return caught.value.message


def config_or_none(**settings: Any) -> Config | None:
    """The config, None where the settings are refused in the way that is due."""
    try:
        return config(**settings)
    except AirbyteTracedException as bad:
        if bad.failure_type is not FailureType.config_error:
            raise
        return None


@pytest.mark.parametrize(
    "domain",
    [
        "acme",
        "  acme ",
        "ACME",
        "acme.freshdesk.com",
        "acme.freshdesk.com:443",
        "ACME.Freshdesk.com/",
        "https://acme.freshdesk.com",
        "https://acme.freshdesk.com/a/tickets",
        "https://acme.freshdesk.com/a/tickets?page=2#top",
        "http://acme.freshdesk.com",
        "HTTP://acme.freshdesk.com/",
    ],
)
def test_an_account_is_known_however_it_is_written(domain: str) -> None:
    assert config(domain=domain).base_url == "https://acme.freshdesk.com"


@pytest.mark.parametrize(
    ("domain", "base_url"),
    [
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://localhost:1", "http://localhost:1"),
        ("http://localhost:1/", "http://localhost:1"),
        ("http://[::1]:9", "http://[::1]:9"),
        ("a-1", "https://a-1.freshdesk.com"),
        ("7", "https://7.freshdesk.com"),
    ],
)
def test_a_loopback_host_with_a_port_is_taken_for_trials(domain: str, base_url: str) -> None:
    assert config(domain=domain).base_url == base_url


@pytest.mark.parametrize(
    "domain",
    [
        "",
        "  ",
        None,
        5,
        ["acme"],
        "-acme",
        "acme-",
        "ac me",
        "ac_me",
        "https://",
        "support.acme.com",
        "https://help.acme.org/support",
        "acme.freshdesk.com.evil.com",
        "acmefreshdesk.com",
        "freshdesk.com",
        ".freshdesk.com",
        "a.b.freshdesk.com",
        "evil.com/acme.freshdesk.com",
        "evil.com?acme.freshdesk.com",
        "evil.com#acme.freshdesk.com",
        "evil.com\\acme.freshdesk.com",
        "evil.com\\.freshdesk.com",
        "acme.freshdesk.com@evil.com",
        "acme.freshdesk.com:443@evil.com",
        "user@acme.freshdesk.com",
        "https://user:password@acme.freshdesk.com",
        "http://user@localhost:8080",
        "https://@acme.freshdesk.com",
        "acme.freshservice.com",
        "https://acme.freshservice.com",
        "ftp://acme.freshdesk.com",
        "file:///etc/passwd",
        "acme.freshdesk.com:8443",
        "acme.freshdesk.com:port",
        "acme.freshdesk.com:99999",
        "https://localhost:8080",
        "https://127.0.0.1:8080",
        "http://localhost",
        "http://127.0.0.1",
        "http://localhost:0",
        "http://127.0.0.2:8080",
        "http://10.0.0.1:8080",
        "http://localhost.evil.com:8080",
        "http://localhost:8080@evil.com",
        "http://[::1",
        "http://169.254.169.254:80",
        "a" * 64,
    ],
)
def test_a_host_where_the_api_does_not_answer_is_refused_with_what_to_enter(domain: Any) -> None:
    message = refused(domain=domain)
    assert "'domain'" in message
    assert "'acme.freshdesk.com'" in message
    assert message.endswith(".")


def test_a_refused_domain_does_not_repeat_the_password_in_it() -> None:
    assert "hunter2" not in refused(domain="https://user:hunter2@acme.freshdesk.com")


def test_a_key_that_was_pasted_into_the_domain_is_not_repeated() -> None:
    assert "hunter2" not in refused(domain="https://hunter2:X@acme.freshdesk.com")


@given(st.text())
def test_no_domain_leads_the_key_anywhere_but_to_freshdesk(text: str) -> None:
    taken = config_or_none(domain=text)
    assert taken is None or re.fullmatch(r"https://[a-z0-9-]+\.freshdesk\.com", taken.base_url)


def test_blanks_around_a_key_are_dropped() -> None:
    assert config(api_key=f" {KEY}\n").api_key == KEY


@pytest.mark.parametrize("key", [None, "", "  ", 5, ["key"], f"{KEY} {KEY}", f"{KEY}\nX: y", f"{KEY}é", f"\x00{KEY}"])
def test_what_is_no_key_is_refused_without_quoting_it(key: Any) -> None:
    message = refused(api_key=key)
    assert "'api_key'" in message
    assert "profile settings" in message


def test_the_key_is_not_in_the_repr() -> None:
    assert KEY not in repr(config())


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


@pytest.mark.parametrize("days", [-1, 1.5, "14", True, []])
def test_days_to_look_back_that_are_no_number_are_refused(days: Any) -> None:
    message = refused(lookback_window_in_days=days)
    assert f"'lookback_window_in_days' is {days!r}" in message
    assert message.endswith("a whole number of 0 or more.")


@pytest.mark.parametrize("name", ["contact_details", "archived_tickets"])
@pytest.mark.parametrize("value", ["true", "false", "", 0, 1, []])
def test_a_switch_that_is_neither_on_nor_off_is_refused(name: str, value: Any) -> None:
    message = refused(**{name: value})
    assert f"'{name}'" in message
    assert "true or false" in message


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
    for value in [0, -1, 1.5, 2.0, "5", "", True, False, [], float("nan"), *too_much]:
        message = refused(**{name: value})
        assert f"'{name}' is {value!r}" in message
        assert message.endswith(f"a whole number {words}.")


def test_a_config_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        config().base_url = "http://evil.com"  # type: ignore[misc]
