"""Children that not every account, key or ticket has."""

import logging
from typing import Any

import pytest
import requests_mock

from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.api.response import Row
from source_freshdesk.retrieval.parent_rows import root_of
from source_freshdesk.streams.conversations import Conversations
from source_freshdesk.streams.tickets import Tickets
from unit_tests.streams.tickets_and_conversations import AGENT, ME, TICKETS, conversed, talk
from unit_tests.support import a_page, a_ticket, ago, answer, ids, no_schema, queries, read, refusal, warnings


class TestRefusals:
    """Conversations that may not be read, of one ticket or of all."""

    def test_a_ticket_that_was_deleted_is_skipped_with_a_line_in_the_log(
        self, server: requests_mock.Mocker, conversations: Conversations, caplog: pytest.LogCaptureFixture
    ) -> None:
        server.get(TICKETS, [a_page(a_ticket(1), a_ticket(2))])
        server.get(f"{TICKETS}/1/conversations", [refusal(404)])
        server.get(f"{TICKETS}/1", [refusal(404)])
        talk(server, 2, 21)
        with caplog.at_level(logging.INFO):
            assert [given for given, _ in conversed(conversations)] == [[21]]
        assert any("Ticket 1 was deleted" in message for message in caplog.messages)

    def test_a_batch_of_tickets_that_were_all_deleted_is_skipped(
        self, server: requests_mock.Mocker, conversations: Conversations
    ) -> None:
        server.get(TICKETS, [a_page(a_ticket(1))])
        server.get(f"{TICKETS}/1/conversations", [refusal(404)])
        server.get(f"{TICKETS}/1", [refusal(404)])
        ((given, state),) = conversed(conversations)
        assert given == []
        assert state["updated_at"] == ago(1_000)

    @pytest.mark.parametrize("seen", [{"id": 1, "deleted": True}, {"id": 1, "spam": True}, None])
    def test_a_ticket_that_was_thrown_away_is_skipped(
        self, server: requests_mock.Mocker, conversations: Conversations, seen: dict[str, Any] | None
    ) -> None:
        server.get(TICKETS, [a_page(a_ticket(1), a_ticket(2))])
        server.get(f"{TICKETS}/1/conversations", [refusal(403, "access_denied")])
        server.get(f"{TICKETS}/1", [refusal(403, "access_denied") if seen is None else answer(seen)])
        talk(server, 2, 21)
        assert [given for given, _ in conversed(conversations)] == [[21]]

    def test_a_ticket_that_can_be_seen_but_not_its_conversations_is_left_out_with_a_warning(
        self, server: requests_mock.Mocker, conversations: Conversations, caplog: pytest.LogCaptureFixture
    ) -> None:
        server.get(TICKETS, [a_page(a_ticket(1), a_ticket(2))])
        server.get(f"{TICKETS}/1/conversations", [refusal(403, "access_denied")])
        server.get(f"{TICKETS}/1", [answer({"id": 1, "deleted": False})])
        talk(server, 2, 21)
        with caplog.at_level(logging.WARNING):
            assert [given for given, _ in conversed(conversations)] == [[21]]
        (warning,) = warnings(caplog)
        assert warning.startswith("Stream conversations lacks those of ticket 1; a later sync reads them.")

    def test_a_ticket_whose_conversations_were_refused_is_asked_again_by_the_next_sync(
        self, server: requests_mock.Mocker, api: FreshdeskApi, conversations: Conversations
    ) -> None:
        server.get(TICKETS, [a_page(a_ticket(1), a_ticket(2)), a_page()])
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

    def test_conversations_of_a_ticket_that_is_there_are_not_taken_as_deleted(
        self, server: requests_mock.Mocker, conversations: Conversations
    ) -> None:
        server.get(TICKETS, [a_page(a_ticket(1), a_ticket(2))])
        server.get(f"{TICKETS}/1/conversations", [refusal(404)])
        server.get(f"{TICKETS}/1", [answer({"id": 1, "deleted": False})])
        talk(server, 2, 21)
        assert [given for given, _ in conversed(conversations)] == [[21]]
        assert conversations.state["refused"] == [1]

    def test_one_refused_ticket_on_a_page_of_its_own_does_not_stop_those_after_it(
        self, server: requests_mock.Mocker, conversations: Conversations
    ) -> None:
        server.get(TICKETS, [a_page(a_ticket(1, 2_000), more=True), a_page(a_ticket(2))])
        server.get(f"{TICKETS}/1/conversations", [refusal(403, "access_denied")])
        server.get(f"{TICKETS}/1", [answer({"id": 1, "deleted": False})])
        talk(server, 2, 21)
        assert [number for given, _ in conversed(conversations) for number in given] == [21]
        assert conversations.state["refused"] == [1]

    def test_a_ticket_that_was_deleted_is_not_tried_a_second_time(
        self, server: requests_mock.Mocker, conversations: Conversations
    ) -> None:
        conversations.state = {"updated_at": ago(500), "refused": [1]}
        server.get(f"{TICKETS}/1", [refusal(404)])
        server.get(TICKETS, [a_page(a_ticket(2, 100))])
        talk(server, 2, 21)
        assert [given for given, _ in conversed(conversations)] == [[21]]
        assert "refused" not in conversations.state

    def test_when_no_ticket_of_a_batch_may_be_read_it_is_the_key(
        self, server: requests_mock.Mocker, conversations: Conversations, caplog: pytest.LogCaptureFixture
    ) -> None:
        server.get(TICKETS, [a_page(a_ticket(1), a_ticket(2))])
        for ticket_id in (1, 2):
            server.get(f"{TICKETS}/{ticket_id}/conversations", [refusal(403, "access_denied")])
            server.get(f"{TICKETS}/{ticket_id}", [refusal(403, "access_denied")])
        with caplog.at_level(logging.WARNING):
            assert read(conversations) == []
        assert warnings(caplog)[-1].startswith("Stream conversations is skipped.")
        assert conversations.state == {}


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
        server.get(TICKETS, [a_page(a_ticket(1, 3_000), a_ticket(2, 2_000), a_ticket(3, 1_500), a_ticket(4, 1_000))])
        talk(server, 1, 11)
        talk(server, 3, 31)
        ((given, state),) = conversed(gated)
        assert given == [11, 31]
        assert state["updated_at"] == ago(1_000)

    def test_a_page_without_any_such_ticket_moves_the_state(
        self, server: requests_mock.Mocker, gated: Conversations
    ) -> None:
        server.get(TICKETS, [a_page(a_ticket(2, 2_000), a_ticket(4, 1_000))])
        ((given, state),) = conversed(gated)
        assert given == []
        assert state["updated_at"] == ago(1_000)

    def test_a_feature_that_is_missing_is_found_by_one_ticket_and_keeps_the_state(
        self, server: requests_mock.Mocker, gated: Conversations, caplog: pytest.LogCaptureFixture
    ) -> None:
        server.get(TICKETS, [a_page(*(a_ticket(number, 2_000 - number) for number in range(1, 9)))])
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

    def test_a_missing_feature_that_is_logged_once_only_is_not_accepted(
        self, server: requests_mock.Mocker, gated: Conversations
    ) -> None:
        server.get(TICKETS, [a_page(a_ticket(1))])
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
        server.get(TICKETS, [a_page(a_ticket(1)), refusal(403, "access_denied")])
        assert root_of(gated).probe() is None
        refused = root_of(gated).probe()
        assert refused is not None
        assert refused.code == "access_denied"
        assert queries(server, "tickets") == [{"per_page": ["1"]}] * 2
