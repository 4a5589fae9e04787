"""How many calls each stream should take.

Worked out from the account and from the reference, none of it by the connector.
"""

import math
from collections.abc import Callable, Iterable, Mapping

from integration_tests.every_resource import (
    DAYS_OF_ACTIVITIES,
    OBJECTS,
    PAGE,
    TYPES_OF_LOOKUPS,
    Row,
    associated_tickets,
    listed_tickets,
    live_schemas,
)
from integration_tests.fake_freshdesk import Account

CREDITS_OF_A_PAGE, CREDITS_OF_A_TICKET = 7, 3
"""With all that tickets can include: https://developers.freshdesk.com/api/#list_all_tickets"""


def expected_calls(account: Account, stream: str) -> int:
    """In a first sync of all streams. Lists of more than a page are read twice, all but the last page, since their
    order does not hold still; a list that leads to others is read for all of them at once."""
    if stream in OBJECTS or stream in ("scenario_automations", "admin_groups", "skills"):
        return 1
    if stream in TYPES_OF_LOOKUPS:
        return 0
    return _CALLS.get(stream, _calls_for_list)(account, stream)


def pages(rows: int) -> int:
    return max(math.ceil(rows / PAGE), 1)


def _calls_for_passes(rows: int) -> int:
    return 2 * pages(rows) - 1


def _calls_for_list(account: Account, stream: str) -> int:
    return _calls_for_passes(len(account.table(stream).rows))


def _calls_for_walk(rows: Iterable[Row]) -> int:
    """The list of tickets goes on from the last row of a page, which comes again."""
    return 1 + math.ceil(max(len(list(rows)) - PAGE, 0) / (PAGE - 1))


def _calls_for_tickets(account: Account, _: str = "") -> int:
    return _calls_for_walk(listed_tickets(account))


def _calls_for_hidden(account: Account, mark: str) -> int:
    """A page without what costs more; then the tickets with it, in a page or singly, whatever costs fewer credits."""
    count = len([row for row in account.tickets.values() if row[mark]])
    return 1 + (count if count * CREDITS_OF_A_TICKET < CREDITS_OF_A_PAGE else 1)


def _calls_for_conversations(account: Account, _: str) -> int:
    of_each = [_calls_for_passes(len(account.conversations_of(row["id"]))) for row in listed_tickets(account)]
    return _calls_for_tickets(account) + sum(of_each)


def _calls_for_children(account: Account, children: str, field: str, parents: Iterable[Row]) -> int:
    return sum(_calls_for_passes(len(account.table(children).group(field, parent["id"]))) for parent in parents)


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
        _calls_for_passes(len([row for row in rows if (row["folder_id"], row["language"]) == (folder["id"], language)]))
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
    of_each = [_calls_for_passes(len(account.table(stream).group("ticket_id", number))) for number in numbers]
    return of_each[-1] + sum(of_each)


def _calls_for_activities(_: Account, __: str) -> int:
    """One for each day, whether there is a file or not."""
    return DAYS_OF_ACTIVITIES


_CALLS: Mapping[str, Callable[[Account, str], int]] = {
    # A search tells beforehand how many there are, if they are more than a page; and one call, whether the owner of the
    # key sees all of them.
    "tickets": lambda account, _: (
        _calls_for_tickets(account)
        + (len(listed_tickets(account)) > PAGE)
        + 1
        + sum(_calls_for_hidden(account, name) for name in ("deleted", "spam"))
    ),
    "conversations": _calls_for_conversations,
    "ticket_watchers": lambda account, _: _calls_for_tickets(account) + len(listed_tickets(account)),
    "ticket_associations": lambda account, _: _calls_for_tickets(account) + len(associated_tickets(account)),
    # The first ticket twice, to see whether the plan has summaries.
    "ticket_summaries": lambda account, _: _calls_for_tickets(account) + len(listed_tickets(account)) + 1,
    "ticket_activities": _calls_for_activities,
    "archived_tickets": _calls_for_archived_tickets,
    "archived_ticket_conversations": _calls_for_archived_conversations,
    # A list that leaves out part of each row: one call more for each.
    # Three lists, and a search that tells how many there are, for the forecast of a long sync.
    "contacts": lambda account, stream: 3 + 1 + len(account.table(stream).rows),
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
        pages(len(account.table(stream).group("schema_id", schema["id"]))) for schema in live_schemas(account)
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
