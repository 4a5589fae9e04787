"""Files of an export that come late, in parts, or empty at first."""

from typing import Any

import requests_mock

from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.streams.ticket_activities import TicketActivities
from unit_tests.streams.activity_export import EXPORT, activities_from, activity, asked, day, export, numbers
from unit_tests.support import SimulatedClock, answer, read


def test_a_file_that_looks_the_same_a_day_later_is_final(
    server: requests_mock.Mocker, api: FreshdeskApi, clock: SimulatedClock, activities: TicketActivities
) -> None:
    export(server, {5: [activity(5)], 1: [activity(1)]})
    read(activities)
    before = len(asked(server))
    at_once = activities_from(api, dict(activities.state))
    assert read(at_once) == []
    assert day(5) not in asked(server)[before:]
    assert at_once.state["files"] == []
    clock.sleep(86_400)
    later = activities_from(api, dict(at_once.state))
    assert read(later) == []
    assert later.state["files"] == [day(5)]
    assert later.state["unsettled"].keys() == later.state["unchanged_since"].keys() == {day(1)}


def test_a_file_that_comes_days_late_and_in_parts_is_read_whole(
    server: requests_mock.Mocker, api: FreshdeskApi, clock: SimulatedClock
) -> None:
    state: dict[str, Any] = {}
    given = []
    for rows in ([1], [1, 2], [1, 2], [1, 2, 3], [1, 2, 3], [1, 2, 3], [1, 2, 3]):
        export(server, {2: [activity(number) for number in rows]})
        stream = activities_from(api, state)
        given.append(numbers(read(stream)))
        state = dict(stream.state)
        clock.sleep(43_200)
    assert given == [[1], [], [1, 2], [], [1, 2, 3], [], []], "it is asked for once a day"
    assert state["files"] == [day(2)]


def test_an_export_that_is_empty_until_it_is_ready_is_asked_for_as_long_as_it_is_kept(
    server: requests_mock.Mocker, api: FreshdeskApi, clock: SimulatedClock
) -> None:
    state: dict[str, Any] = {}
    for _ in range(5):
        server.get(EXPORT, [answer({"export": []})])
        stream = activities_from(api, state)
        assert read(stream) == []
        state = dict(stream.state)
        assert state["files"] == []
        clock.sleep(86_400)
    export(server, {2: [activity(1)]})
    assert numbers(read(activities_from(api, state))) == [1]
