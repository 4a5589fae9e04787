"""What should have arrived, worked out from the account itself and never from the connector."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from integration_tests.connector import Run
from integration_tests.every_resource import expected_keys, has_file, keys_that_came
from integration_tests.fake_freshdesk import Account

Key = Any
"""A record's primary key, a tuple where it has several fields."""
Versions = Mapping[Key, datetime | None]
"""When records were last changed, by their keys; None where they do not tell."""

SWITCHED_OFF = frozenset({"archived_tickets", "archived_ticket_conversations"})
"""Streams that the settings of the demonstration leave off."""

FOLLOWING_TICKETS = frozenset({"conversations", "ticket_watchers", "ticket_associations", "ticket_summaries"})
"""Streams that bring all they have of each ticket that changed, since Freshdesk tells no changes of their own."""

_TIMES = {"custom_object_records": "updated_time"}
_SETTLING = timedelta(seconds=3)
"""A record that was read within the second of its change, or nearly so, may have changed once more."""
_SETTLING_OF_FOLLOWERS = timedelta(minutes=5, seconds=1)
"""What belongs to a ticket may show up later than the ticket's change."""

_EXAMPLES = 3


@dataclass(frozen=True)
class Due:
    """What a sync should bring of a stream, and what it may bring besides."""

    required: Versions
    allowed: Versions = field(default_factory=dict)


@dataclass(frozen=True)
class Snapshot:
    """The records that Freshdesk lists at one moment, by stream. What belongs to a ticket is listed while that is.

    ticket_of: the ticket of each conversation.
    """

    taken_at: datetime
    listed: Mapping[str, Versions]
    ticket_of: Mapping[Key, int]

    @classmethod
    def of(cls, account: Account, streams: Iterable[str]) -> "Snapshot":
        """What the account lists now."""
        with account.lock:
            listed = {stream: _listed(account, stream) for stream in {"tickets", *streams}}
            ticket_of = {row["id"]: row["ticket_id"] for row in account.conversations.values()}
            return cls(account.now(), listed, ticket_of)

    def all_due(self, stream: str) -> Due:
        """What a sync of everything should bring."""
        return Due(self.listed[stream])

    def due_since(self, before: "Snapshot", stream: str) -> Due:
        """What an incremental sync should bring after one that began at `before`: new and updated records, and all
        that belongs to new and updated tickets. What had changed just before the earlier one may come again."""
        if stream not in FOLLOWING_TICKETS:
            return self._due_among(stream, self._changed_since(before, stream), before.taken_at - _SETTLING)
        changed_tickets = self._changed_since(before, "tickets")
        changed = {key for key in self.listed[stream] if self._ticket_of(stream, key) in changed_tickets}
        return self._due_among(stream, changed, before.taken_at - _SETTLING_OF_FOLLOWERS)

    def gone_since(self, before: "Snapshot", stream: str) -> set[Key]:
        """Keys that were listed and are not any more."""
        return set(before.listed[stream]) - set(self.listed[stream])

    def _due_among(self, stream: str, changed: set[Key], unsettled_from: datetime) -> Due:
        times = self.listed["tickets"] if stream in FOLLOWING_TICKETS else self.listed[stream]
        required, allowed = dict[Key, datetime | None](), dict[Key, datetime | None]()
        for key, version in self.listed[stream].items():
            at = times.get(self._ticket_of(stream, key))
            if key in changed:
                required[key] = version
            elif at is not None and at >= unsettled_from:
                allowed[key] = version
        return Due(required, allowed)

    def _changed_since(self, before: "Snapshot", stream: str) -> set[Key]:
        known = before.listed[stream]
        return {key for key, at in self.listed[stream].items() if key not in known or known[key] != at}

    def _ticket_of(self, stream: str, key: Key) -> Key:
        return self.ticket_of[key] if stream == "conversations" else key


def arrived(run: Run, stream: str) -> list[tuple[Key, datetime | None]]:
    """Keys and versions of the records that a sync brought."""
    times = [_instant(record.get(_TIMES.get(stream, "updated_at"))) for record in run.records[stream]]
    return list(zip(_told_apart(stream, keys_that_came(run, stream)), times, strict=True))


def differences(stream: str, due: Due, arrived: Sequence[tuple[Key, datetime | None]]) -> list[str]:
    """How what arrived differs from what was due, a phrase for each kind; empty if it does not."""
    times, versions = Counter(key for key, _ in arrived), dict(arrived)
    welcome = {**due.allowed, **due.required}
    kinds = {
        "missing": [key for key in due.required if key not in versions],
        "not expected": [key for key in versions if key not in welcome],
        "more than once": [key for key, count in times.items() if count > 1],
        "in another version": [key for key, at in versions.items() if key in welcome and welcome[key] != at],
    }
    return [f"{stream}: {len(keys):,} {kind} ({_some(keys)})" for kind, keys in kinds.items() if keys]


def _listed(account: Account, stream: str) -> Versions:
    if stream in SWITCHED_OFF:
        return {}
    if stream == "ticket_activities":
        rows = account.table(stream).rows.values()
        ready = [has_file(account, date.fromisoformat(row["file_day"])) for row in rows]
        keys = [key for key, is_ready in zip(expected_keys(account, stream), ready, strict=True) if is_ready]
        return dict.fromkeys(_told_apart(stream, keys))
    versions = _versions(account, stream)
    return {key: versions.get(key) for key in expected_keys(account, stream)}


def _versions(account: Account, stream: str) -> Versions:
    """Of all rows of the table that tells when a stream's records were last changed."""
    # These two have no times of their own.
    table = "tickets" if stream in ("ticket_watchers", "ticket_associations") else stream
    field_name = _TIMES.get(stream, "updated_at")
    return {_key(table, row): _instant(row.get(field_name)) for row in account.table(table).rows.values()}


def _key(table: str, row: Mapping[str, Any]) -> Key:
    if table == "solution_article_translations":
        return row["article_id"], row["language"]
    if table == "custom_object_records":
        return row["schema_id"], row["display_id"]
    if table in ("business_hours", "sla_policies"):
        return int(row["id"])
    return row["ticket_id"] if table == "ticket_summaries" else row["id"]


def _told_apart(stream: str, keys: Sequence[Key]) -> list[Key]:
    """The keys; those of activities, which are what the rows hold, with a number each, for two rows may be equal."""
    if stream != "ticket_activities":
        return list(keys)
    seen: Counter[Key] = Counter()
    numbered = []
    for key in keys:
        seen[key] += 1
        numbered.append((*key, seen[key]))
    return numbered


def _instant(value: Any) -> datetime | None:
    """A moment in any of the forms in which the API writes it: text, or milliseconds."""
    if isinstance(value, int):
        return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=value)
    return datetime.fromisoformat(value).astimezone(UTC) if value else None


def _some(keys: Sequence[Key]) -> str:
    more = ", ..." if len(keys) > _EXAMPLES else ""
    return f"key {', '.join(map(str, keys[:_EXAMPLES]))}{more}"
