"""What is saved of the search, and how it is skipped."""

import logging
from collections.abc import Iterable
from typing import Any

import pytest
import requests_mock
from airbyte_cdk.models import AirbyteMessage, FailureType, SyncMode
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.retrieval.parent_rows import root_of
from source_freshdesk.state.archive_progress import ASKED_AGAIN_AFTER_DAYS
from source_freshdesk.state.id_ranges import from_text
from source_freshdesk.streams.archived_tickets import (
    IDS_IN_A_BATCH,
)
from unit_tests.streams.archive import A_DAY, LONG_AGO, TICKETS, Desk, archived_tickets, both, day
from unit_tests.support import SimulatedClock, ago, answer, ids, linked, read, refusal, warnings


class TestGone:
    """Numbers of tickets that were deleted for ever."""

    def sync(
        self,
        server: requests_mock.Mocker,
        api: FreshdeskApi,
        state: dict[str, Any] | None,
        archived: Iterable[int] = (),
    ) -> tuple[Desk, list[int], dict[str, Any]]:
        """A sync of an account with the tickets 1 and 4 in its list."""
        desk = Desk(server, listed=[1, 4], archived=archived)
        stream = archived_tickets(api, state)
        given = ids(read(stream))
        return desk, given, dict(stream.state)

    def test_a_number_is_given_up_when_it_was_not_found_once_more_some_days_later(
        self, server: requests_mock.Mocker, api: FreshdeskApi, clock: SimulatedClock
    ) -> None:
        desk, _given, state = self.sync(server, api, None)
        for _ in range(ASKED_AGAIN_AFTER_DAYS - 1):
            clock.sleep(A_DAY)
            desk, _given, state = self.sync(server, api, state)
            assert desk.asked() == []
            assert (list(state["missing"].values()), state["gone"]) == (["2-3"], "")
        clock.sleep(A_DAY)
        desk, _given, state = self.sync(server, api, state)
        assert set(desk.asked()) == {2, 3}
        assert (state["missing"], state["gone"]) == ({}, "2-3")
        clock.sleep(A_DAY)
        desk, _given, state = self.sync(server, api, state)
        assert desk.asked() == []

    def test_a_ticket_that_was_archived_at_that_very_moment_is_found_when_it_is_asked_for_again(
        self, server: requests_mock.Mocker, api: FreshdeskApi, clock: SimulatedClock
    ) -> None:
        _desk, given, state = self.sync(server, api, None)
        assert given == []
        clock.sleep(ASKED_AGAIN_AFTER_DAYS * A_DAY)
        _desk, given, state = self.sync(server, api, state, archived=[2])
        assert given == [2]
        assert (state["archived"], state["missing"], state["gone"]) == ("2", {}, "3")

    def test_each_number_is_counted_from_the_day_on_which_it_was_missed_first(
        self, server: requests_mock.Mocker, api: FreshdeskApi, clock: SimulatedClock
    ) -> None:
        _desk, _given, state = self.sync(server, api, {"missing": {day(-1): "2"}})
        assert state["missing"] == {day(-1): "2", day(): "3"}

    def test_a_number_that_is_missed_for_years_is_not_given_up_by_one_sync(
        self, server: requests_mock.Mocker, api: FreshdeskApi
    ) -> None:
        """Whoever syncs once in a while has asked once."""
        _desk, _given, state = self.sync(server, api, None)
        assert state["gone"] == ""

    def test_a_number_is_asked_for_once_though_two_streams_need_it(
        self, server: requests_mock.Mocker, api: FreshdeskApi
    ) -> None:
        desk = Desk(server, listed=[1, 5], archived=[2])
        server.get(f"{TICKETS}/archived/2/conversations", [answer([])])
        tickets, conversations = both(api)
        read(tickets)
        calls = len(desk.asked())
        read(conversations)
        assert set(desk.asked()) == {2, 3, 4}
        assert len(desk.asked()) - calls <= 3, "those that are not archived are known"

    def test_tickets_that_are_refused_are_left_out_with_a_warning_and_asked_for_again(
        self, server: requests_mock.Mocker, api: FreshdeskApi, clock: SimulatedClock, caplog: pytest.LogCaptureFixture
    ) -> None:
        state: dict[str, Any] | None = None
        for count in range(3):
            desk = Desk(server, listed=[9], archived=[3])
            for number in (1, 2):
                server.get(f"{TICKETS}/archived/{number}", [refusal(403, "access_denied")])
            stream = archived_tickets(api, state)
            with caplog.at_level(logging.WARNING):
                read(stream)
            state = dict(stream.state)
            assert state["archived"] == "3"
            is_given_up = count >= ASKED_AGAIN_AFTER_DAYS
            assert (list(state["missing"].values()), state["gone"]) == (([], "4-8") if is_given_up else (["4-8"], ""))
            assert {1, 2} <= set(desk.asked())
            clock.sleep(A_DAY)
        assert [warning.split(".")[0] for warning in warnings(caplog)] == [
            "Stream archived_tickets lacks 2 archived tickets"
        ] * 3


class TestState:
    def test_no_state_is_ahead_of_its_records_and_the_last_knows_all(
        self, server: requests_mock.Mocker, api: FreshdeskApi
    ) -> None:
        last = 2 * IDS_IN_A_BATCH + 50
        Desk(server, listed=[last + 1], archived=range(1, last + 1))
        given: set[int] = set()
        states = 0
        stream = archived_tickets(api)
        for message in stream.read_records(SyncMode.incremental):
            if isinstance(message, AirbyteMessage):
                assert message.state is not None
                assert message.state.stream is not None
                assert from_text(vars(message.state.stream.stream_state)["archived"]) <= given
                states += 1
            else:
                given.add(dict(message)["id"])
        assert given == set(range(1, last + 1))
        assert states > 1
        assert stream.state["archived"] == f"1-{last}"

    def test_the_newest_change_is_reported(self, server: requests_mock.Mocker, api: FreshdeskApi) -> None:
        Desk(server, listed=[4], archived=[1, 2, 3])
        stream = archived_tickets(api)
        read(stream)
        assert stream.state == {
            "updated_at": ago(LONG_AGO - 3),
            "archived": "1-3",
            "missing": {},
            "gone": "",
            "asked_on": day(),
        }

    def test_a_sync_that_breaks_gives_no_number_up(self, server: requests_mock.Mocker, api: FreshdeskApi) -> None:
        Desk(server, listed=[4], archived=[1])
        server.get(f"{TICKETS}/archived/3", [refusal(400)])
        stream = archived_tickets(api, {"archived": "", "missing": {day(-1): "2"}, "gone": ""})
        with pytest.raises(AirbyteTracedException):
            read(stream)
        assert stream.state["gone"] == ""

    @pytest.mark.parametrize(
        "state",
        [
            {"archived": "many"},
            {"archived": 5},
            {"missing": "1-3"},
            {"missing": {"soon": "1"}},
            {"missing": {"2026-11-20": "many"}},
            {"gone": ["1"]},
            {"updated_at": "soon"},
            {"updated_at": 5},
        ],
    )
    def test_a_state_that_cannot_be_read_is_the_users_to_clear(self, api: FreshdeskApi, state: dict[str, Any]) -> None:
        with pytest.raises(AirbyteTracedException, match="Clear the stream's state") as caught:
            archived_tickets(api, state)
        assert caught.value.failure_type is FailureType.config_error

    def test_an_empty_state_is_the_start(self, server: requests_mock.Mocker, api: FreshdeskApi) -> None:
        Desk(server, listed=[2], archived=[1])
        assert ids(read(archived_tickets(api, {}))) == [1]


class TestSkipping:
    def test_it_is_off_unless_it_is_wanted(
        self, server: requests_mock.Mocker, api: FreshdeskApi, caplog: pytest.LogCaptureFixture
    ) -> None:
        state = {"updated_at": ago(LONG_AGO), "archived": "1", "missing": {}, "gone": "", "asked_on": ""}
        stream = archived_tickets(api, state, enabled=False)
        with caplog.at_level(logging.INFO):
            assert read(stream) == []
        assert not server.called
        assert stream.state == state
        assert any("Switch 'archived_tickets' on" in message for message in caplog.messages)

    @pytest.mark.parametrize("numbers", [{"listed": [50]}, {"listed": [1, 2], "age": LONG_AGO}, {}])
    def test_a_plan_without_archive_is_found_by_one_number_and_keeps_the_state(
        self,
        server: requests_mock.Mocker,
        api: FreshdeskApi,
        caplog: pytest.LogCaptureFixture,
        numbers: dict[str, Any],
    ) -> None:
        desk = Desk(server, **numbers)
        for number in range(1, 200):
            server.get(f"{TICKETS}/archived/{number}", [refusal(403, "require_feature")])
        stream = archived_tickets(api)
        with caplog.at_level(logging.WARNING):
            assert read(stream) == []
        (warning,) = warnings(caplog)
        assert warning.startswith("Stream archived_tickets is skipped.")
        assert warning.endswith("It needs the feature Archive Tickets.")
        assert stream.state == {}
        assert len(set(desk.asked())) == 1

    def test_tickets_that_may_not_be_listed_skip_the_stream_and_keep_the_state(
        self, server: requests_mock.Mocker, api: FreshdeskApi, caplog: pytest.LogCaptureFixture
    ) -> None:
        state = {"updated_at": ago(LONG_AGO), "archived": "1-5", "missing": {}, "gone": "7", "asked_on": ""}
        Desk(server, listed=[9])
        server.get(f"{TICKETS}?filter=spam", [refusal(403, "access_denied")])
        stream = archived_tickets(api, state)
        with caplog.at_level(logging.WARNING):
            assert read(stream) == []
        (warning,) = warnings(caplog)
        assert warning.startswith("Stream archived_tickets is skipped.")
        assert stream.state == state

    def test_whether_it_can_be_read_is_asked_of_the_tickets(
        self, server: requests_mock.Mocker, api: FreshdeskApi
    ) -> None:
        server.get(TICKETS, [answer([])])
        assert root_of(archived_tickets(api)).probe() is None
        assert [request.path for request in server.request_history] == ["/api/v2/tickets"]


class TestConversations:
    def test_all_pages_of_a_tickets_conversations_are_given(
        self, server: requests_mock.Mocker, api: FreshdeskApi
    ) -> None:
        url = f"{TICKETS}/archived/1/conversations"
        Desk(server, listed=[3])
        pages = [linked(url, {"id": 11, "updated_at": ago(900)}, to=2), answer([{"id": 12, "updated_at": ago(800)}])]
        server.get(url, pages * 4)
        server.get(f"{TICKETS}/archived/2/conversations", [answer([])])
        stream = both(api)[1]
        assert ids(read(stream)) == [11, 12]
        assert stream.state["archived"] == "1-2"
        assert stream.state["updated_at"] == ago(800)
