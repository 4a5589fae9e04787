"""What happened to tickets, from files that another host keeps."""

import hashlib
import json
import logging
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

import pytest
import requests_mock
from airbyte_cdk.models import AirbyteMessage, FailureType, SyncMode
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_freshdesk import instants
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.retrieval.activity_files import FRESH_LINKS
from source_freshdesk.state.exported_days import DAYS_KEPT
from source_freshdesk.streams.ticket_activities import TicketActivities
from unit_tests.support import API, KEY, NOW, SimulatedClock, answer, queries, read, refusal, warnings

EXPORT = f"{API}export/ticket_activities"
FILES = "https://files.example.com"
TODAY = datetime.fromtimestamp(NOW, UTC).date()
KEY_FIELD = "_airbyte_ticket_activity_id"


def day(ago: int) -> str:
    return (TODAY - timedelta(days=ago)).isoformat()


def activity(number: int, when: str = "22-11-2026 09:59:58 +0000") -> dict[str, Any]:
    return {
        "performed_at": when,
        "ticket_id": number,
        "performer_type": "user",
        "performer_id": 7,
        "activity": {"status": "Open"},
    }


def url(ago: int) -> str:
    return f"{FILES}/{day(ago)}.json"


def link(*urls: str, listed: bool = True) -> dict[str, Any]:
    """An answer that leads to files, in the newer of the two shapes or in the older."""
    if not listed:
        return answer({"export": {"url": urls[0]}})
    return answer({"export": [{"created_at": "1-1-2022", "url": one} for one in urls]})


def file(*activities: dict[str, Any]) -> dict[str, Any]:
    """A file as an object store gives it."""
    body = {"metadata": {"ticket_count": 1}, "activities_data": list(activities)}
    return {"json": body, "headers": {"Content-Type": "binary/octet-stream"}}


def export(server: requests_mock.Mocker, files: dict[int, list[dict[str, Any]]]) -> None:
    """Files of days so long ago; of all other days there is none."""
    server.get(EXPORT, [refusal(404)])
    for ago, activities in files.items():
        server.get(f"{EXPORT}?created_at={day(ago)}", [link(url(ago))])
        server.get(url(ago), [file(*activities)])


def asked(server: requests_mock.Mocker) -> list[str]:
    """The days whose files were asked for."""
    return [query["created_at"][0] for query in queries(server, "export/ticket_activities")]


def made(api: FreshdeskApi, state: dict[str, Any] | None = None, start: int = instants.EPOCH) -> TicketActivities:
    stream = TicketActivities(api, start=start)
    if state is not None:
        stream.state = state
    return stream


@pytest.fixture
def activities(api: FreshdeskApi) -> TicketActivities:
    return made(api)


def numbers(rows: list[dict[str, Any]]) -> list[int]:
    return [row["ticket_id"] for row in rows]


class TestFiles:
    @pytest.mark.parametrize("listed", [True, False])
    def test_an_export_is_one_link_or_a_list_of_links(
        self, server: requests_mock.Mocker, activities: TicketActivities, listed: bool
    ) -> None:
        export(server, {})
        server.get(f"{EXPORT}?created_at={day(5)}", [link(url(5), listed=listed)])
        server.get(url(5), [file(activity(1), activity(2))])
        assert numbers(read(activities)) == [1, 2]

    def test_a_day_may_have_several_files(self, server: requests_mock.Mocker, activities: TicketActivities) -> None:
        export(server, {})
        server.get(f"{EXPORT}?created_at={day(5)}", [link(f"{FILES}/a", f"{FILES}/b")])
        server.get(f"{FILES}/a", [file(activity(1))])
        server.get(f"{FILES}/b", [file(activity(2))])
        assert numbers(read(activities)) == [1, 2]

    @pytest.mark.parametrize("export_of_the_day", [[], [{}], [None]])
    def test_a_day_without_links_has_no_activities(
        self, server: requests_mock.Mocker, activities: TicketActivities, export_of_the_day: list[Any]
    ) -> None:
        export(server, {4: [activity(1)]})
        server.get(f"{EXPORT}?created_at={day(5)}", [answer({"export": export_of_the_day})])
        assert numbers(read(activities)) == [1]

    def test_times_are_in_the_form_of_all_other_streams(
        self, server: requests_mock.Mocker, activities: TicketActivities
    ) -> None:
        export(server, {5: [activity(1, "18-11-2026 23:59:58 +0000")]})
        (record,) = read(activities)
        assert record["performed_at"] == "2026-11-18T23:59:58Z"
        assert record["export_date"] == day(5)
        assert activities.state["performed_at"] == "2026-11-18T23:59:58Z"

    @pytest.mark.parametrize(
        "body",
        [
            {},
            [],
            {"activities_data": None},
            {"activities_data": ["words"]},
            {"activities_data": [{"ticket_id": 1}]},
            {"activities_data": [{"performed_at": "soon"}]},
            {"activities_data": [{"performed_at": None}]},
        ],
    )
    def test_a_file_that_is_not_whole_is_fetched_again_and_then_an_error(
        self, server: requests_mock.Mocker, activities: TicketActivities, body: Any
    ) -> None:
        export(server, {5: []})
        server.get(url(5), [{"json": body}, file(activity(1))])
        assert numbers(read(activities)) == [1]
        server.get(url(1), [{"json": body}])
        server.get(f"{EXPORT}?created_at={day(1)}", [link(url(1))])
        with pytest.raises(AirbyteTracedException, match="did not arrive whole"):
            read(activities)

    @pytest.mark.parametrize("body", [{}, [], {"export": None}, {"export": "words"}, {"export": [{"link": "x"}]}])
    def test_an_answer_that_is_no_export_is_an_error(
        self, server: requests_mock.Mocker, activities: TicketActivities, body: Any
    ) -> None:
        server.get(EXPORT, [answer(body)])
        with pytest.raises(AirbyteTracedException, match="did not arrive whole"):
            read(activities)


class TestSafety:
    """The files are on hosts that are none of the account's."""

    def test_the_key_is_shown_to_freshdesk_only(
        self, server: requests_mock.Mocker, activities: TicketActivities
    ) -> None:
        export(server, {5: [activity(1)]})
        read(activities)
        for request in server.request_history:
            assert ("Authorization" in request.headers) is request.url.startswith(API)
            assert KEY not in request.url
        assert any(request.url == url(5) for request in server.request_history)

    @pytest.mark.parametrize("unsafe", ["http://files.example.com/day", "ftp://files.example.com/day", "file:///day"])
    def test_a_link_that_is_not_encrypted_is_not_followed(
        self, server: requests_mock.Mocker, activities: TicketActivities, unsafe: str
    ) -> None:
        export(server, {})
        server.get(f"{EXPORT}?created_at={day(5)}", [link(unsafe)])
        with pytest.raises(AirbyteTracedException, match="unencrypted") as caught:
            read(activities)
        assert caught.value.failure_type is FailureType.system_error
        assert not any("day" in request.url and "example" in request.url for request in server.request_history)

    def test_the_signature_of_a_link_is_in_no_message(
        self, server: requests_mock.Mocker, activities: TicketActivities
    ) -> None:
        export(server, {})
        server.get(f"{EXPORT}?created_at={day(5)}", [link(f"{FILES}/day?signature=hush")])
        server.get(f"{FILES}/day", [refusal(403)])
        with pytest.raises(AirbyteTracedException) as caught:
            read(activities)
        assert "hush" not in f"{caught.value.message}{caught.value.internal_message}"

    def test_files_cost_no_quota(self, server: requests_mock.Mocker, api: FreshdeskApi) -> None:
        export(server, {5: [activity(1)]})
        read(made(api))
        to_freshdesk = [request for request in server.request_history if request.url.startswith(API)]
        assert api.rate_limiter.usage.calls == len(to_freshdesk) < len(server.request_history)


class TestExpiredLinks:
    @pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
    def test_a_link_that_does_not_open_any_more_is_asked_for_anew(
        self, server: requests_mock.Mocker, activities: TicketActivities, status: int
    ) -> None:
        export(server, {5: []})
        server.get(url(5), [refusal(status), file(activity(1))])
        assert numbers(read(activities)) == [1]
        assert asked(server).count(day(5)) == 2

    def test_links_that_never_open_are_an_error_and_keep_the_day(
        self, server: requests_mock.Mocker, activities: TicketActivities
    ) -> None:
        export(server, {6: [activity(1)], 5: []})
        server.get(url(5), [refusal(403)])
        with pytest.raises(AirbyteTracedException, match="does not open") as caught:
            read(activities)
        assert caught.value.failure_type is FailureType.transient_error
        assert asked(server).count(day(5)) == FRESH_LINKS
        assert activities.state["files"] == [day(6)]


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
        assert activities.state["files"] == [day(9), day(7)]


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
        read(made(api, start=instants.from_api(f"{day(3)}T12:00:00Z")))
        assert sorted(set(asked(server))) == [day(ago) for ago in (4, 3, 2, 1, 0)]

    def test_a_file_that_can_still_grow_is_read_again(
        self, server: requests_mock.Mocker, api: FreshdeskApi, activities: TicketActivities
    ) -> None:
        export(server, {5: [activity(5)], 2: [activity(2)], 1: [activity(1)], 0: [activity(9)]})
        assert numbers(read(activities)) == [5, 2, 1, 9]
        assert activities.state["files"] == [day(5), day(2)]
        export(server, {5: [activity(5)], 2: [activity(2)], 1: [activity(1), activity(10)]})
        assert numbers(read(made(api, dict(activities.state)))) == [1, 10]

    def test_a_file_that_is_late_is_read_when_it_comes(
        self, server: requests_mock.Mocker, api: FreshdeskApi, activities: TicketActivities
    ) -> None:
        export(server, {6: [activity(6)], 4: [activity(4)]})
        read(activities)
        export(server, {6: [activity(6)], 5: [activity(5)], 4: [activity(4)]})
        assert numbers(read(made(api, dict(activities.state)))) == [5]

    def test_days_that_are_not_kept_any_more_leave_the_state(
        self, server: requests_mock.Mocker, api: FreshdeskApi, clock: SimulatedClock, activities: TicketActivities
    ) -> None:
        export(server, {30: [activity(30)], 5: [activity(5)]})
        read(activities)
        assert activities.state["files"] == [day(30), day(5)]
        clock.sleep(86_400)
        later = made(api, dict(activities.state))
        export(server, {4: [activity(4)]})
        read(later)
        assert later.state["files"] == [day(5), day(4)]

    def test_the_state_follows_each_file(self, server: requests_mock.Mocker, activities: TicketActivities) -> None:
        export(server, {6: [activity(1), activity(2)], 5: [activity(3)]})
        said: list[Any] = []
        for message in activities.read_records(SyncMode.incremental):
            if isinstance(message, AirbyteMessage):
                assert message.state is not None
                assert message.state.stream is not None
                said.append(vars(message.state.stream.stream_state)["files"])
            else:
                said.append(dict(message)["ticket_id"])
        assert said == [1, 2, [day(6)], 3, [day(6), day(5)]]


class TestState:
    def test_the_state_of_airbytes_own_connector_goes_on_from_its_day(
        self, server: requests_mock.Mocker, api: FreshdeskApi
    ) -> None:
        export(server, {6: [activity(6)], 5: [activity(5)], 1: [activity(1)]})
        stream = made(api, {"performed_at": f"{day(3)}T10:00:00Z"})
        assert numbers(read(stream)) == [5, 1]
        assert min(asked(server)) == day(5)

    def test_an_empty_state_is_the_start(self, server: requests_mock.Mocker, api: FreshdeskApi) -> None:
        export(server, {DAYS_KEPT: [activity(1)]})
        assert numbers(read(made(api, {}))) == [1]

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
    def test_a_state_of_no_meaning_is_the_users_to_clear(self, api: FreshdeskApi, state: dict[str, Any]) -> None:
        with pytest.raises(AirbyteTracedException, match="Clear the stream's state") as caught:
            made(api, state)
        assert caught.value.failure_type is FailureType.config_error


class TestKeys:
    """Activities have no id."""

    def expected(self, sent: dict[str, Any], when: str, of: str, occurrence: int) -> str:
        """The key as Airbyte's own connector makes it."""
        record = sent | {"performed_at": when, "export_date": of}
        written = json.dumps(record, sort_keys=True, separators=(",", ":"))
        return f"{hashlib.sha256(written.encode()).hexdigest()}:{occurrence}"

    def test_a_key_is_made_of_all_that_the_record_holds(
        self, server: requests_mock.Mocker, activities: TicketActivities
    ) -> None:
        sent = activity(1, "18-11-2026 23:59:58 +0000")
        export(server, {5: [sent]})
        (record,) = read(activities)
        assert record[KEY_FIELD] == self.expected(sent, "2026-11-18T23:59:58Z", day(5), 1)

    def test_activities_that_are_equal_have_keys_of_their_own(
        self, server: requests_mock.Mocker, activities: TicketActivities
    ) -> None:
        export(server, {5: [activity(1), activity(2), activity(1)]})
        keys = [record[KEY_FIELD] for record in read(activities)]
        assert len(set(keys)) == 3
        assert [key.split(":")[1] for key in keys] == ["1", "1", "2"]
        assert keys[0].split(":")[0] == keys[2].split(":")[0]

    def test_equal_activities_in_two_files_of_a_day_have_keys_of_their_own(
        self, server: requests_mock.Mocker, activities: TicketActivities
    ) -> None:
        export(server, {})
        server.get(f"{EXPORT}?created_at={day(5)}", [link(f"{FILES}/a", f"{FILES}/b")])
        server.get(f"{FILES}/a", [file(activity(1))])
        server.get(f"{FILES}/b", [file(activity(1))])
        assert len({record[KEY_FIELD] for record in read(activities)}) == 2

    def test_equal_activities_of_two_days_have_keys_of_their_own(
        self, server: requests_mock.Mocker, activities: TicketActivities
    ) -> None:
        export(server, {6: [activity(1)], 5: [activity(1)]})
        assert len({record[KEY_FIELD] for record in read(activities)}) == 2

    def test_keys_are_the_same_in_each_sync(
        self, server: requests_mock.Mocker, api: FreshdeskApi, activities: TicketActivities
    ) -> None:
        export(server, {1: [activity(1), activity(1)]})
        before = [record[KEY_FIELD] for record in read(activities)]
        export(server, {1: [activity(1), activity(1), activity(3)]})
        after = [record[KEY_FIELD] for record in read(made(api, dict(activities.state)))]
        assert after[:2] == before

    def test_the_order_of_fields_does_not_matter(self, server: requests_mock.Mocker, api: FreshdeskApi) -> None:
        keys = set()
        for row in (activity(1), dict(reversed(activity(1).items()))):
            export(server, {5: [row]})
            keys |= {record[KEY_FIELD] for record in read(made(api))}
        assert len(keys) == 1


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
        stream = made(api, state)
        server.get(EXPORT, [refusal(status, code)])
        with caplog.at_level(logging.WARNING):
            assert read(stream) == []
        (warning,) = warnings(caplog)
        assert warning.startswith("Stream ticket_activities is skipped.")
        assert warning.endswith(need)
        assert stream.state == state
        assert len(set(asked(server))) == 1, "the other days are not asked for"

    def test_an_account_without_any_file_is_told_so(
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
            assert read(made(api, {"performed_at": f"{day(3)}T00:00:00Z", "files": [day(3)]})) == []
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

    def test_no_refusal_is_believed_of_a_key_that_is_refused_itself(
        self, server: requests_mock.Mocker, activities: TicketActivities
    ) -> None:
        server.get(EXPORT, [refusal(403, "access_denied")])
        server.get(f"{API}agents/me", [refusal(401)])
        with pytest.raises(AirbyteTracedException, match="does not accept the API key"):
            read(activities)

    def test_whether_it_can_be_read_is_told_by_a_file_that_should_be_there(
        self, server: requests_mock.Mocker, activities: TicketActivities
    ) -> None:
        server.get(EXPORT, [link(url(1)), refusal(403, "access_denied")])
        assert activities.probe() is None
        assert activities.probe() is not None
        assert asked(server) == [day(3)] * 2
        assert not any(request.url.startswith(FILES) for request in server.request_history)


def test_the_days_are_those_of_freshdesks_calendar() -> None:
    assert date.fromisoformat("2026-11-23") == TODAY
