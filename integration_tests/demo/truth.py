"""What should have arrived, worked out from the account itself and never from the connector."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from integration_tests.fake_freshdesk import Account

Versions = Mapping[int, str | None]
"""The `updated_at` of records by their ids."""

_UNLISTED = ("deleted", "spam", "blocked")
_EXAMPLES = 3


@dataclass(frozen=True)
class Snapshot:
    """The records that Freshdesk lists at one moment, by stream. Conversations can be listed while their ticket is."""

    listed: Mapping[str, Versions]
    ticket_of: Mapping[int, int]
    """The ticket of each conversation."""

    @classmethod
    def of(cls, account: Account, streams: Iterable[str]) -> "Snapshot":
        """What the account lists now."""
        with account.lock:
            ticket_of = {row["id"]: row["ticket_id"] for row in account.conversations.values()}
            listed = {stream: _listed(account, stream) for stream in {"tickets", *streams}}
            listed["conversations"] = {
                conversation_id: row["updated_at"]
                for conversation_id, row in account.conversations.items()
                if row["ticket_id"] in listed["tickets"]
            }
        return cls(listed, ticket_of)

    def changed_since(self, before: "Snapshot", stream: str) -> Versions:
        """What an incremental sync should bring: new and updated records. Freshdesk tells no changes of conversations,
        so of each ticket that changed all conversations come."""
        if stream == "conversations":
            tickets = self.changed_since(before, "tickets")
            return {row_id: at for row_id, at in self.listed[stream].items() if self.ticket_of[row_id] in tickets}
        known = before.listed[stream]
        return {row_id: at for row_id, at in self.listed[stream].items() if row_id not in known or known[row_id] != at}

    def gone_since(self, before: "Snapshot", stream: str) -> set[int]:
        """Ids that were listed and are not any more."""
        return set(before.listed[stream]) - set(self.listed[stream])


def differences(stream: str, expected: Versions, arrived: Sequence[Mapping[str, Any]]) -> list[str]:
    """How what arrived differs from what was expected, a phrase for each kind; empty if it does not."""
    times = Counter(record["id"] for record in arrived)
    versions = {record["id"]: record.get("updated_at") for record in arrived}
    kinds = {
        "missing": [row_id for row_id in expected if row_id not in versions],
        "not expected": [row_id for row_id in versions if row_id not in expected],
        "more than once": [row_id for row_id, count in times.items() if count > 1],
        "in another version": [
            row_id for row_id, at in expected.items() if row_id in versions and versions[row_id] != at
        ],
    }
    return [f"{stream}: {len(ids):,} {kind} ({_some(ids)})" for kind, ids in kinds.items() if ids]


def _listed(account: Account, stream: str) -> Versions:
    rows = account.table(stream).rows.values()
    return {row["id"]: row.get("updated_at") for row in rows if not any(row.get(mark) for mark in _UNLISTED)}


def _some(ids: Sequence[int]) -> str:
    more = ", ..." if len(ids) > _EXAMPLES else ""
    return f"id {', '.join(map(str, ids[:_EXAMPLES]))}{more}"
