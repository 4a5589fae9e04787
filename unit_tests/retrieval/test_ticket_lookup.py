"""Tickets that their list does not reach."""

import logging
from typing import Any

import pytest
import requests_mock

from source_freshdesk import instants
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.retrieval import ticket_walk
from source_freshdesk.streams.tickets import Tickets
from unit_tests.support import API, NOW, ago, answer, ids, records, refusal

TICKETS = f"{API}tickets"


def a_ticket(ticket_id: int, seconds_ago: int = 9_000, **fields: Any) -> dict[str, Any]:
    return {"id": ticket_id, "updated_at": ago(seconds_ago), "created_at": ago(20_000), **fields}


@pytest.fixture
def tickets(api: FreshdeskApi, server: requests_mock.Mocker, monkeypatch: pytest.MonkeyPatch) -> Tickets:
    """300 tickets of one second, of which the list shows 100, 101 and 105 alone."""
    monkeypatch.setattr(ticket_walk, "LAST_PAGE", 1)
    listed = answer([a_ticket(100), a_ticket(101), a_ticket(105)])
    listed["headers"] = listed["headers"] | {"Link": f'<{TICKETS}?page=2>; rel="next"'}
    after = instants.to_api(NOW - 9_000)
    server.get(TICKETS, [listed])
    server.get(f"{TICKETS}?updated_since={after}", [answer([])])
    for number in range(1, 1_000):
        server.get(f"{TICKETS}/{number}", [refusal(404)])
    return Tickets(api, start=instants.EPOCH)


def asked(server: requests_mock.Mocker) -> list[int]:
    """The single tickets that were asked for."""
    paths = (request.path.rpartition("/")[2] for request in server.request_history)
    return sorted(int(path) for path in paths if path.isdigit())


def test_what_a_run_lacks_is_looked_up_between_and_at_both_ends(
    server: requests_mock.Mocker, tickets: Tickets, caplog: pytest.LogCaptureFixture
) -> None:
    for number in (103, 106, 150, 206):
        server.get(f"{TICKETS}/{number}", [answer(a_ticket(number))])
    with caplog.at_level(logging.WARNING):
        assert sorted(ids(records(tickets))) == [100, 101, 103, 105, 106, 150, 206]
    assert asked(server) == [*range(1, 100), 102, 103, 104, *range(106, 406)]
    (warning,) = (message for message in caplog.messages if "than Freshdesk lists" in message)
    assert "About 203 are looked up one by one" in warning


@pytest.mark.parametrize(
    "other",
    [a_ticket(103, 500), a_ticket(103, 19_000), a_ticket(103, deleted=True), a_ticket(103, spam=True)],
    ids=["changed later", "changed before", "deleted", "spam"],
)
def test_what_is_not_of_the_run_is_left_out(
    server: requests_mock.Mocker, tickets: Tickets, other: dict[str, Any]
) -> None:
    server.get(f"{TICKETS}/103", [answer(other)])
    assert ids(records(tickets)) == [100, 101, 105]


def test_a_ticket_that_is_refused_is_named_and_stops_none_of_the_others(
    server: requests_mock.Mocker, tickets: Tickets, caplog: pytest.LogCaptureFixture
) -> None:
    server.get(f"{TICKETS}/102", [refusal(403, "access_denied")])
    server.get(f"{TICKETS}/103", [answer(a_ticket(103))])
    assert ids(records(tickets)) == [100, 101, 105, 103]
    assert [text.split(",")[0] for text in caplog.messages if "is left out" in text] == ["Ticket 102 is left out"]


def test_single_tickets_are_asked_for_with_what_the_list_embeds(server: requests_mock.Mocker, tickets: Tickets) -> None:
    records(tickets)
    single = [request.qs for request in server.request_history if request.path.endswith("/104")]
    assert single == [{"include": ["stats,requester"]}]
