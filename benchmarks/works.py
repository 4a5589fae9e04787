"""What is measured."""

import json
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

from airbyte_cdk.sources.utils.casing import camel_to_snake

from benchmarks.measure import CommandFailed, Measured, measured, serving
from benchmarks.programs import LowCode, Ours
from benchmarks.service import Served
from integration_tests.connector import ROOT
from source_freshdesk.catalog import STREAMS

NONE: Mapping[str, Any] = MappingProxyType({})
SIXTEEN = (
    *("tickets", "conversations", "contacts", "companies", "agents", "groups", "roles", "products", "business_hours"),
    *("sla_policies", "email_configs", "contact_fields", "company_fields", "surveys", "satisfaction_ratings"),
    "time_entries",
)
FIVE = SIXTEEN[:5]
ALL = tuple(camel_to_snake(kind.__name__) for kind in STREAMS)
LISTED_COLUMNS = {
    "contacts": (
        *("active", "address", "company_id", "created_at", "custom_fields", "description", "email", "first_name", "id"),
        *("job_title", "language", "last_name", "mobile", "name", "phone", "time_zone", "updated_at"),
    ),
    "agents": ("available", "contact", "created_at", "id", "occasional", "signature", "ticket_scope", "updated_at"),
}
"""Without those that cost a call for each row: the lists have no more, and a low-code connector reads no more."""


class Program(Protocol):
    """What is called. name: for the table."""

    name: str

    def command(self, folder: Path, url: str, command: str, streams: Sequence[str], **more: Any) -> list[str]:
        """The command line."""


OURS: Sequence[Program] = (Ours(),)


@dataclass(frozen=True)
class Work:
    """A command, what answers it, and who is measured at it.

    ours: what else this connector is given. is_quiet: a sync of all these streams went before it, whose state it gets.
    """

    name: str
    served: Served
    command: str = "read"
    streams: Sequence[str] = ()
    programs: Sequence[Program] = (Ours(), LowCode(), LowCode(16))
    ours: Mapping[str, Any] = field(default_factory=lambda: NONE)
    is_quiet: bool = False

    def run(self, times: int) -> "Results":
        """In turns, so many of them."""
        results: Results = {program.name: [] for program in self.programs}
        with serving(self.served) as service, tempfile.TemporaryDirectory() as folder:
            commands = {program.name: self._command(program, Path(folder), service.url) for program in self.programs}
            for _ in range(times):
                for program in [one for one in self.programs if one.name in results]:
                    try:
                        results[program.name].append(measured(commands[program.name], service))
                    except CommandFailed:
                        del results[program.name]
        return results

    def _command(self, program: Program, folder: Path, url: str) -> list[str]:
        own = folder / program.name.replace(" ", "-")
        more = dict(self.ours) if isinstance(program, Ours) else {}
        if self.is_quiet:
            first = program.command(own, url, self.command, self.streams, **more)
            more["state"] = _last_states(first)
        return program.command(own, url, self.command, self.streams, **more)


Results = dict[str, list[Measured]]
"""By the name of the program; one that failed is not there."""


def _last_states(command: Sequence[str]) -> list[Any]:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    messages = map(json.loads, done.stdout.splitlines())
    states = [message["state"] for message in messages if message["type"] == "STATE"]
    return list({state["stream"]["stream_descriptor"]["name"]: state for state in states}.values())


TO_COMPARE = (
    Work("spec", Served(), "spec"),
    Work("check", Served(), "check"),
    Work("discover", Served(), "discover"),
    Work("20,000 tickets, no latency", Served(20_000), streams=["tickets"]),
    Work(
        "20,000 tickets at 100 ms",
        Served(20_000, latency_seconds=0.1),
        streams=["tickets"],
        programs=(Ours(), LowCode(16)),
    ),
    Work("conversations of 1,000 tickets at 50 ms", Served(1_000, latency_seconds=0.05), streams=["conversations"]),
    Work(
        "sixteen streams of a small account at 200 ms, same columns",
        Served(latency_seconds=0.2),
        streams=SIXTEEN,
        ours={"columns": LISTED_COLUMNS},
    ),
    Work(
        "sixteen streams of a small account at 200 ms, all columns",
        Served(latency_seconds=0.2),
        streams=SIXTEEN,
        programs=(Ours(), LowCode(16)),
    ),
    Work("an hour later, five streams without changes", Served(), streams=FIVE, is_quiet=True),
    Work("an hour later, all streams without changes", Served(), streams=ALL, programs=OURS, is_quiet=True),
)
LARGE = (
    Work("200,000 tickets, no latency", Served(200_000), streams=["tickets"], programs=(Ours(), LowCode(16))),
    Work("200,000 tickets at 100 ms", Served(200_000, latency_seconds=0.1), streams=["tickets"], programs=OURS),
    Work(
        "conversations of 10,000 tickets at 50 ms",
        Served(10_000, latency_seconds=0.05),
        streams=["conversations"],
        programs=(Ours(), LowCode(16)),
    ),
)
GROWTH = tuple(
    Work(f"{count:,} tickets", Served(count), streams=["tickets"], programs=OURS)
    for count in (10_000, 100_000, 1_000_000)
)
TEXTS = tuple(
    Work(f"{count:,} tickets with {kilobytes} kB of text", Served(count, kilobytes * 1024), streams=["tickets"])
    for kilobytes, count in ((4, 5_000), (60, 1_500), (300, 300))
)
