"""What was measured, as tables and pictures."""

import os
import platform
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from statistics import median

from benchmarks.measure import Measured
from benchmarks.plans import Outcome
from benchmarks.programs import Ours
from benchmarks.works import Results
from docs import drawing
from docs.markdown import table

OURS = Ours.name
COLUMNS: Mapping[str, Callable[[Measured], float]] = {
    "wall, s": lambda one: one.wall,
    "CPU, s": lambda one: one.cpu,
    "memory, MB": lambda one: one.megabytes,
    "first record, s": lambda one: one.first,
    "records/s": lambda one: one.records / one.wall,
    "calls": lambda one: one.calls,
    "credits": lambda one: one.credits,
    "429s": lambda one: one.refused,
    "service busy, %": lambda one: 100 * one.service_cpu / one.wall,
}
RATIOS: Mapping[str, Callable[[Measured], float]] = {
    "wall": lambda one: one.wall,
    "CPU": lambda one: one.cpu,
    "memory": lambda one: one.megabytes,
    "credits": lambda one: one.credits,
}
PICTURES: Mapping[str, str] = {"wall": "Wall time", "CPU": "CPU time", "memory": "Peak memory"}
"""What is drawn of `RATIOS`, and what it is called."""
_EXACT_BELOW = 20


def machine() -> str:
    """A sentence on where it was measured."""
    models = [line for line in _lines(Path("/proc/cpuinfo")) if line.startswith("model name")]
    model = models[0].partition(":")[2].strip() if models else platform.processor()
    gigabytes = next((line.split()[1] for line in _lines(Path("/proc/meminfo")) if line.startswith("MemTotal")), "0")
    return (
        f"{os.cpu_count()} cores ({model}), {int(gigabytes) / 1e6:.0f} GB, Python {platform.python_version()}, "
        f"airbyte-cdk {version('airbyte-cdk')}."
    )


def figures(all_results: Mapping[str, Results]) -> str:
    """A row for each program at each work: medians, and the spread of what is not the same each time."""
    rows = [
        (work if place == 0 else "", program, *(_cell([figure(one) for one in runs]) for figure in COLUMNS.values()))
        for work, results in all_results.items()
        for place, (program, runs) in enumerate(results.items())
    ]
    return table(("work", "program", *COLUMNS), rows)


def ratios(all_results: Mapping[str, Results]) -> str:
    """What this connector takes of what the others take, pair by pair, the medians."""
    rows = [
        (work, program, *(_part(_ratio(results, program, name)) for name in RATIOS))
        for work, results in all_results.items()
        for program in results
        if program != OURS
    ]
    return table(("work", "of what this takes", *RATIOS), rows)


def growth(all_results: Mapping[str, Results]) -> str:
    """What a record costs as accounts grow, and each that comes on top of those of the account before."""
    rows = []
    before = (0, 0.0)
    for work, results in all_results.items():
        runs = results[OURS]
        records, cpu = runs[0].records, median(one.cpu for one in runs)
        more = f"{(cpu - before[1]) / (records - before[0]) * 1e6:.0f}" if before[0] else ""
        before = records, cpu
        shown = (_cell([one.megabytes for one in runs]), _cell([one.wall for one in runs]))
        rows.append((work, f"{cpu / records * 1e6:.0f}", more, *shown))
    heads = ("account", "CPU for a record, start included, µs", "for each further one, µs", "memory, MB", "wall, s")
    return table(heads, rows)


def under_limits(outcomes: Iterable[Outcome]) -> str:
    """First loads on every plan."""
    rows = [outcome.row() for outcome in outcomes]
    return table(tuple(rows[0]), [tuple(row.values()) for row in rows])


def picture(all_results: Mapping[str, Results], name: str) -> str:
    """Bars: what this connector takes of what the others take. name: one of `PICTURES`."""
    shown = [
        (work, program, _ratio(results, program, name))
        for work, results in all_results.items()
        for program in results
        if program != OURS and results[OURS][0].records
    ]
    left, width, line_height = 430, 300, 26
    longest = max((ratio for *_, ratio in shown), default=1.0)
    parts = [
        drawing.text(20, 24, f"{PICTURES[name]} of this connector, as a part of a low-code connector's", "start", 15)
    ]
    for place, (work, program, ratio) in enumerate(shown):
        up = 44 + place * line_height
        again = place > 0 and shown[place - 1][0] == work
        parts.append(drawing.text(20, up + 15, "" if again else work, "start", 12))
        long = width * ratio / max(longest, 1)
        parts.append(f"<rect x='{left}' y='{up}' width='{long:.0f}' height='18' fill='#2f6db3'/>")
        parts.append(drawing.text(left + long + 8, up + 14, f"{ratio:.2f} of {program}", "start", 12))
    one = left + width / max(longest, 1)
    parts.append(drawing.line(one, 36, one, 44 + len(shown) * line_height, "#d9822b"))
    return drawing.svg(left + width + 200, 60 + len(shown) * line_height, parts)


def _ratio(results: Results, program: str, name: str) -> float:
    figure = RATIOS[name]
    pairs = zip(results[OURS], results[program], strict=False)
    return median(figure(ours) / figure(theirs) if figure(theirs) else 0.0 for ours, theirs in pairs)


def _part(ratio: float) -> str:
    return f"{ratio:.2f}" if ratio else "-"


def _cell(values: Sequence[float]) -> str:
    middle = median(values)
    digits = 2 if middle < _EXACT_BELOW else 0
    if min(values) == max(values):
        return f"{middle:,.0f}" if middle == round(middle) else f"{middle:,.{digits}f}"
    return f"{middle:,.{digits}f} ({min(values):,.{digits}f}-{max(values):,.{digits}f})"


def _lines(file: Path) -> list[str]:
    return file.read_text("utf-8").splitlines() if file.exists() else []
