"""Which files of a daily export were read: the state between syncs.

A day's file does not begin at midnight, and is there some time after its day; it can come days late, in parts, or empty
at first. So the state names the days whose files are final, and what the others looked like. A file is final when it is
not empty, two days old, and has looked the same for a day since it was. All others of the last 30 days are asked for,
once a day if they are so old::

    {"performed_at": "2026-11-22T09:59:58Z",
     "files": ["2026-11-18", "2026-11-19"],               final
     "unsettled": {"2026-11-20": "9f86d0…"},              what others looked like
     "unchanged_since": {"2026-11-20": "2026-11-22"}}     the day since which they look so; today, if they are empty
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from source_freshdesk import instants

DAYS_KEPT = 30
"""Freshdesk keeps a file for about so long."""
DAYS_UNTIL_SETTLED = 2
"""A file covers hours of the day after its own, so it is not final before."""


class ExportedDays:
    """The days of an export, and which of them were read.

    start: the earliest instant that is wanted. now: gives the present. Both in epoch seconds.
    """

    def __init__(self, start: int, now: Callable[[], float]) -> None:
        self._start = start
        self._now = now
        self._read: set[date] = set()
        self._unsettled: dict[date, str] = {}
        self._unchanged_since: dict[date, date] = {}
        self._newest = instants.EPOCH

    def load(self, state: Mapping[str, Any]) -> None:
        """Continue from a state that `state_after` gave, or one of Airbyte's own connector; an empty one means the
        start. Raises any error if it is neither.
        """
        self._newest = instants.parse(state["performed_at"]) if state.get("performed_at") else instants.EPOCH
        self._read = {date.fromisoformat(day) for day in state.get("files", ())}
        self._unsettled = {date.fromisoformat(day): str(digest) for day, digest in state.get("unsettled", {}).items()}
        self._unchanged_since = {
            date.fromisoformat(day): date.fromisoformat(since)
            for day, since in state.get("unchanged_since", {}).items()
        }
        if "files" not in state:
            # A state of Airbyte's own connector: files of earlier days were read. One that is dated in the future says
            # nothing.
            days, newest = self.all(), _day_of(self._newest)
            first = newest - timedelta(days=DAYS_UNTIL_SETTLED)
            self._read = {day for day in days if day < first and newest <= days[-1] + timedelta(days=1)}

    def all(self) -> list[date]:
        """The days of which there may be files, the oldest first."""
        days = [self._today - timedelta(days=ago) for ago in range(DAYS_KEPT, -1, -1)]
        return [day for day in days if day >= _day_of(self._start) - timedelta(days=1)]

    def unread(self) -> list[date]:
        """Those whose files were not read, or could change after they were. Old ones are asked for once a day."""
        today = self._today
        return [day for day in self.all() if day not in self._read and self._unchanged_since.get(day) != today]

    @property
    def latest_settled(self) -> date:
        """The latest day whose file should be there by now and not change any more."""
        return self._today - timedelta(days=DAYS_UNTIL_SETTLED + 1)

    @property
    def has_any(self) -> bool:
        """Whether any file was read."""
        return bool(self._read or self._unsettled)

    def is_unseen(self, day: date, digest: str) -> bool:
        """Whether the file of a day was not read yet as it is now. digest: of what it contains."""
        return self._unsettled.get(day) != digest

    def note_version(self, instant: int) -> None:
        """An activity of this instant is being emitted."""
        self._newest = max(self._newest, instant)

    def state_after(self, day: date, digest: str, *, is_empty: bool) -> dict[str, Any]:
        """The state once the file of a day was emitted, a new object each time."""
        days = self.all()
        is_same = self._unsettled.pop(day, None) == digest
        since = self._unchanged_since.pop(day, None) if is_same else None
        is_old = day <= days[-1] - timedelta(days=DAYS_UNTIL_SETTLED)
        if is_old and not is_empty and since is not None and since < self._today:
            self._read.add(day)
        else:
            self._unsettled[day] = digest
            if is_old:
                self._unchanged_since[day] = self._today if is_empty or since is None else since
        self._read.intersection_update(days)
        for of_day in (self._unsettled, self._unchanged_since):
            for gone in [one for one in of_day if one < days[0]]:
                del of_day[gone]
        unchanged_since = {day.isoformat(): since.isoformat() for day, since in sorted(self._unchanged_since.items())}
        return {
            "performed_at": instants.to_api(self._newest),
            "files": [day.isoformat() for day in sorted(self._read)],
            "unsettled": {day.isoformat(): digest for day, digest in sorted(self._unsettled.items())},
            **({"unchanged_since": unchanged_since} if unchanged_since else {}),
        }

    @property
    def _today(self) -> date:
        return _day_of(int(self._now()))


def _day_of(instant: int) -> date:
    return datetime.fromtimestamp(instant, UTC).date()
