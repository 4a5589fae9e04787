"""How the streams join: which field of which stream holds the key of which other."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from docs.markdown import table

PEOPLE = ("contacts", "agents")
"""A person may be either; an agent who is removed becomes a contact."""


@dataclass(frozen=True)
class Join:
    """`field` of `stream` holds the `key` of one of `targets`, or a list of such."""

    stream: str
    field: str
    targets: tuple[str, ...]
    key: str = "id"

    @property
    def is_of_many(self) -> bool:
        """Whether the field may hold several, in a list of its own or of objects."""
        return "[]" in self.field or self.field.endswith("_ids")


def _of(stream: str, **fields: str | Sequence[str]) -> list[Join]:
    """Joins of one stream, field by field, each to the `id` of one or several others."""
    return [
        Join(stream, field, (targets,) if isinstance(targets, str) else tuple(targets))
        for field, targets in fields.items()
    ]


_PEOPLE_OF_A_TICKET = {
    "requester_id": PEOPLE,
    "responder_id": "agents",
    "group_id": "groups",
    "company_id": "companies",
    "internal_agent_id": "agents",
    "internal_group_id": "groups",
}
_MEANINGS_IN_A_TICKET = {
    "status": "ticket_statuses",
    "priority": "ticket_priorities",
    "source": "ticket_sources",
    "product_id": "products",
    "form_id": "ticket_forms",
    "email_config_id": ("email_mailboxes", "email_configs"),
}
_PEOPLE_OF_A_CONVERSATION = {"user_id": PEOPLE, "last_edited_user_id": "agents"}
_ARTICLE = {"folder_id": "solution_folders", "category_id": "solution_categories", "agent_id": "agents"}

TICKETS = [
    *_of("tickets", **_PEOPLE_OF_A_TICKET),
    *_of("conversations", ticket_id="tickets", **_PEOPLE_OF_A_CONVERSATION),
    *_of("contacts", company_id="companies"),
    Join("contacts", "other_companies[].company_id", ("companies",)),
    *_of("agents", group_ids="groups", role_ids="roles", skill_ids="skills"),
]

ERROR_RULES = [*_of("tickets", **_MEANINGS_IN_A_TICKET), *_of("conversations", automation_id="automation_rules")]

AROUND_TICKETS = [
    *_of("time_entries", ticket_id="tickets", agent_id="agents", company_id="companies"),
    *_of(
        "satisfaction_ratings",
        ticket_id="tickets",
        survey_id="surveys",
        user_id="contacts",
        agent_id="agents",
        group_id="groups",
    ),
    *_of("ticket_watchers", ticket_id="tickets", watcher_ids="agents"),
    *_of("ticket_associations", ticket_id="tickets", associated_ticket_ids="tickets"),
    *_of("ticket_summaries", ticket_id="tickets", user_id="agents", last_edited_user_id="agents"),
    *_of("ticket_activities", ticket_id=("tickets", "archived_tickets"), performer_id=PEOPLE),
]

ARCHIVE = [
    *_of("archived_tickets", **_PEOPLE_OF_A_TICKET, **_MEANINGS_IN_A_TICKET),
    *_of(
        "archived_ticket_conversations",
        ticket_id="archived_tickets",
        **_PEOPLE_OF_A_CONVERSATION,
        automation_id="automation_rules",
    ),
]

TEAMS = [
    *_of("groups", agent_ids="agents", business_hour_id="business_hours"),
    *_of("admin_groups", agent_ids="agents", business_calendar_id="business_hours"),
    *_of("agent_availability", id="agents"),
    Join("skills", "agents[].id", ("agents",)),
    Join("sla_policies", "applicable_to.company_ids", ("companies",)),
    Join("sla_policies", "applicable_to.group_ids", ("groups",)),
    Join("sla_policies", "applicable_to.product_ids", ("products",)),
    *(
        Join("sla_policies", f"escalation.{step}.agent_ids", ("agents",))
        for step in (
            "reminder_response",
            "reminder_next_response",
            "reminder_resolution",
            "response",
            "next_response",
            "resolution.level_1",
            "resolution.level_2",
            "resolution.level_3",
            "resolution.level_4",
        )
    ),
    *_of("canned_responses", folder_id="canned_response_folders", group_ids="groups"),
]

SET_UP = [
    *_of("email_configs", product_id="products", group_id="groups"),
    *_of("email_mailboxes", product_id="products", group_id="groups"),
    *_of("automation_rules", last_updated_by="agents"),
    *_of(
        "ticket_field_sections",
        parent_ticket_field_id=("admin_ticket_fields", "ticket_fields"),
        ticket_field_ids=("admin_ticket_fields", "ticket_fields"),
    ),
    *_of("ticket_forms", last_updated_by="agents"),
]

KNOWLEDGE = [
    *_of(
        "solution_folders",
        category_id="solution_categories",
        parent_folder_id="solution_folders",
        company_ids="companies",
    ),
    *_of("solution_articles", **_ARTICLE),
    *_of("solution_article_translations", id="solution_articles", **_ARTICLE),
    *_of("discussion_forums", forum_category_id="discussion_categories", company_ids="companies"),
    *_of(
        "discussion_topics",
        forum_id="discussion_forums",
        user_id=PEOPLE,
        replied_by=PEOPLE,
        merged_topic_id="discussion_topics",
    ),
    *_of("discussion_comments", topic_id="discussion_topics", forum_id="discussion_forums", user_id=PEOPLE),
    *_of("custom_object_records", schema_id="custom_object_schemas"),
]

DIAGRAMS: Mapping[str, Sequence[Join]] = {
    "Tickets, conversations and people": TICKETS,
    "What the numbers in a ticket mean": ERROR_RULES,
    "What else there is of a ticket": AROUND_TICKETS,
    "The archive": ARCHIVE,
    "Teams and their rules": TEAMS,
    "Mail, fields and automations": SET_UP,
    "Knowledge, forums and custom objects": KNOWLEDGE,
}

JOINS: Sequence[Join] = [join for joins in DIAGRAMS.values() for join in joins]

ALONE: Mapping[str, str] = {
    "account": "One row: the account itself.",
    "settings": "One row: the help desk's languages. `solution_articles` are in `primary_language`, "
    "`solution_article_translations` in those of `supported_languages`.",
    "scenario_automations": "Nothing names a scenario.",
    "contact_fields": "`name` is a key of `custom_fields` of `contacts`, or the name of a field of theirs.",
    "company_fields": "`name` is a key of `custom_fields` of `companies`, or the name of a field of theirs.",
}
"""Streams that hold no other's key and whose key no other holds, with what they go with all the same."""

ELSEWHERE: Mapping[str, str] = {
    "attachments[].id": "attachments come whole, inside the record",
    "avatar.id": "avatars come whole, inside the record",
    "choices": "choices come whole, inside their field",
    "nested_ticket_fields": "levels of a dependent field, inside it",
    "dependent_fields": "levels of a dependent field, inside it",
    "sections[]": "the rows of `ticket_field_sections`, inside their field",
    "section_mappings": "the rows of `ticket_field_sections`, inside their field",
    "choice_ids": "ids of choices, inside `choices` of `admin_ticket_fields`",
    "hierarchy": "the ids of the category and the folders above, once more",
    "requester.id": "`requester_id`, once more",
    "associated_tickets": "the tickets of `associated_ticket_ids`, in short",
    "twitter_id": "an id outside Freshdesk",
    "facebook_id": "an id outside Freshdesk",
    "unique_external_id": "an id outside Freshdesk",
    "visitor_id": "an id of Freshworks' tracking",
    "org_contact_id": "an id across Freshworks' products",
    "org_company_id": "an id across Freshworks' products",
    "organisation_id": "an id across Freshworks' products",
    "bundle_id": "an id across Freshworks' products",
    "thread_id": "discussion threads are in no list",
    "thread_message_id": "discussion threads are in no list",
    "automation_type_id": "a kind of rule, not a row",
    "status_id": "availability statuses are in no list",
    "contact_segment_ids": "segments are in no list",
    "company_segment_ids": "segments are in no list",
    "portals[].id": "portals are in no list",
    "fields[].id": "fields come whole, inside their form or schema",
    "fields[].parent_id": "fields come whole, inside their schema",
    "questions[].id": "a key of `ratings` in `satisfaction_ratings`",
    "ticket_summaries.id": "the summary's own id; the key is `ticket_id`",
}
"""Ids that are no stream's key, by a part of the field's name, and why."""


def diagram(joins: Iterable[Join]) -> str:
    """An entity relationship diagram, which GitHub draws; a line for each two streams and way."""
    lines: dict[tuple[str, str, str], list[str]] = {}
    for join in joins:
        for target in join.targets:
            many = "}o--o{" if join.is_of_many else "}o--o|"
            lines.setdefault((join.stream, many, target), []).append(join.field.rpartition(".")[2].replace("[]", ""))
    drawn = "".join(
        f'    {stream} {many} {target} : "{", ".join(dict.fromkeys(fields))}"\n'
        for (stream, many, target), fields in lines.items()
    )
    return f"```mermaid\nerDiagram\n{drawn}```\n"


def table_of_joins(joins: Iterable[Join]) -> str:
    """A line for each field."""
    rows = [
        (f"`{join.stream}.{join.field}`", " or ".join(f"`{target}.{join.key}`" for target in join.targets))
        for join in joins
    ]
    return table(("field", "is"), rows)


def table_of_the_rest() -> str:
    """The streams that join with none."""
    return table(("stream", ""), [(f"`{stream}`", words) for stream, words in ALONE.items()])


def table_of_other_ids() -> str:
    """The ids that lead nowhere."""
    return table(("id", ""), [(f"`{part}`", words) for part, words in ELSEWHERE.items()])


def parts() -> Mapping[str, str]:
    """What `joins.md` shows, by name."""
    diagrams = {heading: f"{diagram(joins)}\n{table_of_joins(joins)}" for heading, joins in DIAGRAMS.items()}
    return diagrams | {"streams that stand alone": table_of_the_rest(), "other ids": table_of_other_ids()}
