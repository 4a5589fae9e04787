"""Their 29 streams are here, with their keys."""

import hashlib

import pytest
import requests_mock
from airbyte_cdk.models import SyncMode

from unit_tests.support import API, answer
from unit_tests.switching.recorded import OURS, THEIR_STREAMS, read, rows_under


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
