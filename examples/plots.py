"""One plot for each question. Each draws the rows of its query on the axes it is given."""

from collections.abc import Callable, Sequence

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from examples.drawing import (
    BLUE,
    GREEN,
    GREY,
    INK,
    ORANGE,
    PALE_BLUE,
    RED,
    Row,
    bars,
    beside,
    legend,
    month,
    name_rows,
    percent,
    stacks,
)

Plot = Callable[[Axes, Sequence[Row]], None]

_MONTHS_BETWEEN_LABELS = 3
_MOST_AGENTS = 15
_WORST_PERCENT = 40
"""Of a share that is as dark as it gets."""
_MOODS = {"percent_happy": GREEN, "percent_neutral": GREY, "percent_unhappy": RED}
_PRIORITIES = {"urgent": RED, "high": ORANGE, "medium": BLUE, "low": PALE_BLUE}
_CHANNELS = (BLUE, PALE_BLUE, ORANGE, GREEN, RED, GREY)
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
    axes.set_xticks(labelled, [month(rows[place]["month"]) for place in labelled])
    axes.set_ylabel("tickets a month")
    axes.set_ylim(bottom=0)
    axes.grid(axis="y")
    legend(axes, handles=[created, solved, unsolved])


def first_response(axes: Axes, rows: Sequence[Row]) -> None:
    """Until the first answer."""
    _times(axes, rows, "time from creation to the first answer")


def resolution(axes: Axes, rows: Sequence[Row]) -> None:
    """Until the ticket is solved."""
    _times(axes, rows, "time from creation to the solution")


def backlog(axes: Axes, rows: Sequence[Row]) -> None:
    """Bars of priorities, by age."""
    stacks(axes, rows, _PRIORITIES, upright=False)
    name_rows(axes, [row["open_for"] for row in rows])
    axes.grid(axis="x")
    axes.set_xlabel("open tickets")
    beside(axes, 1.12, "overdue", [str(row["overdue"]) for row in rows])
    legend(axes, columns=4)


def sla_by_group(axes: Axes, rows: Sequence[Row]) -> None:
    """A field for each group and priority, the redder the more is solved late."""
    groups = list(dict.fromkeys(row["group_name"] for row in rows))
    priorities = list(dict.fromkeys(row["priority"] for row in rows))
    for row in rows:
        x, y, late = priorities.index(row["priority"]), groups.index(row["group_name"]), row["percent_solved_late"]
        axes.barh(y, 0.94, left=x - 0.47, height=0.9, color=RED, alpha=min(1, 0.05 + (late or 0) / _WORST_PERCENT))
        axes.text(x, y, percent(late), ha="center", va="center", color=INK)
    name_rows(axes, groups)
    axes.set_xticks(range(len(priorities)), priorities)
    axes.tick_params(axis="x", length=0)
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.set_xlabel("solved late or not at all, of those due in the last 12 months")


def one_touch(axes: Axes, rows: Sequence[Row]) -> None:
    """Lines of shares, by month."""
    places = range(len(rows))
    for column, colour, label in (
        ("percent_one_touch", BLUE, "with one answer"),
        ("percent_reopened", ORANGE, "opened again before"),
    ):
        axes.plot(places, [row[column] for row in rows], color=colour, linewidth=2, label=label)
    labelled = places[::_MONTHS_BETWEEN_LABELS]
    axes.set_xticks(labelled, [month(rows[place]["month"]) for place in labelled])
    axes.set_ylabel("share of tickets solved, %")
    axes.set_ylim(bottom=0)
    axes.grid(axis="y")
    legend(axes)


def agent_performance(axes: Axes, rows: Sequence[Row]) -> None:
    """Bars for tickets, and beside them how well they went."""
    shown = rows[:_MOST_AGENTS]
    bars(axes, [row["agent"] for row in shown], [row["solved"] for row in shown])
    axes.set_xlabel("tickets solved, last 12 months" + _of_all(shown, rows))
    beside(axes, 1.10, "in time", [percent(row["percent_solved_in_time"]) for row in shown])
    beside(axes, 1.24, "happy", [percent(row["percent_happy"]) for row in shown])


def satisfaction_by_agent(axes: Axes, rows: Sequence[Row]) -> None:
    """Shares of a whole, by agent."""
    shown = rows[:_MOST_AGENTS]
    stacks(axes, shown, _MOODS, upright=False)
    name_rows(axes, [row["agent"] for row in shown])
    axes.set_xlim(0, 100)
    axes.set_xlabel("share of ratings, last 12 months, %" + _of_all(shown, rows))
    beside(axes, 1.11, "ratings", [str(row["ratings"]) for row in shown])
    legend(axes)


def channels(axes: Axes, rows: Sequence[Row]) -> None:
    """Bars of channels, by quarter; the most frequent below."""
    quarters = list(dict.fromkeys(row["quarter"] for row in rows))
    counts = {(row["quarter"], row["channel"]): row["tickets"] for row in rows}
    of_all = {channel: sum(n for (_, one), n in counts.items() if one == channel) for _, channel in counts}
    names = sorted(of_all, key=lambda channel: -of_all[channel])[: len(_CHANNELS)]
    by_quarter = [{name: counts.get((quarter, name), 0) for name in names} for quarter in quarters]
    stacks(axes, by_quarter, dict(zip(names, _CHANNELS, strict=False)), upright=True)
    axes.set_xticks(range(len(quarters)), [quarter.replace(" ", "\n") for quarter in quarters], fontsize=9)
    axes.set_ylabel("tickets a quarter")
    axes.grid(axis="y")
    legend(axes, columns=4)


def tags(axes: Axes, rows: Sequence[Row]) -> None:
    """Bars for this year, a mark for the year before."""
    _two_years(axes, rows, "tag")
    beside(axes, 1.10, "in time", [percent(row["percent_solved_in_time"]) for row in rows])


def busiest_companies(axes: Axes, rows: Sequence[Row]) -> None:
    """Bars for this year, a mark for the year before."""
    _two_years(axes, rows, "company")


def satisfaction(axes: Axes, rows: Sequence[Row]) -> None:
    """Shares of a whole, by quarter."""
    stacks(axes, rows, _MOODS, upright=True)
    for place, row in enumerate(rows):
        share = row["percent_happy"]
        axes.text(place, share / 2, f"{share:.0f} %", color="white", ha="center", va="center", fontsize=9)
    axes.set_xticks(
        range(len(rows)), [f"{row['quarter'].replace(' ', chr(10))}\n({row['ratings']})" for row in rows], fontsize=9
    )
    axes.tick_params(axis="x", length=0)
    axes.set_ylabel("share of ratings, %")
    axes.set_xlabel("quarter (ratings given)")
    axes.set_ylim(0, 100)
    legend(axes)


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
    beside(axes, 1.14, "in time", [percent(row["percent_in_time"]) for row in rows])
    beside(axes, 1.34, "unflagged", [percent(row["percent_not_flagged"]) for row in rows])
    axes.set_xscale("log")
    known = [row[name] for row in rows for name in ("median_hours", "hours_of_9_in_10", "due_hours") if row[name]]
    axes.set_xlim(min(known, default=1) / 1.4, max(known, default=1) * 1.4)
    axes.xaxis.set_major_locator(FixedLocator(list(_HOURS)))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda hours, _: _HOURS.get(hours, "")))
    name_rows(axes, [row["priority"] for row in rows])
    axes.grid(axis="x")
    axes.set_xlabel(f"{label}, last 12 months (logarithmic)")
    marks = [
        Line2D([], [], color=BLUE, marker="o", markersize=8, linestyle="", label="half of them"),
        Line2D([], [], color=BLUE, marker="o", markersize=8, linestyle="", markerfacecolor="white", label="9 in 10"),
        Line2D([], [], color=ORANGE, marker="|", markersize=12, markeredgewidth=3, linestyle="", label="due"),
    ]
    legend(axes, handles=marks)


def _two_years(axes: Axes, rows: Sequence[Row], name: str) -> None:
    now = bars(axes, [row[name] for row in rows], [row["tickets"] for row in rows], label="last 12 months")
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
    legend(axes, handles=[now, before])


def _of_all(shown: Sequence[Row], rows: Sequence[Row]) -> str:
    return "" if len(shown) == len(rows) else f" ({len(shown)} of {len(rows)} agents)"
