"""The choices of a field in one shape.

Freshdesk sends them as a list of texts, as an object from name to number, from number to names, from code to name, as
objects within objects where one choice depends on another, or as a list of objects:
https://developers.freshdesk.com/api/#list_all_ticket_fields. Here they are always a list of objects::

    {"value": "2",                        what a record carries, as text
     "label": "Open",                     what an agent sees
     "label_for_customers": "Being Processed",
     "choices": [...]}                    those that depend on this one

with whatever else Freshdesk sends of a choice. The last two are there only where Freshdesk sends such.
"""

from typing import Any

Choice = dict[str, Any]

NUMBERED_TYPES = frozenset({"default_status", "default_priority", "default_source"})
"""Fields of which tickets carry the number of the choice."""


def choices(field_type: str, sent: Any) -> list[Choice]:
    """The choices of a field of this type, as Freshdesk sent them. None gives an empty list."""
    if isinstance(sent, dict):
        return [_named(field_type, name, value) for name, value in sent.items()]
    if isinstance(sent, list):
        return [_object(field_type, one) if isinstance(one, dict) else _plain(one) for one in sent]
    return []


def _plain(value: Any) -> Choice:
    return {"value": str(value), "label": str(value)}


def _named(field_type: str, name: str, sent: Any) -> Choice:
    if isinstance(sent, dict):
        return _plain(name) | {"choices": choices(field_type, sent)}
    if isinstance(sent, list) and field_type == "default_status":
        labels = [str(label) for label in sent] or [name]
        return {"value": name, "label": labels[0], "label_for_customers": labels[-1]}
    if isinstance(sent, list):
        return _plain(name) | {"choices": choices(field_type, sent)}
    is_number = str(sent).isdecimal() and field_type in NUMBERED_TYPES and not name.isdecimal()
    if isinstance(sent, int) or is_number:
        return {"value": str(sent), "label": name}
    return {"value": name, "label": name if sent is None else str(sent)}


def _object(field_type: str, choice: Choice) -> Choice:
    value, label = choice.get("value"), choice.get("label")
    if field_type in NUMBERED_TYPES and not str(value).isdecimal() and str(choice.get("id")).isdecimal():
        value, label = choice["id"], label or value
    if value is None:
        value = label if label is not None else choice.get("id")
    given = choice | {"value": str(value), "label": str(value if label is None else label)}
    if isinstance(choice.get("choices"), list | dict):
        given["choices"] = choices(field_type, choice["choices"])
    return given


def with_choices(field: Any) -> Any:
    """A field, its choices in the one shape if it has any."""
    if isinstance(field, dict) and field.get("choices") is not None:
        return field | {"choices": choices(field.get("type", ""), field["choices"])}
    return field
