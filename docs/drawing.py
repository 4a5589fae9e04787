"""Pictures of the documents as SVG, made of what the code says: `make docs` and `make picture`."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from math import log10
from pathlib import Path

from docs.costs import LIMITS, PLANS, SHARE, first_sync
from docs.costs_by_size import account_of, minutes

DOCS = Path(__file__).parent
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 360, 80, 130, 40, 50
COLOURS = ("#1f77b4", "#d95f02", "#1b9e77")
FONT = "font-family='-apple-system, Segoe UI, Helvetica, Arial, sans-serif' font-size='13'"

FEWEST, MOST = 1_000, 10_000_000
"""Tickets of the plotted accounts. Contacts, companies and agents are those of the medium example, in proportion."""
SIZES = [int(FEWEST * 10 ** (step / 4)) for step in range(17)]
HOURS = {0.1: "6 min", 1: "1 h", 10: "10 h", 100: "4 days", 1_000: "6 weeks"}
SHORTEST, LONGEST = 0.05, 3_000


def hours_of_first_sync(tickets: int, plan: str) -> float:
    """How long the limits take to grant the calls of five streams."""
    return minutes(first_sync(account_of(tickets)), plan) / 60


def first_syncs() -> str:
    """How long a first sync takes, by the number of tickets and the plan."""

    def x(tickets: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * log10(tickets / FEWEST) / log10(MOST / FEWEST)

    def y(hours: float) -> float:
        part = log10(max(hours, SHORTEST) / SHORTEST) / log10(LONGEST / SHORTEST)
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * part

    parts = [text(LEFT, 22, f"First sync of the five main streams, with {SHARE:.0%} of the plan's calls", "start", 15)]
    for hours, words in HOURS.items():
        parts += [line(LEFT, y(hours), WIDTH - RIGHT, y(hours)), text(LEFT - 8, y(hours) + 4, words, "end")]
    for tickets in (FEWEST, 10_000, 100_000, 1_000_000, MOST):
        parts += [line(x(tickets), TOP, x(tickets), HEIGHT - BOTTOM)]
        parts += [text(x(tickets), HEIGHT - BOTTOM + 20, f"{tickets:,}", "middle")]
    parts.append(text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, "tickets", "middle"))
    for plan, colour in zip(PLANS, COLOURS, strict=True):
        points = [(x(tickets), y(hours_of_first_sync(tickets, plan))) for tickets in SIZES]
        path = " ".join(f"{at:.1f},{up:.1f}" for at, up in points)
        parts.append(f"<polyline points='{path}' fill='none' stroke='{colour}' stroke-width='2.5'/>")
        parts.append(text(points[-1][0] + 6, points[-1][1] + 4, f"{plan} ({LIMITS[plan]:,.0f})", "start", fill=colour))
    return svg(WIDTH, HEIGHT, parts)


WALK_ROWS = ("A 10:00", "B 10:01", "C 10:02", "D 10:03", "E 10:04", "F 10:05")


def walk() -> str:
    """Why a walk by key loses nothing where page numbers do: B is updated after the first page was read."""
    moved = ("A 10:00", "C 10:02", "D 10:03", "E 10:04", "F 10:05", "B 10:09")
    columns: Sequence[tuple[str, Sequence[str], Mapping[str, str]]] = (
        ("first page, of 3", WALK_ROWS, dict.fromkeys(WALK_ROWS[:3], "#cfe8cf")),
        ("then by page number: 4 to 6", moved, dict.fromkeys(moved[3:], "#cfe8cf") | {"D 10:03": "#f4b6b6"}),
        ("then by key: from 10:02 on", moved, dict.fromkeys(moved[1:4], "#cfe8cf")),
    )
    parts = [text(20, 24, "A list in the order of updated_at. B is updated while it is read.", "start", 15)]
    for number, (title, rows, fills) in enumerate(columns):
        left = 20 + number * 235
        parts.append(text(left, 56, title, "start"))
        for place, row in enumerate(rows):
            up = 68 + place * 34
            parts.append(
                f"<rect x='{left}' y='{up}' width='200' height='28' rx='4' fill='{fills.get(row, '#f2f2f2')}' "
                "stroke='#888'/>"
            )
            parts.append(text(left + 12, up + 19, row, "start"))
    parts.append(text(255, 296, "D moved up to the page", "start", fill="#a00000"))
    parts.append(text(255, 314, "that was read: it is lost.", "start", fill="#a00000"))
    parts.append(text(490, 296, "C comes twice, once removed;", "start", fill="#1b6e3a"))
    parts.append(text(490, 314, "D, E, F and the new B follow.", "start", fill="#1b6e3a"))
    return svg(WIDTH + 10, 330, parts)


def terminal(lines: Iterable[str]) -> str:
    """What a program printed, as in a terminal."""
    shown = list(lines)
    columns, line_height, character = max(map(len, shown)), 18, 7.85
    style = (
        "font-family='SFMono-Regular, Consolas, Menlo, monospace' font-size='13' fill='#e6e6e6' xml:space='preserve'"
    )
    parts = ["<rect width='100%' height='100%' rx='8' fill='#1e1e1e'/>"]
    parts += [
        f"<text x='16' y='{28 + number * line_height}' {style}>{escape(line)}</text>"
        for number, line in enumerate(shown)
    ]
    return svg(round(columns * character) + 32, len(shown) * line_height + 32, parts, background=False)


def text(x: float, y: float, words: str, anchor: str, size: int = 13, fill: str = "#333333") -> str:
    """Words at a place. anchor: which of their ends is there."""
    font = FONT.replace("13", str(size))
    return f"<text x='{x:.1f}' y='{y:.1f}' text-anchor='{anchor}' fill='{fill}' {font}>{escape(words)}</text>"


def line(x1: float, y1: float, x2: float, y2: float, colour: str = "#dddddd") -> str:
    """A straight line."""
    return f"<line x1='{x1:.1f}' y1='{y1:.1f}' x2='{x2:.1f}' y2='{y2:.1f}' stroke='{colour}'/>"


def svg(width: int, height: int, parts: Sequence[str], *, background: bool = True) -> str:
    """The picture that these parts make."""
    ground = ["<rect width='100%' height='100%' fill='#ffffff'/>"] if background else []
    head = f"<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}' viewBox='0 0 {width} {height}'>"
    return "\n".join([head, *ground, *parts, "</svg>", ""])


SHOWN_ROWS = 14


def of_the_demo(printed: Sequence[str]) -> list[str]:
    """The part of what `make demo` prints that a picture has room for: the largest streams, the total, the verdict."""
    heads = next(number for number, line in enumerate(printed) if line.startswith("stream "))
    total = next(number for number, line in enumerate(printed) if line.startswith("total "))
    verdict = next(number for number, line in enumerate(printed) if line.startswith("- The connector counts"))
    end = printed.index("All went well.")
    return [
        "$ make demo",
        "…",
        *printed[heads - 1 : heads + SHOWN_ROWS],
        "…",
        *printed[total - 1 : total + 1],
        "",
        *printed[end : verdict + 1],
    ]


def main() -> None:
    """Draw what the demo prints, on standard input, as `demo.svg`."""
    lines = of_the_demo([line.rstrip("\n") for line in sys.stdin])
    (DOCS / "demo.svg").write_text(terminal(lines), "utf-8")


if __name__ == "__main__":
    main()
