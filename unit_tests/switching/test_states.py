"""Every state of theirs is continued from."""

import pytest
import requests_mock

from source_freshdesk import instants
from source_freshdesk.state.updated_at_cursor import LOOKBACK_SECONDS, UpdatedAtCursor
from unit_tests import support
from unit_tests.support import API, NOW, answer, ids, queries
from unit_tests.switching.recorded import STATES, our_streams, read


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
        assert stream.state == STATES[name]["state"]


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
