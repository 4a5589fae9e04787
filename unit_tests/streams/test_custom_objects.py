"""Custom objects: lists of an account's own making."""

import json
import logging
from typing import Any

import pytest
import requests_mock
from airbyte_cdk.models import FailureType, SyncMode
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.retrieval.parent_rows import root_of
from source_freshdesk.state.updated_at_cursor import LOOKBACK_SECONDS
from source_freshdesk.streams.custom_objects import CustomObjectRecords, CustomObjectSchemas
from unit_tests.support import API, HOST, NOW, ago, answer, built, queries, read, records, refusal, warnings

SCHEMAS = f"{API}custom_objects/schemas"
UNFILTERED = {"page_size": ["100"]}


def row(name: str, seconds_ago: int = 500) -> dict[str, Any]:
    """A record as Freshdesk sends it, its times in milliseconds."""
    changed = (NOW - seconds_ago) * 1000
    return {"display_id": name, "created_time": changed - 5_000, "updated_time": changed, "data": {"a": 1}}


def page(*rows: dict[str, Any], following: Any = None) -> dict[str, Any]:
    """An answer with these records, and a link to those that follow."""
    return answer(
        {"records": list(rows), "_links": {"next": following, "count": {"href": "/schemas/30/records/count"}}}
    )


def href(token: str, schema_id: int = 30) -> dict[str, str]:
    return {"href": f"/schemas/{schema_id}/records?page_size=100&next_token={token}"}


def schemas(server: requests_mock.Mocker, *ids: int, deleted: tuple[int, ...] = ()) -> None:
    rows = [{"id": number, "deleted": number in deleted} for number in (*ids, *deleted)]
    server.get(SCHEMAS, [answer({"schemas": rows})])
    for one in rows:
        server.get(f"{SCHEMAS}/{one['id']}", [answer(one | {"fields": []})])


def made(api: FreshdeskApi, state: dict[str, Any] | None = None) -> CustomObjectRecords:
    stream: CustomObjectRecords
    _, stream = built(api, CustomObjectSchemas, CustomObjectRecords)
    if state is not None:
        stream.state = state
    return stream


def place(seconds_ago: int) -> dict[str, Any]:
    """How far a schema's records were read."""
    return {"updated_time": ago(seconds_ago), "read_from": ago(seconds_ago + LOOKBACK_SECONDS), "emitted": {}}


def stated(**places: dict[str, Any]) -> dict[str, Any]:
    """A state with a place for each schema, such as `of_30`."""
    return {
        "updated_time": min(one["updated_time"] for one in places.values()),
        "schemas": {name.removeprefix("of_"): one for name, one in places.items()},
    }


def names(rows: list[dict[str, Any]]) -> list[str]:
    return [record["display_id"] for record in rows]


def asked(server: requests_mock.Mocker, schema_id: int = 30) -> list[dict[str, list[str]]]:
    return queries(server, f"custom_objects/schemas/{schema_id}/records")


@pytest.fixture
def stream(api: FreshdeskApi) -> CustomObjectRecords:
    return made(api)


class TestSchemas:
    def test_a_schema_comes_with_its_fields(self, server: requests_mock.Mocker, api: FreshdeskApi) -> None:
        schemas(server, 30)
        assert read(CustomObjectSchemas(api)) == [{"id": 30, "deleted": False, "fields": []}]

    def test_they_are_read_once_for_their_records_too(self, server: requests_mock.Mocker, api: FreshdeskApi) -> None:
        schemas(server, 30)
        server.get(f"{SCHEMAS}/30/records", [page(row("A"))])
        parent, stream = built(api, CustomObjectSchemas, CustomObjectRecords)
        read(parent)
        assert names(read(stream)) == ["A"]
        assert len(queries(server, "custom_objects/schemas")) == 1


class TestRecords:
    def test_the_records_of_each_schema_are_given_with_its_id(
        self, server: requests_mock.Mocker, stream: CustomObjectRecords
    ) -> None:
        schemas(server, 30, 31)
        server.get(f"{SCHEMAS}/30/records", [page(row("A"))])
        server.get(f"{SCHEMAS}/31/records", [page(row("A"))])
        assert [(one["schema_id"], one["display_id"]) for one in read(stream)] == [(30, "A"), (31, "A")]

    def test_a_schema_that_was_deleted_is_not_asked_for_records(
        self, server: requests_mock.Mocker, stream: CustomObjectRecords
    ) -> None:
        schemas(server, 30, deleted=(31,))
        server.get(f"{SCHEMAS}/30/records", [page(row("A"))])
        assert names(read(stream)) == ["A"]
        assert asked(server, 31) == []

    def test_times_are_in_the_form_of_all_other_streams(
        self, server: requests_mock.Mocker, stream: CustomObjectRecords
    ) -> None:
        schemas(server, 30)
        server.get(f"{SCHEMAS}/30/records", [page(row("A") | {"updated_time": (NOW - 500) * 1000 + 201})])
        (record,) = read(stream)
        assert record["created_time"] == ago(505)
        assert record["updated_time"] == ago(500).replace("Z", ".201Z")

    def test_a_number_that_is_sent_as_a_text_or_not_is_one_key(
        self, server: requests_mock.Mocker, api: FreshdeskApi
    ) -> None:
        schemas(server, 30)
        server.get(f"{SCHEMAS}/30/records", [page(row("5") | {"display_id": 5})])
        first = made(api)
        assert names(read(first)) == ["5"]
        server.get(f"{SCHEMAS}/30/records", [page(row("5"))])
        assert read(made(api, dict(first.state))) == []


class TestLinks:
    """The next records are where a link inside the answer leads, which counts from the custom objects' own path."""

    @pytest.mark.parametrize(
        "link",
        [
            href("x"),
            "/schemas/30/records?page_size=100&next_token=x",
            {"href": "/custom_objects/schemas/30/records?page_size=100&next_token=x"},
            {"href": f"{HOST}/api/v2/custom_objects/schemas/30/records?page_size=100&next_token=x"},
        ],
    )
    def test_links_are_followed_until_there_is_none(
        self, server: requests_mock.Mocker, stream: CustomObjectRecords, link: Any
    ) -> None:
        schemas(server, 30)
        server.get(f"{SCHEMAS}/30/records", [page(row("A"), following=link), page(row("B"), following=None)])
        assert names(read(stream)) == ["A", "B"]
        assert asked(server) == [UNFILTERED, UNFILTERED | {"next_token": ["x"]}]

    @pytest.mark.parametrize("following", [{}, {"href": None}, {"href": ""}, "", None])
    def test_an_empty_link_is_the_end(
        self, server: requests_mock.Mocker, stream: CustomObjectRecords, following: Any
    ) -> None:
        schemas(server, 30)
        server.get(f"{SCHEMAS}/30/records", [page(row("A"), following=following)])
        assert names(read(stream)) == ["A"]

    @pytest.mark.parametrize(
        "link",
        [
            href("x", schema_id=31),
            {"href": "https://evil.example.com/api/v2/custom_objects/schemas/30/records?next_token=x"},
            {"href": "//evil.example.com/schemas/30/records?next_token=x"},
            {"href": "/schemas/30/records?page_size=100"},
            {"href": "/agents?next_token=x"},
        ],
    )
    def test_a_link_that_leads_elsewhere_or_back_is_an_error_and_keeps_the_state(
        self, server: requests_mock.Mocker, stream: CustomObjectRecords, link: dict[str, str]
    ) -> None:
        schemas(server, 30)
        server.get(f"{SCHEMAS}/30/records", [page(row("A"), following=link)])
        with pytest.raises(AirbyteTracedException, match="does not lead on"):
            read(stream)
        assert stream.state == {}
        assert not any("evil" in request.netloc for request in server.request_history)

    def test_an_answer_that_is_no_list_of_records_is_an_error(
        self, server: requests_mock.Mocker, stream: CustomObjectRecords
    ) -> None:
        schemas(server, 30)
        server.get(f"{SCHEMAS}/30/records", [answer({"message": "words"})])
        with pytest.raises(AirbyteTracedException, match="did not arrive whole"):
            read(stream)


class TestState:
    def test_each_schema_has_a_place_of_its_own(
        self, server: requests_mock.Mocker, stream: CustomObjectRecords
    ) -> None:
        schemas(server, 30, 31)
        server.get(f"{SCHEMAS}/30/records", [page(row("A", 400), row("B", 900))])
        server.get(f"{SCHEMAS}/31/records", [page(row("C", 700))])
        read(stream)
        assert {of: one["updated_time"] for of, one in stream.state["schemas"].items()} == {
            "30": ago(400),
            "31": ago(700),
        }
        assert stream.state["updated_time"] == ago(700), "that of the one that is the farthest behind"

    def test_a_sync_asks_each_schema_for_what_changed_since_its_place(
        self, server: requests_mock.Mocker, api: FreshdeskApi
    ) -> None:
        schemas(server, 30, 31)
        server.get(f"{SCHEMAS}/30/records", [page(row("A", 100))])
        server.get(f"{SCHEMAS}/31/records", [page()])
        stream = made(api, stated(of_30=place(1_000), of_31=place(5_000)))
        assert names(read(stream)) == ["A"]
        for schema_id, seconds_ago in ((30, 1_000), (31, 5_000)):
            (query,) = asked(server, schema_id)
            since = ago(seconds_ago + LOOKBACK_SECONDS + 1).replace("Z", ".000Z")
            assert query == UNFILTERED | {"updated_time[gte]": [since.lower()]}

    def test_a_schema_that_is_new_is_read_whole(self, server: requests_mock.Mocker, api: FreshdeskApi) -> None:
        schemas(server, 30, 31)
        server.get(f"{SCHEMAS}/30/records", [page()])
        server.get(f"{SCHEMAS}/31/records", [page(row("C", 90_000))])
        assert names(read(made(api, stated(of_30=place(1_000))))) == ["C"]
        assert asked(server, 31) == [UNFILTERED]

    def test_what_was_given_is_not_given_again(self, server: requests_mock.Mocker, api: FreshdeskApi) -> None:
        schemas(server, 30)
        server.get(f"{SCHEMAS}/30/records", [page(row("A", 500), row("B", 600))])
        first = made(api)
        read(first)
        again = made(api, json.loads(json.dumps(first.state)))
        assert read(again) == []
        assert again.state == first.state

    def test_the_state_moves_when_a_schema_was_read_whole(
        self, server: requests_mock.Mocker, stream: CustomObjectRecords
    ) -> None:
        schemas(server, 30, 31)
        server.get(f"{SCHEMAS}/30/records", [page(row("A"), following=href("x")), page(row("B"))])
        server.get(f"{SCHEMAS}/31/records", [page(row("C"), following=href("x", 31)), refusal(400)])
        first, second = stream.stream_slices(SyncMode.incremental)
        for _ in stream.read_records(SyncMode.incremental, stream_slice=first):
            assert stream.state == {}
        assert set(stream.state["schemas"]) == {"30"}
        with pytest.raises(AirbyteTracedException):
            records(stream, stream_slice=second)
        assert set(stream.state["schemas"]) == {"30"}

    @pytest.mark.parametrize(
        "state",
        [
            {"schemas": {"30": {"updated_time": "soon"}}},
            {"schemas": {"30": 5}},
            {"schemas": 5},
            {"schemas": [1]},
            {"schemas": None},
        ],
    )
    def test_a_state_of_no_meaning_is_the_users_to_clear(
        self, server: requests_mock.Mocker, api: FreshdeskApi, state: dict[str, Any]
    ) -> None:
        schemas(server, 30)
        server.get(f"{SCHEMAS}/30/records", [page()])
        with pytest.raises(AirbyteTracedException, match="Clear the stream's state") as caught:
            read(made(api, state))
        assert caught.value.failure_type is FailureType.config_error


class TestRefusals:
    def test_where_freshdesk_does_not_filter_all_is_read_and_only_news_given(
        self, server: requests_mock.Mocker, api: FreshdeskApi, caplog: pytest.LogCaptureFixture
    ) -> None:
        schemas(server, 30)
        server.get(f"{SCHEMAS}/30/records", [refusal(400), page(row("A", 90_000), row("B", 100))])
        stream = made(api, stated(of_30=place(1_000)))
        with caplog.at_level(logging.WARNING):
            assert names(read(stream)) == ["B"]
        (warning,) = warnings(caplog)
        assert warning.startswith("Freshdesk does not filter these records by time.")
        assert asked(server)[-1] == UNFILTERED
        assert stream.state["updated_time"] == ago(100)

    def test_an_answer_400_to_a_call_without_a_filter_is_an_error(
        self, server: requests_mock.Mocker, stream: CustomObjectRecords
    ) -> None:
        schemas(server, 30)
        server.get(f"{SCHEMAS}/30/records", [refusal(400)])
        with pytest.raises(AirbyteTracedException) as caught:
            read(stream)
        assert caught.value.failure_type is FailureType.system_error
        assert stream.state == {}

    def test_schemas_that_are_refused_skip_their_records(
        self, server: requests_mock.Mocker, stream: CustomObjectRecords, caplog: pytest.LogCaptureFixture
    ) -> None:
        server.get(SCHEMAS, [refusal(403, "require_feature")])
        with caplog.at_level(logging.WARNING):
            assert read(stream) == []
        (warning,) = warnings(caplog)
        assert warning.startswith("Stream custom_object_records is skipped.")
        assert warning.endswith("It needs the feature Custom Objects.")
        assert stream.state == {}

    def test_a_schema_that_is_refused_keeps_no_other_back_and_keeps_its_place(
        self, server: requests_mock.Mocker, api: FreshdeskApi, caplog: pytest.LogCaptureFixture
    ) -> None:
        schemas(server, 30, 31)
        server.get(f"{SCHEMAS}/30/records", [page(row("C", 100))])
        server.get(f"{SCHEMAS}/31/records", [refusal(403, "access_denied")])
        before = stated(of_30=place(2_000), of_31=place(1_000))
        stream = made(api, before)
        with caplog.at_level(logging.WARNING):
            assert names(read(stream)) == ["C"]
        assert stream.state["schemas"]["31"] == before["schemas"]["31"]
        assert stream.state["schemas"]["30"]["updated_time"] == ago(100)
        (warning,) = warnings(caplog)
        assert "custom_objects/schemas/31/records" in warning
        assert "is skipped" not in warning, "the stream was read, but for one schema"

    def test_whether_it_can_be_read_is_asked_of_the_schemas(
        self, server: requests_mock.Mocker, stream: CustomObjectRecords
    ) -> None:
        server.get(SCHEMAS, [answer({"schemas": []})])
        assert root_of(stream).probe() is None
        assert [request.path for request in server.request_history] == ["/api/v2/custom_objects/schemas"]
