"""Syncs of a live account by the connector's own streams, without HTTP."""

import json
import random
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from airbyte_cdk.models import SyncMode

from source_freshdesk import instants
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.api.prefetch import Job, Prefetcher, Result, Workers
from source_freshdesk.api.rate_limit import RateLimit
from source_freshdesk.retrieval.page import Page
from source_freshdesk.streams.conversations import Conversations
from source_freshdesk.streams.incremental import IncrementalStream
from source_freshdesk.streams.incremental_list import IncrementalList
from source_freshdesk.streams.tickets import Tickets
from unit_tests.live_account.account import Account
from unit_tests.live_account.table import Row
from unit_tests.support import HOST, KEY, LOGGER, SimulatedClock, no_schema

KILLED_SHARE, PREFETCHED_SHARE = 0.4, 0.5


class InlineWorkers(Workers):
    """Work is done when it is submitted, so that a seed always gives the same."""

    def submit(self, work: Callable[[], Result], cancelled: threading.Event) -> Job[Result]:
        job = Job(work, cancelled)
        job.run()
        return job


class _PendingJob(Job[Result]):
    def __init__(self, workers: "ShuffledWorkers", work: Callable[[], Result], cancelled: threading.Event) -> None:
        super().__init__(work, cancelled)
        self._workers = workers

    def result(self) -> Result:
        self._workers.run_all()
        return super().result()


class ShuffledWorkers(Workers):
    """Work is done when a result is wanted, all that is submitted by then, in an order that the seed draws."""

    def __init__(self, draw: random.Random) -> None:
        super().__init__(lambda: 4, lambda _: None)
        self._draw = draw
        self._pending: list[Job[Any]] = []

    def submit(self, work: Callable[[], Result], cancelled: threading.Event) -> Job[Result]:
        self._pending.append(job := _PendingJob(self, work, cancelled))
        return job

    def run_all(self) -> None:
        while self._pending:
            self._pending.pop(self._draw.randrange(len(self._pending))).run()


class InlineApi(FreshdeskApi):
    """What streams share; no call is made over it."""

    def __init__(self, workers: Workers | None = None) -> None:
        super().__init__(HOST, KEY, rate_limit=RateLimit(), num_workers=4, clock=SimulatedClock(), logger=LOGGER)
        self.prefetcher = Prefetcher(workers or InlineWorkers(lambda: 4, lambda _: None), lambda: None)


class ReadTickets(Tickets):
    """The tickets stream, which reads a simulated account."""

    name = "tickets"
    account: Account

    get_json_schema = no_schema

    def fetch(self, stream_slice: Any = None, query: Any = None, **_: Any) -> Page:
        return self.account.ticket_page(query)

    def fetch_ticket(self, path: str) -> Row:
        return self.account.ticket(int(path.removeprefix("tickets/").partition("?")[0]))

    def estimate(self, *_: Any, **__: Any) -> Iterator[Any]:
        return iter(())


class ReadConversations(Conversations):
    """The conversations stream, likewise."""

    name = "conversations"
    account: Account

    get_json_schema = no_schema

    def fetch(self, stream_slice: Any = None, query: Any = None, **_: Any) -> Page:
        return self.account.conversation_page(int(stream_slice["path"].split("/")[1]), query or {})

    def estimate(self, *_: Any, **__: Any) -> Iterator[Any]:
        return iter(())


class ReadCompanies(IncrementalList):
    """A list without a filter by time, likewise."""

    name = "companies"
    resource = "companies"
    account: Account

    get_json_schema = no_schema

    def fetch(self, stream_slice: Any = None, query: Any = None, **_: Any) -> Page:
        return self.account.company_page(query or {})


def tickets_of(account: Account) -> IncrementalStream:
    """A new tickets stream, as each sync has it."""
    stream = ReadTickets(InlineApi(), start=instants.EPOCH)
    stream.account = account
    return stream


def conversations_of(account: Account) -> IncrementalStream:
    """A new conversations stream."""
    tickets = tickets_of(account)
    assert isinstance(tickets, ReadTickets)
    stream = ReadConversations(tickets.api, tickets, start=instants.EPOCH)
    stream.account = account
    return stream


def companies_of(account: Account) -> IncrementalStream:
    """A new companies stream."""
    stream = ReadCompanies(InlineApi(ShuffledWorkers(account.draw)), start=instants.EPOCH)
    stream.account = account
    if account.draw.random() < PREFETCHED_SHARE:
        stream.prefetch({})
    return stream


def emitted_by(
    account: Account, stream_of: Callable[[Account], IncrementalStream], syncs: int
) -> tuple[dict[int, Row], int]:
    """The last version of each record after so many syncs of a busy account and two of a quiet one, and how many
    records the last of these emitted.
    """
    table: dict[int, Row] = {}
    state: Mapping[str, Any] = {}
    for _ in range(syncs):
        is_killed = account.draw.random() < KILLED_SHARE
        left = account.draw.randint(0, 40) if is_killed else 10**9
        state, _ = _sync(account, stream_of(account), state, table, left)
        account.pass_time(account.draw.choice([0, 5, 60, 1_000]))
    account.is_busy = False
    emitted = 0
    for _ in range(2):
        account.pass_time(2 * 3_600)
        state, emitted = _sync(account, stream_of(account), state, table, 10**9)
    return table, emitted


def _sync(
    account: Account, stream: IncrementalStream, state: Mapping[str, Any], table: dict[int, Row], left: int
) -> tuple[Mapping[str, Any], int]:
    """One sync that is killed after so many messages. The last state that came out, and how many records did."""
    stream.state = dict(state)
    emitted, saved = 0, state
    for stream_slice in stream.stream_slices(sync_mode=SyncMode.incremental):
        for item in stream.read_records(SyncMode.incremental, stream_slice=stream_slice):
            if left == 0:
                return saved, emitted
            left -= 1
            if isinstance(item, dict):
                emitted += 1
                _merge(table, {name: value for name, value in item.items() if name != "ticket_synced_at"})
                if account.draw.random() < 0.01:
                    account.pass_time(600)
            else:
                saved = json.loads(json.dumps(stream.state))
        saved = json.loads(json.dumps(stream.state))
    return saved, emitted


def _merge(table: dict[int, Row], record: Row) -> None:
    """As a destination does: the latest `updated_at` wins, of equal ones the last that came."""
    before = table.get(record["id"])
    if before is None or before["updated_at"] <= record["updated_at"]:
        table[record["id"]] = record
