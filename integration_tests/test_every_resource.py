"""All streams in one sync of an account that has some of everything, and in the syncs after it."""

import base64
import json
import re
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from jsonschema import Draft7Validator

from integration_tests.conftest import API_KEY
from integration_tests.connector import Connector, Run, discovered_streams, incremental_streams
from integration_tests.every_resource import (
    account_with_everything,
    change_a_row,
    expected_keys,
    keys_that_came,
)
from integration_tests.expected_calls import expected_calls, paths_of_childless
from integration_tests.fake_freshdesk import Account, Call, FakeFreshdesk
from integration_tests.filling import TODAY, before
from unit_tests.schemas.recordings import date_times

pytestmark = pytest.mark.real_clock

STREAMS = tuple(discovered_streams())
INCREMENTAL = tuple(incremental_streams())
BY_NUMBER_OR_DAY = ("archived_tickets", "archived_ticket_conversations", "ticket_activities")
"""Streams whose state is no instant. What they bring of a change has tests of its own."""

SECRETS = ("a-password-in-a-rule", "a-token-in-a-rule", "a-key-in-a-rule")
DOWNLOADS = "/ticket_activities/"

CALLS_OF_STREAM = re.compile(r"^(\w+): [\d,]+ records?, ([\d,]+) calls? \(", re.MULTILINE)
CALLS_OF_SYNC = re.compile(r"^  API calls  ([\d,]+) ", re.MULTILINE)


@dataclass(frozen=True)
class Expected:
    """Worked out from the account before anything in it changed."""

    keys: dict[str, list[Any]]
    calls: dict[str, int]
    childless: list[str]
    rules: str

    @classmethod
    def of(cls, account: Account) -> "Expected":
        return cls(
            {stream: expected_keys(account, stream) for stream in STREAMS},
            {stream: expected_calls(account, stream) for stream in STREAMS},
            paths_of_childless(account),
            json.dumps(list(account.table("automation_rules").rows.values())),
        )


@dataclass(frozen=True)
class Syncs:
    """A sync of everything; one after which nothing has changed; and one after a row of each stream has.

    calls: those of the first sync; those for files are `downloads`.
    keys_of_changed: what should come in the last.
    """

    first: Run
    expected: Expected
    calls: list[Call]
    downloads: list[Call]
    quiet: Run
    changed: Run
    keys_of_changed: dict[str, list[Any]]


@pytest.fixture(scope="module")
def syncs(tmp_path_factory: pytest.TempPathFactory) -> Syncs:
    account = account_with_everything(before(hours=1))
    with FakeFreshdesk(account, API_KEY) as fake:
        settings = {"domain": fake.url, "api_key": API_KEY, "archived_tickets": True}
        connector = Connector(tmp_path_factory.mktemp("everything"), settings, now=TODAY)
        first = connector.read(*STREAMS)
        expected = Expected.of(account)
        calls = fake.journal.calls()
        quiet = connector.read(*STREAMS, state=first.last_states)
        account.advance(timedelta(minutes=30))
        keys = {stream: change_a_row(account, stream) for stream in INCREMENTAL if stream not in BY_NUMBER_OR_DAY}
        changed = connector.read(*STREAMS, state=quiet.last_states)
    return Syncs(
        first,
        expected,
        [call for call in calls if not call.path.startswith(DOWNLOADS)],
        [call for call in calls if call.path.startswith(DOWNLOADS)],
        quiet,
        changed,
        keys,
    )


def test_the_sync_ends_well_without_a_warning(syncs: Syncs) -> None:
    assert (syncs.first.exit_code, syncs.first.errors_traced) == (0, [])
    assert syncs.first.log("WARN", "ERROR", "FATAL") == ""
    assert {call.status for call in syncs.calls} == {200, 404}


@pytest.mark.parametrize("stream", STREAMS)
def test_nothing_is_missing_and_nothing_comes_twice(syncs: Syncs, stream: str) -> None:
    expected = Counter(syncs.expected.keys[stream])
    assert expected, "an account with everything has some"
    assert Counter(keys_that_came(syncs.first, stream)) == expected
    assert set(Counter(syncs.first.keys(stream)).values()) == {1}
    assert syncs.first.statuses[stream] == ["STARTED", "RUNNING", "COMPLETE"]


@pytest.mark.parametrize("stream", STREAMS)
def test_every_record_is_as_its_schema_says(syncs: Syncs, stream: str) -> None:
    validator = Draft7Validator(discovered_streams()[stream]["json_schema"], format_checker=date_times)
    wrong = [
        f"{error.json_path}: {error.message}"
        for record in syncs.first.records[stream]
        for error in validator.iter_errors(record)
    ]
    assert wrong == []


@pytest.mark.parametrize("stream", STREAMS)
def test_each_stream_takes_the_calls_that_it_must(syncs: Syncs, stream: str) -> None:
    assert calls_told(syncs.first)[stream] == syncs.expected.calls[stream]


def test_the_log_counts_all_calls(syncs: Syncs) -> None:
    assert sum(calls_told(syncs.first).values()) == len(syncs.calls)
    assert [int(calls.replace(",", "")) for calls in CALLS_OF_SYNC.findall(syncs.first.log("INFO"))] == [
        len(syncs.calls)
    ]


def test_the_log_is_short(syncs: Syncs) -> None:
    """Of a first sync of all streams; a traceback or a message for each row would not fit."""
    assert len(syncs.first.log().split("\n")) <= 80


def calls_told(run: Run) -> dict[str, int]:
    """By stream."""
    logged = [(stream, int(calls.replace(",", ""))) for stream, calls in CALLS_OF_STREAM.findall(run.log("INFO"))]
    assert sorted(stream for stream, _ in logged) == sorted(STREAMS)
    return dict(logged)


def test_no_call_is_made_for_children_that_are_known_not_to_be_there(syncs: Syncs) -> None:
    childless = {f"/api/v2/{path}" for path in syncs.expected.childless}
    assert len(childless) > 10
    assert [call.path for call in syncs.calls if call.path in childless] == []


def test_a_list_that_leads_to_others_is_read_once(syncs: Syncs) -> None:
    leading = (
        "ticket_fields",
        "admin/ticket_fields",
        "canned_response_folders",
        "solutions/categories",
        "discussions/categories",
        "custom_objects/schemas",
        "settings/helpdesk",
    )
    calls = Counter(call.path for call in syncs.calls)
    assert {path: calls[f"/api/v2/{path}"] for path in leading} == dict.fromkeys(leading, 1)


@pytest.mark.parametrize("stream", INCREMENTAL)
def test_a_second_sync_brings_nothing(syncs: Syncs, stream: str) -> None:
    assert syncs.quiet.exit_code == 0
    assert syncs.quiet.records[stream] == []
    assert syncs.quiet.statuses[stream][-1] == "COMPLETE"
    assert syncs.quiet.log("WARN", "ERROR") == ""


@pytest.mark.parametrize("stream", INCREMENTAL)
def test_a_later_sync_brings_what_has_changed(syncs: Syncs, stream: str) -> None:
    assert syncs.changed.exit_code == 0
    assert Counter(keys_that_came(syncs.changed, stream)) == Counter(syncs.keys_of_changed.get(stream, []))


@pytest.mark.parametrize("stream", [stream for stream in STREAMS if stream not in INCREMENTAL])
def test_a_stream_without_a_place_in_time_comes_whole_each_time(syncs: Syncs, stream: str) -> None:
    for run in (syncs.quiet, syncs.changed):
        assert Counter(run.keys(stream)) == Counter(syncs.expected.keys[stream])


@pytest.mark.parametrize("stream", INCREMENTAL)
def test_every_incremental_stream_says_a_state(syncs: Syncs, stream: str) -> None:
    for run in (syncs.first, syncs.quiet, syncs.changed):
        assert run.states(stream)


def test_no_secret_is_emitted(syncs: Syncs) -> None:
    """Neither the account's nor those that rules of the help desk hold for other systems."""
    assert all(secret in syncs.expected.rules for secret in SECRETS)
    in_header = base64.b64encode(f"{API_KEY}:X".encode()).decode()
    for run in (syncs.first, syncs.quiet, syncs.changed):
        output = run.output + run.errors
        assert [secret for secret in (*SECRETS, API_KEY, in_header) if secret in output] == []


def test_the_host_of_the_files_never_sees_the_key(syncs: Syncs) -> None:
    """It would refuse a call that shows one, and the fake would raise it."""
    assert {call.status for call in syncs.downloads} == {200}
