"""Repeats the last state while a sync is silent.

Airbyte ends a sync whose source writes no record and no state for `maxSecondsBetweenMessages`; log lines do not count:
https://docs.airbyte.com/platform/understanding-airbyte/heartbeats

A state that was written is true at any later time, so it is written again. A stream that has not written one yet
repeats the one that it was given; without one, the empty state, which is the start.
"""

import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any

import orjson

SILENT_SECONDS = 60
"""How often it is looked whether a record or a state was written. So no silence is longer than twice as long."""

MOST_HELD_CHARACTERS = 200_000
"""What was written is passed on after so many characters: the CDK's buffer passes it on ten times a second only, and
makes three copies of it. Large ones are of memory that the system gives and takes back each time."""

_RECORD, _STATE, _TRACE = '{"type":"RECORD"', '{"type":"STATE"', '{"type":"TRACE"'


class Heartbeat:
    """Sees all lines of a sync on their way to standard output.

    write: writes text. flush: has it leave the process. lock: held while a line is written.
    states: the states that the sync was given, by the names of their streams.
    """

    def __init__(
        self,
        write: Callable[[str], object],
        flush: Callable[[], object],
        lock: AbstractContextManager[Any],
        states: Mapping[str, Mapping[str, Any]],
    ) -> None:
        self._write = write
        self._flush = flush
        self._lock = lock
        self._states = states
        self._is_silent = False
        self._stream: str | None = None
        self._last_state: str | None = None
        self._records = 0
        self._records_reported = 0
        self._held = 0

    def start(self) -> Callable[[], object]:
        """Look every `SILENT_SECONDS`, in a thread of its own. Returns what ends it."""
        ended = threading.Event()

        def beat() -> None:
            while not ended.wait(SILENT_SECONDS):
                self.repeat_if_silent()

        threading.Thread(target=beat, daemon=True, name="heartbeat").start()
        return ended.set

    def write_line(self, line: str) -> None:
        """Write a message of the sync."""
        with self._lock:
            if line.startswith(_RECORD):
                self._is_silent = False
                self._records += 1
            elif line.startswith(_STATE):
                line = self._last_state = self._without_reported(line)
                self._is_silent = False
                self._records = self._records_reported = 0
            elif line.startswith(_TRACE):
                self._note_status(orjson.loads(line)["trace"].get("stream_status"))
            self._write(f"{line}\n")
            self._held += len(line)
            # A state is worth nothing until it is out, and the next line may be minutes away.
            if self._held > MOST_HELD_CHARACTERS or line.startswith(_STATE):
                self._flush()
                self._held = 0

    def repeat_if_silent(self) -> None:
        """Write the state of the stream that is being read, if neither a record nor a state was written since the last
        call.
        """
        with self._lock:
            if self._is_silent and self._stream is not None:
                self._write(f"{self._repeated(self._stream)}\n")
                self._flush()
            self._is_silent = True

    def _note_status(self, status: Mapping[str, Any] | None) -> None:
        if status is None or status["status"] == "RUNNING":
            return
        self._stream = status["stream_descriptor"]["name"] if status["status"] == "STARTED" else None
        self._last_state = None
        self._records = self._records_reported = 0

    def _repeated(self, stream: str) -> str:
        """The last state, with the number of records since it."""
        if self._last_state is None:
            of_stream = {"stream_descriptor": {"name": stream}, "stream_state": self._states.get(stream, {})}
            message: dict[str, Any] = {"type": "STATE", "state": {"type": "STREAM", "stream": of_stream}}
        else:
            message = orjson.loads(self._last_state)
        message["state"]["sourceStats"] = {"recordCount": float(self._records)}
        self._records_reported += self._records
        self._records = 0
        return orjson.dumps(message).decode()

    def _without_reported(self, line: str) -> str:
        """A state as the CDK counts its records, less those that a repeated state has counted."""
        if not self._records_reported:
            return line
        message = orjson.loads(line)
        message["state"]["sourceStats"]["recordCount"] -= self._records_reported
        return orjson.dumps(message).decode()
