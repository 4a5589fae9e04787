"""Tickets whose conversations are refused for good, among others whose are not."""

import pytest
import requests_mock

from source_freshdesk.streams.conversations import Conversations
from unit_tests.streams.tickets_and_conversations import AGENT, ME, TICKETS, conversed, talk
from unit_tests.support import a_page, a_ticket, ago, answer, refusal


@pytest.fixture(autouse=True)
def refused(server: requests_mock.Mocker) -> None:
    for ticket_id in range(1, 121):
        server.get(f"{TICKETS}/{ticket_id}/conversations", [refusal(403, "access_denied")])
        server.get(f"{TICKETS}/{ticket_id}", [answer(a_ticket(ticket_id))])
    server.get(ME, [AGENT])
    talk(server, 500, 501)


def test_many_at_the_head_of_the_list_do_not_hide_those_behind_them(
    server: requests_mock.Mocker, conversations: Conversations
) -> None:
    head = [a_ticket(number, 5_000 - number) for number in range(1, 121)]
    readable = a_ticket(500, 100)
    latest = [readable, *reversed(head)]
    server.get(
        TICKETS, [a_page(*head[:100], more=True), a_page(*head[99:], readable), a_page(*latest[:100], more=True)]
    )
    assert [number for given, _ in conversed(conversations) for number in given] == [501]
    assert sorted(conversations.state["refused"]) == list(range(1, 121))
    assert conversations.state["updated_at"] == ago(100)


def test_those_remembered_are_tried_again_in_turn_and_stop_nothing(
    server: requests_mock.Mocker, conversations: Conversations
) -> None:
    remembered = list(range(1, 41))
    conversations.state = {"updated_at": ago(500), "refused": remembered}
    server.get(TICKETS, [a_page(a_ticket(500, 100))])
    assert [number for given, _ in conversed(conversations) for number in given] == [501]
    assert not conversations.outcome.is_skipped
    assert conversations.state["refused"] == remembered[10:] + remembered[:10]
    asked = [request.path for request in server.request_history if request.path.endswith("/conversations")]
    assert len(asked) == 10 + 1


def test_a_quiet_sync_with_nothing_but_refused_ones_is_not_skipped(
    server: requests_mock.Mocker, conversations: Conversations
) -> None:
    conversations.state = {"updated_at": ago(500), "refused": list(range(1, 21))}
    server.get(TICKETS, [a_page()])
    assert [given for given, _ in conversed(conversations)] == [[], []]
    assert not conversations.outcome.is_skipped


def test_one_changed_ticket_that_is_refused_says_nothing_of_the_key(
    server: requests_mock.Mocker, conversations: Conversations
) -> None:
    conversations.state = {"updated_at": ago(500)}
    server.get(TICKETS, [a_page(a_ticket(1, 100)), a_page(a_ticket(1, 100), a_ticket(500, 400))])
    conversed(conversations)
    assert not conversations.outcome.is_skipped
    assert conversations.state["refused"] == [1]
    assert conversations.state["updated_at"] == ago(100)
