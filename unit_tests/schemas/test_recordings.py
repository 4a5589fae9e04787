"""Every recorded row is valid, and every promised field is declared."""

from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from unit_tests.schemas.recordings import (
    NEVER_RECORDED,
    PROMISED,
    PROMISED_TYPES,
    PROMISES,
    RECORDED,
    RECORDINGS,
    STREAMS,
    declared,
    emitted_from,
    errors_in,
    recorded_in,
    recordings_of,
    schema_of,
    undeclared_keys,
)


def test_each_stream_is_held_against_real_records_where_there_are_any() -> None:
    assert {
        stream for stream in STREAMS if not any(recorded_in(file) for file in recordings_of(stream))
    } == NEVER_RECORDED


def test_each_recording_is_held_against_a_stream() -> None:
    assert {file for stream in STREAMS for file in recordings_of(stream)} == set(RECORDED.glob("20*.json"))


@pytest.mark.parametrize(("stream", "file"), RECORDINGS)
def test_every_recorded_record_is_valid(stream: str, file: Path) -> None:
    schema = schema_of(stream)
    assert [error for record in emitted_from(stream, file) for error in errors_in(record, schema)] == []


@pytest.mark.parametrize(("stream", "file"), RECORDINGS)
def test_every_recorded_key_is_declared(stream: str, file: Path) -> None:
    schema = schema_of(stream)
    assert {key for record in emitted_from(stream, file) for key in undeclared_keys(record, schema)} == set()


def test_promises_are_made_for_the_five_main_streams() -> None:
    assert set(PROMISED) == {"tickets", "conversations", "contacts", "companies", "agents"}


@pytest.mark.parametrize(("stream", "name", "promised_type"), PROMISES)
def test_every_promised_field_is_declared_with_its_type(stream: str, name: str, promised_type: str) -> None:
    field = declared(schema_of(stream), name)
    assert (field.get("type"), field.get("format")) == PROMISED_TYPES[promised_type]


@pytest.mark.parametrize("stream", STREAMS)
def test_the_schema_is_draft_07_and_opens_with_what_a_record_is(stream: str) -> None:
    schema = schema_of(stream)
    Draft7Validator.check_schema(schema)
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert schema["type"] == "object"
    assert schema["description"].endswith(".")


@pytest.mark.parametrize("companies", [[], [25, 26], [{"company_id": 25, "view_all_tickets": True}], None])
def test_other_companies_may_be_ids_or_objects(companies: object) -> None:
    assert errors_in({"id": 1, "other_companies": companies}, schema_of("contacts")) == []


def test_an_id_above_2_to_the_53rd_is_an_integer() -> None:
    assert errors_in({"id": 1, "org_contact_id": 2090099566920853504}, schema_of("contacts")) == []


@pytest.mark.parametrize(
    ("archived", "stream"), [("archived_tickets", "tickets"), ("archived_ticket_conversations", "conversations")]
)
def test_what_is_archived_has_the_fields_that_it_had(archived: str, stream: str) -> None:
    properties = schema_of(archived)["properties"]
    properties.pop("archived", None)
    assert list(properties.items()) == list(schema_of(stream)["properties"].items())
