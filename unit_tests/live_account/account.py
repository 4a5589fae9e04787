"""A help desk that people work in while it is read: tickets, their conversations, and a list of companies."""

import math
from collections.abc import Callable, Collection, Mapping
from random import Random
from typing import Any

from source_freshdesk import instants
from source_freshdesk.api.paginator import PAGE_SIZE
from source_freshdesk.retrieval.page import Page
from unit_tests.live_account.table import Row, Table

BEGINNING = instants.from_api("2026-03-01T08:00:00Z")
PAGE_ROWS = 5
"""Small pages, so that few rows make many of them."""
MAX_LAG_SECONDS = 120
"""A change can be seen by all after so long; by one of the replicas at once."""


class Account:
    """The account, and the clock of the world.

    seed: of all that happens. skew: how much its rows' clock is ahead of the `Date` of its answers, in seconds.
    """

    def __init__(self, seed: str) -> None:
        self.draw = Random(seed)
        self.now = float(BEGINNING)
        self.skew = self.draw.choice([0, 0, 0, -2, 1, 2])
        self.lag_share = self.draw.choice([0.0, 0.2, 0.8])
        self.replica_lag = self.draw.choice([0.0, 0.0, 30.0, 60.0])
        # While a run of one time is read, over several pages, a replica that shows it as it was can hide a row from
        # two passes in a row. That is not promised, so there are no such runs where replicas go back.
        self.most_of_a_second = PAGE_ROWS // 2 if self.replica_lag else 8 * PAGE_ROWS
        self.is_inclusive = self.draw.random() < 0.5
        self.is_busy = True
        self._shown_in_trash: set[int] = set()
        self.moves_deleted = self.draw.random() < 0.5
        self.tickets, self.trash, self.companies = Table(), Table(), Table()
        self.conversations: dict[int, Table] = {}
        self._next_id = 1
        for number in range(self.draw.randint(0, 8 * PAGE_ROWS)):
            self.now += number % self.most_of_a_second == 0
            self._create()
        self.now += 10_000

    def pass_time(self, seconds: float) -> None:
        """Time goes on, and people work."""
        end = self.now + seconds
        while self.is_busy and self.now < end:
            self.now += self.draw.expovariate(1 / 15)
            if self.now < end:
                self.draw.choice(self._events)()
        self.now = end

    def ticket_page(self, query: Mapping[str, Any]) -> Page:
        """A page of the ticket list."""
        self._take_time()
        since, now = instants.from_api(query["updated_since"]), self._seen_now()
        field_name, sign = query["order_by"], 1 if query["order_type"] == "asc" else -1
        table = {None: self.tickets, "deleted": self.trash, "spam": Table()}[query.get("filter")]
        rows = [row for row in table.seen_at(now) if _instant(row) >= since + (not self.is_inclusive)]
        rows.sort(key=lambda row: (sign * instants.from_api(row[field_name]), row["id"]))
        page = self._page(rows, int(query["page"]))
        if table is self.trash:
            self._shown_in_trash.update(row["id"] for row in page.rows)
        return page

    def ticket(self, number: int) -> Row:
        """A single ticket, in the trash or not."""
        self._take_time()
        return dict((self.trash.latest() | self.tickets.latest())[number])

    def conversation_page(self, ticket_id: int, query: Mapping[str, Any]) -> Page:
        """A page of a ticket's conversations."""
        self._take_time()
        table = self.conversations.get(ticket_id, Table())
        return self._page(sorted(table.seen_at(self._seen_now()), key=lambda row: row["id"]), int(query.get("page", 1)))

    def company_page(self, query: Mapping[str, Any]) -> Page:
        """A page of the list of companies, which is ordered by name."""
        self._take_time()
        rows = sorted(self.companies.seen_at(self._seen_now()), key=lambda row: (row["name"], row["id"]))
        return self._page(rows, int(query.get("page", 1)))

    def _page(self, rows: list[Row], number: int) -> Page:
        begin = (number - 1) * PAGE_ROWS
        has_next = len(rows) > begin + PAGE_ROWS
        found = [dict(row) for row in rows[begin : begin + PAGE_ROWS]]
        self._take_time()
        return Page(found, {"page": str(number + 1)} if has_next else None, math.floor(self.now))

    def _take_time(self) -> None:
        self.pass_time(self.draw.choice([0.02, 0.1, 0.5, 4.0]))

    def _seen_now(self) -> float:
        return self.now - (self.draw.uniform(0, self.replica_lag) if self.draw.random() < 0.3 else 0.0)

    @property
    def _events(self) -> list[Callable[[], None]]:
        return [
            *[self._create, self._update, self._update, self._update_twice, self._answer, self._merge],
            *[self._bulk_update, self._delete, self._restore, self._restore_as_it_was, self._from_the_future],
            *[self._company, self._company, self._rename_company, self._delete_company],
        ]

    def _visible_at(self) -> float:
        return self.now + (self.draw.uniform(0, MAX_LAG_SECONDS) if self.draw.random() < self.lag_share else 0.0)

    def _stamp(self, ahead: int = 0) -> str:
        return instants.to_api(int(self.now) + self.skew + ahead)

    def _new_id(self) -> int:
        self._next_id += 1
        return self._next_id

    def _write(self, row: Row) -> None:
        self.tickets.put(row["id"], self._visible_at(), row)

    def _any(self) -> Row | None:
        """A ticket that is not dated in the future. If such a one changed, its `updated_at` would go back, and every
        destination would keep the version from the future.
        """
        rows = self._changeable()
        return self.draw.choice(rows) if rows else None

    def _changeable(self) -> list[Row]:
        return [row for row in self.tickets.latest().values() if _instant(row) <= int(self.now) + self.skew]

    def _create(self) -> None:
        number = self._new_id()
        self._write({"id": number, "created_at": self._stamp(), "updated_at": self._stamp(), "text": 0})

    def _changed(self, row: Row, ahead: int = 0) -> Row:
        return row | {"updated_at": self._stamp(ahead), "text": self.draw.random()}

    def _update(self) -> None:
        row = self._any()
        if row is not None:
            self._write(self._changed(row))

    def _update_twice(self) -> None:
        row = self._any()
        if row is not None:
            self._write(self._changed(row))
            if self.draw.random() < 0.5:
                self.now = math.floor(self.now) + 0.99
            self._write(self._changed(row) | {"updated_at": self.tickets.latest()[row["id"]]["updated_at"]})

    def _answer(self) -> None:
        row = self._any()
        if row is not None:
            number, table = self._new_id(), self.conversations.setdefault(row["id"], Table())
            table.put(number, self._visible_at(), {"id": number, "updated_at": self._stamp(), "ticket_id": row["id"]})
            self._write(self._changed(row))

    def _merge(self) -> None:
        for _ in range(2):
            self._answer()

    def _bulk_update(self) -> None:
        rows = self._changeable()
        for row in self.draw.sample(rows, self.draw.randint(0, min(len(rows), self.most_of_a_second))):
            self._write(self._changed(row))

    def _delete(self) -> None:
        row = self._any()
        if row is not None:
            deleted = self._changed(row) if self.moves_deleted else row
            visible_at = self.trash.put(row["id"], self._visible_at(), deleted | {"deleted": True})
            self.tickets.put(row["id"], visible_at, None)

    def _restore(self) -> None:
        row = self._taken_from_trash(self.trash.latest())
        if row is not None:
            self._write(self._changed(row))

    def _restore_as_it_was(self) -> None:
        # Promised only if a sync saw the ticket in the trash, and no server shows it there after another did not.
        if not self.moves_deleted and not self.replica_lag:
            row = self._taken_from_trash(self._shown_in_trash & self.trash.latest().keys())
            if row is not None:
                self.tickets.put(row["id"], self.trash.versions[row["id"]][-1].visible_at, row)

    def _taken_from_trash(self, numbers: Collection[int]) -> Row | None:
        if not numbers:
            return None
        number = self.draw.choice(sorted(numbers))
        row = self.trash.latest()[number]
        self.trash.put(number, self._visible_at(), None)
        self._shown_in_trash.discard(number)
        return {name: value for name, value in row.items() if name != "deleted"}

    def _from_the_future(self) -> None:
        row = self._any()
        if row is not None and self.draw.random() < 0.2:
            self._write(self._changed(row, ahead=self.draw.choice([60, 3_600])))

    def _company(self) -> None:
        number = self._new_id()
        row = {"id": number, "name": str(self.draw.random()), "updated_at": self._stamp()}
        if self.draw.random() < 0.2:
            row["updated_at"] = instants.to_api(BEGINNING - self.draw.randint(0, 10**7))
        self.companies.put(number, self._visible_at(), row)

    def _rename_company(self) -> None:
        rows = list(self.companies.latest().values())
        if rows:
            row = self.draw.choice(rows)
            renamed = row | {"name": str(self.draw.random()), "updated_at": self._stamp()}
            self.companies.put(row["id"], self._visible_at(), renamed)

    def _delete_company(self) -> None:
        rows = list(self.companies.latest().values())
        if rows:
            self.companies.put(self.draw.choice(rows)["id"], self._visible_at(), None)


def _instant(row: Row) -> int:
    return instants.from_api(row["updated_at"])


assert PAGE_ROWS < PAGE_SIZE
