"""Measures the connector: `make bench`.

Against itself, with the thing in question turned off; against a low-code connector of the same streams, the one in
`low_code/`, with the CDK's defaults and with 16 workers; as accounts and texts grow; and under the limits of the plans,
on a clock that runs fast. All programs run in turns, and medians count: this says more of them than of the machine.
With --results what is found is kept in `results/`, under today's date.
"""

import argparse
import compileall
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import itself, report
from benchmarks.plans import LOADS, loaded
from benchmarks.works import GROWTH, LARGE, TEXTS, TO_COMPARE, Results, Work
from integration_tests.connector import ROOT

RESULTS = Path(__file__).parent / "results"
PARTS = ("compared", "growth", "plans", "itself", "texts", "large")
TURNS_OF_LARGE = 3
COMPARED = {"compared": (TO_COMPARE, 1000), "large": (LARGE, TURNS_OF_LARGE), "texts": (TEXTS, TURNS_OF_LARGE)}
"""What is compared, and in how many turns at most."""
ON_A_FAST_CLOCK = (
    "On a clock that runs fast, with 90 % of the limit, which is what a sync takes unless it is set otherwise."
)

FAILED = (
    "A program without a row failed at that work: the low-code one cannot read more of a list of tickets than its 300 "
    "pages, which hold 30,000."
)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="make bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--times", type=int, default=5, help="how many turns; of what is large three at most")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS, help="which parts are measured")
    parser.add_argument("--results", action="store_true", help="keep what is found")
    arguments = parser.parse_args()
    # As the image has it, and as packages are installed; a checkout may have none, and may be set to write none.
    compileall.compile_dir(ROOT / "source_freshdesk", quiet=1)
    few = min(arguments.times, TURNS_OF_LARGE)
    today = datetime.now(UTC).date()
    sections: list[str] = [f"# Benchmarks of {today:%-d %B %Y}\n\n{report.machine()}\n"]
    compared: dict[str, Results] = {}
    for part in [one for one in PARTS if one in arguments.parts]:
        if part in COMPARED:
            works, times = COMPARED[part]
            for work in works:
                compared |= _measured([work], min(times, arguments.times))
                _keep(compared, "\n".join([*sections, *_compared_sections(compared)]), wanted=arguments.results)
        elif part == "itself":
            lines = "\n".join(itself.lines(few))
            sections.append(f"## Against itself\n\n```\n{lines}\n```\n")
        elif part == "growth":
            sections.append(f"## As accounts grow\n\n{report.growth(_measured(GROWTH, 1))}")
        else:
            table = report.under_limits([loaded(load) for load in LOADS])
            sections.append(f"## First loads under the plans' limits\n\n{ON_A_FAST_CLOCK}\n\n{table}")
        text = "\n".join([*sections, *(_compared_sections(compared) if compared else ())])
        _keep(compared, text, wanted=arguments.results)
    sys.stdout.write(text)


def _keep(compared: dict[str, Results], text: str, *, wanted: bool) -> None:
    """Write what is known so far: it takes long, and may be interrupted."""
    if wanted:
        today = datetime.now(UTC).date()
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / f"{today}.md").write_text(text, "utf-8")
        (RESULTS / f"{today}.json").write_text(_as_json(compared), "utf-8")
        for name in report.PICTURES:
            (RESULTS / _file_of(name)).write_text(report.picture(compared, name), "utf-8")


def _file_of(name: str) -> str:
    """Of the picture."""
    return f"{name.lower()}.svg"


def _compared_sections(compared: dict[str, Results]) -> Sequence[str]:
    pictures = "\n\n".join(f"![{what}]({_file_of(name)})" for name, what in report.PICTURES.items())
    return (
        f"## Against a low-code connector\n\n{pictures}\n\n{report.ratios(compared)}",
        f"Medians, and in brackets the least and the most. {FAILED}\n\n{report.figures(compared)}",
    )


def _measured(works: Sequence[Work], times: int) -> dict[str, Results]:
    results = {}
    for work in works:
        sys.stderr.write(f"{work.name} …\n")
        results[work.name] = work.run(times)
    return results


def _as_json(compared: dict[str, Results]) -> str:
    kept = {
        work: {program: [asdict(one) for one in runs] for program, runs in results.items()}
        for work, results in compared.items()
    }
    return json.dumps(kept, indent=1) + "\n"


if __name__ == "__main__":
    main()
