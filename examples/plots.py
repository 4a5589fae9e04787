"""One plot for each question. Each draws the rows of its query on the axes it is given."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from matplotlib.axes import Axes
from matplotlib.container import BarContainer
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

Row = Mapping[str, Any]
Plot = Callable[[Axes, Sequence[Row]], None]

INK, FAINT, LINE = "#2b2f36", "#8a9099", "#d9dce1"
BLUE, PALE_BLUE, ORANGE, GREEN, GREY, RED = "#2f6db3", "#b9d1ea", "#d9822b", "#4c9a6a", "#c9cdd3", "#cf6a5b"

STYLE: dict[Any, Any] = {
    "axes.axisbelow": True,
    "axes.edgecolor": LINE,
    "axes.labelcolor": FAINT,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlepad": 28,
    "axes.titlesize": 13,
    "axes.titleweight": "bold",
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "grid.color": LINE,
    "grid.linewidth": 0.7,
    "legend.frameon": False,
    "text.color": INK,
    "xtick.color": FAINT,
    "xtick.labelcolor": INK,
    "ytick.color": FAINT,
    "ytick.labelcolor": INK,
}
"""Settings of matplotlib."""

_MONTHS_BETWEEN_LABELS = 3
_MOST_AGENTS = 15
_HOURS = {
    0.25: "15 min",
    0.5: "30 min",
    1: "1 h",
    2: "2 h",
    4: "4 h",
    12: "12 h",
    24: "1 day",
    48: "2 days",
    96: "4 days",
    192: "8 days",
}
"""Where the axis of hours is labelled."""


def ticket_volume(axes: Axes, rows: Sequence[Row]) -> None:
    """Bars for what comes in, lines for what is solved and what is left."""
    places = range(len(rows))
    created = axes.bar(places, [row["created"] for row in rows], color=PALE_BLUE, width=0.75, label="created")
    (solved,) = axes.plot(places, [row["solved"] for row in rows], color=BLUE, linewidth=2, label="solved")
    left = [row["unsolved_at_its_end"] for row in rows]
    (unsolved,) = axes.plot(places, left, color=ORANGE, linewidth=2, label="unsolved at month's end")
    labelled = places[::_MONTHS_BETWEEN_LABELS]
    axes.set_xticks(labelled, [_month(rows[place]["month"]) for place in labelled])
    axes.set_ylabel("tickets a month")
    axes.set_ylim(bottom=0)
    axes.grid(axis="y")
    _legend(axes, handles=[created, solved, unsolved])


def first_response(axes: Axes, rows: Sequence[Row]) -> None:
    """Until the first answer."""
    _times(axes, rows, "time from creation to the first answer")


def resolution(axes: Axes, rows: Sequence[Row]) -> None:
    """Until the ticket is solved."""
    _times(axes, rows, "time from creation to the solution")


def agent_performance(axes: Axes, rows: Sequence[Row]) -> None:
    """Bars for tickets, and beside them how well they went."""
    shown = rows[:_MOST_AGENTS]
    _bars(axes, [row["agent"] for row in shown], [row["solved"] for row in shown])
    axes.set_xlabel("tickets solved, last 12 months" + _of_all(shown, rows))
    beside: Sequence[tuple[float, str, str]] = (
        (1.10, "in time", "percent_solved_in_time"),
        (1.24, "happy", "percent_happy"),
    )
    for x, heading, name in beside:
        axes.text(x, 1.01, heading, transform=axes.transAxes, color=FAINT, ha="right", va="bottom")
        for place, row in enumerate(shown):
            _beside(axes, x, place, _percent(row[name]))


def busiest_companies(axes: Axes, rows: Sequence[Row]) -> None:
    """Bars for this year, a mark for the year before."""
    now = _bars(axes, [row["company"] for row in rows], [row["tickets"] for row in rows], label="last 12 months")
    (before,) = axes.plot(
        [row["tickets_of_the_year_before"] for row in rows],
        range(len(rows)),
        color=ORANGE,
        linestyle="",
        marker="|",
        markersize=13,
        markeredgewidth=2.5,
        label="12 months before",
    )
    axes.set_xlabel("tickets")
    _legend(axes, handles=[now, before])


def satisfaction(axes: Axes, rows: Sequence[Row]) -> None:
    """Shares of a whole, by quarter."""
    places = range(len(rows))
    bottom = [0.0] * len(rows)
    for kind, colour in (("happy", GREEN), ("neutral", GREY), ("unhappy", RED)):
        shares = [row[f"percent_{kind}"] for row in rows]
        axes.bar(places, shares, bottom=bottom, color=colour, width=0.75, label=kind)
        bottom = [low + share for low, share in zip(bottom, shares, strict=True)]
    for place, row in enumerate(rows):
        share = row["percent_happy"]
        axes.text(place, share / 2, f"{share:.0f} %", color="white", ha="center", va="center", fontsize=9)
    axes.set_xticks(places, [f"{row['quarter'].replace(' ', chr(10))}\n({row['ratings']})" for row in rows], fontsize=9)
    axes.tick_params(axis="x", length=0)
    axes.set_ylabel("share of ratings, %")
    axes.set_xlabel("quarter (ratings given)")
    axes.set_ylim(0, 100)
    _legend(axes)


def _times(axes: Axes, rows: Sequence[Row], label: str) -> None:
    """From the time of half of the tickets to that of nine in ten, and when they are due."""
    for place, row in enumerate(rows):
        half, most = row["median_hours"], row["hours_of_9_in_10"]
        if half is not None:
            axes.plot([half, most], [place, place], color=PALE_BLUE, linewidth=6, solid_capstyle="butt", zorder=2)
            axes.plot([half], [place], color=BLUE, marker="o", markersize=9, zorder=3)
            axes.plot([most], [place], color=BLUE, marker="o", markersize=9, markerfacecolor="white", zorder=3)
        if row["due_hours"] is not None:
            axes.plot([row["due_hours"]] * 2, [place - 0.3, place + 0.3], color=ORANGE, linewidth=3, zorder=2.5)
        _beside(axes, 1.14, place, _percent(row["percent_in_time"]))
    axes.text(1.14, 1.01, "in time", transform=axes.transAxes, color=FAINT, ha="right", va="bottom")
    axes.set_xscale("log")
    known = [row[name] for row in rows for name in ("median_hours", "hours_of_9_in_10", "due_hours") if row[name]]
    axes.set_xlim(min(known, default=1) / 1.4, max(known, default=1) * 1.4)
    axes.xaxis.set_major_locator(FixedLocator(list(_HOURS)))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda hours, _: _HOURS.get(hours, "")))
    axes.set_yticks(range(len(rows)), [row["priority"] for row in rows])
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x")
    axes.set_xlabel(f"{label}, last 12 months (logarithmic)")
    marks = [
        Line2D([], [], color=BLUE, marker="o", markersize=8, linestyle="", label="half of them"),
        Line2D([], [], color=BLUE, marker="o", markersize=8, linestyle="", markerfacecolor="white", label="9 in 10"),
        Line2D([], [], color=ORANGE, marker="|", markersize=12, markeredgewidth=3, linestyle="", label="due"),
    ]
    _legend(axes, handles=marks)


def _bars(axes: Axes, names: Sequence[str], values: Sequence[float], **more: Any) -> BarContainer:
    """Horizontal ones, the first on top."""
    bars = axes.barh(range(len(names)), values, color=PALE_BLUE, height=0.7, **more)
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x")
    return bars


def _beside(axes: Axes, x: float, place: int, text: str) -> None:
    """A figure to the right of a row."""
    axes.text(x, place, text, transform=axes.get_yaxis_transform(), ha="right", va="center")


def _legend(axes: Axes, **more: Any) -> None:
    """Between the title and the plot."""
    axes.legend(
        loc="lower left",
        bbox_to_anchor=(-0.01, 0.99),
        ncols=3,
        handlelength=1.4,
        columnspacing=1.6,
        borderpad=0.2,
        **more,
    )


def _of_all(shown: Sequence[Row], rows: Sequence[Row]) -> str:
    return "" if len(shown) == len(rows) else f" ({len(shown)} of {len(rows)} agents)"


def _month(text: str) -> str:
    return datetime.strptime(text, "%Y-%m").strftime("%b\n%Y")  # noqa: DTZ007 - a month has no time zone


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{value:.0f} %"
