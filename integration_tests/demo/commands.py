"""The connector's commands, each run as a process and watched while it works."""

import json
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from integration_tests.connector import MAIN, ROOT, Run
from integration_tests.demo.screen import Screen, short
from integration_tests.fake_freshdesk import Journal

_SECONDS_BETWEEN_LOOKS = 0.1
_DOWNLOADS = "/ticket_activities/"
"""Where the fake keeps files. It stands for another host, so fetching one is no API call."""
_RECORD = b'{"type":"RECORD"'
_TRACE = b'{"type":"TRACE"'


class CommandFailed(Exception):
    """The connector could not do what it was asked. The text is what it said about that."""


@dataclass(frozen=True)
class Finished:
    """A command that ended well: what it said, how long it took, and the API calls that the account saw meanwhile."""

    run: Run
    seconds: float
    calls: int


class Commands:
    """Runs the connector as a platform does, its messages written to files."""

    def __init__(self, journal: Journal, screen: Screen) -> None:
        self._journal = journal
        self._screen = screen

    def run(self, command: str, messages: Path, **files: Path) -> Finished:
        """Run `command` with these files as its options; what it says goes to the file `messages`.

        Raises `CommandFailed` if it ends with another exit code than 0, or reports that the connection failed.
        """
        as_typed = [f"--{name} {short(file)}" for name, file in files.items()]
        self._screen.type([f"python {' '.join(MAIN)} {command}", *as_typed, f"> {short(messages)}"])
        options = [word for name, file in files.items() for word in (f"--{name}", str(file.resolve()))]
        started, calls_before = time.monotonic(), api_calls(self._journal)
        with messages.open("wb") as stdout, tempfile.TemporaryFile("w+") as stderr:
            process = subprocess.Popen(
                [sys.executable, *MAIN, command, *options], stdout=stdout, stderr=stderr, cwd=ROOT
            )
            exit_code = self._watch(process, Tail(messages))
            stderr.seek(0)
            run = Run(exit_code, messages.read_text(encoding="utf-8"), stderr.read())
        if failure := _failure(run):
            raise CommandFailed(failure)
        return Finished(run, time.monotonic() - started, api_calls(self._journal) - calls_before)

    def _watch(self, process: subprocess.Popen[bytes], tail: "Tail") -> int:
        """Tell how far the process is until it ends. It does not outlive this call."""
        started, calls_before = time.monotonic(), api_calls(self._journal)
        try:
            while not _has_ended(process):
                tail.look()
                calls, seconds = api_calls(self._journal) - calls_before, time.monotonic() - started
                self._screen.live(_progress(tail, calls, seconds))
        finally:
            process.terminate()
            process.wait()
            self._screen.end_live()
        return process.returncode


class Tail:
    """Follows a file of messages while it is being written. Of records, by far the most, only the beginning is looked
    at.

    records: how many so far. stream: the one that was started last, "" before the first.
    """

    def __init__(self, file: Path) -> None:
        self.records = 0
        self.stream = ""
        self._file = file
        self._offset = 0

    def look(self) -> None:
        """Take in the whole lines that were added since the last look."""
        with self._file.open("rb") as file:
            file.seek(self._offset)
            added = file.read()
        whole = added[: added.rfind(b"\n") + 1]
        self._offset += len(whole)
        for line in whole.splitlines():
            if line.startswith(_RECORD):
                self.records += 1
            elif line.startswith(_TRACE):
                status = json.loads(line)["trace"].get("stream_status")
                self.stream = status["stream_descriptor"]["name"] if status else self.stream


def api_calls(journal: Journal) -> int:
    """How many calls of the API a journal has."""
    return journal.count() - len(journal.calls(_DOWNLOADS))


def _progress(tail: Tail, calls: int, seconds: float) -> str:
    if not tail.stream:
        return f"  {seconds:.0f} s"
    return f"  {tail.records:,} records, {calls:,} API calls, {seconds:.0f} s (now: {tail.stream})"


def _has_ended(process: subprocess.Popen[bytes]) -> bool:
    try:
        process.wait(_SECONDS_BETWEEN_LOOKS)
    except subprocess.TimeoutExpired:
        return False
    return True


def _failure(run: Run) -> str:
    """What the connector says about its failure, "" if it did not fail."""
    refused = [status for status in run.of_type("CONNECTION_STATUS") if status["status"] != "SUCCEEDED"]
    if run.exit_code == 0 and not refused:
        return ""
    # After the errors of streams comes one of the CDK's, which repeats them all.
    errors = [error for error in run.errors_traced if error.get("stream_descriptor")] or run.errors_traced
    said = [error["message"] for error in errors] or [status.get("message", "") for status in refused]
    sentences = list(dict.fromkeys(filter(None, said))) or run.errors.strip().splitlines()[-1:]
    return " ".join(sentences) or f"The connector ended with exit code {run.exit_code} and said nothing."
