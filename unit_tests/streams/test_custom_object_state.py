"""The state of each schema, and schemas that are refused."""

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
from source_freshdesk.streams.custom_objects import CustomObjectRecords
from unit_tests.streams.schemas_and_records import (
    SCHEMAS,
    UNFILTERED,
    asked,
    href,
    names,
    page,
    place,
    records_from,
    row,
    schemas,
    stated,
)
from unit_tests.support import ago, answer, read, records, refusal, warnings


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
        stream = records_from(api, stated(of_30=place(1_000), of_31=place(5_000)))
        assert names(read(stream)) == ["A"]
        for schema_id, seconds_ago in ((30, 1_000), (31, 5_000)):
            (query,) = asked(server, schema_id)
            since = ago(seconds_ago + LOOKBACK_SECONDS + 1).replace("Z", ".000Z")
            assert query == UNFILTERED | {"updated_time[gte]": [since.lower()]}

    def test_a_schema_that_is_new_is_read_whole(self, server: requests_mock.Mocker, api: FreshdeskApi) -> None:
        schemas(server, 30, 31)
        server.get(f"{SCHEMAS}/30/records", [page()])
        server.get(f"{SCHEMAS}/31/records", [page(row("C", 90_000))])
        assert names(read(records_from(api, stated(of_30=place(1_000))))) == ["C"]
        assert asked(server, 31) == [UNFILTERED]

    def test_what_was_given_is_not_given_again(self, server: requests_mock.Mocker, api: FreshdeskApi) -> None:
        schemas(server, 30)
        server.get(f"{SCHEMAS}/30/records", [page(row("A", 500), row("B", 600))])
        first = records_from(api)
        read(first)
        again = records_from(api, json.loads(json.dumps(first.state)))
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
    def test_a_state_that_cannot_be_read_is_the_users_to_clear(
        self, server: requests_mock.Mocker, api: FreshdeskApi, state: dict[str, Any]
    ) -> None:
        schemas(server, 30)
        server.get(f"{SCHEMAS}/30/records", [page()])
        with pytest.raises(AirbyteTracedException, match="Clear the stream's state") as caught:
            read(records_from(api, state))
        assert caught.value.failure_type is FailureType.config_error


class TestRefusals:
    def test_where_freshdesk_does_not_filter_all_is_read_and_only_what_changed_is_given(
        self, server: requests_mock.Mocker, api: FreshdeskApi, caplog: pytest.LogCaptureFixture
    ) -> None:
        schemas(server, 30)
        server.get(f"{SCHEMAS}/30/records", [refusal(400), page(row("A", 90_000), row("B", 100))])
        stream = records_from(api, stated(of_30=place(1_000)))
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
        stream = records_from(api, before)
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
