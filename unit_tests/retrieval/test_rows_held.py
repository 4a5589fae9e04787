"""How much a first sync of tickets holds in memory, and how much it asks for, in counts."""

from collections.abc import Mapping
from typing import Any

import pytest
from airbyte_cdk.models import SyncMode

from source_freshdesk import instants
from source_freshdesk.api.freshdesk_api import READ_AHEAD_BYTES
from source_freshdesk.api.paginator import PAGE_SIZE
from source_freshdesk.api.response import Row
from source_freshdesk.retrieval.page import Page
from source_freshdesk.retrieval.ticket_segments import PAGES_PER_SEGMENT
from source_freshdesk.streams.tickets import Tickets
from unit_tests.live_account.syncs import InlineApi
from unit_tests.support import NOW, no_schema

TICKETS, SECONDS_APART = 20_000, 600
FIRST = NOW - TICKETS * SECONDS_APART


class ManyTickets(Tickets):
    """Reads so many tickets, whose pages are said to take so much memory."""

    name = "tickets"
    page_bytes = 1_000_000
    rows_fetched = 0
    pages_fetched = 0

    get_json_schema = no_schema

    def fetch(self, stream_slice: Any = None, query: Any = None, **_: Any) -> Page:
        if "filter" in query:
            return Page([], None, NOW)
        self.pages_fetched += 1
        since = instants.from_api(query["updated_since"])
        first = max(0, -((FIRST - since) // SECONDS_APART))
        numbers = range(first, min(first + PAGE_SIZE, TICKETS))
        self.rows_fetched += len(numbers)
        following = {"page": "2"} if first + PAGE_SIZE < TICKETS else None
        return Page([_ticket(number) for number in numbers], following, NOW, size=self.page_bytes)

    def count(self, *_: Any) -> None:
        return None


def _ticket(number: int) -> Row:
    at = instants.to_api(FIRST + number * SECONDS_APART)
    return {"id": number + 1, "created_at": at, "updated_at": at}


@pytest.fixture
def tickets(monkeypatch: pytest.MonkeyPatch) -> ManyTickets:
    api = InlineApi()
    monkeypatch.setattr(api, "useful_calls_at_once", lambda _: 32)
    stream = ManyTickets(api)
    monkeypatch.setattr(stream.search, "begin", lambda *_: None)
    return stream


@pytest.mark.parametrize("page_bytes", [100_000, 1_000_000, 6_000_000, 100_000_000])
def test_no_more_rows_are_held_than_fit_into_the_memory_for_them(tickets: ManyTickets, page_bytes: int) -> None:
    tickets.page_bytes = page_bytes
    held = given = 0
    for item in tickets.read_records(SyncMode.incremental):
        if isinstance(item, Mapping):
            given += 1
            # The last row of each page comes again with the next.
            held = max(held, tickets.rows_fetched - tickets.pages_fetched - given)
    assert given == TICKETS
    # Those that are given at present come on top: a segment, or the one page that is there at least.
    affordable = READ_AHEAD_BYTES / page_bytes + max(1, min(PAGES_PER_SEGMENT, READ_AHEAD_BYTES / page_bytes))
    assert held <= PAGE_SIZE * (affordable + 1)


def test_the_pages_that_cuts_cost_are_few(tickets: ManyTickets) -> None:
    assert sum(isinstance(item, Mapping) for item in tickets.read_records(SyncMode.incremental)) == TICKETS
    pages = TICKETS / (PAGE_SIZE - 1)
    assert tickets.pages_fetched < 1.1 * pages


def test_no_state_grows_with_the_tickets_before_it(tickets: ManyTickets) -> None:
    states = [item.state for item in tickets.read_records(SyncMode.incremental) if not isinstance(item, Mapping)]
    assert len(states) > TICKETS / PAGE_SIZE / 2
    assert max(len(str(state)) for state in states) < 1_000
