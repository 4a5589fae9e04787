"""Custom objects that were made up, and how their records change."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from integration_tests.fake_freshdesk.model.account import Account
from integration_tests.fake_freshdesk.model.table import Record
from integration_tests.fake_freshdesk.sections.custom_objects import milliseconds


def schema_field(name: str, kind: str, position: int, *, filterable: bool = True) -> Record:
    """A field of a schema; the first of a schema is of the kind PRIMARY."""
    return {
        "id": hashlib.sha256(name.encode()).hexdigest()[:36],
        "name": name,
        "label": name.replace("_", " ").title(),
        "type": kind,
        "position": position,
        "required": kind == "PRIMARY",
        "editable": True,
        "visible": True,
        "deleted": False,
        "placeholder": None,
        "hint": None,
        "filterable": filterable,
        "searchable": True,
        "parent_id": None,
        "choices": [],
    }


def add_schema(account: Account, name: str, prefix: str, at: datetime, **fields: Any) -> Record:
    kinds = (
        schema_field("reference", "PRIMARY", 1),
        schema_field("customer_name", "TEXT", 2),
        schema_field("age", "NUMBER", 3),
        schema_field("remark", "PARAGRAPH", 4, filterable=False),
    )
    row = {
        "name": name,
        "prefix": prefix,
        "title": None,
        "description": None,
        "version": 1,
        "deleted": False,
        "created_time": milliseconds(at),
        "updated_time": milliseconds(at),
        "fields": list(kinds),
    }
    return account.add("custom_object_schemas", **row | fields)


def add_record(
    account: Account, schema: Record, number: int, at: datetime, data: Mapping[str, Any], **fields: Any
) -> Record:
    """The record of a schema with this number, which its `display_id` ends in: "BKG-1". Fields not given are null."""
    display_id = f"{schema['prefix']}-{number}"
    empty = {field["name"]: None for field in schema["fields"]}
    row = {
        "id": f"{schema['id']}:{display_id}",
        "schema_id": schema["id"],
        "display_id": display_id,
        "created_time": milliseconds(at),
        "updated_time": milliseconds(at),
        "data": {**empty, "reference": display_id, **data},
        "metadata": {"primary_field_name": "reference"},
    }
    return account.add("custom_object_records", **row | fields)


def update_record(account: Account, record_id: str, at: datetime, data: Mapping[str, Any]) -> Record:
    """New values of some fields, at that moment."""
    with account.lock:
        row = account.table("custom_object_records").rows[record_id]
        changed = {"updated_time": milliseconds(at), "data": {**row["data"], **data}}
        if "version" in row:
            changed["version"] = row["version"] + 1
        return account.change("custom_object_records", record_id, **changed)


# Some objects


def seed(account: Account) -> None:
    """A schema of several pages, many of whose records share a moment; a small, an empty, and a deleted one."""
    at = account.now() - timedelta(days=100)
    bookings = add_schema(account, "Bookings", "BKG", at, description="Machines that were lent")
    for number in range(1, 261):
        # Five at once, as an import makes them, and not on a whole second.
        booked_at = at + timedelta(hours=number // 5, milliseconds=7)
        data = {"customer_name": f"Customer {number}", "age": None if number % 9 == 0 else 20 + number % 50}
        add_record(account, bookings, number, booked_at, data, **({"version": 1} if number % 2 else {}))
    for number in range(1, 260, 13):
        changed_at = at + timedelta(days=20, minutes=number // 26, milliseconds=999)
        update_record(account, f"{bookings['id']}:BKG-{number}", changed_at, {"remark": "Brought back late\n☕"})
    machines = add_schema(account, "Machines", "MCH", at, title="Machine", version=3)
    add_record(account, machines, 1, at, {"age": 2, "owners": ["one", "two"], "ticket": {"display_id": 1}})
    add_schema(account, "Empty", "EMP", at)
    add_schema(account, "Given up", "GUP", at, deleted=True, updated_time=milliseconds(at + timedelta(days=1)))
