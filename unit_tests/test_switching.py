"""What Airbyte's own connector was given, saved and emitted is taken here, and docs/switching.md says what differs.

`recorded_by_airbyte` holds the facts about that connector.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import requests_mock
from airbyte_cdk.models import FailureType, SyncMode
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from jsonschema import Draft7Validator

from source_freshdesk import instants
from source_freshdesk.api.rate_limit import Call, RateLimit
from source_freshdesk.api.rate_limit_headers import RateLimitHeaders
from source_freshdesk.catalog import all_streams
from source_freshdesk.config import Config, RateLimits
from source_freshdesk.source import SourceFreshdesk
from source_freshdesk.state.updated_at_cursor import LOOKBACK_SECONDS, UpdatedAtCursor
from source_freshdesk.streams.base import FreshdeskStream
from unit_tests import support
from unit_tests.support import API, KEY, NOW, SimulatedClock, answer, ids, queries

HERE = Path(__file__).parent
ROOT = HERE.parent


def recorded(name: str) -> dict[str, dict[str, Any]]:
    facts: dict[str, dict[str, Any]] = json.loads((HERE / "recorded_by_airbyte" / f"{name}.json").read_text("utf-8"))
    return facts


CONFIGS = recorded("configs")
STATES = recorded("states")
THEIR_STREAMS = recorded("streams")

PAGE = (ROOT / "docs" / "switching.md").read_text("utf-8")
SPEC = json.loads((ROOT / "source_freshdesk" / "spec.json").read_text("utf-8"))["connectionSpecification"]


def config(**settings: Any) -> Config:
    return Config.from_mapping({"domain": "acme", "api_key": KEY} | settings, now=NOW)


def our_streams() -> dict[str, FreshdeskStream]:
    return {stream.name: stream for stream in all_streams(support.api(), config())}


OURS = our_streams()


def rows_under(heading: str) -> list[list[str]]:
    """The rows of the table under a heading of the page, their cells without marks."""
    section = PAGE.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = [line.strip("|").split(" | ") for line in section.splitlines() if line.startswith("| ")]
    return [[cell.strip().strip("`") for cell in row] for row in rows[2:]]


# Configurations

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


def test_each_recorded_config_has_a_meaning() -> None:
    assert set(ERROR_RULES) == set(CONFIGS)


@pytest.mark.parametrize("name", CONFIGS)
def test_a_config_is_taken_with_its_meaning(name: str) -> None:
    taken = Config.from_mapping(CONFIGS[name], now=NOW)
    assert taken.base_url == "https://account123.freshdesk.com"
    meant = {"lookback_window_in_days": 14} | ERROR_RULES[name]
    found = {setting: getattr(taken, setting) for setting in meant}
    assert found | ({"start": instants.to_api(taken.start)} if "start" in meant else {}) == meant


@pytest.mark.parametrize("name", CONFIGS)
def test_a_platform_that_holds_a_config_against_the_spec_lets_it_pass(name: str) -> None:
    assert [error.message for error in Draft7Validator(SPEC).iter_errors(CONFIGS[name])] == []


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
        ({"rate_limit_plan": {"plan_type": "custom", "tickets_rate_limit": "9"}}, "rate_limit_plan.tickets_rate_limit"),
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


# What the settings do to the calls


def calls_in_the_first_minute(rate_limit: RateLimit, call: Call, limit: float | None) -> int:
    """How many calls go out one after another, each answered at once; Freshdesk tells of this limit, or of none."""
    calls, now = 0, 0.0
    while (now := now + rate_limit.seconds_until(call, now)) < 60.0:
        started = rate_limit.start(call, now)
        calls += 1
        rate_limit.finish(started, now, None if limit is None else RateLimitHeaders(limit, max(limit - calls, 0.0)))
    return calls


@pytest.mark.parametrize("total", [50.0, 700.0])
def test_a_limit_on_all_calls_holds_whatever_the_account_has(total: float) -> None:
    assert calls_in_the_first_minute(RateLimit(100, 20), Call(), total) == 20


def test_a_limit_on_a_list_holds_for_its_calls_only() -> None:
    limits = {"tickets": 10}
    for call, calls in ((Call(1.0, "tickets"), 10), (Call(1.0, "contacts"), 200), (Call(), 700)):
        rate_limit = RateLimit(100, list_calls_per_minute=limits)
        assert calls_in_the_first_minute(rate_limit, call, 700.0) == calls
    assert RateLimit(100, list_calls_per_minute=limits).allowed_per_second(Call(1.0, "tickets")) == 10 / 60


def test_a_stated_limit_holds_where_freshdesk_tells_none() -> None:
    assert calls_in_the_first_minute(RateLimit(100, stated_total=200), Call(), None) == 200
    assert calls_in_the_first_minute(RateLimit(50, stated_total=200), Call(), None) == 100
    assert calls_in_the_first_minute(RateLimit(100, stated_total=200), Call(1.0, "contacts"), None) == 20


@pytest.mark.parametrize("told", [50.0, 700.0])
def test_what_freshdesk_tells_counts_for_more_than_what_was_stated(told: float) -> None:
    rate_limit = RateLimit(100, stated_total=200)
    assert calls_in_the_first_minute(rate_limit, Call(), told) == told
    assert rate_limit.limit == f"{told:.0f} a minute"


def test_the_settings_reach_the_quota() -> None:
    source = SourceFreshdesk(SimulatedClock())
    plan = {"plan_type": "custom", "general_rate_limit": 120, "tickets_rate_limit": 6}
    (tickets, *_) = source.streams(
        {"domain": "acme", "api_key": KEY, "rate_limit_plan": plan, "subscription_tier": "pro"}
    )
    assert isinstance(tickets, FreshdeskStream)
    rate_limit = tickets.api.rate_limiter.rate_limit
    assert rate_limit.limit == "400 a minute"
    assert rate_limit.allowed_per_second(Call()) == 120 / 60
    assert rate_limit.allowed_per_second(Call(1.0, "tickets")) == 6 / 60


# States


def read(stream: str, state: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a stream emits in a sync that is handed this state."""
    headers = our_streams()[stream]
    headers.state = dict(state)
    return support.read(headers)


@pytest.mark.parametrize("name", STATES)
def test_a_state_is_the_place_to_go_on_from_or_means_the_start(name: str) -> None:
    start = instants.from_api("2019-01-01T00:00:00Z")
    cursor = UpdatedAtCursor(start)
    cursor.load(STATES[name]["state"], now=NOW)
    instant = STATES[name]["instant"]
    assert cursor.read_from == (start if instant is None else instants.from_api(instant) - LOOKBACK_SECONDS)


@pytest.mark.parametrize("name", STATES)
def test_every_stream_takes_every_state(name: str) -> None:
    for stream in our_streams().values():
        stream.state = dict(STATES[name]["state"])


@pytest.mark.parametrize("name", STATES)
def test_what_changed_since_a_state_is_emitted_and_what_lies_before_is_not(
    server: requests_mock.Mocker, name: str
) -> None:
    instant = STATES[name]["instant"]
    times = ("2019-05-01T00:00:00Z", instant or "2020-01-01T00:00:00Z", "2026-11-01T00:00:00Z")
    rows = [{"id": number, "updated_at": at} for number, at in enumerate(times)]
    server.get(f"{API}groups", json=rows, headers=support.dated())
    wanted = [0, 1, 2] if instant is None else [1, 2]
    assert ids(read("groups", STATES[name]["state"])) == wanted


@pytest.mark.parametrize(
    ("stream", "filter_name", "asked_from"),
    [
        ("tickets", "updated_since", "2021-10-31t23:54:59z"),
        ("contacts", "_updated_since", "2021-10-31t23:54:59z"),
        ("satisfaction_ratings", "created_since", "2021-10-17t23:54:59z"),
    ],
)
def test_freshdesk_is_asked_for_what_changed_since_a_state(
    server: requests_mock.Mocker, stream: str, filter_name: str, asked_from: str
) -> None:
    path = THEIR_PATHS.get(stream, stream)
    server.get(f"{API}{path}", **answer([]))
    read(stream, {"updated_at": "2021-11-01T00:00:00Z"})
    assert queries(server, path)[0][filter_name] == [asked_from]


THEIR_PATHS = {"satisfaction_ratings": "surveys/satisfaction_ratings"}


def test_a_state_that_is_not_of_airbytes_connector_may_be_a_little_ahead_of_the_clock() -> None:
    cursor = UpdatedAtCursor(instants.EPOCH)
    cursor.load({"updated_at": instants.to_api(NOW + 900), "read_from": instants.to_api(NOW + 600)}, now=NOW)
    assert cursor.read_from == NOW + 600


def test_the_files_before_a_state_of_activities_are_not_read_again(server: requests_mock.Mocker) -> None:
    server.get(f"{API}export/ticket_activities", **answer({"export": []}))
    read("ticket_activities", {"performed_at": "2026-11-20T09:59:58Z"})
    asked = [query["created_at"][0] for query in queries(server, "export/ticket_activities")]
    assert asked == [f"2026-11-{day}" for day in range(18, 24)]


# Streams


def test_the_29_streams_are_there() -> None:
    assert len(THEIR_STREAMS) == 29
    assert set(THEIR_STREAMS) <= set(OURS)


@pytest.mark.parametrize("name", THEIR_STREAMS)
def test_a_stream_has_the_key_the_cursor_and_the_modes_that_it_had(name: str) -> None:
    theirs, ours = THEIR_STREAMS[name], OURS[name].as_airbyte_stream()
    assert ours.source_defined_primary_key == [[field] for field in theirs["key"]]
    assert SyncMode.full_refresh in ours.supported_sync_modes
    if theirs["cursor"] is not None:
        assert SyncMode.incremental in ours.supported_sync_modes
        assert ours.default_cursor_field == [theirs["cursor"]]


def test_the_page_lists_the_streams_that_became_incremental() -> None:
    became = {
        name
        for name, theirs in THEIR_STREAMS.items()
        if theirs["cursor"] is None and SyncMode.incremental in OURS[name].as_airbyte_stream().supported_sync_modes
    }
    listed = rows_under("What differs in how streams are read")
    assert {name for name, _, _ in listed} == became
    assert all(there == "full refresh" and here.startswith("also incremental") for _, there, here in listed), (
        "what the page says of them"
    )


def test_an_activity_has_the_key_that_it_had(server: requests_mock.Mocker) -> None:
    activity = {"ticket_id": 600, "performer_type": "user", "performer_id": 149018, "activity": {"status": "Open"}}
    file = "https://exports.example.com/file.json"
    server.get(f"{API}export/ticket_activities", **answer({"export": []}))
    server.get(f"{API}export/ticket_activities?created_at=2026-11-20", **answer({"export": {"url": file}}))
    sent = [activity | {"performed_at": "20-11-2026 09:33:38 +0000"}] * 2
    server.get(file, **answer({"activities_data": sent}))
    # The SHA-256 of all of its fields in their order, and its number among those that are equal.
    hashed = (
        '{"activity":{"status":"Open"},"export_date":"2026-11-20","performed_at":"2026-11-20T09:33:38Z",'
        '"performer_id":149018,"performer_type":"user","ticket_id":600}'
    )
    digest = hashlib.sha256(hashed.encode()).hexdigest()
    records = read("ticket_activities", {})
    assert [record["_airbyte_ticket_activity_id"] for record in records] == [f"{digest}:1", f"{digest}:2"]


# Fields


def type_of(declared: Mapping[str, Any]) -> str:
    """A declared type in the words of `streams.json`; date-time for a point in time."""
    if declared.get("format") == "date-time":
        return "date-time"
    names = [name for name in declared["type"] if name != "null"]
    inside = [name for name in declared.get("items", {}).get("type", []) if name != "null"]
    return f"array of {' or '.join(inside)}" if names == ["array"] and inside else " or ".join(names)


def declared(schema: Mapping[str, Any], path: str) -> Mapping[str, Any] | None:
    """The declaration of a field, by a path such as `questions[].label`; None if there is none."""
    found: Mapping[str, Any] = schema
    for part in path.split("."):
        inner = found.get("properties", {}).get(part.removesuffix("[]"))
        if inner is None:
            return None
        found = inner["items"] if part.endswith("[]") else inner
    return found


def fits(theirs: str, ours: str) -> bool:
    """Whether a column of their type takes values of ours."""
    return ours in (theirs, {"string": "date-time"}.get(theirs)) or (theirs == "array" and ours.startswith("array of "))


def differences(stream: str) -> Iterator[tuple[str, str, str, str]]:
    """The stream, the field and both types where ours does not fit; the outermost field of several."""
    schema = OURS[stream].get_json_schema()
    for path, theirs in THEIR_STREAMS[stream]["fields"].items():
        found = declared(schema, path)
        ours = "-" if found is None else type_of(found)
        if not fits(theirs, ours) and not any(path.startswith(f"{other}.") for other in different_paths(stream, path)):
            yield stream, path, theirs, ours


def different_paths(stream: str, inside: str) -> Iterator[str]:
    """The fields around a field that differ themselves."""
    schema = OURS[stream].get_json_schema()
    parts = inside.split(".")
    for depth in range(1, len(parts)):
        outer = ".".join(parts[:depth])
        theirs = THEIR_STREAMS[stream]["fields"].get(outer.removesuffix("[]"), "")
        found = declared(schema, outer.removesuffix("[]"))
        if found is None or not fits(theirs, type_of(found)):
            yield outer


def test_the_page_lists_every_field_that_differs_and_why() -> None:
    (of_all, *listed) = rows_under("What differs in the fields")
    assert of_all[0] == "all"
    assert all(why for _, _, _, _, why in listed)
    found = {difference for stream in THEIR_STREAMS for difference in differences(stream)}
    assert {(stream, field, there, here) for stream, field, there, here, _ in listed} == found


@pytest.mark.parametrize("stream", THEIR_STREAMS)
def test_a_list_holds_what_it_held_as_far_as_that_was_told(stream: str) -> None:
    schema = OURS[stream].get_json_schema()
    listed = {field for name, field, *_ in rows_under("What differs in the fields") if name == stream}
    for path, theirs in THEIR_STREAMS[stream]["fields"].items():
        found = declared(schema, path)
        if theirs.startswith("array of") and found is not None and path not in listed:
            assert type_of(found) == theirs, path


# The page


def test_the_page_says_what_becomes_of_each_setting() -> None:
    known = {setting for taken in CONFIGS.values() for setting in taken}
    known -= set(CONFIGS["settings that no version knows"]) - {"domain", "api_key"}
    assert {setting for setting, _ in rows_under("Settings")} == known
    assert all(f"`{setting}`" in PAGE for setting in SPEC["properties"])


def test_the_page_names_the_forms_of_states() -> None:
    forms = " ".join(form for form, _ in rows_under("Saved states"))
    assert all(key in forms for key in ("updated_at", "performed_at", "__ab_no_cursor", "__ab_full_refresh"))


def test_the_page_leads_to_files_that_exist() -> None:
    links = [part.split(")", 1)[0] for part in PAGE.split("](")[1:]]
    assert all((ROOT / "docs" / link.split("#", 1)[0]).exists() for link in links if not link.startswith("#"))
    headings = {line.lstrip("# ").lower().replace(" ", "-") for line in PAGE.splitlines() if line.startswith("#")}
    assert {link[1:] for link in links if link.startswith("#")} <= headings
