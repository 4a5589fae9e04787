"""What a reading cost and brought, stream by stream, and the table of it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from integration_tests.connector import Run

_CALLS = re.compile(r"^API calls for (\S+): ([\d,]+) \(", re.MULTILINE)
_CELLS = "{:>13}{:>11}{:>9}"


@dataclass(frozen=True)
class Reading:
    """One stream in one reading. calls: as the connector counts them, 0 if its log does not tell."""

    records: int
    calls: int
    seconds: float


Readings = Mapping[str, Reading]
"""By stream, in the order of the catalog."""


def readings_of(run: Run, streams: Sequence[str]) -> Readings:
    """What the messages of a reading say about its streams."""
    calls = {stream: int(number.replace(",", "")) for stream, number in _CALLS.findall(run.log())}
    seconds = _seconds(run)
    return {
        stream: Reading(len(run.records[stream]), calls.get(stream, 0), seconds.get(stream, 0.0)) for stream in streams
    }


def total(readings: Readings) -> Reading:
    """All streams together."""
    return Reading(
        sum(reading.records for reading in readings.values()),
        sum(reading.calls for reading in readings.values()),
        sum(reading.seconds for reading in readings.values()),
    )


def table(first: Readings, second: Readings) -> list[str]:
    """The lines of a table with both readings side by side and their totals."""
    rows = [(stream, first[stream], second[stream]) for stream in first]
    width = max(len(stream) for stream in ("stream", *first))
    heads = _CELLS.format("records", "API calls", "seconds")
    lines = [
        f"{'':{width}}{'first reading':>{len(heads)}}{'a day later':>{len(heads)}}",
        f"{'stream':{width}}{heads}{heads}",
        *(f"{stream:{width}}{_cells(early)}{_cells(late)}" for stream, early, late in rows),
        f"{'total':{width}}{_cells(total(first))}{_cells(total(second))}",
    ]
    rule = "-" * len(lines[1])
    return [*lines[:2], rule, *lines[2:-1], rule, lines[-1]]


def _cells(reading: Reading) -> str:
    return _CELLS.format(f"{reading.records:,}", f"{reading.calls:,}", f"{reading.seconds:.1f}")


def _seconds(run: Run) -> dict[str, float]:
    """From a stream's first status to its last."""
    times: dict[str, list[float]] = {}
    statuses: list[dict[str, Any]] = [trace for trace in run.of_type("TRACE") if trace["type"] == "STREAM_STATUS"]
    for trace in statuses:
        times.setdefault(trace["stream_status"]["stream_descriptor"]["name"], []).append(trace["emitted_at"])
    return {stream: (moments[-1] - moments[0]) / 1000 for stream, moments in times.items()}
