"""A sync every hour of an account in which people work while it is read: in the end the warehouse is the account."""

import random
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any

from integration_tests.conftest import API_KEY, Connect
from integration_tests.connector import Run
from integration_tests.fake_freshdesk import Account, FakeFreshdesk
from integration_tests.filling import add_tickets
from integration_tests.reliability import IS_FULL

HOURS = 24 if IS_FULL else 3
STREAMS = ("tickets", "conversations", "contacts", "companies")
BEGIN = datetime(2026, 6, 1, 12, tzinfo=UTC)
CHANGES_PER_CALL = 0.5


class Desk:
    """People who change something between two calls, and a clock that goes on."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._chance = random.Random("hours")
        self.is_at_work = True

    def work(self, *_: object) -> None:
        if not self.is_at_work:
            return
        self._account.advance(timedelta(seconds=self._chance.choice((0, 1, 3))))
        if self._chance.random() < CHANGES_PER_CALL:
            self._chance.choice(
                (self._open, self._update, self._answer, self._answer, self._delete, self._restore, self._meet)
            )()

    def _some_ticket(self) -> int:
        return self._chance.choice(list(self._account.tickets))

    def _open(self) -> None:
        self._account.add_ticket()

    def _update(self) -> None:
        self._account.update_ticket(self._some_ticket(), subject=str(self._chance.random()))

    def _answer(self) -> None:
        self._account.add_conversation(self._some_ticket())

    def _delete(self) -> None:
        put_away = self._chance.choice((self._account.delete_ticket, self._account.spam_ticket))
        put_away(self._some_ticket(), touch=self._chance.random() < 0.5)

    def _restore(self) -> None:
        hidden = [row["id"] for row in self._account.tickets.values() if row["deleted"] or row["spam"]]
        if hidden:
            self._account.restore_ticket(self._chance.choice(hidden), touch=self._chance.random() < 0.5)

    def _meet(self) -> None:
        self._account.add_contact()
        self._account.add_company()
        self._account.update_contact(self._chance.choice(list(self._account.contacts)), name=str(self._chance.random()))


class Warehouse:
    """The last record of each key, by stream."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[Any, dict[str, Any]]] = defaultdict(dict)
        self.states: dict[str, dict[str, Any]] = {}

    def load(self, run: Run) -> None:
        assert run.exit_code == 0, run.errors_traced
        for stream, records in run.records.items():
            self.rows[stream].update((record["id"], record) for record in records)
        self.states |= {state["stream"]["stream_descriptor"]["name"]: state for state in run.last_states}


def test_in_the_end_the_warehouse_is_the_account(connect: Connect) -> None:
    account = Account(now=BEGIN)
    add_tickets(account, 260, first=BEGIN - timedelta(days=300))
    for _ in range(120):
        account.add_contact()
    for ticket_id in range(1, 100):
        account.add_conversation(ticket_id, touch=False)
    desk, warehouse = Desk(account), Warehouse()
    with FakeFreshdesk(account, API_KEY, dates_of_account=True) as fake:
        fake.before_request(desk.work)
        for hour in range(HOURS + 1):
            desk.is_at_work = hour < HOURS
            connector = connect(fake, now=account.now(), contact_details=False)
            warehouse.load(connector.read(*STREAMS, state=list(warehouse.states.values())))
            account.advance(timedelta(hours=1))
    tickets = warehouse.rows["tickets"]
    for ticket_id, row in account.tickets.items():
        kept = {name: tickets[ticket_id][name] for name in ("subject", "updated_at", "deleted", "spam")}
        assert kept == {name: row[name] for name in kept}, ticket_id
    live = {ticket_id for ticket_id, row in account.tickets.items() if not (row["deleted"] or row["spam"])}
    for conversation_id, row in account.conversations.items():
        assert row["ticket_id"] not in live or conversation_id in warehouse.rows["conversations"]
    for stream, table in (("contacts", account.contacts), ("companies", account.companies)):
        assert {key: row["updated_at"] for key, row in warehouse.rows[stream].items()} == {
            key: row["updated_at"] for key, row in table.items()
        }
