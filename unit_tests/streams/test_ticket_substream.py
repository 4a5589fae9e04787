"""What hangs on tickets, as streams read it that ask for each ticket that changed."""

import json
import logging
from typing import Any

import pytest
import requests_mock
from airbyte_cdk.models import SyncMode

from source_freshdesk import instants
from source_freshdesk.api.errors import ResourceUnavailable
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.api.response import Row
from source_freshdesk.retrieval.parent_rows import lineage, root_of
from source_freshdesk.streams.conversations import Conversations
from source_freshdesk.streams.tickets import Tickets
from unit_tests.support import API, ago, answer, ids, no_schema, queries, read, records, refusal, warnings

TICKETS = f"{API}tickets"
ME = f"{API}agents/me"
AGENT = answer({"id": 7, "ticket_scope": 1})


def ticket(ticket_id: int, seconds_ago: int = 1_000) -> dict[str, Any]:
    return {"id": ticket_id, "updated_at": ago(seconds_ago), "created_at": ago(90_000 - ticket_id)}


def page(*rows: dict[str, Any], more: bool = False) -> dict[str, Any]:
    return answer(list(rows), Link=f'<{TICKETS}?page=2>; rel="next"') if more else answer(list(rows))


def talk(server: requests_mock.Mocker, ticket_id: int, *conversation_ids: int) -> None:
    """The conversations of a ticket."""
    rows = [{"id": number, "ticket_id": ticket_id} for number in conversation_ids]
    server.get(f"{TICKETS}/{ticket_id}/conversations", [answer(rows)])


@pytest.fixture
def conversations(api: FreshdeskApi) -> Conversations:
    return Conversations(api, Tickets(api))


def conversed(stream: Conversations) -> list[tuple[list[Any], dict[str, Any]]]:
    """The records of each slice and the state after it."""
    return [
        (ids(records(stream, stream_slice=one)), dict(stream.state))
        for one in stream.stream_slices(SyncMode.incremental)
    ]


class TestConversations:
    def test_the_conversations_of_each_changed_ticket_are_given(
        self, server: requests_mock.Mocker, conversations: Conversations
    ) -> None:
        server.get(TICKETS, [page(ticket(1), ticket(2))])
        talk(server, 1, 11, 12)
        talk(server, 2)
        assert [given for given, _ in conversed(conversations)] == [[11, 12]]

    def test_the_conversations_of_a_ticket_are_read_page_after_page(
        self, server: requests_mock.Mocker, conversations: Conversations
    ) -> None:
        url = f"{TICKETS}/1/conversations"
        server.get(TICKETS, [page(ticket(1))])
        server.get(
            url, [answer([{"id": 11}], Link=f'<{url}?per_page=100&page=2>; rel="next"'), answer([{"id": 12}])] * 2
        )
        assert [given for given, _ in conversed(conversations)] == [[11, 12]]
        assert len(queries(server, "tickets/1/conversations")) == 4, "a list of pages is read until nothing was missed"

    def test_a_conversation_that_slipped_over_the_page_boundary_is_found(
        self, server: requests_mock.Mocker, conversations: Conversations
    ) -> None:
        url = f"{TICKETS}/1/conversations"
        link = f'<{url}?per_page=100&page=2>; rel="next"'
        server.get(TICKETS, [page(ticket(1))])
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
        server.get(TICKETS, [page()])
        conversed(conversations)
        assert "include" not in queries(server, "tickets")[0]

    def test_the_state_is_that_of_the_list_and_moves_when_the_batch_was_given(
        self, server: requests_mock.Mocker, conversations: Conversations
    ) -> None:
        server.get(
            TICKETS, [page(ticket(1, 2_000), ticket(2, 1_500), more=True), page(ticket(2, 1_500), ticket(3, 1_000))]
        )
        for ticket_id in (1, 2, 3):
            talk(server, ticket_id, ticket_id * 10)
        (first, state), (second, last) = conversed(conversations)
        assert (first, state["updated_at"]) == ([10, 20], ago(1_500))
        assert (second, last["updated_at"]) == ([30], ago(1_000))

    def test_the_state_stands_still_while_a_batch_is_read_though_the_list_went_on(
        self, server: requests_mock.Mocker, conversations: Conversations
    ) -> None:
        server.get(TICKETS, [page(ticket(1, 2_000), ticket(2, 1_500), more=True), page(ticket(3, 1_000))])
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
        rows = [ticket(number, 50_000 - 10 * number) for number in range(1, 399)]
        server.get(
            TICKETS,
            [page(*rows[begin : begin + 100], more=begin < 300) for begin in (0, 99, 198, 297)] + [page(*rows[300:])],
        )
        for row in rows:
            talk(server, row["id"], row["id"])
        read = conversed(conversations)
        assert sorted(one for given, _ in read for one in given) == ids(rows)
        assert max(len(json.dumps(state)) for _, state in read) < 2_000

    def test_the_place_in_the_list_is_not_that_of_the_tickets_stream(
        self, server: requests_mock.Mocker, api: FreshdeskApi
    ) -> None:
        tickets, conversations = Tickets(api, start=instants.EPOCH), Conversations(api, Tickets(api))
        server.get(TICKETS, [page(ticket(1))])
        talk(server, 1, 11)
        assert ids(records(tickets)) == [1]
        assert [given for given, _ in conversed(conversations)] == [[11]]

    def test_the_next_sync_reads_only_the_tickets_that_changed(
        self, server: requests_mock.Mocker, api: FreshdeskApi
    ) -> None:
        before, after = Conversations(api, Tickets(api)), Conversations(api, Tickets(api))
        server.get(TICKETS, [page(ticket(1), ticket(2)), page(ticket(1), ticket(2, 10))])
        talk(server, 1, 11)
        talk(server, 2, 21)
        conversed(before)
        after.state = json.loads(json.dumps(before.state))
        assert [given for given, _ in conversed(after)] == [[21]]

    def test_a_ticket_that_was_deleted_is_skipped_with_a_line_in_the_log(
        self, server: requests_mock.Mocker, conversations: Conversations, caplog: pytest.LogCaptureFixture
    ) -> None:
        server.get(TICKETS, [page(ticket(1), ticket(2))])
        server.get(f"{TICKETS}/1/conversations", [refusal(404)])
        server.get(f"{TICKETS}/1", [refusal(404)])
        talk(server, 2, 21)
        with caplog.at_level(logging.INFO):
            assert [given for given, _ in conversed(conversations)] == [[21]]
        assert any("Ticket 1 was deleted" in message for message in caplog.messages)

    def test_a_batch_of_tickets_that_are_all_gone_is_skipped(
        self, server: requests_mock.Mocker, conversations: Conversations
    ) -> None:
        server.get(TICKETS, [page(ticket(1))])
        server.get(f"{TICKETS}/1/conversations", [refusal(404)])
        server.get(f"{TICKETS}/1", [refusal(404)])
        ((given, state),) = conversed(conversations)
        assert given == []
        assert state["updated_at"] == ago(1_000)

    @pytest.mark.parametrize("seen", [{"id": 1, "deleted": True}, {"id": 1, "spam": True}, None])
    def test_a_ticket_that_was_thrown_away_is_skipped(
        self, server: requests_mock.Mocker, conversations: Conversations, seen: dict[str, Any] | None
    ) -> None:
        server.get(TICKETS, [page(ticket(1), ticket(2))])
        server.get(f"{TICKETS}/1/conversations", [refusal(403, "access_denied")])
        server.get(f"{TICKETS}/1", [refusal(403, "access_denied") if seen is None else answer(seen)])
        talk(server, 2, 21)
        assert [given for given, _ in conversed(conversations)] == [[21]]

    def test_a_ticket_that_can_be_seen_but_not_its_conversations_is_left_out_aloud(
        self, server: requests_mock.Mocker, conversations: Conversations, caplog: pytest.LogCaptureFixture
    ) -> None:
        server.get(TICKETS, [page(ticket(1), ticket(2))])
        server.get(f"{TICKETS}/1/conversations", [refusal(403, "access_denied")])
        server.get(f"{TICKETS}/1", [answer({"id": 1, "deleted": False})])
        talk(server, 2, 21)
        with caplog.at_level(logging.WARNING):
            assert [given for given, _ in conversed(conversations)] == [[21]]
        (warning,) = warnings(caplog)
        assert warning.startswith("Stream conversations lacks those of ticket 1; the next sync reads them again.")

    def test_a_ticket_whose_conversations_were_refused_is_asked_again_by_the_next_sync(
        self, server: requests_mock.Mocker, api: FreshdeskApi, conversations: Conversations
    ) -> None:
        server.get(TICKETS, [page(ticket(1), ticket(2)), page()])
        refused = server.get(f"{TICKETS}/1/conversations", [refusal(403, "access_denied")])
        server.get(f"{TICKETS}/1", [answer({"id": 1, "deleted": False})])
        talk(server, 2, 21)
        assert [given for given, _ in conversed(conversations)] == [[21]]
        assert conversations.state["refused"] == [1]
        assert refused.call_count == 2
        talk(server, 1, 11)
        following = Conversations(api, Tickets(api))
        following.state = conversations.state
        assert [number for given, _ in conversed(following) for number in given] == [11]
        assert "refused" not in following.state

    def test_conversations_of_a_ticket_that_is_there_are_not_taken_as_gone(
        self, server: requests_mock.Mocker, conversations: Conversations
    ) -> None:
        server.get(TICKETS, [page(ticket(1), ticket(2))])
        server.get(f"{TICKETS}/1/conversations", [refusal(404)])
        server.get(f"{TICKETS}/1", [answer({"id": 1, "deleted": False})])
        talk(server, 2, 21)
        assert [given for given, _ in conversed(conversations)] == [[21]]
        assert conversations.state["refused"] == [1]

    def test_a_code_that_nobody_knows_is_an_error(
        self, server: requests_mock.Mocker, conversations: Conversations
    ) -> None:
        server.get(TICKETS, [page(ticket(1), ticket(2))])
        server.get(f"{TICKETS}/1/conversations", [refusal(403, "of_no_meaning")])
        server.get(f"{TICKETS}/1", [answer({"id": 1, "deleted": False})])
        talk(server, 2, 21)
        with pytest.raises(ResourceUnavailable):
            conversed(conversations)
        assert conversations.state == {}

    def test_one_refused_ticket_on_a_page_of_its_own_does_not_stop_those_after_it(
        self, server: requests_mock.Mocker, conversations: Conversations
    ) -> None:
        server.get(TICKETS, [page(ticket(1, 2_000), more=True), page(ticket(2))])
        server.get(f"{TICKETS}/1/conversations", [refusal(403, "access_denied")])
        server.get(f"{TICKETS}/1", [answer({"id": 1, "deleted": False})])
        talk(server, 2, 21)
        assert [number for given, _ in conversed(conversations) for number in given] == [21]
        assert conversations.state["refused"] == [1]

    def test_a_second_try_that_succeeds_leaves_the_state_at_once(
        self, server: requests_mock.Mocker, conversations: Conversations
    ) -> None:
        conversations.state = {"updated_at": ago(500), "refused": [1]}
        server.get(f"{TICKETS}/1", [answer({"id": 1, "deleted": False})])
        talk(server, 1, 11)
        slices = iter(conversations.stream_slices(SyncMode.incremental))
        assert ids(records(conversations, stream_slice=next(slices))) == [11]
        assert conversations.state == {"updated_at": ago(500)}

    def test_a_ticket_that_is_gone_is_not_tried_a_second_time(
        self, server: requests_mock.Mocker, conversations: Conversations
    ) -> None:
        conversations.state = {"updated_at": ago(500), "refused": [1]}
        server.get(f"{TICKETS}/1", [refusal(404)])
        server.get(TICKETS, [page(ticket(2, 100))])
        talk(server, 2, 21)
        assert [given for given, _ in conversed(conversations)] == [[21]]
        assert "refused" not in conversations.state

    def test_conversations_that_do_not_hold_still_are_asked_for_again(
        self, server: requests_mock.Mocker, conversations: Conversations
    ) -> None:
        server.get(TICKETS, [page(ticket(1))])
        url = f"{TICKETS}/1/conversations"
        readings = [
            answer([{"id": number}], Link=f'<{url}?page=2>; rel="next"') if number % 2 else answer([{"id": number}])
            for number in range(1, 11)
        ]
        server.get(url, readings)
        assert [given for given, _ in conversed(conversations)] == [list(range(1, 11))]
        assert conversations.state["refused"] == [1]

    def test_when_no_ticket_of_a_batch_may_be_read_it_is_the_key(
        self, server: requests_mock.Mocker, conversations: Conversations, caplog: pytest.LogCaptureFixture
    ) -> None:
        server.get(TICKETS, [page(ticket(1), ticket(2))])
        for ticket_id in (1, 2):
            server.get(f"{TICKETS}/{ticket_id}/conversations", [refusal(403, "access_denied")])
            server.get(f"{TICKETS}/{ticket_id}", [refusal(403, "access_denied")])
        with caplog.at_level(logging.WARNING):
            assert read(conversations) == []
        assert warnings(caplog)[-1].startswith("Stream conversations is skipped.")
        assert conversations.state == {}

    def test_calls_are_those_for_the_list_and_for_each_ticket(
        self, server: requests_mock.Mocker, conversations: Conversations
    ) -> None:
        server.get(TICKETS, [page(ticket(1), ticket(2))])
        talk(server, 1)
        talk(server, 2)
        conversed(conversations)
        assert conversations.api.drain_call_count(lineage(conversations)) == 3


class TestMissing:
    """A resource that not every account, key or ticket has."""

    class Gated(Conversations):
        """Of which the plan may not include any, and which only odd tickets have."""

        name = "conversations"
        feature = "Conversations"

        get_json_schema = no_schema

        def may_have_children(self, ticket: Row) -> bool:
            return bool(ticket["id"] % 2)

    @pytest.fixture
    def gated(self, api: FreshdeskApi) -> Conversations:
        return self.Gated(api, Tickets(api))

    def test_only_tickets_that_may_have_children_are_asked(
        self, server: requests_mock.Mocker, gated: Conversations
    ) -> None:
        server.get(TICKETS, [page(ticket(1, 3_000), ticket(2, 2_000), ticket(3, 1_500), ticket(4, 1_000))])
        talk(server, 1, 11)
        talk(server, 3, 31)
        ((given, state),) = conversed(gated)
        assert given == [11, 31]
        assert state["updated_at"] == ago(1_000)

    def test_a_page_without_any_such_ticket_moves_the_state(
        self, server: requests_mock.Mocker, gated: Conversations
    ) -> None:
        server.get(TICKETS, [page(ticket(2, 2_000), ticket(4, 1_000))])
        ((given, state),) = conversed(gated)
        assert given == []
        assert state["updated_at"] == ago(1_000)

    def test_a_feature_that_is_missing_is_found_by_one_ticket_and_keeps_the_state(
        self, server: requests_mock.Mocker, gated: Conversations, caplog: pytest.LogCaptureFixture
    ) -> None:
        server.get(TICKETS, [page(*(ticket(number, 2_000 - number) for number in range(1, 9)))])
        for number in (1, 3, 5, 7):
            server.get(f"{TICKETS}/{number}/conversations", [refusal(403, "require_feature")])
        server.get(ME, [AGENT])
        with caplog.at_level(logging.WARNING):
            assert read(gated) == []
        (warning,) = warnings(caplog)
        assert warning.startswith("Stream conversations is skipped.")
        assert warning.endswith("It needs the feature Conversations.")
        assert gated.state == {}
        asked = [request.path for request in server.request_history if request.path.endswith("/conversations")]
        assert set(asked) == {"/api/v2/tickets/1/conversations"}

    def test_a_missing_feature_that_is_told_once_only_is_not_believed(
        self, server: requests_mock.Mocker, gated: Conversations
    ) -> None:
        server.get(TICKETS, [page(ticket(1))])
        server.get(f"{TICKETS}/1/conversations", [refusal(403, "require_feature"), answer([{"id": 11}])])
        server.get(ME, [AGENT])
        assert ids(read(gated)) == [11]
        assert not gated.outcome.is_skipped

    def test_tickets_that_may_not_be_listed_skip_their_children(
        self, server: requests_mock.Mocker, gated: Conversations, caplog: pytest.LogCaptureFixture
    ) -> None:
        server.get(TICKETS, [refusal(403, "access_denied")])
        server.get(ME, [AGENT])
        with caplog.at_level(logging.WARNING):
            assert read(gated) == []
        (warning,) = warnings(caplog)
        assert warning.startswith("Stream conversations is skipped.")
        assert gated.state == {}

    def test_whether_it_can_be_read_is_asked_of_the_tickets(
        self, server: requests_mock.Mocker, gated: Conversations
    ) -> None:
        server.get(TICKETS, [page(ticket(1)), refusal(403, "access_denied")])
        assert root_of(gated).probe() is None
        refused = root_of(gated).probe()
        assert refused is not None
        assert refused.code == "access_denied"
        assert queries(server, "tickets") == [{"per_page": ["1"]}] * 2
