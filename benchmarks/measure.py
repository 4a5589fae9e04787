"""Runs one command to its end and measures what it took."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

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
    calls were answered with a 429.
    """

    wall: float
    cpu: float
    megabytes: float
    first: float
    records: int
    calls: int
    credits: int
    refused: int


class Service:
    """A running service."""

    def __init__(self, url: str) -> None:
        self.url = url

    def counts(self) -> dict[str, float]:
        """Calls, credits and refusals since the last time."""
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
    began = time.monotonic()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdout is not None
    records, first, tail = 0, 0.0, b""
    while chunk := os.read(process.stdout.fileno(), _CHUNK_BYTES):
        text = tail + chunk
        found = text.count(_RECORD)
        if found and not records:
            first = time.monotonic() - began
        records += found
        tail = text[-len(_RECORD) + 1 :]
    _, status, usage = os.wait4(process.pid, 0)
    process.stdout.close()
    wall = time.monotonic() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise CommandFailed(f"{' '.join(command)} ended with {process.returncode}: {text[-2000:].decode()}")
    counts = service.counts() if service else {}
    return Measured(
        wall,
        usage.ru_utime + usage.ru_stime,
        usage.ru_maxrss / 1024,
        first,
        records,
        *(round(counts.get(name, 0)) for name in ("calls", "credits", "refused")),
    )
