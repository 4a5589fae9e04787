"""Which days are read, and what is saved of them."""

import logging
from datetime import date
from itertools import islice
from typing import Any

import pytest
import requests_mock
from airbyte_cdk.models import AirbyteMessage, FailureType, SyncMode
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_freshdesk import instants
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.state.exported_days import DAYS_KEPT
from source_freshdesk.streams.ticket_activities import TicketActivities
from unit_tests.streams.activity_export import (
    EXPORT,
    FILES,
    TODAY,
    activities_from,
    activity,
    asked,
    day,
    export,
    link,
    numbers,
    url,
)
from unit_tests.support import API, SimulatedClock, read, refusal, warnings


class TestOneBadDay:
    @pytest.mark.parametrize("bad", [{"json": {"activities_data": [{"performed_at": None}]}}, {"status_code": 404}])
    def test_the_files_of_later_days_are_read_before_it_is_an_error(
        self, server: requests_mock.Mocker, activities: TicketActivities, bad: dict[str, Any]
    ) -> None:
        export(server, {9: [activity(1)], 8: [activity(2)], 7: [activity(3)]})
        server.get(url(8), [bad])
        said = activities.read_slice(None)
        # A record and a state of each of the two days.
        given = [row for row in islice(said, 4) if isinstance(row, dict)]
        assert numbers(given) == [1, 3]
        with pytest.raises(AirbyteTracedException):
            next(said)
        assert list(activities.state["unsettled"]) == [day(9), day(7)]


class TestDays:
    """Which files are asked for."""

    def test_the_files_of_a_month_are_asked_for_the_oldest_first(
        self, server: requests_mock.Mocker, activities: TicketActivities
    ) -> None:
        export(server, {})
        read(activities)
        assert sorted(set(asked(server))) == [day(ago) for ago in range(DAYS_KEPT, -1, -1)]
        assert list(dict.fromkeys(asked(server))) == sorted(set(asked(server)))

    def test_files_of_days_long_before_the_start_are_not(self, server: requests_mock.Mocker, api: FreshdeskApi) -> None:
        export(server, {})
        read(activities_from(api, start=instants.from_api(f"{day(3)}T12:00:00Z")))
        assert sorted(set(asked(server))) == [day(ago) for ago in (4, 3, 2, 1, 0)]

    def test_a_file_that_can_still_grow_is_read_again(
        self, server: requests_mock.Mocker, api: FreshdeskApi, activities: TicketActivities
    ) -> None:
        export(server, {5: [activity(5)], 2: [activity(2)], 1: [activity(1)], 0: [activity(9)]})
        assert numbers(read(activities)) == [5, 2, 1, 9]
        assert list(activities.state["unsettled"]) == [day(5), day(2), day(1), day(0)]
        export(server, {5: [activity(5)], 2: [activity(2)], 1: [activity(1), activity(10)]})
        assert numbers(read(activities_from(api, dict(activities.state)))) == [1, 10]

    def test_a_file_that_is_late_is_read_when_it_comes(
        self, server: requests_mock.Mocker, api: FreshdeskApi, activities: TicketActivities
    ) -> None:
        export(server, {6: [activity(6)], 4: [activity(4)]})
        read(activities)
        export(server, {6: [activity(6)], 5: [activity(5)], 4: [activity(4)]})
        assert numbers(read(activities_from(api, dict(activities.state)))) == [5]

    def test_days_that_are_not_kept_any_more_leave_the_state(
        self, server: requests_mock.Mocker, api: FreshdeskApi, clock: SimulatedClock, activities: TicketActivities
    ) -> None:
        export(server, {30: [activity(30)], 5: [activity(5)]})
        read(activities)
        assert list(activities.state["unsettled"]) == [day(30), day(5)]
        clock.sleep(86_400)
        later = activities_from(api, dict(activities.state))
        export(server, {4: [activity(4)]})
        read(later)
        assert list(later.state["unsettled"]) == list(later.state["unchanged_since"]) == [day(5), day(4)]

    def test_the_state_follows_each_file(self, server: requests_mock.Mocker, activities: TicketActivities) -> None:
        export(server, {6: [activity(1), activity(2)], 5: [activity(3)]})
        said: list[Any] = []
        for message in activities.read_records(SyncMode.incremental):
            if isinstance(message, AirbyteMessage):
                assert message.state is not None
                assert message.state.stream is not None
                said.append(list(vars(message.state.stream.stream_state)["unsettled"]))
            else:
                said.append(dict(message)["ticket_id"])
        assert said == [1, 2, [day(6)], 3, [day(6), day(5)]]


class TestState:
    def test_the_state_of_airbytes_own_connector_goes_on_from_its_day(
        self, server: requests_mock.Mocker, api: FreshdeskApi
    ) -> None:
        export(server, {6: [activity(6)], 5: [activity(5)], 1: [activity(1)]})
        stream = activities_from(api, {"performed_at": f"{day(3)}T10:00:00Z"})
        assert numbers(read(stream)) == [5, 1]
        assert min(asked(server)) == day(5)

    def test_an_empty_state_is_the_start(self, server: requests_mock.Mocker, api: FreshdeskApi) -> None:
        export(server, {DAYS_KEPT: [activity(1)]})
        assert numbers(read(activities_from(api, {}))) == [1]

    @pytest.mark.parametrize(
        "state",
        [
            {"performed_at": "soon"},
            {"performed_at": 5},
            {"performed_at": "2026-11-20T00:00:00Z", "files": ["yesterday"]},
            {"performed_at": "2026-11-20T00:00:00Z", "files": "2026-11-20"},
            {"performed_at": "2026-11-20T00:00:00Z", "files": [5]},
            {"files": 5},
            {"files": None},
        ],
    )
    def test_a_state_that_cannot_be_read_is_the_users_to_clear(self, api: FreshdeskApi, state: dict[str, Any]) -> None:
        with pytest.raises(AirbyteTracedException, match="Clear the stream's state") as caught:
            activities_from(api, state)
        assert caught.value.failure_type is FailureType.config_error


class TestSkipping:
    @pytest.mark.parametrize(
        ("status", "code", "need"),
        [
            (403, "access_denied", "It needs the key of an account administrator."),
            (403, "require_feature", "It needs the feature Ticket Activities Export."),
        ],
    )
    def test_an_export_that_is_refused_skips_the_stream_and_keeps_the_state(
        self,
        server: requests_mock.Mocker,
        api: FreshdeskApi,
        caplog: pytest.LogCaptureFixture,
        status: int,
        code: str,
        need: str,
    ) -> None:
        state = {"performed_at": "2026-11-10T00:00:00Z", "files": [day(20)]}
        stream = activities_from(api, state)
        server.get(EXPORT, [refusal(status, code)])
        with caplog.at_level(logging.WARNING):
            assert read(stream) == []
        (warning,) = warnings(caplog)
        assert warning.startswith("Stream ticket_activities is skipped.")
        assert warning.endswith(need)
        assert stream.state == state
        assert len(set(asked(server))) == 1, "the other days are not asked for"

    def test_an_account_without_any_file_is_logged_as_skipped(
        self, server: requests_mock.Mocker, activities: TicketActivities, caplog: pytest.LogCaptureFixture
    ) -> None:
        export(server, {})
        with caplog.at_level(logging.WARNING):
            assert read(activities) == []
        (warning,) = warnings(caplog)
        assert warning.startswith("Stream ticket_activities is skipped. Freshdesk has no file of ticket activities.")

    def test_an_account_whose_files_were_all_read_is_not(
        self, server: requests_mock.Mocker, api: FreshdeskApi, caplog: pytest.LogCaptureFixture
    ) -> None:
        export(server, {})
        with caplog.at_level(logging.WARNING):
            assert read(activities_from(api, {"performed_at": f"{day(3)}T00:00:00Z", "files": [day(3)]})) == []
        assert warnings(caplog) == []

    def test_a_refusal_that_does_not_last_costs_no_day(
        self, server: requests_mock.Mocker, activities: TicketActivities, caplog: pytest.LogCaptureFixture
    ) -> None:
        """The file of the oldest day is not kept until the next sync."""
        export(server, {DAYS_KEPT: [activity(1)], 5: [activity(2)]})
        server.get(f"{EXPORT}?created_at={day(DAYS_KEPT)}", [refusal(403, "access_denied"), link(url(DAYS_KEPT))])
        with caplog.at_level(logging.WARNING):
            assert numbers(read(activities)) == [1, 2]
        assert warnings(caplog) == []

    def test_no_refusal_is_accepted_of_a_key_that_is_refused_itself(
        self, server: requests_mock.Mocker, activities: TicketActivities
    ) -> None:
        server.get(EXPORT, [refusal(403, "access_denied")])
        server.get(f"{API}agents/me", [refusal(401)])
        with pytest.raises(AirbyteTracedException, match="rejected the API key"):
            read(activities)

    def test_whether_it_can_be_read_is_found_by_a_file_that_should_be_there(
        self, server: requests_mock.Mocker, activities: TicketActivities
    ) -> None:
        server.get(EXPORT, [link(url(1)), refusal(403, "access_denied")])
        assert activities.probe() is None
        assert activities.probe() is not None
        assert asked(server) == [day(3)] * 2
        assert not any(request.url.startswith(FILES) for request in server.request_history)


def test_the_days_are_those_of_freshdesks_calendar() -> None:
    assert date.fromisoformat("2026-11-23") == TODAY
