"""First loads under the limits of the plans, on a fast clock: how near they come to what the limits dictate."""

import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import measured, serving
from benchmarks.programs import Ours
from benchmarks.service import Served
from docs import costs
from docs.costs import SHARE
from source_freshdesk.api.rate_limit import list_limit

STREAMS = ("tickets", "conversations")


@dataclass(frozen=True)
class Load:
    """So many tickets with their conversations. speed: how many times as fast the clocks run."""

    plan: str
    tickets: int
    speed: float

    @property
    def limit(self) -> float:
        """Calls a minute."""
        return costs.LIMITS[self.plan]

    @property
    def minutes(self) -> float:
        """What the formula of docs/limits.md says."""
        phases = [*costs.tickets(self.tickets), *costs.conversations(self.tickets)]
        return sum(phase.minutes(self.limit) for phase in phases)


LOADS = (Load("Growth", 2_000, 30), Load("Pro", 4_000, 20), Load("Enterprise", 7_000, 12))


@dataclass(frozen=True)
class Outcome:
    """How a load went. minutes: on its own clock."""

    load: Load
    minutes: float
    credits: int
    refused: int

    @property
    def of_share(self) -> float:
        """Which part it has used of the credits that a sync may use in this time."""
        return self.credits / (self.minutes * self.load.limit * SHARE)

    def row(self) -> Mapping[str, str]:
        """For the table."""
        return {
            "plan": f"{self.load.plan} ({self.load.limit:,.0f} a minute)",
            "tickets, with conversations": f"{self.load.tickets:,}",
            "by the formula": f"{self.load.minutes:.1f} min",
            "took": f"{self.minutes:.1f} min",
            "apart": f"{100 * (self.minutes / self.load.minutes - 1):+.1f} %",
            "of its share": f"{100 * self.of_share:.1f} %",
            "429s": f"{self.refused:,}",
        }


def loaded(load: Load) -> Outcome:
    """Read it."""
    lists = list_limit(load.limit)
    served = Served(load.tickets, limits=(load.limit, lists, lists), speed=load.speed)
    with serving(served) as service, tempfile.TemporaryDirectory() as folder:
        command = Ours().command(Path(folder), service.url, "read", STREAMS)
        fast = [sys.executable, "-m", "benchmarks.fast_main", str(load.speed), *command[2:]]
        # Nothing makes the start of the process faster, so it counts as long as it is.
        start = measured(Ours().command(Path(folder), service.url, "spec", ())).wall
        took = measured(fast, service)
    return Outcome(load, ((took.wall - start) * load.speed + start) / 60, took.credits, took.refused)
