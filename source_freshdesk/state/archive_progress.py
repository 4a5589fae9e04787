"""How far the search for archived tickets is: the state between syncs.

Tickets that are archived are in no list and can be read by their number only; so every number that no list shows is
asked for, once. Numbers that are neither listed nor archived belong to tickets that were deleted permanently; since a
ticket may be archived at the very moment, they are asked for once more some days later, and then given up::

    {"updated_at": "2025-11-23T10:00:00Z",     the newest of those that were emitted
     "archived": "1-40,43",                    numbers that were emitted
     "missing": {"2026-11-20": "41"},          numbers that were not found on that day
     "gone": "42",                             numbers that will not be asked for again
     "asked_on": "2026-11-23"}                 the day on which all numbers were asked for

A ticket is archived after months, so a day without asking does no harm.
"""

from collections.abc import Iterable, Iterator, Mapping, Set
from datetime import date, timedelta
from typing import Any

from source_freshdesk import instants
from source_freshdesk.state import id_ranges

ASKED_AGAIN_AFTER_DAYS = 2
"""A number that was not found is asked for once more after so long."""
UNKNOWN_IN_A_ROW = 10_000
"""So many numbers below a known one that nobody knows mean that there are no more: an account's first ticket need not
have the number 1, and an imported one can have any."""


class ArchiveProgress:
    """What was asked for and what came of it."""

    def __init__(self) -> None:
        self._archived: set[int] = set()
        self._missing: dict[date, set[int]] = {}
        self._gone: set[int] = set()
        self._newest = instants.EPOCH
        self._asked_on = ""
        self._found: list[int] = []

    def load(self, state: Mapping[str, Any]) -> None:
        """Continue from a state that `state` gave; an empty one means the start. Raises any error if it is neither."""
        self._archived, self._gone = (id_ranges.from_text(state.get(name, "")) for name in ("archived", "gone"))
        self._missing = {
            date.fromisoformat(day): id_ranges.from_text(numbers) for day, numbers in state.get("missing", {}).items()
        }
        self._newest = instants.parse(state["updated_at"]) if state.get("updated_at") else instants.EPOCH
        self._asked_on = state.get("asked_on", "")

    def state(self) -> dict[str, Any]:
        """The state to save, a new object each time."""
        return {
            "updated_at": instants.to_api(self._newest),
            "archived": id_ranges.to_text(self._archived),
            "missing": {
                day.isoformat(): id_ranges.to_text(numbers) for day, numbers in sorted(self._missing.items()) if numbers
            },
            "gone": id_ranges.to_text(self._gone),
            "asked_on": self._asked_on,
        }

    @property
    def size(self) -> int:
        """How many numbers a state holds."""
        return len(self._archived) + len(self._gone) + sum(map(len, self._missing.values()))

    def last(self, listed: Set[int]) -> int:
        """The highest number that is known; 0 if none is."""
        return max(max(numbers, default=0) for numbers in (listed, self._archived, self._gone))

    def to_ask(self, listed: Set[int], today: date) -> Iterator[int]:
        """The numbers to ask for: downwards from each known one to the next, or until `UNKNOWN_IN_A_ROW` are unknown.

        listed: the numbers that a list shows. What was found of those given before decides about those that follow.
        """
        known = sorted(listed | self._archived)
        waiting = set[int]().union(*(numbers for day, numbers in self._missing.items() if not _is_due(day, today)))
        found = self._found = list[int]()
        for place in range(len(known) - 1, -1, -1):
            upper, lower = known[place], known[place - 1] if place else 0
            number = upper - 1
            while number > lower and min([upper, *found[-1:]]) - number <= UNKNOWN_IN_A_ROW:
                if number not in self._gone and number not in waiting:
                    yield number
                number -= 1

    def was_asked_on(self, day: date) -> bool:
        """Whether all numbers were asked for on this day."""
        return self._asked_on == day.isoformat()

    def note_listed(self, numbers: Set[int]) -> None:
        """These are in a list. One that was archived was restored, and may be archived again."""
        for known in (self._archived, self._gone, *self._missing.values()):
            known.difference_update(numbers)

    def note_emitted(self, number: int) -> None:
        """All that there is of this ticket is being emitted."""
        self._archived.add(number)
        self._found.append(number)
        for numbers in self._missing.values():
            numbers.discard(number)

    def note_version(self, instant: int | None) -> None:
        """A record of this version, in epoch seconds, is being emitted."""
        self._newest = max(self._newest, instant or 0)

    @property
    def has_emitted(self) -> bool:
        """Whether any ticket was emitted, now or in an earlier sync."""
        return bool(self._archived)

    def has_emitted_any(self, numbers: Iterable[int]) -> bool:
        """Whether any of these is archived and was emitted."""
        return not self._archived.isdisjoint(numbers)

    def note_missing(self, number: int, today: date) -> None:
        """It was asked for today and not found. If it was not found before either, it is given up."""
        for day, numbers in self._missing.items():
            if number in numbers:
                if _is_due(day, today):
                    numbers.discard(number)
                    self._gone.add(number)
                return
        self._missing.setdefault(today, set()).add(number)

    def note_complete(self, today: date) -> None:
        """All numbers were asked for today."""
        self._asked_on = today.isoformat()


def _is_due(day: date, today: date) -> bool:
    """Whether a number that was not found on this day is to be asked for again."""
    return today - day >= timedelta(days=ASKED_AGAIN_AFTER_DAYS)
