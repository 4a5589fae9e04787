"""All streams, held against what each of them must have."""

import re
import sys

import pytest
from airbyte_cdk.models import SyncMode
from airbyte_cdk.sources.utils.schema_helpers import ResourceSchemaLoader

from source_freshdesk.catalog import all_streams
from source_freshdesk.config import Config
from source_freshdesk.streams.base import FreshdeskStream
from unit_tests import support
from unit_tests.support import HOST, KEY

STREAMS = all_streams(support.api(), Config(HOST, KEY))
NAMES = [stream.name for stream in STREAMS]
EACH = pytest.mark.parametrize("stream", STREAMS, ids=NAMES)


def properties(stream: FreshdeskStream) -> dict[str, dict[str, object]]:
    declared: dict[str, dict[str, object]] = stream.get_json_schema()["properties"]
    return declared


def test_there_are_forty_nine_streams_each_of_a_name_and_a_class_of_its_own() -> None:
    assert len(STREAMS) == len(set(NAMES)) == len({type(stream) for stream in STREAMS}) == 49


@EACH
def test_a_stream_inherits_from_at_most_three_classes_of_ours_in_one_line(stream: FreshdeskStream) -> None:
    ours = [base for base in type(stream).__mro__[1:] if base.__module__.startswith("source_freshdesk.")]
    assert len(ours) <= 3
    for base in (type(stream), *ours):
        assert sum(parent.__module__.startswith("source_freshdesk.") for parent in base.__bases__) <= 1


def test_no_stream_comes_before_those_that_lead_to_it() -> None:
    for place, stream in enumerate(STREAMS):
        for parent in stream.parents:
            if parent.name in NAMES and parent.name != "tickets":
                assert parent in STREAMS[:place], f"{stream.name} stands before {parent.name}, or has one of its own"


@EACH
def test_a_stream_says_where_its_resource_is_described(stream: FreshdeskStream) -> None:
    link = r"https://developers\.freshdesk\.com/api/#[\w-]+"
    of_the_section = sys.modules[type(stream).__module__].__doc__ or ""
    assert re.search(link, type(stream).__doc__ or "") or re.search(link, of_the_section)
    assert type(stream).__doc__


@EACH
def test_a_stream_has_a_schema_that_declares_its_key(stream: FreshdeskStream) -> None:
    key = stream.primary_key
    fields = [key] if isinstance(key, str) else key
    assert fields
    for field in fields:
        assert field in properties(stream)


@EACH
def test_a_stream_is_incremental_exactly_if_its_schema_declares_its_cursor(stream: FreshdeskStream) -> None:
    described = stream.as_airbyte_stream()
    is_incremental = SyncMode.incremental in (described.supported_sync_modes or [])
    assert is_incremental is bool(stream.cursor_field)
    if is_incremental:
        assert isinstance(stream.cursor_field, str)
        assert properties(stream)[stream.cursor_field]["format"] == "date-time"


@EACH
def test_a_resource_is_a_path_below_the_api(stream: FreshdeskStream) -> None:
    for path in (stream.resource, stream.detail_path):
        assert re.fullmatch(r"[a-z_\-/{}]*", path)
        assert not path.startswith("/")
        assert not path.endswith("/")
    assert stream.resource


@EACH
def test_what_a_stream_needs_reads_on_from_its_message(stream: FreshdeskStream) -> None:
    assert re.fullmatch(r"([A-Z][A-Za-z ]+[a-z])?", stream.feature), "It needs the feature ..."
    assert re.fullmatch(r"(an? [a-z ]*administrator)?", stream.role), "It needs the key of ..."


@EACH
def test_the_name_is_that_of_the_schema_and_of_the_class(stream: FreshdeskStream) -> None:
    assert stream.name.replace("_", "") == type(stream).__name__.lower()
    assert ResourceSchemaLoader("source_freshdesk").get_schema(stream.name) == stream.get_json_schema()


@EACH
def test_what_only_the_page_of_a_row_contains_is_declared(stream: FreshdeskStream) -> None:
    assert bool(stream.detail_fields) is bool(stream.detail_path)
    assert set(stream.detail_fields) <= properties(stream).keys()
