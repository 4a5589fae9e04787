"""Every configuration of theirs is taken with its meaning."""

from collections.abc import Mapping
from typing import Any

import pytest
from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from jsonschema import Draft7Validator

from source_freshdesk import instants
from source_freshdesk.config import Config, RateLimits
from source_freshdesk.source import SourceFreshdesk
from unit_tests.support import NOW, SimulatedClock
from unit_tests.switching.recorded import CONFIGS, OURS, SPEC, config

ERROR_RULES: Mapping[str, dict[str, Any]] = {
    "the shortest one": {},
    "3.0.7 with all settings": {"requests_per_minute": 50, "calls_per_minute": 50, "start": "2020-12-01T00:00:00Z"},
    "3.1.3 with all settings": {"calls_per_minute": 50, "start": "2020-12-01T00:00:00Z"},
    "3.2.2 with the free plan": {
        "rate_limit_plan": RateLimits(50, 50, 50),
        "calls_per_minute": 50,
        "list_calls_per_minute": {"tickets": 50, "contacts": 50},
        "start": "2010-01-18T21:18:20Z",
    },
    "3.3.4 as its form fills it in": {"subscription_tier": "growth", "stated_call_limit": 200, "num_workers": 5},
    "3.3.4 with all settings": {
        "calls_per_minute": 400,
        "list_calls_per_minute": {"tickets": 100, "contacts": 100},
        "lookback_window_in_days": 30,
        "stated_call_limit": 400,
        "num_workers": 16,
    },
    "3.3.4 with a plan and no limits": {
        "rate_limit_plan": RateLimits(700, 200, 200),
        "stated_call_limit": 700,
        "num_workers": 2,
    },
    "3.3.4 with limits of its own": {"calls_per_minute": 300, "list_calls_per_minute": {"tickets": 30, "contacts": 60}},
    "3.3.4 with one limit of its own": {"calls_per_minute": None, "list_calls_per_minute": {"tickets": 10}},
    "3.3.4 with a custom plan and no limits": {"calls_per_minute": None, "list_calls_per_minute": {}},
    "3.3.4 with limits and no plan": {"calls_per_minute": 120, "list_calls_per_minute": {}},
    "left empty": {"start": "1970-01-01T00:00:00Z", "calls_per_minute": None, "stated_call_limit": None},
    "a start date as old forms took it": {"start": "2020-12-01T00:00:00Z"},
    "a domain with a slash at its end": {},
    "settings that no version knows": {},
}


def test_each_recorded_config_has_a_rule() -> None:
    assert set(ERROR_RULES) == set(CONFIGS)


@pytest.mark.parametrize("name", CONFIGS)
def test_a_config_is_taken_with_its_rule(name: str) -> None:
    taken = Config.from_mapping(CONFIGS[name], now=NOW)
    assert taken.base_url == "https://account123.freshdesk.com"
    meant = {"lookback_window_in_days": 14} | ERROR_RULES[name]
    found = {setting: getattr(taken, setting) for setting in meant}
    assert found | ({"start": instants.to_api(taken.start)} if "start" in meant else {}) == meant


@pytest.mark.parametrize("name", CONFIGS)
def test_a_platform_that_holds_a_config_against_the_spec_lets_it_pass(name: str) -> None:
    """Airbyte stores no setting that was left empty. A start date without a time is asked for anew when somebody opens
    the form; until then a sync takes it as it is."""
    stored = {setting: value for setting, value in CONFIGS[name].items() if value is not None}
    errors = Draft7Validator(SPEC, format_checker=Draft7Validator.FORMAT_CHECKER).iter_errors(stored)
    wrong = {str(error.path[0]) for error in errors}
    assert wrong <= ({"start_date"} if name == "a start date as old forms took it" else set())


def test_the_form_shows_plain_types_and_the_form_of_each_date() -> None:
    """Airbyte's form knows no list of types: it would check nothing, and send numbers as text."""
    assert {type(declared["type"]) for declared in SPEC["properties"].values()} == {str}
    checker = Draft7Validator(SPEC, format_checker=Draft7Validator.FORMAT_CHECKER)
    for setting, declared in SPEC["properties"].items():
        for example in declared.get("examples", ()):
            config = {"domain": "acme", "api_key": "key", setting: example}
            assert [error.message for error in checker.iter_errors(config)] == []


@pytest.mark.parametrize("name", CONFIGS)
def test_streams_are_there_whatever_the_config(name: str) -> None:
    assert len(SourceFreshdesk(SimulatedClock()).streams(CONFIGS[name])) == len(OURS)


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"rate_limit_plan": "growth"}, "rate_limit_plan"),
        ({"rate_limit_plan": ["growth"]}, "rate_limit_plan"),
        ({"rate_limit_plan": {"plan_type": "blossom"}}, "rate_limit_plan.plan_type"),
        ({"rate_limit_plan": {"plan_type": ["free"]}}, "rate_limit_plan.plan_type"),
        ({"rate_limit_plan": {"plan_type": "custom", "general_rate_limit": 0}}, "rate_limit_plan.general_rate_limit"),
        (
            {"rate_limit_plan": {"plan_type": "custom", "tickets_rate_limit": "nine"}},
            "rate_limit_plan.tickets_rate_limit",
        ),
        ({"rate_limit_plan": {"plan_type": "pro", "contacts_rate_limit": 1.5}}, "rate_limit_plan.contacts_rate_limit"),
        ({"subscription_tier": "custom"}, "subscription_tier"),
        ({"subscription_tier": 200}, "subscription_tier"),
        ({"subscription_tier": {}}, "subscription_tier"),
    ],
)
def test_a_bad_value_is_refused_by_the_name_of_its_field(settings: dict[str, Any], field: str) -> None:
    with pytest.raises(AirbyteTracedException) as caught:
        config(**settings)
    assert caught.value.failure_type is FailureType.config_error
    assert caught.value.message is not None
    assert f"'{field}'" in caught.value.message


def test_the_lower_of_two_limits_counts() -> None:
    plan = {"plan_type": "growth"}
    assert config(requests_per_minute=100, rate_limit_plan=plan).calls_per_minute == 100
    assert config(requests_per_minute=500, rate_limit_plan=plan).calls_per_minute == 200
