"""What the fields that an account has defined look like in a schema. Decides, reads nothing."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from source_freshdesk.api.response import Row
from source_freshdesk.records.choices import choices

_STRING: Mapping[str, Any] = {"type": ["null", "string"]}
_INTEGER: Mapping[str, Any] = {"type": ["null", "integer"]}
_NUMBER: Mapping[str, Any] = {"type": ["null", "number"]}
_BOOLEAN: Mapping[str, Any] = {"type": ["null", "boolean"]}
_DATE: Mapping[str, Any] = {"type": ["null", "string"], "format": "date"}
_MOMENT: Mapping[str, Any] = {"type": ["null", "string"], "format": "date-time"}

TYPES: Mapping[str, Mapping[str, Any]] = {
    "custom_text": _STRING,
    "custom_paragraph": _STRING,
    "custom_dropdown": _STRING,
    "custom_url": _STRING,
    "custom_phone_number": _STRING,
    "nested_field": _STRING,
    "custom_number": _INTEGER,
    "custom_decimal": _NUMBER,
    "custom_checkbox": _BOOLEAN,
    "custom_date": _DATE,
    "custom_date_time": _MOMENT,
    "PRIMARY": _STRING,
    "TEXT": _STRING,
    "PARAGRAPH": _STRING,
    "DROPDOWN": _STRING,
    "NUMBER": _INTEGER,
    "DECIMAL": _NUMBER,
    "CHECKBOX": _BOOLEAN,
    "DATE": _DATE,
}
"""By the types of fields of tickets, contacts and companies (https://developers.freshdesk.com/api/#ticket-fields); in
capitals those of custom objects (https://developers.freshdesk.com/api/#custom-objects). Others have no fixed type."""

CHOICES_NAMED = 20
"""So many choices of a field are named in its description."""
LENGTH_IN_WAREHOUSES = 63
"""Names in Postgres are cut after so many bytes: https://www.postgresql.org/docs/current/limits.html"""


def properties(fields: Iterable[Row]) -> dict[str, dict[str, Any]]:
    """The properties of an object that holds the values of these fields, in the order of their names.

    Default fields are left out, since they are columns of their own; so are those of a type that is not known, and
    those of the same name that differ in type.
    """
    found: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for field in _with_nested(fields):
        declared = TYPES.get(str(field.get("type")))
        if declared is not None and not field.get("default") and not field.get("deleted") and field.get("name"):
            found[str(field["name"])].append({**declared, **_described(field)})
    return {
        name: of_name[0]
        for name, of_name in sorted(found.items())
        if all(_type_of(one) == _type_of(of_name[0]) for one in of_name)
    }


def clashes(names: Iterable[str]) -> list[list[str]]:
    """Names that are one and the same in a warehouse that ignores case or cuts long names."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for name in sorted(names):
        groups[name.lower()[:LENGTH_IN_WAREHOUSES]].append(name)
    return [group for group in groups.values() if len(group) > 1]


def _with_nested(fields: Iterable[Row]) -> Iterator[Row]:
    """The fields, each followed by those that depend on it."""
    for field in fields:
        yield field
        for nested in field.get("nested_ticket_fields") or ():
            yield {**nested, "type": "nested_field", "default": False}


def _described(field: Row) -> dict[str, str]:
    described = {"title": str(field["label"])} if field.get("label") else {}
    names = [choice["label"] for choice in choices(str(field["type"]), field.get("choices"))]
    return described | {"description": f"One of: {_listed(names)}."} if names else described


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:CHOICES_NAMED]) + (", …" if len(names) > CHOICES_NAMED else "")


def _type_of(declared: Mapping[str, Any]) -> tuple[Any, ...]:
    return declared["type"], declared.get("format")
