"""The records of an account, whatever they are: their tables, their ids, its clock."""

import random
import threading
from collections.abc import Callable, Hashable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from integration_tests.fake_freshdesk.model import moments
from integration_tests.fake_freshdesk.model.table import Record, Table

FIRST_IDS = {
    "tickets": 1,
    "companies": 158_003_104_300,
    "conversations": 158_067_105_000,
    "users": 158_017_609_801,
    "others": 158_000_271_000,
}
_ID_SEQUENCES = {
    "tickets": "tickets",
    "companies": "companies",
    "conversations": "conversations",
    "agents": "users",
    "contacts": "users",
}
_LARGEST_GAP_BETWEEN_IDS = 7
_REMEMBERED_AT_ONCE = 16

Remembered = TypeVar("Remembered")


class RecordStore:
    """Tables of records. Every change is complete to those who read at the same time.

    Ids and made-up content depend on `seed` alone. `now` is a fixed moment or a clock; `advance` moves it on. Every
    field that is a `datetime` is kept as the API writes it.
    """

    def __init__(self, now: datetime | Callable[[], datetime] = lambda: datetime.now(UTC), seed: int | str = 0) -> None:
        self._clock: Callable[[], datetime] = now if callable(now) else lambda: now
        self._advanced = timedelta()
        if self.now().tzinfo is None:
            raise ValueError("An account needs to know the time zone of its clock.")
        self.random = random.Random(f"account {seed}")
        self.lock = threading.RLock()
        self.objects: dict[str, Record] = {}
        """Single objects by the path that shows them, such as "settings/helpdesk"."""
        self._tables: dict[str, Table] = {}
        self._last_ids: dict[str, int] = {}
        self._remembered: dict[Hashable, Any] = {}

    def table(self, resource: str) -> Table:
        with self.lock:
            return self._tables.setdefault(resource, Table(self._remembered.clear))

    def remember(self, name: Hashable, work: Callable[[], Remembered]) -> Remembered:
        """What `work` gives, kept under this name until any record changes."""
        with self.lock:
            if name not in self._remembered:
                if len(self._remembered) == _REMEMBERED_AT_ONCE:
                    del self._remembered[next(iter(self._remembered))]
                self._remembered[name] = work()
            remembered: Remembered = self._remembered[name]
            return remembered

    # Its clock

    def now(self) -> datetime:
        return self._clock() + self._advanced

    def now_stamp(self) -> str:
        return moments.stamp(self.now())

    def advance(self, by: timedelta) -> None:
        self._advanced += by

    # Any resource

    def new_id(self, resource: str) -> int:
        """Tickets are counted from 1. Other ids are large and leave gaps; agents and contacts share theirs."""
        sequence = _ID_SEQUENCES.get(resource, "others")
        with self.lock:
            gap = 1 if sequence == "tickets" else self.random.randint(1, _LARGEST_GAP_BETWEEN_IDS)
            last_id = self._last_ids.get(sequence, FIRST_IDS[sequence] - gap)
            self._last_ids[sequence] = last_id + gap
            return last_id + gap

    def add(self, resource: str, **fields: Any) -> Record:
        """Keep a record of any resource. It has these fields, and an id if none is given."""
        with self.lock:
            row = {"id": self._id_for(resource, fields), **written(fields)}
            self.table(resource).put(row)
            return row

    def change(self, resource: str, row_id: int | str, **fields: Any) -> Record:
        """Set these fields and nothing else: `updated_at` stays as it is unless it is among them."""
        with self.lock:
            return self.table(resource).change(row_id, written(fields))

    def remove(self, resource: str, row_id: int | str) -> Record:
        with self.lock:
            return self.table(resource).remove(row_id)

    def _id_for(self, resource: str, fields: Mapping[str, Any]) -> Any:
        if "id" not in fields:
            return self.new_id(resource)
        if isinstance(fields["id"], int):
            sequence = _ID_SEQUENCES.get(resource, "others")
            self._last_ids[sequence] = max(self._last_ids.get(sequence, FIRST_IDS[sequence] - 1), fields["id"])
        return fields["id"]


def written(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields as the API writes them. A record's own times are sorted and compared as text, so other forms fail."""
    written = {name: moments.stamp(value) if isinstance(value, datetime) else value for name, value in fields.items()}
    for name in ("created_at", "updated_at"):
        value = written.get(name)
        if value is not None and not (isinstance(value, str) and moments.is_stamp(value)):
            raise ValueError(f"{name} must look like 2026-01-02T03:04:05Z, not {value!r}")
    return written
