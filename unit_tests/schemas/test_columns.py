"""No column is null in every row: what is declared was seen in a real account, or is known to come."""

from collections.abc import Mapping

import pytest

from unit_tests.schemas.recordings import STREAMS, emitted_from, recordings_of, schema_of

ADDED = "the connector adds it"
BY_ID = "a row that is read by its id has it"
DOCUMENTED = "the reference has it in its example of a list"
OF_SOME = "accounts, or rows, of a kind that was not recorded have it"

NOT_RECORDED: Mapping[str, Mapping[str, str]] = {
    "tickets": {
        **dict.fromkeys(("status_name", "priority_name", "source_name", "deleted"), ADDED),
        **dict.fromkeys(("internal_agent_id", "internal_group_id", "due_by_in_hours"), OF_SOME),
        "associated_tickets_list": BY_ID,
    },
    "conversations": {"ticket_synced_at": ADDED, "structured_body": OF_SOME},
    "contacts": {
        **dict.fromkeys(("avatar", "devices", "other_emails", "tags", "view_all_tickets"), BY_ID),
        **dict.fromkeys(("deleted", "blocked"), ADDED),
        "blocked_at": OF_SOME,
    },
    "agents": {
        **dict.fromkeys(("group_ids", "role_ids", "skill_ids"), BY_ID),
        **dict.fromkeys(("freshcaller_agent", "freshchat_agent"), OF_SOME),
    },
    "ticket_fields": dict.fromkeys(
        ("dependent_fields", "nested_ticket_fields", "field_update_in_progress", "is_fsm"), OF_SOME
    ),
    "groups": {"agent_ids": DOCUMENTED},
    "company_fields": dict.fromkeys(
        ("customers_can_edit", "displayed_for_customers", "label_for_customers", "required_for_customers"), DOCUMENTED
    ),
    "business_hours": dict.fromkeys(("time_zone_iana", "working_hours_24h"), ADDED),
    "email_mailboxes": {"custom_mailbox": OF_SOME},
    "scenario_automations": dict.fromkeys(("created_at", "updated_at"), DOCUMENTED),
    "solution_folders": dict.fromkeys(("company_ids", "company_segment_ids", "contact_segment_ids"), OF_SOME),
    "discussion_forums": {"company_ids": OF_SOME, "posts_count": DOCUMENTED},
    "discussion_topics": dict.fromkeys(("message", "posts_count"), DOCUMENTED),
}
WRITE_ONLY = ("email", "name", "phone", "twitter_id", "facebook_id", "unique_external_id")
"""What a ticket is created with to name its requester: https://developers.freshdesk.com/api/#create_ticket"""


@pytest.mark.parametrize("stream", [stream for stream in STREAMS if recordings_of(stream)])
def test_what_is_declared_was_seen_or_is_known_to_come(stream: str) -> None:
    seen = {key for file in recordings_of(stream) for record in emitted_from(stream, file) for key in record}
    if seen:
        assert set(schema_of(stream)["properties"]) - seen == set(NOT_RECORDED.get(stream, ()))


def test_tickets_declare_nothing_that_is_only_ever_written_or_never_asked_for() -> None:
    assert not {*WRITE_ONLY, "company", "archived"} & set(schema_of("tickets")["properties"])
