"""Answers the questions in queries/ from a database that sync.py and `dbt run` have made: tables and plots.

python -m examples.report freshdesk.duckdb --folder freshdesk-report
"""

from argparse import ArgumentDefaultsHelpFormatter, ArgumentParser
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from examples import drawing, plots

HERE = Path(__file__).parent
QUERIES = HERE / "queries"
DATABASE = "freshdesk.duckdb"

PLOTS: dict[str, plots.Plot] = {
    "ticket_volume": plots.ticket_volume,
    "backlog": plots.backlog,
    "first_response": plots.first_response,
    "resolution": plots.resolution,
    "sla_by_group": plots.sla_by_group,
    "one_touch": plots.one_touch,
    "agent_performance": plots.agent_performance,
    "satisfaction_by_agent": plots.satisfaction_by_agent,
    "satisfaction": plots.satisfaction,
    "channels": plots.channels,
    "tags": plots.tags,
    "busiest_companies": plots.busiest_companies,
}
"""By query, in the order of the report."""

OVERVIEW = "overview.png"
IN_OVERVIEW = ("ticket_volume", "backlog", "first_response", "sla_by_group", "agent_performance", "satisfaction")

NO_VIEWS = (
    "This database has no views yet. They come from: "
    "FRESHDESK_DUCKDB={file} dbt run --project-dir examples/views --profiles-dir examples/views"
)

_VIEWS = "select * from information_schema.schemata where schema_name = 'views'"
_ACCOUNT = "select account_name from account"
_TICKETS = (
    "select count(*), strftime(max(updated_at), '%-d %B %Y, %H:%M UTC') from tickets where not deleted and not spam"
)
_PLOT_INCHES, _OVERVIEW_INCHES = (8.5, 4.6), (15, 15.5)
_COLUMNS_OF_OVERVIEW = 2
_PAD_INCHES = 0.25
_DPI = 90


class ViewsAreMissing(Exception):
    """The queries stand on views that are not there."""


@dataclass(frozen=True)
class Answer:
    """A question, what is to know of it, and the table that answers it."""

    name: str
    question: str
    explanation: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]

    def records(self) -> list[dict[str, Any]]:
        """The rows, each with the names of its columns."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


def ask(database: duckdb.DuckDBPyConnection, name: str) -> Answer:
    """Run a query. The first line of its comment is the question, the paragraphs after it explain."""
    text = (QUERIES / f"{name}.sql").read_text(encoding="utf-8")
    comment = [line.removeprefix("--").strip() for line in text.split("\n\n")[0].splitlines()]
    result = database.execute(text)
    columns = [column[0] for column in result.description or ()]
    return Answer(name, comment[0], " ".join(comment[1:]).strip(), columns, result.fetchall())


def write(database_file: Path, folder: Path) -> None:
    """Write report.md, a plot for each question, and one picture of some.

    Raises `ViewsAreMissing` if the database has only what the connector delivers.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(database_file), read_only=True) as database:
        if not database.execute(_VIEWS).fetchall():
            raise ViewsAreMissing(NO_VIEWS.format(file=database_file.resolve()))
        answers = [ask(database, name) for name in PLOTS]
        heading = _heading(database)
    text = "\n".join([heading, *(_section(answer) for answer in answers)])
    (folder / "report.md").write_text(text, encoding="utf-8")
    with mpl.rc_context(drawing.STYLE):
        for answer in answers:
            _draw([answer], folder / f"{answer.name}.png", _PLOT_INCHES, columns=1)
        chosen = [answer for answer in answers if answer.name in IN_OVERVIEW]
        _draw(chosen, folder / OVERVIEW, _OVERVIEW_INCHES, columns=_COLUMNS_OF_OVERVIEW)


def _heading(database: duckdb.DuckDBPyConnection) -> str:
    (account,) = database.execute(_ACCOUNT).fetchone() or ("Freshdesk",)
    tickets, last_change = database.execute(_TICKETS).fetchone() or (0, "")
    return f"# {account}\n\n{tickets:,} tickets, the last change on {last_change}.\n"


def _section(answer: Answer) -> str:
    marks = ["---:" if _is_number(answer, place) else "---" for place in range(len(answer.columns))]
    lines = [[column.replace("_", " ") for column in answer.columns], marks]
    lines += [[_cell(value) for value in row] for row in answer.rows]
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    picture = f"![{answer.question}]({answer.name}.png)"
    return f"## {answer.question}\n\n{picture}\n\n{answer.explanation}\n\n{table}\n"


def _is_number(answer: Answer, place: int) -> bool:
    return any(isinstance(row[place], int | float) for row in answer.rows)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.1f}"
    return f"{value:,}" if isinstance(value, int) else str(value).replace("|", "\\|")


def _draw(answers: Sequence[Answer], file: Path, inches: tuple[float, float], *, columns: int) -> None:
    layout = ConstrainedLayoutEngine(w_pad=_PAD_INCHES, h_pad=_PAD_INCHES)
    figure = Figure(figsize=inches, dpi=_DPI, layout=layout)
    all_axes = figure.subplots(-(-len(answers) // columns), columns, squeeze=False).flat
    for answer, axes in zip(answers, all_axes, strict=True):
        axes.set_title(answer.question)
        PLOTS[answer.name](axes, answer.records())
    # Without the version of the library, the same data make the same file.
    figure.savefig(file, metadata={"Software": None})


def main() -> None:
    parser = ArgumentParser(
        prog="python -m examples.report",
        description="Answer the questions in examples/queries from a database of examples/sync.py and examples/views.",
        formatter_class=ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("database", type=Path, nargs="?", default=Path(DATABASE), help="the DuckDB file")
    parser.add_argument("--folder", type=Path, default=Path("freshdesk-report"), help="where the report goes")
    arguments = parser.parse_args()
    try:
        write(arguments.database, arguments.folder)
    except ViewsAreMissing as missing:
        parser.exit(1, f"{missing}\n")


if __name__ == "__main__":
    main()
