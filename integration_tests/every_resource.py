"""An account that has some of everything; what of it each stream should bring, and how many calls that should take.

All of it is worked out from the account and from the API's reference, none of it by the connector.
"""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from integration_tests.connector import Run
from integration_tests.fake_freshdesk import Account
from integration_tests.fake_freshdesk.sections.everything import fill_every_resource
from integration_tests.fake_freshdesk.sections.ticket_activities import FILE_STARTS, FILES_ARE_KEPT
from integration_tests.filling import add_tickets

Row = dict[str, Any]

PAGE = 100
DAYS_OF_ACTIVITIES = 31
"""Files are kept for 30 days, and today's may be there."""

TYPES_OF_LOOKUPS = {
    "ticket_statuses": "default_status",
    "ticket_priorities": "default_priority",
    "ticket_sources": "default_source",
}
OBJECTS = {"account": ("account", "account_id"), "settings": ("settings/helpdesk", "primary_language")}
"""Streams of a single record: what the account keeps it under, and its key."""


def an_hour_ago() -> datetime:
    """Of the real clock, for whoever runs the connector with no other."""
    return datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)


def account_with_everything(now: datetime, tickets: int = 120) -> Account:
    """Its clock stands at `now`, which is an hour or more before the connector's: what changed in the very second in
    which it is read may come twice. It is not many days before it: files of activities are kept for 30 days."""
    account = Account(now=now)
    for _ in range(3):
        account.add_contact(updated_at=now - timedelta(days=20))
        account.add_agent()
    account.add_company(updated_at=now - timedelta(days=20))
    # Evenly over the year, which takes the fewest calls.
    add_tickets(account, tickets, first=now - timedelta(days=365), every=timedelta(days=360) / tickets)
    for ticket_id in range(1, tickets // 2):
        account.add_conversation(ticket_id, touch=False)
    for _ in range(PAGE + 5):
        account.add_conversation(tickets, touch=False)
    fill_every_resource(account)
    # A number is looked for in the archive if a higher one is in a list.
    deleted, spam, destroyed, _ = (account.add_ticket(created_at=now - timedelta(hours=2)) for _ in range(4))
    account.delete_ticket(deleted["id"], touch=False)
    account.spam_ticket(spam["id"], touch=False)
    account.destroy_ticket(destroyed["id"])
    return account


# What each stream should bring


def listed_tickets(account: Account) -> list[Row]:
    """Those in the default list, which has neither spam nor what is in the trash."""
    return [row for row in account.tickets.values() if not (row["deleted"] or row["spam"])]


def expected_keys(account: Account, stream: str) -> list[Any]:
    """The primary keys of all that a stream should bring of an account."""
    if stream in OBJECTS:
        path, key = OBJECTS[stream]
        return [account.objects[path][key]]
    if stream in TYPES_OF_LOOKUPS:
        return lookup(account, TYPES_OF_LOOKUPS[stream])
    return _KEYS.get(stream, _ids_of_table)(account, stream)


def lookup(account: Account, field_type: str) -> list[int]:
    """The numbers that tickets may carry in a field, from the table of ticket fields. A status has the number first and
    names behind it, the others the name first."""
    (field,) = account.table("ticket_fields").group("type", field_type)
    choices = field["choices"]
    return [int(number) for number in (choices if field_type == "default_status" else choices.values())]


def _ids_of_table(account: Account, stream: str) -> list[Any]:
    return list(account.table(stream).rows)


def _ids_of_listed_tickets(account: Account, _: str) -> list[int]:
    return [row["id"] for row in listed_tickets(account)]


def _of_listed_tickets(account: Account, stream: str, field: str) -> list[Any]:
    listed = {row["id"] for row in listed_tickets(account)}
    return [row[field] for row in account.table(stream).rows.values() if row["ticket_id"] in listed]


def associated_tickets(account: Account, _: str = "") -> list[int]:
    return [row["id"] for row in listed_tickets(account) if row["association_type"]]


def _translations(account: Account, stream: str) -> list[tuple[int, str]]:
    return [(row["article_id"], row["language"]) for row in account.table(stream).rows.values()]


def _records_of_live_schemas(account: Account, stream: str) -> list[tuple[int, str]]:
    live = {schema["id"] for schema in live_schemas(account)}
    rows = account.table(stream).rows.values()
    return [(row["schema_id"], row["display_id"]) for row in rows if row["schema_id"] in live]


def live_schemas(account: Account) -> list[Row]:
    return [row for row in account.table("custom_object_schemas").rows.values() if not row["deleted"]]


_KEYS: Mapping[str, Callable[[Account, str], list[Any]]] = {
    "ticket_watchers": _ids_of_listed_tickets,
    "ticket_associations": associated_tickets,
    "ticket_summaries": lambda account, stream: _of_listed_tickets(account, stream, "ticket_id"),
    "conversations": lambda account, stream: _of_listed_tickets(account, stream, "id"),
    "ticket_activities": lambda account, _: activities(account),
    # Some accounts write these as text. They are numbers where other resources name them.
    "business_hours": lambda account, stream: [int(row_id) for row_id in account.table(stream).rows],
    "sla_policies": lambda account, stream: [int(row_id) for row_id in account.table(stream).rows],
    "solution_article_translations": _translations,
    "custom_object_records": _records_of_live_schemas,
}


def activities(account: Account) -> list[tuple[Any, ...]]:
    """What the files hold. Rows have no key, so each stands for itself."""
    rows = account.table("ticket_activities").rows.values()
    return [
        _of_activity(row, row["file_day"], datetime.strptime(row["performed_at"], "%d-%m-%Y %H:%M:%S %z"))
        for row in rows
    ]


def activities_that_came(run: Run) -> list[tuple[Any, ...]]:
    """The same of the records."""
    return [
        _of_activity(record, record["export_date"], datetime.fromisoformat(record["performed_at"]))
        for record in run.records["ticket_activities"]
    ]


def _of_activity(row: Row, day: str, performed_at: datetime) -> tuple[Any, ...]:
    activity = json.dumps(row["activity"], sort_keys=True)
    return day, performed_at, row["ticket_id"], row["performer_type"], row.get("performer_id"), activity


def keys_that_came(run: Run, stream: str) -> list[Any]:
    """The keys of a stream's records, to be compared with the expected ones."""
    return activities_that_came(run) if stream == "ticket_activities" else run.keys(stream)


def has_file(account: Account, day: date) -> bool:
    """Whether the file of a day is ready and is still kept."""
    starts = datetime.combine(day, time(0), UTC) + FILE_STARTS
    return starts + timedelta(days=1) <= account.now() < starts + FILES_ARE_KEPT


def change_a_row(account: Account, stream: str) -> list[Any]:
    """Change something half an hour later in the account; the keys of what should come of the stream."""
    at = account.now()
    if stream in ("tickets", "ticket_watchers", "ticket_associations", "ticket_summaries", "conversations"):
        ticket_id = associated_tickets(account)[0]
        account.update_ticket(ticket_id)
        return [ticket_id] if stream != "conversations" else [account.add_conversation(ticket_id, touch=False)["id"]]
    if stream == "custom_object_records":
        row = next(iter(account.table(stream).rows.values()))
        account.change(stream, row["id"], updated_time=int(at.timestamp() * 1000))
        return [(row["schema_id"], row["display_id"])]
    row = list(account.table(stream).rows.values())[-1]
    account.change(stream, row["id"], updated_at=at)
    if stream == "solution_article_translations":
        return [(row["article_id"], row["language"])]
    return [int(row["id"])]
