"""Tickets and their conversations, as the streams read them."""

import json
import logging
from collections.abc import Mapping
from typing import Any

import pytest
import requests_mock
from airbyte_cdk.models import AirbyteMessage, SyncMode
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_freshdesk import instants
from source_freshdesk.api.client import Account
from source_freshdesk.api.errors import Refused
from source_freshdesk.streams.cursor import LOOKBACK_SECONDS
from source_freshdesk.streams.tickets import Conversations, Tickets
from unit_tests.support import API, NOW, SimulatedClock, account, ago, answer, ids, queries, records, refusal

TICKETS = f"{API}tickets"
ME = f"{API}agents/me"
AGENT = answer({"id": 7, "ticket_scope": 1})


def ticket(ticket_id: int, seconds_ago: int = 1_000) -> dict[str, Any]:
    return {"id": ticket_id, "updated_at": ago(seconds_ago), "created_at": ago(90_000 - ticket_id)}


def page(*rows: dict[str, Any], more: bool = False) -> dict[str, Any]:
    return answer(list(rows), Link=f'<{TICKETS}?page=2>; rel="next"') if more else answer(list(rows))


def talk(api: requests_mock.Mocker, ticket_id: int, *conversation_ids: int) -> None:
    """The conversations of a ticket."""
    rows = [{"id": number, "ticket_id": ticket_id} for number in conversation_ids]
    api.get(f"{TICKETS}/{ticket_id}/conversations", [answer(rows)])


def messages(stream: Tickets | Conversations) -> list[Any]:
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


@pytest.fixture
def tickets(account: Account) -> Tickets:
    return Tickets(account, instants.EPOCH)


@pytest.fixture
def conversations(account: Account) -> Conversations:
    return Conversations(account, instants.EPOCH)


def conversed(stream: Conversations) -> list[tuple[list[Any], dict[str, Any]]]:
    """The records of each slice and the state after it."""
    return [
        (ids(records(stream, stream_slice=one)), dict(stream.state))
        for one in stream.stream_slices(SyncMode.incremental)
    ]


class TestTickets:
    def test_the_list_is_asked_for_in_order_of_change_with_all_that_it_can_embed(
        self, api: requests_mock.Mocker, account: Account
    ) -> None:
        api.get(TICKETS, [page(ticket(1))])
        records(Tickets(account, instants.from_api("2024-01-31T00:00:00Z")))
        assert queries(api, "tickets") == [
            {
                "updated_since": ["2024-01-30t23:59:59z"],
                "order_by": ["updated_at"],
                "order_type": ["asc"],
                "per_page": ["100"],
                "page": ["1"],
                "include": ["stats,requester,description"],
            }
        ]

    def test_the_state_is_the_newest_ticket(self, api: requests_mock.Mocker, tickets: Tickets) -> None:
        api.get(TICKETS, [page(ticket(1, 2_000), ticket(2, 1_000))])
        assert ids(records(tickets)) == [1, 2]
        assert tickets.state == {
            "updated_at": ago(1_000),
            "read_from": ago(1_000 + LOOKBACK_SECONDS),
            "emitted": {ago(1_000): [2]},
        }

    def test_each_version_is_given_once_though_the_walk_meets_it_more_often(
        self, api: requests_mock.Mocker, tickets: Tickets
    ) -> None:
        one, two, three = ticket(1, 2_000), ticket(2, 1_500), ticket(3, 1_000)
        api.get(TICKETS, [page(one, two, more=True), page(two, three)])
        assert ids(records(tickets)) == [1, 2, 3]

    def test_a_ticket_that_changes_meanwhile_comes_again(self, api: requests_mock.Mocker, tickets: Tickets) -> None:
        api.get(TICKETS, [page(ticket(1, 2_000), ticket(2, 1_500), more=True), page(ticket(2, 1_500), ticket(1, 10))])
        assert ids(records(tickets)) == [1, 2, 1]

    def test_the_state_follows_each_page_and_is_never_ahead_of_its_records(
        self, api: requests_mock.Mocker, tickets: Tickets
    ) -> None:
        api.get(
            TICKETS, [page(ticket(1, 2_000), ticket(2, 1_500), more=True), page(ticket(2, 1_500), ticket(3, 1_000))]
        )
        first, second, state, last = messages(tickets)
        assert [first, second, last] == [1, 2, 3]
        assert state["updated_at"] == ago(1_500)
        assert tickets.state["updated_at"] == ago(1_000), "the CDK sends the last one"

    def test_the_state_stands_still_until_a_page_was_given_whole(
        self, api: requests_mock.Mocker, tickets: Tickets
    ) -> None:
        api.get(TICKETS, [page(ticket(1, 2_000), ticket(2, 1_500))])
        for _ in tickets.read_records(SyncMode.incremental):
            assert tickets.state == {}
        assert tickets.state["updated_at"] == ago(1_500)

    def test_a_sync_that_breaks_keeps_the_pages_before(self, api: requests_mock.Mocker, tickets: Tickets) -> None:
        api.get(TICKETS, [page(ticket(1, 2_000), ticket(2, 1_500), more=True), refusal(401)])
        with pytest.raises(AirbyteTracedException):
            records(tickets)
        assert tickets.state["updated_at"] == ago(1_500)

    def test_the_next_sync_gives_nothing_twice(self, api: requests_mock.Mocker, account: Account) -> None:
        api.get(TICKETS, [page(ticket(1, 1_100), ticket(2, 1_000))])
        before, after = Tickets(account, instants.EPOCH), Tickets(account, instants.EPOCH)
        records(before)
        after.state = json.loads(json.dumps(before.state))
        assert records(after) == []
        assert after.state == before.state

    def test_a_ticket_that_shows_late_is_given_by_the_next_sync(
        self, api: requests_mock.Mocker, account: Account
    ) -> None:
        before, after = Tickets(account, instants.EPOCH), Tickets(account, instants.EPOCH)
        api.get(TICKETS, [page(ticket(1, 1_000)), page(ticket(2, 1_000 + LOOKBACK_SECONDS), ticket(1, 1_000))])
        records(before)
        after.state = before.state
        assert ids(records(after)) == [2]

    def test_a_ticket_of_this_very_second_is_read_again(self, api: requests_mock.Mocker, account: Account) -> None:
        before, after = Tickets(account, instants.EPOCH), Tickets(account, instants.EPOCH)
        api.get(TICKETS, [page(ticket(1, 0))])
        records(before)
        after.state = before.state
        assert ids(records(after)) == [1]

    def test_a_ticket_from_a_clock_that_is_ahead_does_not_carry_the_state_along(
        self, api: requests_mock.Mocker, tickets: Tickets
    ) -> None:
        api.get(TICKETS, [page(ticket(1, 1_000), ticket(2, -5_000))])
        assert ids(records(tickets)) == [1, 2]
        assert tickets.state["updated_at"] == ago(0)

    def test_rows_in_another_order_are_asked_for_again(self, api: requests_mock.Mocker, tickets: Tickets) -> None:
        api.get(TICKETS, [page(ticket(2, 1_000), ticket(1, 2_000)), page(ticket(1, 2_000), ticket(2, 1_000))])
        assert ids(records(tickets)) == [1, 2]

    def test_a_list_that_is_not_there_keeps_the_state(self, api: requests_mock.Mocker, tickets: Tickets) -> None:
        state = {"updated_at": ago(1_000), "read_from": ago(1_300), "emitted": {}}
        tickets.state = state
        api.get(TICKETS, [refusal(403, "access_denied")])
        api.get(ME, [AGENT])
        assert records(tickets) == []
        assert tickets.state == state


class TestConversations:
    def test_the_conversations_of_each_changed_ticket_are_given(
        self, api: requests_mock.Mocker, conversations: Conversations
    ) -> None:
        api.get(TICKETS, [page(ticket(1), ticket(2))])
        talk(api, 1, 11, 12)
        talk(api, 2)
        assert [given for given, _ in conversed(conversations)] == [[11, 12]]

    def test_the_conversations_of_a_ticket_are_read_page_after_page(
        self, api: requests_mock.Mocker, conversations: Conversations
    ) -> None:
        url = f"{TICKETS}/1/conversations"
        api.get(TICKETS, [page(ticket(1))])
        api.get(url, [answer([{"id": 11}], Link=f'<{url}?per_page=100&page=2>; rel="next"'), answer([{"id": 12}])] * 2)
        assert [given for given, _ in conversed(conversations)] == [[11, 12]]
        assert len(queries(api, "tickets/1/conversations")) == 4, "a list of pages is read until nothing was missed"

    def test_a_conversation_that_slipped_over_the_page_boundary_is_found(
        self, api: requests_mock.Mocker, conversations: Conversations
    ) -> None:
        url = f"{TICKETS}/1/conversations"
        link = f'<{url}?per_page=100&page=2>; rel="next"'
        api.get(TICKETS, [page(ticket(1))])
        api.get(
            url,
            [
                *(answer([{"id": 11}, {"id": 12}], Link=link), answer([{"id": 14}])),
                *(answer([{"id": 12}, {"id": 13}], Link=link), answer([{"id": 14}])) * 2,
            ],
        )
        assert [given for given, _ in conversed(conversations)] == [[11, 12, 14, 13]]

    def test_the_list_of_tickets_is_asked_for_without_what_costs_more(
        self, api: requests_mock.Mocker, conversations: Conversations
    ) -> None:
        api.get(TICKETS, [page()])
        conversed(conversations)
        assert "include" not in queries(api, "tickets")[0]

    def test_the_state_is_that_of_the_list_and_moves_when_the_batch_was_given(
        self, api: requests_mock.Mocker, conversations: Conversations
    ) -> None:
        api.get(
            TICKETS, [page(ticket(1, 2_000), ticket(2, 1_500), more=True), page(ticket(2, 1_500), ticket(3, 1_000))]
        )
        for ticket_id in (1, 2, 3):
            talk(api, ticket_id, ticket_id * 10)
        (first, state), (second, last) = conversed(conversations)
        assert (first, state["updated_at"]) == ([10, 20], ago(1_500))
        assert (second, last["updated_at"]) == ([30], ago(1_000))

    def test_the_state_stands_still_while_a_batch_is_read_though_the_list_went_on(
        self, api: requests_mock.Mocker, conversations: Conversations
    ) -> None:
        api.get(TICKETS, [page(ticket(1, 2_000), ticket(2, 1_500), more=True), page(ticket(3, 1_000))])
        talk(api, 1, 11)
        talk(api, 2, 21)
        talk(api, 3, 31)
        first, second = conversations.stream_slices(SyncMode.incremental)
        for _ in conversations.read_records(SyncMode.incremental, stream_slice=first):
            assert conversations.state == {}
        assert conversations.state["updated_at"] == ago(1_500)
        records(conversations, stream_slice=second)
        assert conversations.state["updated_at"] == ago(1_000)

    def test_the_state_does_not_grow_with_the_number_of_tickets(
        self, api: requests_mock.Mocker, conversations: Conversations
    ) -> None:
        rows = [ticket(number, 50_000 - 10 * number) for number in range(1, 399)]
        api.get(
            TICKETS,
            [page(*rows[begin : begin + 100], more=begin < 300) for begin in (0, 99, 198, 297)] + [page(*rows[300:])],
        )
        for row in rows:
            talk(api, row["id"], row["id"])
        read = conversed(conversations)
        assert sorted(one for given, _ in read for one in given) == ids(rows)
        assert max(len(json.dumps(state)) for _, state in read) < 2_000

    def test_the_place_in_the_list_is_not_that_of_the_tickets_stream(
        self, api: requests_mock.Mocker, account: Account
    ) -> None:
        tickets, conversations = Tickets(account, instants.EPOCH), Conversations(account, instants.EPOCH)
        api.get(TICKETS, [page(ticket(1))])
        talk(api, 1, 11)
        assert ids(records(tickets)) == [1]
        assert [given for given, _ in conversed(conversations)] == [[11]]

    def test_the_next_sync_reads_only_the_tickets_that_changed(
        self, api: requests_mock.Mocker, account: Account
    ) -> None:
        before, after = Conversations(account, instants.EPOCH), Conversations(account, instants.EPOCH)
        api.get(TICKETS, [page(ticket(1), ticket(2)), page(ticket(1), ticket(2, 10))])
        talk(api, 1, 11)
        talk(api, 2, 21)
        conversed(before)
        after.state = json.loads(json.dumps(before.state))
        assert [given for given, _ in conversed(after)] == [[21]]

    def test_a_ticket_that_is_gone_is_skipped_aloud(
        self, api: requests_mock.Mocker, conversations: Conversations, caplog: pytest.LogCaptureFixture
    ) -> None:
        api.get(TICKETS, [page(ticket(1), ticket(2))])
        api.get(f"{TICKETS}/1/conversations", [refusal(404)])
        talk(api, 2, 21)
        with caplog.at_level(logging.INFO):
            assert [given for given, _ in conversed(conversations)] == [[21]]
        assert any("Ticket 1 is gone" in message for message in caplog.messages)

    def test_a_batch_of_tickets_that_are_all_gone_is_skipped(
        self, api: requests_mock.Mocker, conversations: Conversations
    ) -> None:
        api.get(TICKETS, [page(ticket(1))])
        api.get(f"{TICKETS}/1/conversations", [refusal(404)])
        ((given, state),) = conversed(conversations)
        assert given == []
        assert state["updated_at"] == ago(1_000)

    @pytest.mark.parametrize("seen", [{"id": 1, "deleted": True}, {"id": 1, "spam": True}, None])
    def test_a_ticket_that_was_thrown_away_is_skipped(
        self, api: requests_mock.Mocker, conversations: Conversations, seen: dict[str, Any] | None
    ) -> None:
        api.get(TICKETS, [page(ticket(1), ticket(2))])
        api.get(f"{TICKETS}/1/conversations", [refusal(403, "access_denied")])
        api.get(f"{TICKETS}/1", [refusal(403, "access_denied") if seen is None else answer(seen)])
        talk(api, 2, 21)
        assert [given for given, _ in conversed(conversations)] == [[21]]

    def test_a_ticket_that_can_be_seen_but_not_its_conversations_is_an_error(
        self, api: requests_mock.Mocker, conversations: Conversations
    ) -> None:
        api.get(TICKETS, [page(ticket(1), ticket(2))])
        api.get(f"{TICKETS}/1/conversations", [refusal(403, "access_denied")])
        api.get(f"{TICKETS}/1", [answer({"id": 1, "deleted": False})])
        with pytest.raises(Refused):
            conversed(conversations)
        assert conversations.state == {}

    def test_when_no_ticket_of_a_batch_may_be_read_it_is_the_key(
        self, api: requests_mock.Mocker, conversations: Conversations
    ) -> None:
        api.get(TICKETS, [page(ticket(1), ticket(2))])
        for ticket_id in (1, 2):
            api.get(f"{TICKETS}/{ticket_id}/conversations", [refusal(403, "access_denied")])
            api.get(f"{TICKETS}/{ticket_id}", [refusal(403, "access_denied")])
        with pytest.raises(Refused):
            conversed(conversations)
        assert conversations.state == {}

    def test_calls_are_those_for_the_list_and_for_each_ticket(
        self, api: requests_mock.Mocker, conversations: Conversations
    ) -> None:
        api.get(TICKETS, [page(ticket(1), ticket(2))])
        talk(api, 1)
        talk(api, 2)
        conversed(conversations)
        assert conversations.calls == 3


def test_how_far_the_walk_is_and_how_long_it_will_take_is_said(clock: SimulatedClock) -> None:
    tickets = Tickets(account(clock), instants.EPOCH)
    assert tickets.how_far() == ""
    tickets._updated_at.advance(NOW - 1000)
    tickets._began = (clock.monotonic(), NOW - 1000)
    clock.passed += 600
    tickets._updated_at.advance(NOW - 600)
    assert tickets.how_far() == f"Tickets are read up to {instants.to_api(NOW - 600)}; about 30 min to go at this rate."
