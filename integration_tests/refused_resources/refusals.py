"""Which streams need what, and how refusals are arranged and recognised."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from integration_tests.conftest import API_KEY
from integration_tests.connector import Connector, Run, discovered_streams
from integration_tests.every_resource import keys_that_came
from integration_tests.fake_freshdesk import FakeFreshdesk, faults
from integration_tests.filling import TODAY

STREAMS = tuple(discovered_streams())
NEEDED_FOR = {
    "Archive Tickets": {"archived_tickets", "archived_ticket_conversations"},
    "Custom Objects": {"custom_object_schemas", "custom_object_records"},
    "Forums": {"discussion_categories", "discussion_forums", "discussion_topics", "discussion_comments"},
    "Multilingual": {"solution_article_translations"},
    "Skill Based Round Robin": {"skills"},
    "Surveys": {"surveys", "satisfaction_ratings"},
    "Ticket Activities Export": {"ticket_activities"},
    "Ticket Forms": {"ticket_forms"},
    "Ticket Summary": {"ticket_summaries"},
    "Timesheets": {"time_entries"},
}
FEATURES = tuple(NEEDED_FOR)
ASKED_ONE_BY_ONE = {"Archive Tickets", "Ticket Summary"}
"""Features whose records have no list. Each is asked for, and 404 is what those get that are not there."""
FOR_ADMINISTRATORS = {
    "admin_groups",
    "admin_ticket_fields",
    "agent_availability",
    "agents",
    "automation_rules",
    "business_hours",
    "canned_response_folders",
    "canned_responses",
    "company_fields",
    "contact_fields",
    "email_configs",
    "email_mailboxes",
    "groups",
    "products",
    "roles",
    "skills",
    "sla_policies",
    "ticket_activities",
    "ticket_field_sections",
    "ticket_forms",
}
BY_PLAN, BY_ROLE = "require_feature", "access_denied"
WORDS = {
    BY_PLAN: "The plan of this Freshdesk account does not include this resource.",
    BY_ROLE: "the key of an administrator",
}
LISTS = (
    "account",
    "admin/groups",
    "admin/skills",
    "admin/ticket_fields",
    "agents",
    "automations/*/rules",
    "business_hours",
    "canned_response_folders",
    "companies",
    "company_fields",
    "contact_fields",
    "contacts",
    "custom_objects/schemas",
    "discussions/categories",
    "email/mailboxes",
    "email_configs",
    "export/ticket_activities",
    "groups",
    "products",
    "roles",
    "scenario_automations",
    "settings/helpdesk",
    "sla_policies",
    "solutions/categories",
    "surveys",
    "surveys/satisfaction_ratings",
    "ticket-forms",
    "ticket_fields",
    "tickets",
    "time_entries",
)
"""All that are not of the children of a row."""
CHILDREN: tuple[Mapping[str, tuple[str, ...]], ...] = (
    {
        "admin/ticket_fields/*/sections": ("ticket_field_sections",),
        "canned_response_folders/*/responses": ("canned_responses",),
        "custom_objects/schemas/*/records": ("custom_object_records",),
        "discussions/categories/*/forums": ("discussion_forums", "discussion_topics", "discussion_comments"),
        "solutions/categories/*/folders": ("solution_folders", "solution_articles", "solution_article_translations"),
    },
    {
        "discussions/forums/*/topics": ("discussion_topics", "discussion_comments"),
        "solutions/folders/*/articles": ("solution_articles",),
    },
    {
        "discussions/topics/*/comments": ("discussion_comments",),
        "solutions/folders/*/articles/*": ("solution_article_translations",),
    },
)
"""Lists of children and the streams that need them, the farthest from the top last."""
OF_TICKETS = {
    "conversations": "tickets/*/conversations",
    "ticket_watchers": "tickets/*/watchers",
    "ticket_associations": "tickets/*/*associat*",
    "ticket_summaries": "tickets/*/summary",
}
CALLS_UNDER_WAY = 64
"""More than what several threads have begun, or are about to begin, when an account closes."""
CUSTOM_OBJECTS = ("custom_object_schemas", "custom_object_records")
"""They have error codes of their own, so any refusal of theirs means the same."""
OTHER_WORDS = ("Freshdesk refuses custom objects to this key.", "Freshdesk refuses what belongs to the ticket.")
"""Of resources of which any refusal means the same."""
SKIPPED = re.compile(r"Stream (\w+) is skipped\. .*")


def connector_for(fake: FakeFreshdesk, folder: Path) -> Connector:
    return Connector(folder, {"domain": fake.url, "api_key": API_KEY, "archived_tickets": True}, now=TODAY)


def refuse(fake: FakeFreshdesk, fault: faults.Fault, paths: Iterable[str]) -> None:
    for path in paths:
        fake.misbehave(fault, path=f"/api/v2/{path}", times=None)


def assert_skipped(run: Run, streams: Iterable[str], words: str) -> None:
    """These streams, each with one warning in these words; and there is no warning else."""
    warnings = [line for line in run.log("WARN", "ERROR", "FATAL").split("\n") if line]
    skipped = [match[1] for match in map(SKIPPED.fullmatch, warnings) if match]
    assert (run.exit_code, run.errors_traced) == (0, [])
    assert sorted(skipped) == sorted(streams)
    assert len(warnings) == len(skipped)
    assert [line for line in warnings if not any(known in line for known in (words, *OTHER_WORDS))] == []
    for stream in streams:
        assert run.statuses[stream] == ["STARTED", "COMPLETE"]
        assert run.records[stream] == []


def assert_all_came(run: Run, streams: Iterable[str], keys: Mapping[str, Counter[Any]]) -> None:
    came = {stream: Counter(keys_that_came(run, stream)) for stream in streams}
    assert {stream: found for stream, found in came.items() if found != keys[stream]} == {}
    assert {stream for stream in streams if run.statuses[stream][-1] != "COMPLETE"} == set()


def other_than(streams: Iterable[str]) -> list[str]:
    return [stream for stream in STREAMS if stream not in set(streams)]
