"""Discovery, the spec, and the settings."""

import re

import pytest
import requests_mock
from airbyte_cdk.models import (
    SyncMode,
)

from source_freshdesk import SourceFreshdesk
from source_freshdesk.catalog import STREAMS
from unit_tests.a_source import CONFIG
from unit_tests.support import API, LOGGER, refusal


class TestDiscover:
    @pytest.fixture(autouse=True)
    def server(self, server: requests_mock.Mocker) -> requests_mock.Mocker:
        """Nothing is known of the fields that the account has defined."""
        server.get(re.compile(f"^{API}"), [refusal(403, "access_denied")])
        return server

    def test_each_stream_is_described(self, source: SourceFreshdesk) -> None:
        streams = {stream.name: stream for stream in source.discover(LOGGER, CONFIG).streams}
        assert {"tickets", "conversations", "contacts", "companies", "agents"} <= streams.keys()
        for name, stream in streams.items():
            assert stream.source_defined_primary_key, name
            for field in stream.source_defined_primary_key:
                assert field[0] in stream.json_schema["properties"], name
        assert streams["tickets"].source_defined_primary_key == [["id"]]
        assert streams["solution_article_translations"].source_defined_primary_key == [["id"], ["language"]]

    def test_a_stream_is_incremental_exactly_if_it_has_a_cursor(self, source: SourceFreshdesk) -> None:
        for stream in source.discover(LOGGER, CONFIG).streams:
            is_incremental = SyncMode.incremental in (stream.supported_sync_modes or [])
            assert is_incremental is bool(stream.default_cursor_field), stream.name
            assert is_incremental is stream.is_resumable, stream.name
            assert stream.source_defined_cursor or not is_incremental, stream.name

    def test_the_main_streams_come_first(self, source: SourceFreshdesk) -> None:
        names = [stream.name for stream in source.discover(LOGGER, CONFIG).streams]
        assert names[:5] == ["tickets", "conversations", "contacts", "companies", "agents"]
        assert len(names) == len(set(names)) == len(STREAMS)


def test_the_settings_are_not_checked_against_the_spec_since_that_names_no_field(source: SourceFreshdesk) -> None:
    assert source.check_config_against_spec is False


def test_the_spec_marks_the_key_as_secret(source: SourceFreshdesk) -> None:
    spec = source.spec(LOGGER).connectionSpecification
    assert [name for name, one in spec["properties"].items() if one.get("airbyte_secret")] == ["api_key"]
    assert spec["required"] == ["domain", "api_key"]
    assert spec["additionalProperties"] is True
