"""How plots of the report look, and the parts that several are made of."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from matplotlib.axes import Axes
from matplotlib.container import BarContainer

Row = Mapping[str, Any]

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


def bars(axes: Axes, names: Sequence[str], values: Sequence[float], **more: Any) -> BarContainer:
    """Horizontal ones, the first on top."""
    drawn = axes.barh(range(len(names)), values, color=PALE_BLUE, height=0.7, **more)
    name_rows(axes, names)
    axes.grid(axis="x")
    return drawn


def stacks(axes: Axes, rows: Sequence[Row], parts: Mapping[str, str], *, upright: bool) -> None:
    """A bar for each row, of a part in its colour for each of these columns; labelled by the column's last word."""
    places = range(len(rows))
    starts = [0.0] * len(rows)
    for column, colour in parts.items():
        sizes = [row[column] or 0 for row in rows]
        label = column.rpartition("_")[2]
        if upright:
            axes.bar(places, sizes, bottom=starts, color=colour, width=0.75, label=label)
        else:
            axes.barh(places, sizes, left=starts, color=colour, height=0.7, label=label)
        starts = [start + size for start, size in zip(starts, sizes, strict=True)]


def name_rows(axes: Axes, names: Sequence[str]) -> None:
    """Names at the left of horizontal bars."""
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)


def beside(axes: Axes, x: float, heading: str, texts: Sequence[str]) -> None:
    """A column of figures to the right of the rows, ending at `x` of the plot's width."""
    axes.text(x, 1.01, heading, transform=axes.transAxes, color=FAINT, ha="right", va="bottom")
    for place, text in enumerate(texts):
        axes.text(x, place, text, transform=axes.get_yaxis_transform(), ha="right", va="center")


def legend(axes: Axes, *, columns: int = 3, **more: Any) -> None:
    """Between the title and the plot."""
    axes.legend(
        loc="lower left",
        bbox_to_anchor=(-0.01, 0.99),
        ncols=columns,
        handlelength=1.4,
        columnspacing=1.6,
        borderpad=0.2,
        **more,
    )


def month(text: str) -> str:
    """ "2026-06" as "Jun" above "2026"."""
    return datetime.strptime(text, "%Y-%m").strftime("%b\n%Y")  # noqa: DTZ007 - a month has no time zone


def percent(value: float | None) -> str:
    """Whole ones; a dash if there is none."""
    return "-" if value is None else f"{value:.0f} %"
