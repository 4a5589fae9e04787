"""Whether a reading brought what the account has, at the cost that the connector says."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from integration_tests.demo.commands import Finished
from integration_tests.demo.readings import Readings, total
from integration_tests.demo.truth import Snapshot, Versions, differences


@dataclass(frozen=True)
class Sync:
    """A reading that ended well, what its messages tell about it, and what it should have brought."""

    finished: Finished
    readings: Readings
    expected: Mapping[str, Versions]


def due_later(catalog: Mapping[str, Any], before: Snapshot, after: Snapshot) -> dict[str, Versions]:
    """What a second reading should bring: what changed of an incremental stream, and the whole of any other."""
    modes = {entry["stream"]["name"]: entry["sync_mode"] for entry in catalog["streams"]}
    return {
        stream: after.changed_since(before, stream) if mode == "incremental" else after.listed[stream]
        for stream, mode in modes.items()
    }


def problems(which: str, sync: Sync) -> list[str]:
    """What is wrong with a reading, in sentences; `which` is its name."""
    records = sync.finished.run.records
    found = [
        f"The {which} reading differs from the account: {difference}."
        for stream in sync.readings
        for difference in differences(stream, sync.expected[stream], records[stream])
    ]
    counted, seen = total(sync.readings).calls, sync.finished.calls
    if counted != seen:
        found.append(
            f"The connector counts {counted:,} API calls in the {which} reading, but the account has seen {seen:,}."
        )
    return found
