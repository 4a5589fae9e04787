"""The whole documentation as one page for a program that answers questions about the data: `docs/skill.md`."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from airbyte_cdk.models import SyncMode

from docs import joins
from docs.markdown import table
from docs.stream_costs import cost_of
from source_freshdesk.streams.base import FreshdeskStream

QUERIES = Path(__file__).parent.parent / "examples" / "queries"
DETAILED = (
    "tickets",
    "conversations",
    "contacts",
    "companies",
    "agents",
    "groups",
    "time_entries",
    "satisfaction_ratings",
    "sla_policies",
    "business_hours",
)
"""The streams whose fields are listed; of the others the names of the fields say enough."""
MOST_FIELDS_OF_OTHERS = 14
TYPES: Mapping[str, str] = {"integer": "int", "number": "num", "boolean": "bool", "string": "text", "object": "json"}

HEAD = """\
---
name: source-freshdesk
description: Tables that the Airbyte connector source-freshdesk writes from a Freshdesk help desk, what they cost, and how \
to query them.
---

# Freshdesk data, as source-freshdesk delivers it

Written by `make docs`. Each stream becomes a table of the same name. Times are UTC, in RFC 3339 in the records. Nested
fields are JSON. Any field may be null.

## Rules that every query needs

- Deleted tickets and spam stay in `tickets`: add `where not deleted and not spam`. Contacts: `where not deleted`.
- `stats` of `tickets` holds `first_responded_at`, `resolved_at`, `closed_at`, `reopened_at`, `agent_responded_at`,
  `requester_responded_at`, `status_updated_at`, `pending_since`. A ticket may be closed without ever being resolved: use
  `coalesce(resolved_at, closed_at)`.
- Conversations that were deleted in Freshdesk stay in the table. Those that a ticket has now are the ones with its latest
  `ticket_synced_at`: `qualify ticket_synced_at = max(ticket_synced_at) over (partition by ticket_id)`.
- The first message of a ticket is its `description`, not a conversation.
- `requester_id` and `user_id` may be a contact or an agent.
- `due_by` and `fr_due_by` are Freshdesk's own reckoning by the SLA policy; `is_escalated` and `fr_escalated` say that it
  warned of a breach.
- `custom_fields` holds the account's own fields, by names that begin with `cf_`.
- Incremental, append: the latest version of a row is the one with the greatest `updated_at` for its key.

## Codes

| field | codes |
| --- | --- |
| `tickets.status` | 2 open, 3 pending, 4 resolved, 5 closed; others are the account's own, in `ticket_statuses` and `status_name` |
| `tickets.priority` | 1 low, 2 medium, 3 high, 4 urgent; also `priority_name` |
| `tickets.source` | 1 e-mail, 2 portal, 3 phone, 7 chat, 9 feedback widget, 10 outbound e-mail; also `source_name` |
| `tickets.association_type` | 1 parent, 2 child, 3 tracker, 4 related |
| `conversations.source` | 0 reply, 2 note, 5 tweet, 6 survey, 7 Facebook, 8 forwarded, 9 phone, 11 e-commerce |
| `conversations.incoming`, `private` | from the requester; a note that the requester does not see |
| `satisfaction_ratings.ratings.default_question` | 103 extremely happy, 102, 101 happy, 100 neutral, -101 unhappy, -102, \
-103; classic surveys 1 happy, 2 neutral, 3 unhappy |
| `agents.ticket_scope` | 1 global, 2 group, 3 restricted |

"""

VIEWS = """\
They stand on the views that the dbt project `examples/views` makes of the tables, in the schema `views`: `ticket_enriched`
(names for codes and ids, typed `first_responded_at`, `resolved_at`, `closed_at`, `solved_at` and `reopened_at`,
`…_seconds` by the clock and `…_business_seconds`, `is_answered_in_time`, `is_solved_in_time`, `is_solved`, `is_one_touch`,
`is_reopened`, `agent_replies`), `conversation_enriched` (`user_name`, `is_by_agent`, `is_current`), `rating_enriched`
(`score`, `mood`), `backlog_daily`, `agent_daily`, `sla_daily`, `days`, `working_days`.

"""

TAIL = """\
## Setting up and cost

- Config: `{"domain": "acme", "api_key": "…"}`; optional `start_date`, `contact_details`, `archived_tickets`,
  `api_quota_percent`, `requests_per_minute`, `num_workers`, `lookback_window_in_days`, `skip_refused_streams`. The key is
  that of an agent: use an administrator with global ticket scope.
- Commands: `spec`, `check --config`, `discover --config`, `read --config --catalog [--state]`. `make sync CONFIG=… STREAMS=…`
  does all of it by hand.
- Rate limit: by plan 50 to 700 calls a minute, shared by all apps; a sync uses 90 % of it and waits by itself after a 429.
  A first load takes about (tickets / 99 x 7 + tickets with conversations + contacts) credits; divide by nine tenths of the
  calls a minute for minutes. An hourly sync costs some calls for each list, and one for each changed ticket.
- Skipped streams: the plan lacks the feature, or the key's role may not read it; the end of the log names them.
- Deletes: tickets in the trash and spam, deleted and blocked contacts come as rows that say so. Rows of other streams stay
  as last seen; a full refresh that overwrites removes them.
"""


def _type(declared: Mapping[str, Any]) -> str:
    names = [name for name in declared["type"] if name != "null"]
    if declared.get("format") == "date-time":
        return "time"
    return "list" if names == ["array"] else "|".join(TYPES.get(name, name) for name in names)


def _fields(stream: FreshdeskStream) -> str:
    properties = stream.get_json_schema()["properties"]
    return ", ".join(f"{name} {_type(declared)}" for name, declared in properties.items())


def _names(stream: FreshdeskStream) -> str:
    names = list(stream.get_json_schema()["properties"])
    return ", ".join(names[:MOST_FIELDS_OF_OTHERS]) + (", …" if len(names) > MOST_FIELDS_OF_OTHERS else "")


def _key(stream: FreshdeskStream) -> str:
    return ", ".join(
        [stream.primary_key] if isinstance(stream.primary_key, str) else map(str, stream.primary_key or ())
    )


def _mode(stream: FreshdeskStream) -> str:
    is_incremental = SyncMode.incremental in stream.as_airbyte_stream().supported_sync_modes
    return f"incremental on {stream.cursor_field}" if is_incremental else "full refresh"


def page(streams: Sequence[FreshdeskStream]) -> str:
    """The page."""
    overview = table(
        ("stream", "key", "mode", "needs", "API calls", "fields"),
        [
            (
                stream.name,
                _key(stream),
                _mode(stream),
                " and ".join(filter(None, (stream.feature, stream.role))) or "-",
                cost_of(stream),
                "below" if stream.name in DETAILED else _names(stream),
            )
            for stream in streams
        ],
    )
    detailed = "".join(f"- **{one.name}**: {_fields(one)}\n" for one in streams if one.name in DETAILED)
    joined = "".join(
        f"- {one.stream}.{one.field} = {' or '.join(f'{target}.{one.key}' for target in one.targets)}\n"
        for one in joins.JOINS
    )
    questions = "".join(
        f"### {file.stem.replace('_', ' ')}\n\n```sql\n{file.read_text('utf-8').strip()}\n```\n\n"
        for file in sorted(QUERIES.glob("*.sql"))
    )
    return (
        f"{HEAD}## Streams\n\n{overview}\n## Fields of the most used\n\n{detailed}\n## Joins\n\n{joined}\n"
        f"## SQL for the usual questions (DuckDB)\n\n{VIEWS}{questions}{TAIL}"
    )
