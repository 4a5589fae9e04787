"""Watchers, associations and summaries of tickets."""

import logging
from typing import Any

import pytest
import requests_mock

from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.streams.ticket_relations import TicketAssociations, TicketSummaries, TicketWatchers
from source_freshdesk.streams.tickets import Tickets
from unit_tests.support import API, a_ticket, ago, answer, read, refusal, warnings

TICKETS, ME = f"{API}tickets", f"{API}agents/me"


def associated(ticket_id: int, association_type: int | None = None) -> dict[str, Any]:
    """A ticket that may be associated with others."""
    return a_ticket(ticket_id, 1_000 - ticket_id, association_type=association_type)


def tickets(server: requests_mock.Mocker, *rows: dict[str, Any]) -> None:
    server.get(TICKETS, [answer(list(rows))])


def asked(server: requests_mock.Mocker) -> list[str]:
    """The paths below the tickets that were asked for, in order of their names."""
    paths = {request.path.removeprefix("/api/v2/tickets/") for request in server.request_history}
    return sorted(path for path in paths if not path.startswith("/"))


class TestWatchers:
    @pytest.fixture
    def watchers(self, api: FreshdeskApi) -> TicketWatchers:
        return TicketWatchers(api, Tickets(api))

    def test_the_watchers_of_a_ticket_are_one_record(
        self, server: requests_mock.Mocker, watchers: TicketWatchers
    ) -> None:
        tickets(server, associated(1), associated(2))
        server.get(f"{TICKETS}/1/watchers", [answer({"watcher_ids": [7, 8]})])
        server.get(f"{TICKETS}/2/watchers", [answer({"watcher_ids": []})])
        assert read(watchers) == [
            {"ticket_id": 1, "watcher_ids": [7, 8], "updated_at": ago(999)},
            {"ticket_id": 2, "watcher_ids": [], "updated_at": ago(998)},
        ]
        assert watchers.state["updated_at"] == ago(998)

    def test_a_ticket_that_was_deleted_comes_as_the_list_has_it(
        self, server: requests_mock.Mocker, watchers: TicketWatchers
    ) -> None:
        tickets(server, associated(1), associated(2))
        server.get(f"{TICKETS}/1/watchers", [refusal(404)])
        server.get(f"{TICKETS}/1", [refusal(404)])
        server.get(f"{TICKETS}/2/watchers", [answer({"watcher_ids": [7]})])
        assert [record["ticket_id"] for record in read(watchers)] == [2]

    def test_ids_are_numbers_though_they_came_as_texts(
        self, server: requests_mock.Mocker, watchers: TicketWatchers
    ) -> None:
        tickets(server, associated(1))
        server.get(f"{TICKETS}/1/watchers", [answer({"watcher_ids": ["7"]})])
        assert read(watchers)[0]["watcher_ids"] == [7]


class TestAssociations:
    @pytest.fixture
    def associations(self, api: FreshdeskApi) -> TicketAssociations:
        return TicketAssociations(api, Tickets(api))

    @pytest.mark.parametrize("association_type", [1, 3])
    def test_a_parent_and_a_tracker_are_asked_for_the_tickets_below(
        self, server: requests_mock.Mocker, associations: TicketAssociations, association_type: int
    ) -> None:
        tickets(server, associated(1, association_type))
        below = [{"id": 5, "subject": "One"}, {"id": 6, "subject": "Other"}]
        server.get(f"{TICKETS}/1/associated_tickets", [answer({"tickets": below})])
        assert read(associations) == [
            {
                "ticket_id": 1,
                "association_type": association_type,
                "associated_ticket_ids": [5, 6],
                "associated_tickets": below,
                "updated_at": ago(999),
            }
        ]

    @pytest.mark.parametrize("association_type", [2, 4])
    def test_a_child_and_a_related_ticket_are_asked_for_the_one_above(
        self, server: requests_mock.Mocker, associations: TicketAssociations, association_type: int
    ) -> None:
        tickets(server, associated(1, association_type))
        server.get(f"{TICKETS}/1/prime_association", [answer({"id": 9, "subject": "Above"})])
        (record,) = read(associations)
        assert record["associated_ticket_ids"] == [9]
        assert record["associated_tickets"] == [{"id": 9, "subject": "Above"}]

    def test_a_ticket_without_associations_costs_no_call(
        self, server: requests_mock.Mocker, associations: TicketAssociations
    ) -> None:
        tickets(server, associated(1), associated(2, 0), associated(3, 2))
        server.get(f"{TICKETS}/3/prime_association", [answer({"id": 9})])
        assert [record["ticket_id"] for record in read(associations)] == [3]
        assert asked(server) == ["3/prime_association"]
        assert associations.state["updated_at"] == ago(997)

    def test_an_association_that_is_dissolved_meanwhile_is_with_none(
        self, server: requests_mock.Mocker, associations: TicketAssociations
    ) -> None:
        tickets(server, associated(1, 2), associated(2, 1))
        server.get(f"{TICKETS}/1/prime_association", [refusal(404)])
        server.get(f"{TICKETS}/2/associated_tickets", [answer({"tickets": []})])
        assert [(record["ticket_id"], record["associated_ticket_ids"]) for record in read(associations)] == [
            (1, []),
            (2, []),
        ]


class TestSummaries:
    @pytest.fixture
    def summaries(self, api: FreshdeskApi) -> TicketSummaries:
        return TicketSummaries(api, Tickets(api))

    def test_a_summary_names_its_ticket(self, server: requests_mock.Mocker, summaries: TicketSummaries) -> None:
        tickets(server, associated(1))
        server.get(f"{TICKETS}/1/summary", [answer({"id": 50, "body_text": "All well", "updated_at": ago(5)})])
        assert read(summaries) == [{"ticket_id": 1, "id": 50, "body_text": "All well", "updated_at": ago(5)}]

    def test_a_ticket_without_a_summary_is_not_called_deleted(
        self, server: requests_mock.Mocker, summaries: TicketSummaries, caplog: pytest.LogCaptureFixture
    ) -> None:
        tickets(server, associated(1), associated(2))
        server.get(f"{TICKETS}/1/summary", [refusal(404)])
        server.get(f"{TICKETS}/2/summary", [answer({"id": 50})])
        with caplog.at_level(logging.INFO):
            assert [record["ticket_id"] for record in read(summaries)] == [2]
        assert not any("gone" in message for message in caplog.messages)

    def test_a_plan_without_summaries_is_found_by_one_ticket(
        self, server: requests_mock.Mocker, summaries: TicketSummaries, caplog: pytest.LogCaptureFixture
    ) -> None:
        tickets(server, *(associated(number) for number in range(1, 6)))
        for number in range(1, 6):
            server.get(f"{TICKETS}/{number}/summary", [refusal(403, "require_feature")])
        server.get(ME, [answer({"id": 7})])
        with caplog.at_level(logging.WARNING):
            assert read(summaries) == []
        (warning,) = warnings(caplog)
        assert warning.endswith("It needs the feature Ticket Summary.")
        assert asked(server) == ["1/summary"]
        assert summaries.state == {}
