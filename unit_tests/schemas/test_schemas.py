"""The schemas of the five main streams against what Freshdesk really sent and what users were promised."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from airbyte_cdk.sources.utils.schema_helpers import ResourceSchemaLoader
from jsonschema import Draft7Validator, FormatChecker

STREAMS = ("tickets", "conversations", "contacts", "companies", "agents")

RECORDED = Path(__file__).parent.parent / "recorded"
PROMISED: dict[str, dict[str, dict[str, str]]] = json.loads((RECORDED / "promised_fields.json").read_text("utf-8"))

# Each account names its own fields here, so no schema can declare them.
FREE_FORM = frozenset({"custom_fields"})

PROMISED_TYPES: Mapping[str, tuple[list[str], str | None]] = {
    "Integer": (["null", "integer"], None),
    "Number": (["null", "number"], None),
    "String": (["null", "string"], None),
    "Boolean": (["null", "boolean"], None),
    "Array": (["null", "array"], None),
    "Object": (["null", "object"], None),
    "DateTime": (["null", "string"], "date-time"),
}

date_times = FormatChecker(formats=())


@date_times.checks("date-time", raises=ValueError)
def is_a_point_in_time(value: object) -> bool:
    """ISO 8601 with date, time and zone; `fromisoformat` alone would let a bare date pass."""
    return not isinstance(value, str) or ("T" in value and datetime.fromisoformat(value).tzinfo is not None)


def schema_of(stream: str) -> dict[str, Any]:
    return ResourceSchemaLoader("source_freshdesk").get_schema(stream)


def recorded_in(file: Path) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = json.loads(file.read_text("utf-8"))
    return records


def recordings_of(stream: str) -> list[Path]:
    """`<year>-<stream>.json` is a page of a list, `<year>-<stream>_view.json` the same resource read by its id."""
    return sorted([*RECORDED.glob(f"*-{stream}.json"), *RECORDED.glob(f"*-{stream}_view.json")])


def errors_in(record: object, schema: Mapping[str, Any]) -> list[str]:
    validator = Draft7Validator(schema, format_checker=date_times)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(record)]


def undeclared_keys(value: object, schema: Mapping[str, Any], path: str = "$") -> Iterator[str]:
    if isinstance(value, dict):
        declared = schema.get("properties", {})
        for key, inner in value.items():
            if key not in declared:
                yield f"{path}.{key}"
            elif key not in FREE_FORM:
                yield from undeclared_keys(inner, declared[key], f"{path}.{key}")
    elif isinstance(value, list):
        for inner in value:
            yield from undeclared_keys(inner, schema.get("items", {}), f"{path}[]")


def parts_of(schema: Mapping[str, Any], path: str = "$") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every schema inside a schema, itself first, with the path of the values it describes."""
    yield path, schema
    for name, inner in schema.get("properties", {}).items():
        yield from parts_of(inner, f"{path}.{name}")
    if "items" in schema:
        yield from parts_of(schema["items"], f"{path}[]")


def keywords_in(schema: Mapping[str, Any]) -> set[str]:
    return {keyword for _, part in parts_of(schema) for keyword in part}


def declared(schema: Mapping[str, Any], dotted_name: str) -> dict[str, Any]:
    """The declaration of `stats.closed_at` and the like; empty when there is none."""
    found: Mapping[str, Any] = schema
    for name in dotted_name.split("."):
        found = found.get("properties", {}).get(name, {})
    return dict(found)


RECORDINGS = [pytest.param(stream, file, id=file.stem) for stream in STREAMS for file in recordings_of(stream)]
PROMISES = [
    pytest.param(stream, name, promise["type"], id=f"{stream}.{name}")
    for stream, promises in PROMISED.items()
    for name, promise in promises.items()
]


@pytest.mark.parametrize("stream", STREAMS)
def test_each_stream_is_held_against_real_records(stream: str) -> None:
    assert sum(len(recorded_in(file)) for file in recordings_of(stream)) > 0


@pytest.mark.parametrize(("stream", "file"), RECORDINGS)
def test_every_recorded_record_is_valid(stream: str, file: Path) -> None:
    schema = schema_of(stream)
    assert [error for record in recorded_in(file) for error in errors_in(record, schema)] == []


@pytest.mark.parametrize(("stream", "file"), RECORDINGS)
def test_every_recorded_key_is_declared(stream: str, file: Path) -> None:
    schema = schema_of(stream)
    assert {key for record in recorded_in(file) for key in undeclared_keys(record, schema)} == set()


def test_promises_are_made_for_each_of_these_streams() -> None:
    assert set(PROMISED) == set(STREAMS)


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


@pytest.mark.parametrize("stream", STREAMS)
def test_every_value_may_be_null(stream: str) -> None:
    inner_parts = list(parts_of(schema_of(stream)))[1:]
    assert [path for path, part in inner_parts if "null" not in part.get("type", [])] == []


@pytest.mark.parametrize("stream", STREAMS)
def test_every_property_is_described(stream: str) -> None:
    properties = [(path, part) for path, part in parts_of(schema_of(stream)) if not path.endswith("[]")]
    assert [path for path, part in properties if not part.get("description", "").endswith(".")] == []


@pytest.mark.parametrize("stream", STREAMS)
def test_no_schema_leaves_a_destination_to_choose_or_to_look_up(stream: str) -> None:
    assert {"allOf", "anyOf", "oneOf", "not", "$ref", "definitions"}.isdisjoint(keywords_in(schema_of(stream)))


@pytest.mark.parametrize("stream", STREAMS)
def test_keys_that_freshdesk_adds_later_are_let_through(stream: str) -> None:
    parts = list(parts_of(schema_of(stream)))
    assert [path for path, part in parts if part.get("additionalProperties", True) is not True] == []
    objects = [(path, part) for path, part in parts if "object" in part["type"]]
    assert [path for path, part in objects if "additionalProperties" not in part] == []


@pytest.mark.parametrize("stream", STREAMS)
def test_every_list_says_what_it_holds(stream: str) -> None:
    lists = [(path, part) for path, part in parts_of(schema_of(stream)) if part["type"] == ["null", "array"]]
    assert [path for path, part in lists if "type" not in part.get("items", {})] == []


@pytest.mark.parametrize("stream", STREAMS)
def test_what_is_named_like_a_time_is_typed_as_one(stream: str) -> None:
    times = ("_at", "_since", "_seen", "due_by", "renewal_date")
    named_like_a_time = [(path, part) for path, part in parts_of(schema_of(stream)) if path.endswith(times)]
    assert [path for path, part in named_like_a_time if part.get("format") != "date-time"] == []


@pytest.mark.parametrize("stream", STREAMS)
def test_the_id_comes_first_and_the_timestamps_last(stream: str) -> None:
    names = list(schema_of(stream)["properties"])
    assert names[0] == "id"
    assert names[-2:] == ["created_at", "updated_at"]


@pytest.mark.parametrize("companies", [[], [25, 26], [{"company_id": 25, "view_all_tickets": True}], None])
def test_other_companies_may_be_ids_or_objects(companies: object) -> None:
    assert errors_in({"id": 1, "other_companies": companies}, schema_of("contacts")) == []


def test_an_id_above_2_to_the_53rd_is_an_integer() -> None:
    assert errors_in({"id": 1, "org_contact_id": 2090099566920853504}, schema_of("contacts")) == []


@pytest.mark.parametrize(
    ("stream", "path"),
    [
        ("tickets", "$.attachments[].attachment_url"),
        ("conversations", "$.attachments[].attachment_url"),
        ("contacts", "$.avatar.avatar_url"),
        ("agents", "$.contact.avatar.avatar_url"),
    ],
)
def test_shared_shapes_are_spelled_out_in_the_loaded_schema(stream: str, path: str) -> None:
    assert path in dict(parts_of(schema_of(stream)))


@pytest.mark.parametrize("value", ["2022-11-16", "16-11-2022 16:17:05", "2022-11-16T16:17:05", "soon"])
def test_what_is_no_point_in_time_is_refused(value: str) -> None:
    assert errors_in({"created_at": value}, schema_of("tickets")) != []


@pytest.mark.parametrize("value", ["2022-11-16T16:17:05Z", "2022-11-16T16:17:05.201Z", "2022-11-16T21:47:05+05:30"])
def test_a_point_in_time_in_any_zone_is_accepted(value: str) -> None:
    assert errors_in({"created_at": value}, schema_of("tickets")) == []
