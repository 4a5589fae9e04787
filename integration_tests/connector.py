"""Runs the connector as the platform does: `main.py` as a process, its messages read from standard output."""

import json
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

ROOT = Path(__file__).parent.parent
MAIN = ("main.py",)
CLOCKED_MAIN = ("-m", "integration_tests.clocked_main")

Message = dict[str, Any]
NO_SCHEMAS: Mapping[str, Message] = MappingProxyType({})
NO_COLUMNS: Mapping[str, Collection[str]] = MappingProxyType({})


@dataclass(frozen=True)
class Run:
    """What a finished process said. Every line of its standard output is a message, or reading them fails."""

    exit_code: int
    output: str
    errors: str

    @cached_property
    def messages(self) -> list[Message]:
        return [json.loads(line) for line in self.output.split("\n") if line]

    def of_type(self, kind: str) -> list[Any]:
        member = "connectionStatus" if kind == "CONNECTION_STATUS" else kind.lower()
        return [message[member] for message in self.messages if message["type"] == kind]

    @cached_property
    def records(self) -> dict[str, list[dict[str, Any]]]:
        """By stream; a stream without records has an empty list."""
        found: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for record in self.of_type("RECORD"):
            found[record["stream"]].append(record["data"])
        return found

    def ids(self, stream: str) -> list[Any]:
        return [record["id"] for record in self.records[stream]]

    def keys(self, stream: str) -> list[Any]:
        """The primary keys of a stream's records, as tuples where a key has several fields."""
        fields = primary_key(stream)
        if len(fields) == 1:
            return [record[fields[0]] for record in self.records[stream]]
        return [tuple(record[field] for field in fields) for record in self.records[stream]]

    def states(self, stream: str) -> list[dict[str, Any]]:
        """The state messages of a stream, in the order in which they came."""
        return [state for state in self.of_type("STATE") if state["stream"]["stream_descriptor"]["name"] == stream]

    @property
    def last_states(self) -> list[dict[str, Any]]:
        """What the platform would hand to the next sync: the last state of each stream."""
        last = {state["stream"]["stream_descriptor"]["name"]: state for state in self.of_type("STATE")}
        return list(last.values())

    @property
    def errors_traced(self) -> list[dict[str, Any]]:
        return [trace["error"] for trace in self.of_type("TRACE") if trace["type"] == "ERROR"]

    @property
    def statuses(self) -> dict[str, list[str]]:
        """The statuses each stream went through."""
        found: dict[str, list[str]] = defaultdict(list)
        for trace in self.of_type("TRACE"):
            if trace["type"] == "STREAM_STATUS":
                status = trace["stream_status"]
                found[status["stream_descriptor"]["name"]].append(status["status"])
        return found

    def log(self, *levels: str) -> str:
        """The lines of the log, of these levels or of all."""
        return "\n".join(entry["message"] for entry in self.of_type("LOG") if not levels or entry["level"] in levels)


class Connector:
    """The connector, with a config.

    hasty: its clock runs fast, so that waits take no time. For tests of what is done after waiting.
    now: the time on its clock when a command starts, for tests of what depends on the date. Such a clock is hasty too.
    """

    def __init__(
        self, folder: Path, config: Mapping[str, Any], *, hasty: bool = False, now: datetime | None = None
    ) -> None:
        self._folder = folder
        self._main = (*CLOCKED_MAIN, now.isoformat()) if now else CLOCKED_MAIN if hasty else MAIN
        self._config = self._file("config", config)

    def run(self, *arguments: str) -> Run:
        done = subprocess.run(
            [sys.executable, *self._main, *arguments], capture_output=True, text=True, cwd=ROOT, check=False
        )
        return Run(done.returncode, done.stdout, done.stderr)

    def start(self, *arguments: str) -> "Started":
        """Leave the command running. What it says goes to files, so that it never waits for a reader."""
        output, errors = self._folder / "started.out", self._folder / "started.err"
        with output.open("w") as out, errors.open("w") as err:
            process = subprocess.Popen([sys.executable, *self._main, *arguments], stdout=out, stderr=err, cwd=ROOT)
        return Started(process, output, errors)

    def spec(self) -> Run:
        return self.run("spec")

    def check(self) -> Run:
        return self.run("check", "--config", self._config)

    def discover(self) -> Run:
        return self.run("discover", "--config", self._config)

    def read(
        self,
        *streams: str,
        state: Sequence[Mapping[str, Any]] | None = None,
        sync_mode: str = "incremental",
        columns: Mapping[str, Collection[str]] = NO_COLUMNS,
        schemas: Mapping[str, Message] = NO_SCHEMAS,
        arguments: Iterable[str] = (),
    ) -> Run:
        """Sync these streams. One that cannot be read incrementally is read in full. "full_refresh" overwrites.

        columns: those that the user selects, by stream; all of a stream that is not among them. schemas: those of the
        catalog, by stream, instead of those that are the same for all accounts.
        """
        wanted = self.read_arguments(*streams, state=state, sync_mode=sync_mode, columns=columns, schemas=schemas)
        return self.run(*wanted, *arguments)

    def read_arguments(
        self,
        *streams: str,
        state: Sequence[Mapping[str, Any]] | None = None,
        sync_mode: str = "incremental",
        columns: Mapping[str, Collection[str]] = NO_COLUMNS,
        schemas: Mapping[str, Message] = NO_SCHEMAS,
    ) -> list[str]:
        configured = [self._configured(stream, sync_mode, columns.get(stream)) for stream in streams]
        for one in configured:
            name = one["stream"]["name"]
            one["stream"] = {**one["stream"], **({"json_schema": schemas[name]} if name in schemas else {})}
        catalog = {"streams": configured}
        arguments = ["read", "--config", self._config, "--catalog", self._file("catalog", catalog)]
        if state is not None:
            messages = [{"type": "STREAM", "stream": entry.get("stream", entry)} for entry in state]
            arguments += ["--state", self._file("state", messages)]
        return arguments

    def _configured(self, stream: str, sync_mode: str, columns: Collection[str] | None) -> dict[str, Any]:
        unknown = {"name": stream, "json_schema": {}, "supported_sync_modes": ["full_refresh", "incremental"]}
        described = discovered_streams().get(stream, unknown)
        if columns is not None:
            fields = {name: field for name, field in described["json_schema"]["properties"].items() if name in columns}
            described = {**described, "json_schema": {**described["json_schema"], "properties": fields}}
        return {
            "stream": described,
            "sync_mode": sync_mode if sync_mode in described["supported_sync_modes"] else "full_refresh",
            "destination_sync_mode": "overwrite" if sync_mode == "full_refresh" else "append",
        }

    def _file(self, name: str, content: Any) -> str:
        path = self._folder / f"{name}.json"
        path.write_text(json.dumps(content))
        return str(path)


@cache
def discovered_streams() -> dict[str, dict[str, Any]]:
    """What the connector says of each of its streams, by name, without an account, at a port where nobody listens."""
    with tempfile.TemporaryDirectory() as folder:
        run = Connector(Path(folder), {"domain": "http://127.0.0.1:9", "api_key": "any"}).discover()
    (catalog,) = run.of_type("CATALOG")
    return {stream["name"]: stream for stream in catalog["streams"]}


def incremental_streams() -> list[str]:
    return [name for name, stream in discovered_streams().items() if "incremental" in stream["supported_sync_modes"]]


def primary_key(stream: str) -> list[str]:
    """The fields of a stream's primary key."""
    return [field for (field,) in discovered_streams()[stream]["source_defined_primary_key"]]


def stream_state(stream: str, state: Mapping[str, Any]) -> dict[str, Any]:
    """A stream's state as a platform hands it over."""
    return {"stream_descriptor": {"name": stream}, "stream_state": dict(state)}


@dataclass(frozen=True)
class Started:
    """A command that is running."""

    process: "subprocess.Popen[bytes]"
    output: Path
    errors: Path

    def wait_for_state(self, stream: str, patience_seconds: float) -> None:
        """Until a state of the stream was said."""
        deadline = time.monotonic() + patience_seconds
        while not self._said().states(stream):
            assert self.process.poll() is None, self.errors.read_text()
            assert time.monotonic() < deadline
            time.sleep(0.05)

    def ended(self) -> Run:
        """Wait for the end, and return what was said. A last line that was cut is left out."""
        exit_code = self.process.wait()
        return replace(self._said(), exit_code=exit_code)

    def end(self, number: signal.Signals) -> Run:
        """Send the signal, wait for the end, and return what was said. A last line that was cut is left out."""
        self.process.send_signal(number)
        exit_code = self.process.wait(timeout=30)
        if number is signal.SIGKILL:
            return replace(self._said(), exit_code=exit_code)
        return Run(exit_code, self.output.read_text(), self.errors.read_text())

    def _said(self) -> Run:
        """The whole lines so far."""
        output = self.output.read_text()
        return Run(0, output[: output.rfind("\n") + 1], self.errors.read_text())
