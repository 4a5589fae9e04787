"""A sync that waits gives Airbyte a sign of life that it counts."""

import json
from contextlib import nullcontext
from typing import Any

import pytest

from source_freshdesk.process.heartbeat import MOST_HELD_CHARACTERS, Heartbeat


class Output(list[dict[str, Any]]):
    """The messages that were written."""

    def write(self, text: str) -> None:
        assert text.endswith("\n")
        self.append(json.loads(text))


@pytest.fixture
def output() -> Output:
    return Output()


@pytest.fixture
def heartbeat(output: Output) -> Heartbeat:
    return Heartbeat(output.write, lambda: None, nullcontext(), {"contacts": {"updated_at": "2026-01-01T00:00:00Z"}})


def line(**message: Any) -> str:
    return json.dumps(message, separators=(",", ":"))


def status(stream: str, what: str) -> str:
    of_stream = {"stream_descriptor": {"name": stream}, "status": what}
    return line(type="TRACE", trace={"type": "STREAM_STATUS", "stream_status": of_stream})


def record() -> str:
    return line(type="RECORD", record={"stream": "tickets", "data": {}, "emitted_at": 1})


def state(stream: str, value: dict[str, Any], count: int) -> str:
    of_stream = {"stream_descriptor": {"name": stream}, "stream_state": value}
    return line(
        type="STATE", state={"type": "STREAM", "stream": of_stream, "sourceStats": {"recordCount": float(count)}}
    )


def states(output: Output) -> list[tuple[str, dict[str, Any], float]]:
    """The streams, the states and the numbers of records of the state messages."""
    return [
        (
            one["state"]["stream"]["stream_descriptor"]["name"],
            one["state"]["stream"]["stream_state"],
            one["state"]["sourceStats"]["recordCount"],
        )
        for one in output
        if one["type"] == "STATE"
    ]


def be_silent(heartbeat: Heartbeat) -> None:
    """From a look at which something had been written to the next one."""
    heartbeat.repeat_if_silent()
    heartbeat.repeat_if_silent()


def test_the_last_state_is_repeated_while_nothing_is_written(heartbeat: Heartbeat, output: Output) -> None:
    for one in (status("tickets", "STARTED"), record(), state("tickets", {"a": 1}, 1), state("tickets", {"a": 2}, 0)):
        heartbeat.write_line(one)
    be_silent(heartbeat)
    heartbeat.repeat_if_silent()
    assert states(output) == [("tickets", {"a": 1}, 1), *[("tickets", {"a": 2}, 0)] * 3]


@pytest.mark.parametrize("message", [record(), state("tickets", {"a": 1}, 0)])
def test_nothing_is_repeated_while_records_or_states_are_written(
    heartbeat: Heartbeat, output: Output, message: str
) -> None:
    heartbeat.write_line(status("tickets", "STARTED"))
    for _ in range(5):
        heartbeat.write_line(message)
        heartbeat.repeat_if_silent()
    assert len(output) == 6


def test_log_lines_do_not_count(heartbeat: Heartbeat, output: Output) -> None:
    for one in (status("tickets", "STARTED"), state("tickets", {"a": 1}, 0)):
        heartbeat.write_line(one)
    heartbeat.repeat_if_silent()
    heartbeat.write_line(line(type="LOG", log={"level": "INFO", "message": "Waiting."}))
    heartbeat.repeat_if_silent()
    assert states(output) == [("tickets", {"a": 1}, 0)] * 2


@pytest.mark.parametrize(
    ("stream", "given"), [("contacts", {"updated_at": "2026-01-01T00:00:00Z"}), ("agents", {}), ("tickets", {})]
)
def test_a_stream_without_a_state_yet_repeats_what_it_was_given_or_the_start(
    heartbeat: Heartbeat, output: Output, stream: str, given: dict[str, Any]
) -> None:
    for one in (status("other", "STARTED"), state("other", {"a": 1}, 0), status("other", "COMPLETE")):
        heartbeat.write_line(one)
    heartbeat.write_line(status(stream, "STARTED"))
    be_silent(heartbeat)
    assert states(output)[1:] == [(stream, given, 0)]


@pytest.mark.parametrize("end", ["COMPLETE", "INCOMPLETE"])
def test_no_state_of_a_stream_follows_its_end(heartbeat: Heartbeat, output: Output, end: str) -> None:
    for one in (status("tickets", "STARTED"), status("tickets", "RUNNING"), status("tickets", end)):
        heartbeat.write_line(one)
    be_silent(heartbeat)
    assert states(output) == []


def test_nothing_is_repeated_before_the_first_stream(heartbeat: Heartbeat, output: Output) -> None:
    be_silent(heartbeat)
    assert output == []


def test_each_record_is_counted_by_one_state(heartbeat: Heartbeat, output: Output) -> None:
    """Airbyte compares the counts of the states with the records that it saw."""
    for one in (status("tickets", "STARTED"), record(), record()):
        heartbeat.write_line(one)
    be_silent(heartbeat)
    heartbeat.write_line(record())
    be_silent(heartbeat)
    heartbeat.write_line(record())
    heartbeat.write_line(state("tickets", {"a": 1}, 4))
    assert states(output) == [("tickets", {}, 2), ("tickets", {}, 1), ("tickets", {"a": 1}, 1)]


def test_what_was_written_is_passed_on_before_it_fills_the_memory(output: Output) -> None:
    """The CDK's buffer passes it on ten times a second only."""
    flushed: list[int] = []
    beat = Heartbeat(output.write, lambda: flushed.append(len(output)), nullcontext(), {})
    text = "x" * (3 * MOST_HELD_CHARACTERS // 10)
    large = line(type="RECORD", record={"stream": "tickets", "data": {"text": text}, "emitted_at": 1})
    for _ in range(8):
        beat.write_line(large)
    assert flushed == [4, 8]
