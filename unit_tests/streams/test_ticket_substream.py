"""The children of each ticket that changed are read."""

import json

import pytest
import requests_mock
from airbyte_cdk.models import SyncMode

from source_freshdesk import instants
from source_freshdesk.api.errors import ResourceUnavailable
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.retrieval.parent_rows import lineage
from source_freshdesk.streams.conversations import Conversations
from source_freshdesk.streams.tickets import Tickets
from unit_tests.streams.tickets_and_conversations import TICKETS, conversed, talk
from unit_tests.support import a_page, a_ticket, ago, answer, ids, queries, records, refusal


class TestConversations:
    def test_the_conversations_of_each_changed_ticket_are_given(
        self, server: requests_mock.Mocker, conversations: Conversations
    ) -> None:
        server.get(TICKETS, [a_page(a_ticket(1), a_ticket(2))])
        talk(server, 1, 11, 12)
        talk(server, 2)
        assert [given for given, _ in conversed(conversations)] == [[11, 12]]

    def test_the_conversations_of_a_ticket_are_read_page_after_page(
        self, server: requests_mock.Mocker, conversations: Conversations
    ) -> None:
        url = f"{TICKETS}/1/conversations"
        server.get(TICKETS, [a_page(a_ticket(1))])
        server.get(
            url, [answer([{"id": 11}], Link=f'<{url}?per_page=100&page=2>; rel="next"'), answer([{"id": 12}])] * 2
        )
        assert [given for given, _ in conversed(conversations)] == [[11, 12]]
        assert len(queries(server, "tickets/1/conversations")) == 3, "all pages but the last are confirmed"

    def test_a_conversation_that_slipped_over_the_page_boundary_is_found(
        self, server: requests_mock.Mocker, conversations: Conversations
    ) -> None:
        url = f"{TICKETS}/1/conversations"
        link = f'<{url}?per_page=100&page=2>; rel="next"'
        server.get(TICKETS, [a_page(a_ticket(1))])
        server.get(
            url,
            [
                *(answer([{"id": 11}, {"id": 12}], Link=link), answer([{"id": 14}])),
                *(answer([{"id": 12}, {"id": 13}], Link=link), answer([{"id": 14}])) * 2,
            ],
        )
        assert [given for given, _ in conversed(conversations)] == [[11, 12, 14, 13]]

    def test_the_list_of_tickets_is_asked_for_without_what_costs_more(
        self, server: requests_mock.Mocker, conversations: Conversations
    ) -> None:
        server.get(TICKETS, [a_page()])
        conversed(conversations)
        assert "include" not in queries(server, "tickets")[0]

    def test_the_state_is_that_of_the_list_and_moves_when_the_batch_was_given(
        self, server: requests_mock.Mocker, conversations: Conversations
    ) -> None:
        server.get(
            TICKETS,
            [a_page(a_ticket(1, 2_000), a_ticket(2, 1_500), more=True), a_page(a_ticket(2, 1_500), a_ticket(3, 1_000))],
        )
        for ticket_id in (1, 2, 3):
            talk(server, ticket_id, ticket_id * 10)
        (first, state), (second, last) = conversed(conversations)
        assert (first, state["updated_at"]) == ([10, 20], ago(1_500))
        assert (second, last["updated_at"]) == ([30], ago(1_000))

    def test_the_state_stands_still_while_a_batch_is_read_though_the_list_went_on(
        self, server: requests_mock.Mocker, conversations: Conversations
    ) -> None:
        server.get(TICKETS, [a_page(a_ticket(1, 2_000), a_ticket(2, 1_500), more=True), a_page(a_ticket(3, 1_000))])
        talk(server, 1, 11)
        talk(server, 2, 21)
        talk(server, 3, 31)
        first, second = conversations.stream_slices(SyncMode.incremental)
        for _ in conversations.read_records(SyncMode.incremental, stream_slice=first):
            assert conversations.state == {}
        assert conversations.state["updated_at"] == ago(1_500)
        records(conversations, stream_slice=second)
        assert conversations.state["updated_at"] == ago(1_000)

    def test_the_state_does_not_grow_with_the_number_of_tickets(
        self, server: requests_mock.Mocker, conversations: Conversations
    ) -> None:
        rows = [a_ticket(number, 50_000 - 10 * number) for number in range(1, 399)]
        server.get(
            TICKETS,
            [a_page(*rows[begin : begin + 100], more=begin < 300) for begin in (0, 99, 198, 297)]
            + [a_page(*rows[300:])],
        )
        for row in rows:
            talk(server, row["id"], row["id"])
        read = conversed(conversations)
        assert sorted(one for given, _ in read for one in given) == ids(rows)
        assert max(len(json.dumps(state)) for _, state in read) < 2_000

    def test_what_changes_after_the_sync_began_is_left_to_the_next_so_that_each_sync_ends(
        self, server: requests_mock.Mocker, conversations: Conversations
    ) -> None:
        """An account whose tickets change as fast as their conversations are read."""
        changed = [a_ticket(1, 1_000), a_ticket(2, 500), a_ticket(3, -1)]
        server.get(TICKETS, [a_page(*changed, more=True), a_page(*changed, a_ticket(4, -2), more=True)])
        for row in changed:
            talk(server, row["id"], row["id"] * 10)
        assert [given for given, _ in conversed(conversations)] == [[10, 20]]
        assert conversations.state["updated_at"] == ago(0)
        assert len(queries(server, "tickets")) == 1

    def test_tickets_that_changed_just_now_are_read_once_in_a_sync_and_once_more_in_the_next(
        self, server: requests_mock.Mocker, api: FreshdeskApi
    ) -> None:
        before, after = Conversations(api, Tickets(api)), Conversations(api, Tickets(api))
        young = [a_ticket(1, 70), a_ticket(2, 65), a_ticket(3, 60), a_ticket(4, 50)]
        server.get(TICKETS, [a_page(*young[:3], more=True), a_page(*young[1:]), a_page(*young)])
        for row in young:
            talk(server, row["id"], row["id"])
        assert [given for given, _ in conversed(before)] == [[1, 2, 3], [4]]
        assert len(queries(server, "tickets/3/conversations")) == 1
        after.state = json.loads(json.dumps(before.state))
        assert [given for given, _ in conversed(after)] == [[1, 2, 3, 4]]

    def test_the_place_in_the_list_is_not_that_of_the_tickets_stream(
        self, server: requests_mock.Mocker, api: FreshdeskApi
    ) -> None:
        tickets, conversations = Tickets(api, start=instants.EPOCH), Conversations(api, Tickets(api))
        server.get(TICKETS, [a_page(a_ticket(1))])
        talk(server, 1, 11)
        assert ids(records(tickets)) == [1]
        assert [given for given, _ in conversed(conversations)] == [[11]]

    def test_the_next_sync_reads_only_the_tickets_that_changed(
        self, server: requests_mock.Mocker, api: FreshdeskApi
    ) -> None:
        before, after = Conversations(api, Tickets(api)), Conversations(api, Tickets(api))
        server.get(TICKETS, [a_page(a_ticket(1), a_ticket(2)), a_page(a_ticket(1), a_ticket(2, 10))])
        talk(server, 1, 11)
        talk(server, 2, 21)
        conversed(before)
        after.state = json.loads(json.dumps(before.state))
        assert [given for given, _ in conversed(after)] == [[21]]

    def test_a_code_that_nobody_knows_is_an_error(
        self, server: requests_mock.Mocker, conversations: Conversations
    ) -> None:
        server.get(TICKETS, [a_page(a_ticket(1), a_ticket(2))])
        server.get(f"{TICKETS}/1/conversations", [refusal(403, "of_no_meaning")])
        server.get(f"{TICKETS}/1", [answer({"id": 1, "deleted": False})])
        talk(server, 2, 21)
        with pytest.raises(ResourceUnavailable):
            conversed(conversations)
        assert conversations.state == {}

    def test_a_second_try_that_succeeds_leaves_the_state_at_once(
        self, server: requests_mock.Mocker, conversations: Conversations
    ) -> None:
        conversations.state = {"updated_at": ago(500), "refused": [1]}
        server.get(TICKETS, [a_page()])
        server.get(f"{TICKETS}/1", [answer({"id": 1, "deleted": False})])
        talk(server, 1, 11)
        slices = iter(conversations.stream_slices(SyncMode.incremental))
        assert ids(records(conversations, stream_slice=next(slices))) == [11]
        assert conversations.state == {"updated_at": ago(500)}

    def test_conversations_that_do_not_hold_still_are_asked_for_again(
        self, server: requests_mock.Mocker, conversations: Conversations
    ) -> None:
        server.get(TICKETS, [a_page(a_ticket(1))])
        url = f"{TICKETS}/1/conversations"
        readings = [
            answer([{"id": number}], Link=f'<{url}?page=2>; rel="next"') if number % 2 else answer([{"id": number}])
            for number in range(1, 11)
        ]
        server.get(url, readings)
        assert [given for given, _ in conversed(conversations)] == [list(range(1, 11))]
        assert conversations.state["refused"] == [1]

    def test_calls_are_those_for_the_list_and_for_each_ticket(
        self, server: requests_mock.Mocker, conversations: Conversations
    ) -> None:
        server.get(TICKETS, [a_page(a_ticket(1), a_ticket(2))])
        talk(server, 1)
        talk(server, 2)
        conversed(conversations)
        assert conversations.api.ledger.drain(lineage(conversations)).calls == 5
