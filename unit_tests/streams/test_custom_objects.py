"""Schemas, records and the links between pages."""

from typing import Any

import pytest
import requests_mock
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.streams.custom_objects import CustomObjectRecords, CustomObjectSchemas
from unit_tests.streams.schemas_and_records import (
    SCHEMAS,
    UNFILTERED,
    asked,
    href,
    names,
    page,
    records_from,
    row,
    schemas,
)
from unit_tests.support import HOST, NOW, ago, answer, built, queries, read


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
        first = records_from(api)
        assert names(read(first)) == ["5"]
        server.get(f"{SCHEMAS}/30/records", [page(row("5"))])
        assert read(records_from(api, dict(first.state))) == []


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
        with pytest.raises(AirbyteTracedException, match="is incomplete or invalid"):
            read(stream)
