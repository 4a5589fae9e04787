"""Which records of a list are on a page, in which order, and whether another page follows."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from integration_tests.fake_freshdesk.endpoints.answers import Answer, json_answer
from integration_tests.fake_freshdesk.endpoints.request import Request
from integration_tests.fake_freshdesk.model.table import Position, Record

Keep = Callable[[Record], bool]
Show = Callable[[Record], Record]

_STEP_PER_TURN = 7919
"""A prime, so that a run of ties is in another order at each of two turns that follow each other."""


@dataclass(frozen=True)
class Ordered:
    """A list in order. `positions` are sorted upwards; those before `first` are not part of the list."""

    rows: Mapping[Any, Record]
    positions: Sequence[Position]
    first: int = 0
    descending: bool = False

    def starting_at(self, value: Any, *, inclusive: bool) -> "Ordered":
        """Without the records whose sort value is below (or, if not inclusive, at) this one."""
        bisect = bisect_left if inclusive else bisect_right
        return replace(self, first=bisect(self.positions, value, key=_sort_value))

    def where(self, *conditions: Keep) -> "Ordered":
        """The records that meet every condition."""
        if not conditions:
            return self
        kept = self.positions[self.first :]
        for keep in conditions:
            kept = [position for position in kept if keep(self.rows[position[1]])]
        return replace(self, positions=kept, first=0)

    def page(self, number: int, per_page: int, turn: int | None = None) -> tuple[list[Record], bool]:
        """The records of a page, and whether a next one has any. With a turn, ties are in an order of that turn."""
        past_end = len(self.positions)
        start = (number - 1) * per_page
        stop = min(start + per_page, past_end - self.first)
        places = [past_end - 1 - i if self.descending else self.first + i for i in range(start, stop)]
        if turn is not None:
            places = [self._place_at_turn(place, turn) for place in places]
        return [self.rows[self.positions[place][1]] for place in places], stop < past_end - self.first

    def _place_at_turn(self, place: int, turn: int) -> int:
        """Each run of ties is rotated by some steps: cheap, and every record still has one place."""
        value = self.positions[place][0]
        run_start = max(self.first, bisect_left(self.positions, value, key=_sort_value))
        run_length = bisect_right(self.positions, value, key=_sort_value) - run_start
        return run_start + (place - run_start + turn * _STEP_PER_TURN) % run_length


def list_answer(request: Request, ordered: Ordered, show: Show, wrapped_in: str | None = None) -> Answer:
    """The page a request asks for, with a `Link` to the next one unless it is the last.

    https://developers.freshdesk.com/api/#pagination
    """
    turn = request.turn if request.options.tie_order == "shuffled" else None
    page = request.page
    rows, more = ordered.page(page, request.per_page, turn)
    content: Any = [show(row) for row in rows]
    if wrapped_in is not None:
        content = {wrapped_in: content}
    headers = {"link": _next_link(request, page + 1)} if more else {}
    return json_answer(200, content, headers)


def equal(field: str, value: Any) -> list[Keep]:
    """The condition that a record has this value; none if there is no value to ask for."""
    return [] if value is None else [lambda row: row[field] == value]


def changed_since(request: Request, name: str) -> list[Keep]:
    """The condition that a record was updated since the moment this parameter gives; none if it is not there."""
    since = request.moment(name)
    if since is None:
        return []
    if request.options.updated_since_inclusive:
        return [lambda row: row["updated_at"] >= since]
    return [lambda row: row["updated_at"] > since]


def without(*keys: str) -> Show:
    """Shows records without these keys."""
    left_out = frozenset(keys)
    return lambda row: {key: value for key, value in row.items() if key not in left_out}


def _next_link(request: Request, page: int) -> str:
    blank = " " if request.options.blank_in_link else ""
    return f'<{blank}{request.url_of_page(page)}>; rel="next"'


def _sort_value(position: Position) -> Any:
    return position[0]
