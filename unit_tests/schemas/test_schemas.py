"""The schemas of all streams against what Freshdesk really sent and what users were promised."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from airbyte_cdk.sources.utils.schema_helpers import ResourceSchemaLoader
from jsonschema import Draft7Validator, FormatChecker

from source_freshdesk.records.choices import choices
from source_freshdesk.records.types import SchemaCaster

STREAMS = sorted(file.stem for file in (Path(__file__).parents[2] / "source_freshdesk" / "schemas").glob("*.json"))

RECORDED = Path(__file__).parent.parent / "recorded"
PROMISED: dict[str, dict[str, dict[str, str]]] = json.loads((RECORDED / "promised_fields.json").read_text("utf-8"))

# No answer was found for these. Any other stream fails when its recordings are lost.
NEVER_RECORDED = frozenset(
    {
        "account",
        "admin_groups",
        "admin_ticket_fields",
        "agent_availability",
        "archived_ticket_conversations",
        "archived_tickets",
        "automation_rules",
        "custom_object_records",
        "custom_object_schemas",
        "products",
        "skills",
        "solution_article_translations",
        "ticket_activities",
        "ticket_associations",
        "ticket_field_sections",
        "ticket_forms",
        "ticket_priorities",
        "ticket_sources",
        "ticket_statuses",
        "ticket_summaries",
        "ticket_watchers",
    }
)

# Lists that a stream reads besides the one of its own name.
OTHER_LISTS: Mapping[str, str] = {"solution_folders": "solution_subfolders"}

# What Freshdesk sends for these is not yet what their records carry.
WITH_CHOICES = frozenset({"ticket_fields", "admin_ticket_fields", "contact_fields", "company_fields"})
WITH_LOOSE_TYPES = frozenset({"business_hours", "sla_policies"})

# The key of a record, where it is not its id.
KEYS: Mapping[str, str] = {
    "account": "account_id",
    "custom_object_records": "schema_id",
    "settings": "primary_language",
    "ticket_activities": "_airbyte_ticket_activity_id",
    "ticket_associations": "ticket_id",
    "ticket_summaries": "ticket_id",
    "ticket_watchers": "ticket_id",
}

# Values that Freshdesk documents in more than one form, or in none.
OF_MANY_TYPES = frozenset({"$.devices[]", "$.other_companies[]", "$.outgoing_failures", "$.social_handler[]"})

# Names that end like a time, yet are a time of day, a span of time or no time at all.
NO_POINTS_IN_TIME: Mapping[str, tuple[str, ...]] = {
    "account": (".full_time",),
    "business_hours": (".start_time", ".end_time"),
    "sla_policies": (".escalation_time",),
}

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
    names = (stream, f"{stream}_view", OTHER_LISTS.get(stream, stream))
    return sorted({file for name in names for file in RECORDED.glob(f"20*-{name}.json")})


def emitted(stream: str, sent: dict[str, Any]) -> dict[str, Any]:
    """The record that the connector makes of what Freshdesk sent."""
    if stream in WITH_CHOICES and "choices" in sent:
        sent = {**sent, "choices": choices(sent["type"], sent["choices"])}
    if stream == "business_hours":
        sent = {"working_hours" if key == "business_hours" else key: value for key, value in sent.items()}
    return SchemaCaster(schema_of(stream))(sent) if stream in WITH_LOOSE_TYPES else sent


def emitted_from(stream: str, file: Path) -> list[dict[str, Any]]:
    return [emitted(stream, sent) for sent in recorded_in(file)]


def errors_in(record: object, schema: Mapping[str, Any]) -> list[str]:
    validator = Draft7Validator(schema, format_checker=date_times)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(record)]


def undeclared_keys(value: object, schema: Mapping[str, Any], path: str = "$") -> Iterator[str]:
    """Keys of `value` that its schema does not name. An object that names no properties at all is free-form."""
    if isinstance(value, dict) and "properties" in schema:
        for key, inner in value.items():
            if key not in schema["properties"]:
                yield f"{path}.{key}"
            else:
                yield from undeclared_keys(inner, schema["properties"][key], f"{path}.{key}")
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


@pytest.mark.parametrize("stream", STREAMS)
def test_every_value_may_be_null_and_is_else_of_one_type(stream: str) -> None:
    inner_parts = list(parts_of(schema_of(stream)))[1:]
    assert [path for path, part in inner_parts if part.get("type", [])[:1] != ["null"]] == []
    assert {path for path, part in inner_parts if len(part["type"]) != 2} <= OF_MANY_TYPES


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
    times = ("_at", "_since", "_seen", "_time", "due_by", "renewal_date")
    named_like_a_time = [(path, part) for path, part in parts_of(schema_of(stream)) if path.endswith(times)]
    no_times = [path for path, part in named_like_a_time if part.get("format") != "date-time"]
    assert [path for path in no_times if not path.endswith(NO_POINTS_IN_TIME.get(stream, ()))] == []


@pytest.mark.parametrize("stream", STREAMS)
def test_the_key_comes_first_and_the_timestamps_last(stream: str) -> None:
    names = list(schema_of(stream)["properties"])
    timestamps = [name for name in ("created_at", "updated_at") if name in names]
    assert names[0] == KEYS.get(stream, "id")
    assert names[len(names) - len(timestamps) :] == timestamps


def test_each_stream_with_a_key_of_its_own_exists() -> None:
    assert set(KEYS) <= set(STREAMS)


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
        ("ticket_fields", "$.choices[].choices[].choices[].value"),
        ("ticket_forms", "$.fields[].choices[].choices[].choices[].value"),
        ("admin_ticket_fields", "$.sections[].choice_ids[]"),
    ],
)
def test_shared_shapes_are_spelled_out_in_the_loaded_schema(stream: str, path: str) -> None:
    assert path in dict(parts_of(schema_of(stream)))


@pytest.mark.parametrize(
    ("archived", "stream"), [("archived_tickets", "tickets"), ("archived_ticket_conversations", "conversations")]
)
def test_what_is_archived_has_the_fields_that_it_had(archived: str, stream: str) -> None:
    assert list(schema_of(archived)["properties"].items()) == list(schema_of(stream)["properties"].items())


@pytest.mark.parametrize("value", ["2022-11-16", "16-11-2022 16:17:05", "2022-11-16T16:17:05", "soon"])
def test_what_is_no_point_in_time_is_refused(value: str) -> None:
    assert errors_in({"created_at": value}, schema_of("tickets")) != []


@pytest.mark.parametrize("value", ["2022-11-16T16:17:05Z", "2022-11-16T16:17:05.201Z", "2022-11-16T21:47:05+05:30"])
def test_a_point_in_time_in_any_zone_is_accepted(value: str) -> None:
    assert errors_in({"created_at": value}, schema_of("tickets")) == []
