"""A demonstration that is over."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from integration_tests.connector import Run, discovered_streams, incremental_streams
from integration_tests.demo.account import last_afternoon
from integration_tests.demo.truth import SWITCHED_OFF, Snapshot, arrived
from integration_tests.fake_freshdesk import FakeFreshdesk

STREAMS = list(discovered_streams())
INCREMENTAL = incremental_streams()
READ = [stream for stream in STREAMS if stream not in SWITCHED_OFF]
FILES = {
    "config.json",
    "catalog.json",
    "state.json",
    "spec.jsonl",
    "check.jsonl",
    "discover.jsonl",
    "read.jsonl",
    "read-again.jsonl",
}


@dataclass(frozen=True)
class FinishedDemo:
    """A demonstration that is over."""

    went_well: bool
    text: str
    folder: Path
    fake: FakeFreshdesk
    before: Snapshot

    @property
    def table(self) -> dict[str, list[int]]:
        """Records and calls of both syncs, by stream."""
        cells = r" +([\d,]+|-) +([\d,]+|-) +[\d.]+"
        rows = re.findall(rf"^(\w+){cells}{cells}$", self.text, re.MULTILINE)
        return {name: [int(number.replace(",", "").replace("-", "0")) for number in numbers] for name, *numbers in rows}

    def arrived_first(self, stream: str) -> list[tuple[Any, datetime | None]]:
        return arrived(Run(0, (self.folder / "read.jsonl").read_text(), ""), stream)


def last_wednesday() -> datetime:
    """An afternoon on which the day before brought something to every desk, whatever day it is today."""
    end = last_afternoon(datetime.now(UTC))
    return end - timedelta(days=(end.weekday() - 2) % 7)


OLD = datetime(2026, 1, 1, tzinfo=UTC)
NEW = OLD + timedelta(days=1)
