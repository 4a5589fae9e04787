"""Runs one command to its end and measures what it took."""

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.service import COUNTS, Served
from integration_tests.connector import ROOT

_CHUNK_BYTES = 1 << 20
_RECORD = b'{"type":"RECORD"'


class CommandFailed(Exception):
    """A measured command did not end well. What it wrote last."""


@dataclass(frozen=True)
class Measured:
    """What a command took.

    wall, cpu, first: seconds in all, of the CPU, and until the first record. megabytes: at the peak. refused: how many
    calls were answered with a 429. service_cpu: seconds of the CPU that the service took for its answers.
    """

    wall: float
    cpu: float
    megabytes: float
    first: float
    records: int
    calls: int
    credits: int
    refused: int
    service_cpu: float


class Service:
    """A running service."""

    def __init__(self, url: str) -> None:
        self.url = url

    def counts(self) -> dict[str, float]:
        """Calls, credits, refusals, and seconds of the CPU, since the last time."""
        with urllib.request.urlopen(self.url + COUNTS) as answer:
            found: dict[str, float] = json.load(answer)
        return found


@contextmanager
def serving(served: Served) -> Iterator[Service]:
    """A service in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.service", served.as_json()]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield Service(process.stdout.readline().strip())
        finally:
            process.terminate()


def measured(command: Sequence[str], service: Service | None = None) -> Measured:
    """Run it. Raises `CommandFailed` if it does."""
    if service:
        service.counts()
    with tempfile.TemporaryDirectory() as folder:
        usage_file = Path(folder) / "usage"
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _OBSERVED, str(usage_file), *command],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        records, first_at, text = _read(process)
        if process.wait():
            raise CommandFailed(f"{' '.join(command)} ended with {process.returncode}: {text}")
        began, ended, cpu, kilobytes = map(float, usage_file.read_text("ascii").split())
    counts = service.counts() if service else {}
    return Measured(
        ended - began,
        cpu,
        kilobytes / 1024,
        first_at - began if records else 0.0,
        records,
        round(counts.get("calls", 0)),
        round(counts.get("credits", 0)),
        round(counts.get("refused", 0)),
        counts.get("cpu", 0.0),
    )


# The memory of a process counts what its parent had when it was made: so it is made by a small one.
_OBSERVED = """
import os, sys, time
began = time.monotonic()
_, status, usage = os.wait4(os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ), 0)
with open(sys.argv[1], "w") as file:
    print(began, time.monotonic(), usage.ru_utime + usage.ru_stime, usage.ru_maxrss, file=file)
sys.exit(os.waitstatus_to_exitcode(status) != 0)
"""


def _read(process: "subprocess.Popen[bytes]") -> tuple[int, float, str]:
    """How many records it writes, when the first one came, and what it wrote last."""
    assert process.stdout is not None
    records, first_at, text = 0, 0.0, b""
    while chunk := os.read(process.stdout.fileno(), _CHUNK_BYTES):
        text = text[-len(_RECORD) + 1 :] + chunk
        found = text.count(_RECORD)
        if found and not records:
            first_at = time.monotonic()
        records += found
    process.stdout.close()
    return records, first_at, text[-2000:].decode(errors="replace")
