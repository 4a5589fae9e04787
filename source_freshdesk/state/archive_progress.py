"""How far the search for archived tickets is: the state between syncs.

Tickets that are archived are in no list and can be read by their number only; so every number that no list shows is
asked for, once. Numbers that are neither listed nor archived belong to tickets that were deleted permanently; since a
ticket may be archived at the very moment, they are given up only when they are still not found after some days::

    {"updated_at": "2025-11-23T10:00:00Z",     the newest of those that were emitted
     "archived": "1-40,43",                    numbers that were emitted
     "missing": {"2026-11-20": "41"},          numbers that are not found since that day
     "gone": "42",                             numbers that will not be asked for again
     "asked_on": "2026-11-23"}                 the day on which all numbers were asked for

A ticket is archived after months, so a day without asking does no harm.
"""

from collections.abc import Iterable, Mapping, Set
from datetime import date, timedelta
from typing import Any

from source_freshdesk import instants
from source_freshdesk.state import id_ranges

GONE_AFTER_DAYS = 7
"""A number that is not found for so long is not asked for again."""


class ArchiveProgress:
    """What was asked for and what came of it."""

    def __init__(self) -> None:
        self._archived: set[int] = set()
        self._missing: dict[date, set[int]] = {}
        self._gone: set[int] = set()
        self._newest = instants.EPOCH
        self._asked_on = ""

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
        """How many numbers a state holds, but for those that are missing."""
        return len(self._archived) + len(self._gone)

    def done(self) -> set[int]:
        """The numbers that need not be asked for."""
        return self._archived | self._gone

    def was_asked_on(self, day: date) -> bool:
        """Whether all numbers were asked for on this day."""
        return self._asked_on == day.isoformat()

    def note_listed(self, numbers: Set[int]) -> None:
        """These are in a list. One that was archived was restored, and may be archived again."""
        self._archived -= numbers
        self._gone -= numbers

    def note_emitted(self, number: int) -> None:
        """All that there is of this ticket is being emitted."""
        self._archived.add(number)

    def note_version(self, instant: int | None) -> None:
        """A record of this version, in epoch seconds, is being emitted."""
        self._newest = max(self._newest, instant or 0)

    def has_emitted_any(self, numbers: Iterable[int]) -> bool:
        """Whether any of these is archived and was emitted."""
        return not self._archived.isdisjoint(numbers)

    def note_complete(self, missing: Set[int], today: date) -> None:
        """All numbers were asked for today, and these were not found."""
        known = set[int]().union(*self._missing.values())
        self._missing = {day: numbers & missing for day, numbers in self._missing.items()}
        self._missing[today] = self._missing.get(today, set()) | (missing - known)
        for day in [day for day in self._missing if today - day >= timedelta(days=GONE_AFTER_DAYS)]:
            self._gone |= self._missing.pop(day)
        self._asked_on = today.isoformat()
