"""Reads an account into a folder: the records of each stream as lines of JSON, and the state to go on from next time.

    make sync CONFIG=secrets/config.json STREAMS=tickets,conversations

Incremental streams are appended to; the others are replaced when they have arrived whole.
"""

import json
import subprocess
import sys
from argparse import ArgumentDefaultsHelpFormatter, ArgumentParser
from collections import Counter
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).parent.parent
CONNECTOR = (sys.executable, str(ROOT / "main.py"))

Message = Mapping[str, Any]


class Mistake(Exception):
    """What was asked for cannot be done. The text says why."""


class Folder:
    """Where the records and the state are kept, as `<stream>.jsonl` and `state.json`."""

    def __init__(self, path: Path, catalog: Message) -> None:
        self.path = path
        self.records: Counter[str] = Counter()
        self.catalog_file, self.state_file = path / "catalog.json", path / "state.json"
        path.mkdir(parents=True, exist_ok=True)
        self.catalog_file.write_text(json.dumps(catalog), "utf-8")
        self._replaced = {
            configured["stream"]["name"]
            for configured in catalog["streams"]
            if configured["sync_mode"] == "full_refresh"
        }
        self._files: dict[str, IO[str]] = {}
        states = json.loads(self.state_file.read_text("utf-8")) if self.state_file.exists() else []
        self._states = {state["stream"]["stream_descriptor"]["name"]: state for state in states}

    def take(self, message: Message) -> None:
        """Keep a record or a state, show a line of the log."""
        kind = message["type"]
        if kind == "RECORD":
            record = message["record"]
            self.records[record["stream"]] += 1
            self._file(record["stream"]).write(json.dumps(record["data"], ensure_ascii=False) + "\n")
        elif kind == "STATE":
            self._keep(message["state"])
        elif kind == "LOG":
            sys.stdout.write(f"{message['log']['message']}\n")
        elif kind == "TRACE" and message["trace"]["type"] == "STREAM_STATUS":
            status = message["trace"]["stream_status"]
            if status["status"] == "COMPLETE":
                self._complete(status["stream_descriptor"]["name"])

    def close(self) -> None:
        """Have everything on the disk."""
        for file in self._files.values():
            file.close()

    def _file(self, stream: str) -> IO[str]:
        if stream not in self._files:
            replaced = stream in self._replaced
            name, mode = (f"{stream}.jsonl.new", "w") if replaced else (f"{stream}.jsonl", "a")
            self._files[stream] = (self.path / name).open(mode, encoding="utf-8")
        return self._files[stream]

    def _keep(self, state: Message) -> None:
        """The records that it counts are on the disk before it is."""
        for file in self._files.values():
            file.flush()
        self._states[state["stream"]["stream_descriptor"]["name"]] = state
        new = self.state_file.with_suffix(".new")
        new.write_text(json.dumps(list(self._states.values())), "utf-8")
        new.replace(self.state_file)

    def _complete(self, stream: str) -> None:
        if stream in self._replaced:
            self._file(stream).close()
            (self.path / f"{stream}.jsonl.new").replace(self.path / f"{stream}.jsonl")


def catalog_of(config: Path, wanted: Collection[str]) -> Message:
    """How these streams are read, incrementally if they can be; all that there are if none is named.

    Raises `Mistake`.
    """
    run = subprocess.run([*CONNECTOR, "discover", "--config", str(config)], capture_output=True, text=True, check=False)
    messages = [json.loads(line) for line in run.stdout.splitlines()]
    if run.returncode:
        raise Mistake(" ".join(one["trace"]["error"]["message"] for one in messages if "error" in one.get("trace", {})))
    streams = next(one["catalog"]["streams"] for one in messages if one["type"] == "CATALOG")
    unknown = set(wanted) - {stream["name"] for stream in streams}
    if unknown:
        known = ", ".join(stream["name"] for stream in streams)
        raise Mistake(f"There is no stream {', '.join(sorted(unknown))}. There are: {known}.")
    return {"streams": [_configured(stream) for stream in streams if not wanted or stream["name"] in wanted]}


def _configured(stream: Message) -> Message:
    is_incremental = "incremental" in stream["supported_sync_modes"]
    sync_mode, destination_sync_mode = ("incremental", "append") if is_incremental else ("full_refresh", "overwrite")
    return {"stream": stream, "sync_mode": sync_mode, "destination_sync_mode": destination_sync_mode}


def read(config: Path, folder: Folder) -> int:
    """Read into the folder; gives the exit code."""
    options = ["--config", str(config), "--catalog", str(folder.catalog_file)]
    if folder.state_file.exists():
        options += ["--state", str(folder.state_file)]
    with subprocess.Popen([*CONNECTOR, "read", *options], stdout=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                folder.take(json.loads(line))
        finally:
            folder.close()
    return process.returncode


def main() -> int:
    parser = ArgumentParser(description=__doc__, formatter_class=ArgumentDefaultsHelpFormatter)
    parser.add_argument("--config", type=Path, default=Path("secrets/config.json"), help="the settings")
    parser.add_argument("--streams", default="", help="names with commas between them; none: all")
    parser.add_argument("--folder", type=Path, default=Path("sync-output"), help="where the records are kept")
    arguments = parser.parse_args()
    try:
        folder = Folder(
            arguments.folder, catalog_of(arguments.config, arguments.streams.split(",") if arguments.streams else ())
        )
    except Mistake as mistake:
        sys.stderr.write(f"{mistake}\n")
        return 1
    exit_code = read(arguments.config, folder)
    sys.stdout.write(
        f"\n{sum(folder.records.values()):,} records are in {folder.path}/, and the state for the next sync.\n"
        if exit_code == 0
        else "\nThe sync has not ended well. Run again, it goes on from the last state.\n"
    )
    return exit_code


if __name__ == "__main__":
    sys.exit(main())
