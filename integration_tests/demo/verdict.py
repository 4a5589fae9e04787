"""Whether a sync brought what the account has, at the cost that the connector says."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from integration_tests.demo.commands import Finished
from integration_tests.demo.results import StreamResults, total
from integration_tests.demo.truth import Due, Snapshot, arrived, differences


@dataclass(frozen=True)
class Sync:
    """A sync that ended well, what its messages tell about it, and what it should have brought."""

    finished: Finished
    results: StreamResults
    due: Mapping[str, Due]

    def repeated(self) -> int:
        """How many records came again that need not have, and may."""
        run = self.finished.run
        return sum(key in due.allowed for stream, due in self.due.items() for key, _ in arrived(run, stream))


def incremental_streams(catalog: Mapping[str, Any]) -> set[str]:
    """Those of which a later sync brings only what changed."""
    return {entry["stream"]["name"] for entry in catalog["streams"] if entry["sync_mode"] == "incremental"}


def due_first(catalog: Mapping[str, Any], before: Snapshot) -> dict[str, Due]:
    """What a first sync should bring: everything."""
    return {entry["stream"]["name"]: before.all_due(entry["stream"]["name"]) for entry in catalog["streams"]}


def due_later(catalog: Mapping[str, Any], before: Snapshot, after: Snapshot) -> dict[str, Due]:
    """What a second sync should bring: what changed of an incremental stream, and the whole of any other."""
    incremental = incremental_streams(catalog)
    whole = due_first(catalog, after)
    return {stream: after.due_since(before, stream) if stream in incremental else whole[stream] for stream in whole}


def problems(which: str, sync: Sync) -> list[str]:
    """What is wrong with a sync, in sentences; `which` is its name."""
    run = sync.finished.run
    found = [
        f"The {which} sync differs from the account: {difference}."
        for stream in sync.results
        for difference in differences(stream, sync.due[stream], arrived(run, stream))
    ]
    counted, seen = total(sync.results).calls, sync.finished.calls
    if counted != seen:
        found.append(
            f"The connector counts {counted:,} API calls in the {which} sync, but the account has seen {seen:,}."
        )
    return found
