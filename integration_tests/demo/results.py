"""What a sync cost and brought, stream by stream, and the table of it."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from integration_tests.connector import Run

_CALLS = re.compile(r"^(\S+): [\d,]+ records?, ([\d,]+) calls? \(", re.MULTILINE)
_OFF = re.compile(r"^Stream (\w+) is (off, .*)$", re.MULTILINE)
_CELLS = "{:>11}{:>11}{:>9}"


@dataclass(frozen=True)
class StreamResult:
    """One stream in one sync. calls: as the connector counts them, 0 if its log does not tell."""

    records: int
    calls: int
    seconds: float


StreamResults = Mapping[str, StreamResult]
"""By stream, in the order of the catalog."""


def results_of(run: Run, streams: Sequence[str]) -> StreamResults:
    """What the messages of a sync say about its streams."""
    calls = {stream: int(number.replace(",", "")) for stream, number in _CALLS.findall(run.log())}
    seconds = _seconds(run)
    return {
        stream: StreamResult(len(run.records[stream]), calls.get(stream, 0), seconds.get(stream, 0.0))
        for stream in streams
    }


def total(results: StreamResults) -> StreamResult:
    """All streams together."""
    return StreamResult(
        sum(result.records for result in results.values()),
        sum(result.calls for result in results.values()),
        sum(result.seconds for result in results.values()),
    )


def reasons_of_silence(run: Run) -> dict[str, str]:
    """Why streams are off, by stream, as the connector's log ends the sentence "It is"."""
    return dict(_OFF.findall(run.log()))


def table(first: StreamResults, second: StreamResults, incremental: Collection[str]) -> list[str]:
    """The lines of a table with both syncs side by side and their totals: first the streams that are read
    incrementally, then the others, those with the most records on top. Streams without records and calls are left out.
    """
    shown = sorted(
        (stream for stream in first if not is_silent(stream, first, second)),
        key=lambda stream: (first[stream].records, second[stream].records),
        reverse=True,
    )
    width = max(map(len, ("stream", *shown)))
    heads = _CELLS.format("records", "API calls", "seconds")
    rule = "-" * (width + 2 * len(heads))
    rows = {stream: f"{stream:{width}}{_cells(first[stream])}{_cells(second[stream])}" for stream in shown}
    return [
        f"{'':{width}}{'first sync':>{len(heads)}}{'a day later':>{len(heads)}}",
        f"{'stream':{width}}{heads}{heads}",
        *_block("incremental ", rule, [rows[stream] for stream in shown if stream in incremental]),
        *_block("full refresh ", rule, [rows[stream] for stream in shown if stream not in incremental]),
        rule,
        f"{'total':{width}}{_cells(total(first))}{_cells(total(second))}",
    ]


def is_silent(stream: str, *results: StreamResults) -> bool:
    """Whether nothing came of a stream and nothing was asked for."""
    return not any(result[stream].records or result[stream].calls for result in results)


def _block(title: str, rule: str, rows: Iterable[str]) -> list[str]:
    """Rows under a rule with a title; nothing without rows."""
    lines = list(rows)
    return [title + rule[len(title) :], *lines] if lines else []


def _cells(result: StreamResult) -> str:
    return _CELLS.format(_count(result.records), _count(result.calls), f"{result.seconds:.1f}")


def _count(number: int) -> str:
    return f"{number:,}" if number else "-"


def _seconds(run: Run) -> dict[str, float]:
    """From a stream's first status to its last."""
    times: dict[str, list[float]] = {}
    statuses: list[dict[str, Any]] = [trace for trace in run.of_type("TRACE") if trace["type"] == "STREAM_STATUS"]
    for trace in statuses:
        times.setdefault(trace["stream_status"]["stream_descriptor"]["name"], []).append(trace["emitted_at"])
    return {stream: (moments[-1] - moments[0]) / 1000 for stream, moments in times.items()}
