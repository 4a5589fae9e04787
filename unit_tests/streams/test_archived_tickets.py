"""Which numbers are asked for."""

import pytest
import requests_mock
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.state import archive_progress
from source_freshdesk.streams.archived_tickets import IDS_IN_A_BATCH, UNKNOWN_IDS_AT_THE_END
from unit_tests.streams.archive import A_DAY, LONG_AGO, TICKETS, Desk, archived_tickets, both, day
from unit_tests.support import SimulatedClock, ago, ids, queries, read, refusal


class TestCandidates:
    """Which numbers are asked for."""

    def test_each_number_that_no_list_shows_is_asked_for(self, server: requests_mock.Mocker, api: FreshdeskApi) -> None:
        desk = Desk(server, listed=[3, 8], deleted=[5], spam=[6], archived=[1, 4])
        assert sorted(ids(read(archived_tickets(api)))) == [1, 4]
        assert set(desk.asked()) == {1, 2, 4, 7}

    def test_the_lists_are_asked_for_from_the_beginning_and_without_what_costs_more(
        self, server: requests_mock.Mocker, api: FreshdeskApi
    ) -> None:
        Desk(server, listed=[1])
        read(archived_tickets(api))
        asked = queries(server, "tickets", hidden=True)
        assert [query.get("filter") for query in asked] == [None, ["deleted"], ["spam"]]
        assert {query["updated_since"][0] for query in asked} == {"1970-01-01t00:00:00z"}
        assert not any("include" in query for query in asked)

    def test_the_lists_are_read_once_for_tickets_and_conversations(
        self, server: requests_mock.Mocker, api: FreshdeskApi
    ) -> None:
        Desk(server, listed=[1, 2])
        tickets, conversations = both(api)
        read(tickets)
        read(conversations)
        assert len(queries(server, "tickets", hidden=True)) == 3

    def test_what_was_emitted_once_is_not_asked_for_again(
        self, server: requests_mock.Mocker, api: FreshdeskApi, clock: SimulatedClock
    ) -> None:
        first = archived_tickets(api)
        Desk(server, listed=[5], archived=[1, 2, 3, 4])
        assert sorted(ids(read(first))) == [1, 2, 3, 4]
        clock.sleep(A_DAY)
        desk = Desk(server, listed=[5], archived=[1, 2, 3, 4])
        assert read(archived_tickets(api, dict(first.state))) == []
        assert desk.asked() == []

    def test_numbers_are_asked_for_once_a_day(
        self, server: requests_mock.Mocker, api: FreshdeskApi, clock: SimulatedClock
    ) -> None:
        first = archived_tickets(api)
        Desk(server, listed=[2])
        read(first)
        assert first.state["asked_on"] == day()
        calls = server.call_count
        again = archived_tickets(api, dict(first.state))
        assert read(again) == []
        assert server.call_count == calls
        assert again.state == first.state
        clock.sleep(A_DAY)
        read(archived_tickets(api, dict(first.state)))
        assert server.call_count > calls

    def test_a_sync_that_breaks_is_not_taken_as_that_of_the_day(
        self, server: requests_mock.Mocker, api: FreshdeskApi
    ) -> None:
        first = archived_tickets(api)
        Desk(server, listed=[2])
        server.get(f"{TICKETS}/archived/1", [refusal(400)])
        with pytest.raises(AirbyteTracedException):
            read(first)
        Desk(server, listed=[2], archived=[1])
        assert ids(read(archived_tickets(api, dict(first.state)))) == [1]

    def test_a_ticket_that_left_the_list_since_is_asked_for(
        self, server: requests_mock.Mocker, api: FreshdeskApi, clock: SimulatedClock
    ) -> None:
        first = archived_tickets(api)
        Desk(server, listed=[1, 2])
        assert read(first) == []
        clock.sleep(A_DAY)
        Desk(server, listed=[2], archived=[1])
        assert ids(read(archived_tickets(api, dict(first.state)))) == [1]

    def test_a_ticket_that_was_restored_may_be_archived_again(
        self, server: requests_mock.Mocker, api: FreshdeskApi, clock: SimulatedClock
    ) -> None:
        state = {"updated_at": ago(LONG_AGO), "archived": "1-3", "missing": {}, "gone": "4", "asked_on": ""}
        Desk(server, listed=[2, 4, 9])
        restored = archived_tickets(api, state)
        read(restored)
        assert (restored.state["archived"], restored.state["gone"]) == ("1,3", "")
        clock.sleep(A_DAY)
        Desk(server, listed=[9], archived=[2, 4])
        assert sorted(ids(read(archived_tickets(api, dict(restored.state))))) == [2, 4]

    def test_without_any_ticket_the_first_numbers_are_tried(
        self, server: requests_mock.Mocker, api: FreshdeskApi
    ) -> None:
        desk = Desk(server, archived=[UNKNOWN_IDS_AT_THE_END])
        assert ids(read(archived_tickets(api))) == [UNKNOWN_IDS_AT_THE_END]
        assert desk.asked()[-1] == 2 * UNKNOWN_IDS_AT_THE_END


class TestBeyondTheNewest:
    """Archived tickets may be newer than all that are listed, if these are old."""

    def test_no_number_beyond_a_young_ticket_is_tried(self, server: requests_mock.Mocker, api: FreshdeskApi) -> None:
        desk = Desk(server, listed=[2], age=29 * 86_400)
        read(archived_tickets(api))
        assert set(desk.asked()) == {1}

    def test_beyond_an_old_ticket_numbers_are_tried_until_a_run_of_them_is_unknown(
        self, server: requests_mock.Mocker, api: FreshdeskApi
    ) -> None:
        desk = Desk(server, listed=[1], archived=[5, 101, 150], age=LONG_AGO)
        assert ids(read(archived_tickets(api))) == [5, 101, 150]
        assert set(desk.asked()) == set(range(2, 2 + 3 * UNKNOWN_IDS_AT_THE_END))

    def test_numbers_beyond_the_last_known_one_are_not_taken_as_missing(
        self, server: requests_mock.Mocker, api: FreshdeskApi
    ) -> None:
        """They belong to tickets that are still to be written."""
        Desk(server, listed=[1], age=LONG_AGO)
        stream = archived_tickets(api)
        read(stream)
        assert (stream.state["missing"], stream.state["gone"]) == ({}, "")

    def test_what_was_not_found_before_a_sync_broke_is_not_asked_for_by_the_next_one(
        self, server: requests_mock.Mocker, api: FreshdeskApi, clock: SimulatedClock
    ) -> None:
        last = 3 * IDS_IN_A_BATCH
        Desk(server, listed=[last + 1])
        server.get(f"{TICKETS}/archived/1", [refusal(400)])
        stream = archived_tickets(api)
        with pytest.raises(AirbyteTracedException):
            read(stream)
        clock.sleep(A_DAY)
        desk = Desk(server, listed=[last + 1])
        read(archived_tickets(api, dict(stream.state)))
        assert len(set(desk.asked())) < last / 2

    def test_numbers_are_asked_for_down_to_a_run_of_unknown_ones(
        self, server: requests_mock.Mocker, api: FreshdeskApi, clock: SimulatedClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """An account may begin with a high number, and an import may bring one of any size."""
        monkeypatch.setattr(archive_progress, "UNKNOWN_IN_A_ROW", 300)
        begin, far = 1_000_000, 10**12
        desk = Desk(server, listed=[begin + 200, far], archived=[begin, begin + 100])
        stream = archived_tickets(api)
        assert sorted(ids(read(stream))) == [begin, begin + 100]
        asked = set(desk.asked())
        assert set(range(begin - 300, begin + 200)) <= asked
        assert len(asked) < 2_000
        clock.sleep(A_DAY)
        desk = Desk(server, listed=[begin + 200, far], archived=[begin, begin + 100])
        read(archived_tickets(api, dict(stream.state)))
        assert len(set(desk.asked())) < 500, "not from the end of what was asked for before"
