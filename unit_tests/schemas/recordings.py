"""Recorded rows, and schemas to hold them against."""

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
