"""Measures the connector against itself, in one interleaved run.

Seconds say more of the machine than of the program, so what is printed first is a ratio: how much less time, or CPU,
the connector takes than with the thing in question turned off. Both sides of a ratio run alternately, and the median
counts.
"""

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks.programs import API_KEY
from integration_tests.connector import ROOT, Connector
from integration_tests.fake_freshdesk import Account, FakeFreshdesk
from integration_tests.filling import TODAY, add_tickets

PLAIN_START = "from source_freshdesk.process.run import run; run()"


@dataclass(frozen=True)
class Cost:
    """What a process took, in seconds."""

    wall: float
    cpu: float


@dataclass(frozen=True)
class Comparison:
    """Two ways to do the same. `unit`: which of the costs counts."""

    name: str
    as_it_is: Callable[[], object]
    without: Callable[[], object]
    unit: str


def measured(work: Callable[[], object]) -> Cost:
    """What the processes that `work` runs take."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(time.monotonic() - began, cpu)


def compared(comparison: Comparison, times: int) -> str:
    """A line with the ratio of the medians, and these."""
    costs: dict[str, list[Cost]] = {"as_it_is": [], "without": []}
    for _ in range(times):
        costs["as_it_is"].append(measured(comparison.as_it_is))
        costs["without"].append(measured(comparison.without))
    fast, slow = (statistics.median(getattr(cost, comparison.unit) for cost in side) for side in costs.values())
    return f"{comparison.name:<58}{slow / fast:>6.1f} x   {fast:>6.2f} s, not {slow:>6.2f} s  ({comparison.unit})"


def reading(account: Account, stream: str, delay_seconds: float, **settings: Any) -> Callable[[], object]:
    """A sync of one stream of an account whose every call takes so long."""

    def read() -> None:
        with (
            FakeFreshdesk(account, API_KEY, delay_seconds=delay_seconds) as fake,
            tempfile.TemporaryDirectory() as folder,
        ):
            connector = Connector(Path(folder), {"domain": fake.url, "api_key": API_KEY, **settings})
            run = connector.run(*connector.read_arguments(stream))
            assert run.exit_code == 0, run.errors_traced

    return read


def starting(*arguments: str) -> Callable[[], object]:
    """The command `spec` in a process of its own."""
    return lambda: subprocess.run([sys.executable, *arguments, "spec"], cwd=ROOT, check=True, capture_output=True)


def talkative(tickets: int) -> Account:
    """Tickets with one to three conversations each."""
    account = Account(now=TODAY)
    add_tickets(account, tickets)
    for ticket_id in account.tickets:
        for _ in range(1 + ticket_id % 3):
            account.add_conversation(ticket_id, touch=False)
    return account


def comparisons() -> Sequence[Comparison]:
    """What is measured."""
    conversations = talkative(300)
    long = Account(now=TODAY)
    add_tickets(long, 6000, every=timedelta(minutes=80))
    return (
        Comparison(
            "conversations of 300 tickets at 50 ms, many calls at once",
            reading(conversations, "conversations", 0.05),
            reading(conversations, "conversations", 0.05, num_workers=1),
            "wall",
        ),
        Comparison(
            "6,000 tickets at 100 ms a page, several parts at once",
            reading(long, "tickets", 0.1),
            reading(long, "tickets", 0.1, num_workers=1),
            "wall",
        ),
        Comparison("the start, without what the CDK exports", starting("main.py"), starting("-c", PLAIN_START), "cpu"),
    )


def lines(times: int) -> Iterator[str]:
    """A line for each comparison, as soon as it is made."""
    return (compared(comparison, times) for comparison in comparisons())
