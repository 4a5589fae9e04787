"""States that earlier versions of this connector saved are read by this one and mean the same.

`recorded/VERSION.json` holds a state of each incremental stream, as that version emitted it at the end of a sync.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from source_freshdesk import instants
from source_freshdesk.catalog import all_streams
from source_freshdesk.config import Config
from source_freshdesk.state.archive_progress import ArchiveProgress
from source_freshdesk.state.exported_days import ExportedDays
from source_freshdesk.state.updated_at_cursor import UpdatedAtCursor
from source_freshdesk.streams.incremental import IncrementalStream
from unit_tests import support
from unit_tests.support import HOST, KEY

LATER = instants.from_api("2026-06-01T12:00:00Z")
STREAMS = {
    stream.name: stream
    for stream in all_streams(support.api(), Config(HOST, KEY))
    if isinstance(stream, IncrementalStream)
}
STATES = [
    pytest.param(name, state, id=f"{file.stem}-{name}")
    for file in sorted((Path(__file__).parent / "recorded").glob("*.json"))
    for name, state in json.loads(file.read_text("utf-8")).items()
]
INCREMENTAL_LATER = {"agents"}
"""Streams without a state in that version."""
ARCHIVE = ("archived_tickets", "archived_ticket_conversations")


@pytest.mark.parametrize(("name", "state"), STATES)
def test_a_recorded_state_is_accepted(name: str, state: dict[str, Any]) -> None:
    STREAMS[name].state = dict(state)
    assert STREAMS[name].state == state


@pytest.mark.parametrize(("name", "state"), STATES)
def test_a_recorded_state_is_saved_again_as_it_was_when_nothing_is_new(name: str, state: dict[str, Any]) -> None:
    if name in ARCHIVE:
        progress = ArchiveProgress()
        progress.load(state)
        assert progress.state() == state
    elif name == "ticket_activities":
        days = ExportedDays(instants.EPOCH, lambda: LATER)
        days.load(state)
        ((day, digest),) = state["unsettled"].items()
        assert days.state_after(days.all()[-2], digest, is_empty=False) == state
        assert day == days.all()[-2].isoformat()
    else:
        states = state["schemas"].values() if name == "custom_object_records" else [state]
        for one in states:
            cursor = UpdatedAtCursor(instants.EPOCH, STREAMS[name].cursor_field)
            cursor.load(one)
            assert cursor.state(as_of=LATER, complete=True) == {key: one[key] for key in one if key != "refused"}


def test_there_is_a_recorded_state_of_every_incremental_stream() -> None:
    recorded = json.loads((Path(__file__).parent / "recorded" / "0.1.0.json").read_text("utf-8"))
    assert set(recorded) == set(STREAMS) - INCREMENTAL_LATER
