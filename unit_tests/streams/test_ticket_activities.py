"""Files of activities, their safety and their keys."""

import hashlib
import json
import logging
from typing import Any

import pytest
import requests_mock
from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.retrieval.activity_files import FRESH_LINKS
from source_freshdesk.streams.ticket_activities import TicketActivities
from unit_tests.streams.activity_export import (
    EXPORT,
    FILES,
    KEY_FIELD,
    activities_from,
    activity,
    asked,
    day,
    export,
    file,
    link,
    numbers,
    url,
)
from unit_tests.support import API, KEY, answer, read, refusal, warnings


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
        with pytest.raises(AirbyteTracedException, match="is incomplete or invalid"):
            read(activities)

    @pytest.mark.parametrize("body", [{}, [], {"export": None}, {"export": "words"}, {"export": [{"link": "x"}]}])
    def test_an_answer_that_is_no_export_is_an_error(
        self, server: requests_mock.Mocker, activities: TicketActivities, body: Any
    ) -> None:
        server.get(EXPORT, [answer(body)])
        with pytest.raises(AirbyteTracedException, match="is incomplete or invalid"):
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

    def test_files_cost_no_credit(self, server: requests_mock.Mocker, api: FreshdeskApi) -> None:
        export(server, {5: [activity(1)]})
        read(activities_from(api))
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
        assert list(activities.state["unsettled"]) == [day(6)]


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
        after = [record[KEY_FIELD] for record in read(activities_from(api, dict(activities.state)))]
        assert after[:2] == before

    def test_the_order_of_fields_does_not_matter(self, server: requests_mock.Mocker, api: FreshdeskApi) -> None:
        keys = set()
        for row in (activity(1), dict(reversed(activity(1).items()))):
            export(server, {5: [row]})
            keys |= {record[KEY_FIELD] for record in read(activities_from(api))}
        assert len(keys) == 1


def test_one_bad_row_does_not_lose_the_day(
    server: requests_mock.Mocker, activities: TicketActivities, caplog: pytest.LogCaptureFixture
) -> None:
    export(server, {3: [activity(1), activity(2) | {"performed_at": "soon"}, activity(3)]})
    with caplog.at_level(logging.WARNING):
        assert numbers(read(activities)) == [1, 3]
    assert [one for one in warnings(caplog) if "have no valid time and are left out" in one]
