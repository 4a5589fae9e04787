"""The core streams and how they join, as a picture: `docs/core.svg`."""

from collections.abc import Mapping, Sequence

from docs.drawing import line, svg, text
from docs.joins import JOINS, Join

PLACES: Mapping[str, tuple[int, int]] = {
    "companies": (0, 0),
    "contacts": (0, 1),
    "satisfaction_ratings": (0, 2),
    "surveys": (0, 3),
    "ticket_statuses": (1, 0),
    "tickets": (1, 1),
    "conversations": (1, 2),
    "time_entries": (1, 3),
    "products": (2, 0),
    "agents": (2, 1),
    "groups": (2, 2),
    "roles": (2, 3),
}
"""Column and row of each."""
BOX_WIDTH, COLUMN_WIDTH, LINE_HEIGHT, GAP, MARGIN = 315, 360, 17, 34, 16


def _joins_of(stream: str) -> Sequence[Join]:
    return [one for one in JOINS if one.stream == stream and set(one.targets) & PLACES.keys()]


def _height(stream: str) -> int:
    return LINE_HEIGHT * (2 + len(_joins_of(stream))) + 10


def core() -> str:
    """The picture."""
    rows = range(1 + max(row for _, row in PLACES.values()))
    heights = [max(_height(name) for name, place in PLACES.items() if place[1] == row) for row in rows]
    corner = {
        name: (MARGIN + column * COLUMN_WIDTH, MARGIN + sum(heights[:row]) + row * GAP)
        for name, (column, row) in PLACES.items()
    }
    links = sorted(
        {(name, target) for name in PLACES for one in _joins_of(name) for target in one.targets if target in PLACES}
    )
    parts = [line(*_middle(corner[a], a), *_middle(corner[b], b), colour="#9db7d5") for a, b in links if a != b]
    for name, (left, top) in corner.items():
        parts.append(
            f"<rect x='{left}' y='{top}' width='{BOX_WIDTH}' height='{_height(name)}' rx='5' fill='#ffffff' "
            "stroke='#4a6a8a'/>"
        )
        parts.append(text(left + 10, top + LINE_HEIGHT, name, "start", 15))
        parts.append(text(left + 10, top + 2 * LINE_HEIGHT, "id", "start", fill="#777777"))
        for number, one in enumerate(_joins_of(name), 3):
            words = f"{one.field} → {', '.join(target for target in one.targets if target in PLACES)}"
            parts.append(text(left + 10, top + number * LINE_HEIGHT, words, "start"))
    width = 2 * MARGIN + 2 * COLUMN_WIDTH + BOX_WIDTH
    return svg(width, 2 * MARGIN + sum(heights) + GAP * len(rows[1:]), parts)


def _middle(corner: tuple[int, int], name: str) -> tuple[float, float]:
    return corner[0] + BOX_WIDTH / 2, corner[1] + _height(name) / 2
