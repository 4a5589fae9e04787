"""A warehouse that PyAirbyte fills, and what it should hold."""

import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from integration_tests.believable.day import DayOfChanges
from integration_tests.conftest import API_KEY
from integration_tests.connector import ROOT, discovered_streams, primary_key
from integration_tests.every_resource import (
    OBJECTS,
    TYPES_OF_LOOKUPS,
    expected_keys,
)
from integration_tests.fake_freshdesk import Account, Call, FakeFreshdesk
from integration_tests.fake_freshdesk.model.moments import is_stamp

PYTHON = ROOT / ".venv-pyairbyte" / "bin" / "python"
EXAMPLES = ROOT / "examples"
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
IS_INSTALLED = pytest.mark.skipif(
    not PYTHON.exists(), reason="PyAirbyte is not installed; make test-pyairbyte installs it and runs this"
)
Row = dict[str, Any]
Rows = dict[Any, Row]
"""By primary key."""
NOT_IN_LISTS = {
    ("tickets", "attachments"),
    ("tickets", "set_aside_at"),
    ("contacts", "set_aside_at"),
    ("groups", "agent_ids"),
    # There, but always as a list of objects, whatever Freshdesk sends.
    ("ticket_fields", "choices"),
}
"""Fields by stream that the account has, and its lists do not show."""
QUERY = """
import json, sys, duckdb
with duckdb.connect(sys.argv[1], read_only=True) as database:
    for query in json.load(sys.stdin):
        found = database.execute(f"select to_json(t) from ({query}) as t").fetchall()
        print(json.dumps([json.loads(row) for row, in found]))
"""
"""Run where DuckDB is. The rows of each query are a line."""
WATCH = """
import os, sys

def watch(event, arguments):
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    with open(os.environ["HOSTS_FILE"], "a") as file:
        print(host, file=file)

sys.addaudithook(watch)
"""
"""As `sitecustomize`, it makes every Python process write down which hosts it asks for."""


class Warehouse:
    """A folder with the database that examples/sync.py makes there."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "freshdesk.duckdb"
        self._folder = folder
        self._hosts_file = folder / "hosts"
        (folder / "sitecustomize.py").write_text(WATCH)

    def sync(self, fake: FakeFreshdesk) -> None:
        self.run(str(EXAMPLES / "sync.py"), FRESHDESK_DOMAIN=fake.url, FRESHDESK_API_KEY=API_KEY)

    def run(self, *arguments: str, given: str = "", **settings: str) -> str:
        """What a command says that PyAirbyte's Python runs; the connector is on its path."""
        surroundings = {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": f"{self._folder}{os.pathsep}{ROOT}",
            "AIRBYTE_OFFLINE_MODE": "1",
            "AIRBYTE_LOGGING_ROOT": str(self._folder / "logs"),
            "MPLCONFIGDIR": str(self._folder / "matplotlib"),
            "HOSTS_FILE": str(self._hosts_file),
        }
        done = subprocess.run(
            [PYTHON, *arguments],
            input=given,
            capture_output=True,
            text=True,
            cwd=self._folder,
            env=os.environ | surroundings | settings,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-5000:]
        return done.stdout

    def ask(self, *queries: str) -> list[list[Row]]:
        answers = self.run("-c", QUERY, str(self.file), given=json.dumps(queries))
        return [json.loads(line) for line in answers.splitlines()]

    def tables(self) -> dict[str, list[Row]]:
        """All rows of all streams."""
        streams = list(discovered_streams())
        return dict(zip(streams, self.ask(*(f"select * from {stream}" for stream in streams)), strict=True))

    def hosts_asked_for(self) -> set[str]:
        return set(self._hosts_file.read_text().split())


def by_key(stream: str, rows: list[Row]) -> Rows:
    return {key_of(stream, row): row for row in rows}


def key_of(stream: str, row: Row) -> Any:
    values = tuple(row[field] for field in primary_key(stream))
    return values[0] if len(values) == 1 else values


def what_the_account_lists(account: Account) -> dict[str, Rows]:
    """By stream, as they are now."""
    found: dict[str, Rows] = {}
    for stream in discovered_streams():
        if stream in OBJECTS:
            rows = [account.objects[OBJECTS[stream][0]]]
        elif stream in TYPES_OF_LOOKUPS or stream == "ticket_watchers":
            rows = [{primary_key(stream)[0]: key} for key in expected_keys(account, stream)]
        else:
            rows = [row for row in account.table(stream).rows.values() if is_listed(account, row)]
        found[stream] = by_key(stream, [as_in_duckdb(row) for row in rows])
    return found


def is_listed(account: Account, row: Row) -> bool:
    """Conversations of a ticket in the trash or marked as spam are not read."""
    ticket = account.tickets.get(row["ticket_id"], {}) if "body_text" in row else {}
    return not any(ticket.get(mark) for mark in ("deleted", "spam"))


def as_in_duckdb(row: Row) -> Row:
    """A moment is written with a blank there, without a zone; and some ids are text in Freshdesk."""
    copy: Row = json.loads(json.dumps(row))
    for name, value in copy.items():
        if isinstance(value, str) and is_stamp(value):
            copy[name] = value.replace("T", " ").removesuffix("Z")
    if isinstance(row.get("id"), str):
        copy["id"] = int(row["id"])
    return copy


def differences(stream: str, expected: Rows, table: list[Row]) -> list[str]:
    """Keys that are missing, too many or there twice, and fields with another value."""
    arrived = by_key(stream, table)
    found = [
        f"{stream}: {key} came twice"
        for key, times in Counter(key_of(stream, row) for row in table).items()
        if times > 1
    ]
    found += [f"{stream}: {key} is in one only" for key in arrived.keys() ^ expected.keys()]
    for key in arrived.keys() & expected.keys():
        row, known = arrived[key], expected[key]
        found += [
            f"{stream}: {key} has {name} {row[name]!r}, not {known[name]!r}"
            for name in row.keys() & known.keys()
            if row[name] != known[name] and (stream, name) not in NOT_IN_LISTS
        ]
    return found


@dataclass(frozen=True)
class Syncs:
    """An account synced, and again after a day: what was there to be seen, what arrived, what it cost.

    listed_later: with what is not listed any more as it was when it was, since nothing tells the warehouse.
    """

    warehouse: Warehouse
    day: DayOfChanges
    listed: dict[str, Rows]
    arrived: dict[str, list[Row]]
    calls: list[Call]
    listed_later: dict[str, Rows]
    arrived_later: dict[str, list[Row]]
    calls_later: list[Call]
