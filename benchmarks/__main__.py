"""Measures the connector: `make bench`.

Against itself, with the thing in question turned off; against a low-code connector of the same streams, the one in
`low_code/`, with the CDK's defaults and with 16 workers; as accounts and texts grow; and under the limits of the plans,
on a clock that runs fast. All programs run in turns, and medians count: this says more of them than of the machine.
With --results what is found is kept in `results/`, under today's date.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import itself, report
from benchmarks.plans import LOADS, loaded
from benchmarks.works import GROWTH, LARGE, TEXTS, TO_COMPARE, Results, Work

RESULTS = Path(__file__).parent / "results"
PARTS = ("itself", "compared", "large", "texts", "growth", "plans")
TURNS_OF_LARGE = 3


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="make bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--times", type=int, default=5, help="how many turns; of what is large three at most")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS, help="which parts are measured")
    parser.add_argument("--results", action="store_true", help="keep what is found")
    arguments = parser.parse_args()
    few = min(arguments.times, TURNS_OF_LARGE)
    sections: list[str] = []
    compared: dict[str, Results] = {}
    if "itself" in arguments.parts:
        sections.append(f"## Against itself\n\n```\n{_shown(itself.lines(arguments.times))}\n```\n")
    for part, works, times in (("compared", TO_COMPARE, arguments.times), ("large", LARGE, few), ("texts", TEXTS, few)):
        if part in arguments.parts:
            compared |= _measured(works, times)
    if compared:
        sections.append(f"## Against a low-code connector\n\n![Wall time](wall.svg)\n\n{report.ratios(compared)}")
        sections.append(f"Medians, and in brackets the least and the most:\n\n{report.figures(compared)}")
    if "growth" in arguments.parts:
        sections.append(f"## As accounts grow\n\n{report.growth(_measured(GROWTH, 1))}")
    if "plans" in arguments.parts:
        table = report.under_limits([loaded(load) for load in LOADS])
        sections.append(
            f"## First loads under the plans' limits\n\nOn a clock that runs fast, at 90 % of the limit.\n\n{table}"
        )
    today = datetime.now(UTC).date()
    text = "\n".join([f"# Benchmarks of {today:%-d %B %Y}\n\n{report.machine()}\n", *sections])
    sys.stdout.write(text)
    if arguments.results:
        (RESULTS / f"{today}.md").write_text(text, "utf-8")
        (RESULTS / f"{today}.json").write_text(_as_json(compared), "utf-8")
        (RESULTS / "wall.svg").write_text(report.picture(compared), "utf-8")


def _measured(works: Sequence[Work], times: int) -> dict[str, Results]:
    results = {}
    for work in works:
        sys.stderr.write(f"{work.name} …\n")
        results[work.name] = work.run(times)
    return results


def _shown(lines: Iterable[str]) -> str:
    return "\n".join(lines)


def _as_json(compared: dict[str, Results]) -> str:
    kept = {
        work: {program: [asdict(one) for one in runs] for program, runs in results.items()}
        for work, results in compared.items()
    }
    return json.dumps(kept, indent=1) + "\n"


if __name__ == "__main__":
    main()
