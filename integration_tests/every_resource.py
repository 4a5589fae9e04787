"""An account that has some of everything; what of it each stream should bring, and how many calls that should take.

All of it is worked out from the account and from the API's reference, none of it by the connector.
"""

import json
import math
from collections.abc import Callable, Iterable, Mapping
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


def _associated_tickets(account: Account, _: str = "") -> list[int]:
    return [row["id"] for row in listed_tickets(account) if row["association_type"]]


def _translations(account: Account, stream: str) -> list[tuple[int, str]]:
    return [(row["article_id"], row["language"]) for row in account.table(stream).rows.values()]


def _records_of_live_schemas(account: Account, stream: str) -> list[tuple[int, str]]:
    live = {schema["id"] for schema in _live_schemas(account)}
    rows = account.table(stream).rows.values()
    return [(row["schema_id"], row["display_id"]) for row in rows if row["schema_id"] in live]


def _live_schemas(account: Account) -> list[Row]:
    return [row for row in account.table("custom_object_schemas").rows.values() if not row["deleted"]]


_KEYS: Mapping[str, Callable[[Account, str], list[Any]]] = {
    "tickets": _ids_of_listed_tickets,
    "ticket_watchers": _ids_of_listed_tickets,
    "ticket_associations": _associated_tickets,
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
    told = json.dumps(row["activity"], sort_keys=True)
    return day, performed_at, row["ticket_id"], row["performer_type"], row.get("performer_id"), told


def keys_that_came(run: Run, stream: str) -> list[Any]:
    """The keys of a stream's records, to be compared with the expected ones."""
    return activities_that_came(run) if stream == "ticket_activities" else run.keys(stream)


# How many calls that should take


def expected_calls(account: Account, stream: str) -> int:
    """In a first sync of all streams. Lists of more than a page are read twice, since their order does not hold still;
    a list that leads to others is read for all of them at once."""
    if stream in OBJECTS or stream in ("scenario_automations", "admin_groups", "skills"):
        return 1
    if stream in TYPES_OF_LOOKUPS:
        return 0
    return _CALLS.get(stream, _calls_for_list)(account, stream)


def pages(rows: int) -> int:
    return max(math.ceil(rows / PAGE), 1)


def _readings(rows: int) -> int:
    return pages(rows) if pages(rows) == 1 else 2 * pages(rows)


def _calls_for_list(account: Account, stream: str) -> int:
    return _readings(len(account.table(stream).rows))


def _calls_for_walk(rows: Iterable[Row]) -> int:
    """The list of tickets goes on from the last row of a page, which comes again."""
    return 1 + math.ceil(max(len(list(rows)) - PAGE, 0) / (PAGE - 1))


def _calls_for_tickets(account: Account, _: str = "") -> int:
    return _calls_for_walk(listed_tickets(account))


def _calls_for_conversations(account: Account, _: str) -> int:
    of_each = [_readings(len(account.conversations_of(row["id"]))) for row in listed_tickets(account)]
    return _calls_for_tickets(account) + sum(of_each)


def _calls_for_children(account: Account, children: str, field: str, parents: Iterable[Row]) -> int:
    return sum(_readings(len(account.table(children).group(field, parent["id"]))) for parent in parents)


def parents_with(account: Account, parents: str, count: str) -> list[Row]:
    """The rows of a table that count children."""
    return [row for row in account.table(parents).rows.values() if row.get(count)]


def _calls_for_folders(account: Account, _: str) -> int:
    return len(account.table("solution_categories").rows) + len(
        parents_with(account, "solution_folders", "sub_folders_count")
    )


def _calls_for_articles(account: Account, _: str) -> int:
    folders = parents_with(account, "solution_folders", "articles_count")
    return _calls_for_children(account, "solution_articles", "folder_id", folders)


def _calls_for_translations(account: Account, stream: str) -> int:
    """A list for each folder and language, whether it has any or not."""
    rows = account.table(stream).rows.values()
    return sum(
        _readings(len([row for row in rows if (row["folder_id"], row["language"]) == (folder["id"], language)]))
        for folder in parents_with(account, "solution_folders", "articles_count")
        for language in account.objects["settings/helpdesk"]["supported_languages"]
    )


def _topics_with_comments(account: Account) -> list[Row]:
    return [
        *parents_with(account, "discussion_topics", "comments_count"),
        *parents_with(account, "discussion_topics", "posts_count"),
    ]


def _numbers_to_look_for(account: Account) -> list[int]:
    listed = set(account.tickets)
    return [number for number in range(1, max(listed)) if number not in listed]


def _calls_for_archived_tickets(account: Account, _: str) -> int:
    """Three lists, then every number that is in none of them; the first of them twice, to see whether the plan has
    archives."""
    deleted = [row for row in account.tickets.values() if row["deleted"]]
    spam = [row for row in account.tickets.values() if row["spam"]]
    walks = _calls_for_tickets(account) + _calls_for_walk(deleted) + _calls_for_walk(spam)
    return walks + 1 + len(_numbers_to_look_for(account))


def _calls_for_archived_conversations(account: Account, stream: str) -> int:
    """Of those numbers that were found; what is in no archive was learnt from the tickets."""
    numbers = [number for number in _numbers_to_look_for(account) if number in account.table("archived_tickets").rows]
    of_each = [_readings(len(account.table(stream).group("ticket_id", number))) for number in numbers]
    return of_each[0] + sum(of_each)


def _calls_for_activities(_: Account, __: str) -> int:
    """One for each day, whether there is a file or not."""
    return DAYS_OF_ACTIVITIES


def has_file(account: Account, day: date) -> bool:
    """Whether the file of a day is ready and is still kept."""
    starts = datetime.combine(day, time(0), UTC) + FILE_STARTS
    return starts + timedelta(days=1) <= account.now() < starts + FILES_ARE_KEPT


_CALLS: Mapping[str, Callable[[Account, str], int]] = {
    # A search tells beforehand how many there are, if they are more than a page.
    "tickets": lambda account, _: _calls_for_tickets(account) + (len(listed_tickets(account)) > PAGE),
    "conversations": _calls_for_conversations,
    "ticket_watchers": lambda account, _: _calls_for_tickets(account) + len(listed_tickets(account)),
    "ticket_associations": lambda account, _: _calls_for_tickets(account) + len(_associated_tickets(account)),
    # The first ticket twice, to see whether the plan has summaries.
    "ticket_summaries": lambda account, _: _calls_for_tickets(account) + len(listed_tickets(account)) + 1,
    "ticket_activities": _calls_for_activities,
    "archived_tickets": _calls_for_archived_tickets,
    "archived_ticket_conversations": _calls_for_archived_conversations,
    # A list that leaves out part of each row: one call more for each.
    "contacts": lambda account, stream: 1 + len(account.table(stream).rows),
    "agents": lambda account, stream: 1 + len(account.table(stream).rows),
    "admin_ticket_fields": lambda account, stream: 1 + len(account.table(stream).rows),
    "ticket_forms": lambda account, stream: 1 + len(account.table(stream).rows),
    "custom_object_schemas": lambda account, stream: 1 + len(account.table(stream).rows),
    # Read in two ways, each of two pages.
    "time_entries": lambda account, stream: 2 * pages(len(account.table(stream).rows)),
    # One for each kind of rule.
    "automation_rules": lambda *_: 3,
    "ticket_field_sections": lambda account, _: len(parents_with(account, "admin_ticket_fields", "has_section")),
    "canned_responses": lambda account, _: len(parents_with(account, "canned_response_folders", "responses_count")),
    "solution_folders": _calls_for_folders,
    "solution_articles": _calls_for_articles,
    "solution_article_translations": _calls_for_translations,
    "discussion_forums": lambda account, _: len(account.table("discussion_categories").rows),
    "discussion_topics": lambda account, stream: _calls_for_children(
        account, stream, "forum_id", parents_with(account, "discussion_forums", "topics_count")
    ),
    "discussion_comments": lambda account, stream: _calls_for_children(
        account, stream, "topic_id", _topics_with_comments(account)
    ),
    "custom_object_records": lambda account, stream: sum(
        pages(len(account.table(stream).group("schema_id", schema["id"]))) for schema in _live_schemas(account)
    ),
}


def paths_of_childless(account: Account) -> list[str]:
    """Lists that are known to be empty from the row which leads to them."""
    families = (
        ("admin_ticket_fields", ("has_section",), "admin/ticket_fields/{}/sections"),
        ("canned_response_folders", ("responses_count",), "canned_response_folders/{}/responses"),
        ("solution_folders", ("sub_folders_count",), "solutions/folders/{}/subfolders"),
        ("solution_folders", ("articles_count",), "solutions/folders/{}/articles"),
        ("discussion_forums", ("topics_count",), "discussions/forums/{}/topics"),
        ("discussion_topics", ("comments_count", "posts_count"), "discussions/topics/{}/comments"),
    )
    paths = [
        path.format(row["id"])
        for parents, counts, path in families
        for row in account.table(parents).rows.values()
        if not any(row.get(count) for count in counts)
    ]
    languages = account.objects["settings/helpdesk"]["supported_languages"]
    return paths + [f"{path}/{language}" for path in paths if path.endswith("/articles") for language in languages]


# What changes


def change_a_row(account: Account, stream: str) -> list[Any]:
    """Change something half an hour later in the account; the keys of what should come of the stream."""
    at = account.now()
    if stream in ("tickets", "ticket_watchers", "ticket_associations", "ticket_summaries", "conversations"):
        ticket_id = _associated_tickets(account)[0]
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
