"""Tickets, as the stream reads them."""

import json
import re
from collections.abc import Mapping
from email.utils import formatdate
from typing import Any

import pytest
import requests_mock
from airbyte_cdk.models import AirbyteMessage, SyncMode
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_freshdesk import instants
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.retrieval.hidden_tickets import FILTERS
from source_freshdesk.state.updated_at_cursor import LOOKBACK_SECONDS
from source_freshdesk.streams.tickets import Tickets
from unit_tests.support import (
    API,
    NOW,
    SimulatedClock,
    a_page,
    a_ticket,
    ago,
    answer,
    api,
    ids,
    queries,
    records,
    refusal,
)

TICKETS = f"{API}tickets"
ME = f"{API}agents/me"
AGENT = answer({"id": 7, "ticket_scope": 1})


def messages(stream: Tickets) -> list[Any]:
    """The records and the state messages of a stream, in order; a state message as the state."""
    read: list[Any] = []
    for message in stream.read_records(SyncMode.incremental):
        if isinstance(message, AirbyteMessage):
            assert message.state is not None
            assert message.state.stream is not None
            assert message.state.stream.stream_state is not None
            read.append(dict(vars(message.state.stream.stream_state)))
        else:
            assert isinstance(message, Mapping)
            read.append(message["id"])
    return read


def seen_by_default(tickets: Tickets) -> dict[str, Any]:
    """The state of the default list."""
    return {name: value for name, value in tickets.state.items() if name not in FILTERS}


class TestTickets:
    def test_the_list_is_asked_for_in_order_of_change_with_all_that_it_can_embed(
        self, server: requests_mock.Mocker, api: FreshdeskApi
    ) -> None:
        server.get(TICKETS, [a_page(a_ticket(1))])
        records(Tickets(api, start=instants.from_api("2024-01-31T00:00:00Z")))
        assert queries(server, "tickets") == [
            {
                "updated_since": ["2024-01-30t23:59:59z"],
                "order_by": ["updated_at"],
                "order_type": ["asc"],
                "per_page": ["100"],
                "page": ["1"],
                "include": ["stats,requester,description"],
            }
        ]

    def test_the_state_is_the_newest_ticket(self, server: requests_mock.Mocker, tickets: Tickets) -> None:
        server.get(TICKETS, [a_page(a_ticket(1, 2_000), a_ticket(2, 1_000))])
        assert ids(records(tickets)) == [1, 2]
        assert seen_by_default(tickets) == {
            "updated_at": ago(1_000),
            "read_from": ago(1_000 + LOOKBACK_SECONDS),
            "emitted": {ago(1_000): [2]},
        }

    def test_a_slow_sync_reads_again_what_it_read_before_it_had_settled(
        self, server: requests_mock.Mocker, tickets: Tickets
    ) -> None:
        """The second page comes 30 minutes after the first, which ended 20 seconds before its own time."""
        early = a_page(a_ticket(1, 900), a_ticket(2, 20), more=True)
        late = a_page(a_ticket(2, 20), a_ticket(3, -1_700))
        late["headers"] = late["headers"] | {"Date": formatdate(NOW + 1_800, usegmt=True)}
        server.get(TICKETS, [early, late])
        assert ids(records(tickets)) == [1, 2, 3]
        assert seen_by_default(tickets) == {
            "updated_at": ago(-1_700),
            "read_from": ago(LOOKBACK_SECONDS - 1),
            "emitted": {ago(20): [2]},
            "unsettled": {ago(-1_700): tickets.state["unsettled"][ago(-1_700)]},
        }

    def test_each_version_is_given_once_though_the_walk_meets_it_more_often(
        self, server: requests_mock.Mocker, tickets: Tickets
    ) -> None:
        one, two, three = a_ticket(1, 2_000), a_ticket(2, 1_500), a_ticket(3, 1_000)
        server.get(TICKETS, [a_page(one, two, more=True), a_page(two, three)])
        assert ids(records(tickets)) == [1, 2, 3]

    def test_a_ticket_that_changes_meanwhile_comes_again(self, server: requests_mock.Mocker, tickets: Tickets) -> None:
        server.get(
            TICKETS,
            [a_page(a_ticket(1, 2_000), a_ticket(2, 1_500), more=True), a_page(a_ticket(2, 1_500), a_ticket(1, 10))],
        )
        assert ids(records(tickets)) == [1, 2, 1]

    def test_the_state_follows_each_page_and_is_never_ahead_of_its_records(
        self, server: requests_mock.Mocker, tickets: Tickets
    ) -> None:
        server.get(
            TICKETS,
            [a_page(a_ticket(1, 2_000), a_ticket(2, 1_500), more=True), a_page(a_ticket(2, 1_500), a_ticket(3, 1_000))],
        )
        first, second, state, last = messages(tickets)
        assert [first, second, last] == [1, 2, 3]
        assert state["updated_at"] == ago(1_500)
        assert tickets.state["updated_at"] == ago(1_000), "the CDK sends the last one"

    def test_the_state_stands_still_until_a_page_was_given_whole(
        self, server: requests_mock.Mocker, tickets: Tickets
    ) -> None:
        server.get(TICKETS, [a_page(a_ticket(1, 2_000), a_ticket(2, 1_500))])
        for _ in tickets.read_records(SyncMode.incremental):
            assert tickets.state == {}
        assert tickets.state["updated_at"] == ago(1_500)

    def test_a_sync_that_breaks_keeps_the_pages_before(self, server: requests_mock.Mocker, tickets: Tickets) -> None:
        server.get(TICKETS, [a_page(a_ticket(1, 2_000), a_ticket(2, 1_500), more=True), refusal(401)])
        with pytest.raises(AirbyteTracedException):
            records(tickets)
        assert tickets.state["updated_at"] == ago(1_500)

    def test_the_next_sync_gives_nothing_twice(self, server: requests_mock.Mocker, api: FreshdeskApi) -> None:
        server.get(TICKETS, [a_page(a_ticket(1, 1_100), a_ticket(2, 1_000))])
        before, after = Tickets(api, start=instants.EPOCH), Tickets(api, start=instants.EPOCH)
        records(before)
        after.state = json.loads(json.dumps(before.state))
        assert records(after) == []
        assert after.state == before.state

    def test_a_ticket_that_shows_late_is_given_by_the_next_sync(
        self, server: requests_mock.Mocker, api: FreshdeskApi
    ) -> None:
        before, after = Tickets(api, start=instants.EPOCH), Tickets(api, start=instants.EPOCH)
        server.get(
            TICKETS, [a_page(a_ticket(1, 1_000)), a_page(a_ticket(2, 1_000 + LOOKBACK_SECONDS), a_ticket(1, 1_000))]
        )
        records(before)
        after.state = before.state
        assert ids(records(after)) == [2]

    def test_a_ticket_that_changes_again_within_the_second_comes_again_and_else_it_does_not(
        self, server: requests_mock.Mocker, api: FreshdeskApi
    ) -> None:
        before, after = Tickets(api, start=instants.EPOCH), Tickets(api, start=instants.EPOCH)
        server.get(TICKETS, [a_page(a_ticket(1, 0), a_ticket(2, 0))])
        records(before)
        after.state = before.state
        server.get(TICKETS, [a_page(a_ticket(1, 0), a_ticket(2, 0) | {"subject": "Changed at once"})])
        assert ids(records(after)) == [2]

    def test_a_ticket_from_a_clock_that_is_ahead_does_not_carry_the_state_along(
        self, server: requests_mock.Mocker, tickets: Tickets
    ) -> None:
        server.get(TICKETS, [a_page(a_ticket(1, 1_000), a_ticket(2, -5_000))])
        assert ids(records(tickets)) == [1, 2]
        assert tickets.state["updated_at"] == ago(0)

    def test_rows_in_another_order_are_asked_for_again(self, server: requests_mock.Mocker, tickets: Tickets) -> None:
        server.get(
            TICKETS, [a_page(a_ticket(2, 1_000), a_ticket(1, 2_000)), a_page(a_ticket(1, 2_000), a_ticket(2, 1_000))]
        )
        assert ids(records(tickets)) == [1, 2]

    def test_a_list_that_is_not_there_keeps_the_state(self, server: requests_mock.Mocker, tickets: Tickets) -> None:
        state = {"updated_at": ago(1_000), "read_from": ago(1_300), "emitted": {}}
        tickets.state = state
        server.get(TICKETS, [refusal(403, "access_denied")])
        server.get(ME, [AGENT])
        assert records(tickets) == []
        assert tickets.state == state


def test_the_progress_says_up_to_when_tickets_are_read_and_how_long_the_rest_will_take(
    server: requests_mock.Mocker, clock: SimulatedClock
) -> None:
    tickets = Tickets(api(clock))
    assert tickets.progress() == "tickets: 0 records, 0 calls so far."
    server.get(TICKETS, [a_page(a_ticket(1, 1_000), more=True), a_page(a_ticket(2, 600), more=True), a_page()])
    pages = tickets.read_records(SyncMode.incremental)
    next(row for row in pages if isinstance(row, Mapping))
    clock.passed += 600
    next(row for row in pages if isinstance(row, Mapping))
    # A fifth call, that for how many there are, is made by another thread.
    said = (
        rf"tickets: 0 records, [45] calls so far\. Tickets are read up to {ago(600)}; about 30 min left at this rate\."
    )
    assert re.fullmatch(said, tickets.progress())
