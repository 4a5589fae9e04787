"""States that were written by hand, or of another stream: said once, and what is read because of it."""

from typing import Any

import pytest

from integration_tests.conftest import Connect
from integration_tests.connector import Run
from integration_tests.every_resource import expected_keys
from integration_tests.fake_freshdesk import Account, FakeFreshdesk

STREAMS = ("tickets", "contacts", "conversations", "groups")
OTHERS = {"page": 7, "cursor": "abc"}
FUTURE = {"updated_at": "2999-01-01T00:00:00Z"}


def read_with(connect: Connect, fake: FakeFreshdesk, stream: str, state: dict[str, Any]) -> Run:
    of_stream = {"stream_descriptor": {"name": stream}, "stream_state": state}
    return connect(fake).read(stream, state=[{"type": "STREAM", "stream": of_stream}])


@pytest.mark.parametrize(
    ("state", "words"),
    [(OTHERS, "names no time up to which it was read (cursor, page)"), (FUTURE, "lies in the future (2999-01-01")],
)
@pytest.mark.parametrize("stream", STREAMS)
def test_a_state_that_names_no_time_or_one_to_come_is_named_and_all_is_read(
    served: FakeFreshdesk, connect: Connect, everything: Account, stream: str, state: dict[str, Any], words: str
) -> None:
    run = read_with(connect, served, stream, state)
    assert run.exit_code == 0, run.errors_traced
    assert sorted(run.keys(stream)) == sorted(expected_keys(everything, stream))
    assert run.log("WARN").count(words) == 1


@pytest.mark.parametrize("stream", STREAMS)
def test_an_empty_state_is_the_start_without_a_word(
    served: FakeFreshdesk, connect: Connect, everything: Account, stream: str
) -> None:
    run = read_with(connect, served, stream, {})
    assert sorted(run.keys(stream)) == sorted(expected_keys(everything, stream))
    assert "state" not in run.log("WARN")


def test_no_state_is_logged_whole(served: FakeFreshdesk, connect: Connect) -> None:
    first = connect(served).read("contacts", "tickets")
    then = connect(served).read("contacts", "tickets", state=first.last_states)
    assert "read_from" not in then.log()


def test_the_log_of_a_quiet_hourly_sync_of_five_streams_is_short(served: FakeFreshdesk, connect: Connect) -> None:
    five = ("tickets", "conversations", "contacts", "companies", "agents")
    first = connect(served).read(*five)
    then = connect(served).read(*five, state=first.last_states)
    assert len(then.of_type("LOG")) <= 15
