"""PyAirbyte reads accounts into DuckDB by examples/sync.py, and the queries of examples/ find there what is so.

PyAirbyte has an environment of its own, made by `make test-pyairbyte`. The connector runs in that of the project, as
the executable that was installed there. Nothing of it leaves the machine.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from integration_tests.believable.day import DayOfChanges, a_day_passes
from integration_tests.believable.help_desk import believable_account
from integration_tests.conftest import API_KEY
from integration_tests.connector import ROOT, discovered_streams, primary_key
from integration_tests.every_resource import (
    OBJECTS,
    TYPES_OF_LOOKUPS,
    account_with_everything,
    an_hour_ago,
    expected_keys,
)
from integration_tests.fake_freshdesk import Account, Call, FakeFreshdesk
from integration_tests.fake_freshdesk.model.moments import is_stamp, moment
from integration_tests.fake_freshdesk.model.records import CLOSED, RESOLVED

PYTHON = ROOT / ".venv-pyairbyte" / "bin" / "python"
EXAMPLES = ROOT / "examples"
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)

pytestmark = pytest.mark.skipif(
    not PYTHON.exists(), reason="PyAirbyte is not installed; make test-pyairbyte installs it and runs this"
)

Row = dict[str, Any]
Rows = dict[Any, Row]
"""By primary key."""

NOT_IN_LISTS = {
    ("tickets", "attachments"),
    ("tickets", "deleted"),
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
    """The default lists have neither what is in the trash, nor spam, nor whom somebody blocked."""
    ticket = account.tickets.get(row["ticket_id"], {}) if "body_text" in row else {}
    return not any(what.get(mark) for what in (row, ticket) for mark in ("deleted", "spam", "blocked"))


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


@pytest.fixture(scope="module")
def syncs(tmp_path_factory: pytest.TempPathFactory) -> Syncs:
    account = believable_account(tickets=400, now=NOW)
    warehouse = Warehouse(tmp_path_factory.mktemp("warehouse"))
    with FakeFreshdesk(account, API_KEY) as fake:
        warehouse.sync(fake)
        calls, listed, arrived = fake.journal.calls(), what_the_account_lists(account), warehouse.tables()
        fake.journal.clear()
        day = a_day_passes(account)
        warehouse.sync(fake)
        calls_later, listed_now = fake.journal.calls(), what_the_account_lists(account)
    listed_later = {stream: listed[stream] | rows for stream, rows in listed_now.items()}
    return Syncs(warehouse, day, listed, arrived, calls, listed_later, warehouse.tables(), calls_later)


def test_the_warehouse_equals_the_account(syncs: Syncs) -> None:
    assert [
        line for stream in syncs.listed for line in differences(stream, syncs.listed[stream], syncs.arrived[stream])
    ] == []
    assert len(syncs.arrived["tickets"]) > 300


def test_a_day_later_it_equals_the_account_again(syncs: Syncs) -> None:
    later = syncs.listed_later
    assert [line for stream in later for line in differences(stream, later[stream], syncs.arrived_later[stream])] == []
    ids = {row["id"] for row in syncs.arrived_later["tickets"]}
    assert ids >= {*syncs.day.tickets_created, *syncs.day.tickets_updated}


def test_the_second_sync_asks_only_for_what_has_changed(syncs: Syncs) -> None:
    changed = {
        stream: {row["id"] for row in rows.values() if row != syncs.listed[stream].get(row["id"])}
        for stream, rows in syncs.listed_later.items()
        if stream in ("tickets", "contacts")
    }
    assert asked_one_by_one(syncs.calls, "tickets", "/conversations") == set(syncs.listed["tickets"])
    assert asked_one_by_one(syncs.calls_later, "tickets", "/conversations") == changed["tickets"]
    assert asked_one_by_one(syncs.calls_later, "tickets", "/watchers") == changed["tickets"]
    assert asked_one_by_one(syncs.calls_later, "contacts") == changed["contacts"]
    assert len(syncs.calls_later) < len(syncs.calls) / 10


def asked_one_by_one(calls: list[Call], resource: str, below: str = "") -> set[int]:
    """The ids whose record, or what is below it, was asked for."""
    parts = [call.path.removeprefix(f"/api/v2/{resource}/").removesuffix(below) for call in calls]
    return {int(part) for part in parts if part.isdigit()}


def test_nothing_leaves_the_machine(syncs: Syncs) -> None:
    assert syncs.warehouse.hosts_asked_for() == {"127.0.0.1"}


def test_every_stream_arrives(tmp_path: Path) -> None:
    account = account_with_everything(an_hour_ago())
    warehouse = Warehouse(tmp_path)
    with FakeFreshdesk(account, API_KEY) as fake:
        warehouse.sync(fake)
    tables = warehouse.tables()
    # Settings turn these on; and rows of activities have a key only in the connector.
    without_keys = {"archived_tickets", "archived_ticket_conversations", "ticket_activities"}
    for stream in tables.keys() - without_keys:
        assert Counter(key_of(stream, row) for row in tables[stream]) == Counter(expected_keys(account, stream)), stream
    assert len(tables["ticket_activities"]) == len(expected_keys(account, "ticket_activities"))


# The questions


def answer(syncs: Syncs, name: str) -> list[Row]:
    """What the warehouse answers to one of them."""
    (rows,) = syncs.warehouse.ask((EXAMPLES / "queries" / f"{name}.sql").read_text())
    return rows


def tickets(syncs: Syncs) -> list[Row]:
    return list(syncs.listed_later["tickets"].values())


def solved_at(ticket: Row) -> str | None:
    at: str | None = ticket["stats"]["resolved_at"] or ticket["stats"]["closed_at"]
    return at


def of_the_last_year(syncs: Syncs) -> list[Row]:
    last = max(row["updated_at"] for row in tickets(syncs))
    start = f"{int(last[:4]) - 1}{last[4:]}"
    return [row for row in tickets(syncs) if row["created_at"] >= start]


def test_the_volume_of_tickets_is_right(syncs: Syncs) -> None:
    created = Counter(row["created_at"][:7] for row in tickets(syncs))
    solved = Counter(at[:7] for row in tickets(syncs) if (at := solved_at(row)))
    months = sorted(created)[:-1]
    assert [(row["month"], row["created"], row["solved"]) for row in answer(syncs, "ticket_volume")] == [
        (month, created[month], solved[month]) for month in months
    ]
    unsolved = 0
    for row in answer(syncs, "ticket_volume"):
        unsolved += row["created"] - row["solved"]
        assert row["unsolved_at_its_end"] == unsolved


def test_first_responses_are_judged_as_freshdesk_judges_them(syncs: Syncs) -> None:
    """Freshdesk marks a ticket whose first response was late."""
    names = {"Urgent": 4, "High": 3, "Medium": 2, "Low": 1}
    for row in answer(syncs, "first_response"):
        of_priority = [ticket for ticket in of_the_last_year(syncs) if ticket["priority"] == names[row["priority"]]]
        waits = [seconds_to_first_response(ticket) for ticket in of_priority if ticket["stats"]["first_responded_at"]]
        late = [ticket for ticket in of_priority if ticket["fr_escalated"] and ticket["stats"]["first_responded_at"]]
        assert row["answered"] == len(waits)
        assert row["median_hours"] == pytest.approx(median(waits) / 3600, abs=0.051)
        judged = len(waits) + row["overdue"]
        assert row["percent_in_time"] == pytest.approx(100 * (len(waits) - len(late)) / judged, abs=0.051)


def seconds_to_first_response(ticket: Row) -> float:
    created = datetime.fromisoformat(ticket["created_at"]).replace(tzinfo=UTC)
    return (moment(ticket["stats"]["first_responded_at"]) - created).total_seconds()


def test_the_target_of_a_solution_is_that_of_the_policy(syncs: Syncs) -> None:
    (policy,) = (row for row in syncs.listed_later["sla_policies"].values() if row["is_default"])
    for row, priority in zip(answer(syncs, "resolution"), (4, 3, 2, 1), strict=True):
        promised = policy["sla_target"][f"priority_{priority}"]["resolve_within"]
        assert row["policy_hours"] == row["due_hours"] == promised / 3600
        of_priority = [ticket for ticket in of_the_last_year(syncs) if ticket["priority"] == priority]
        assert row["solved"] == len([ticket for ticket in of_priority if ticket["status"] in (RESOLVED, CLOSED)])


def test_the_busiest_companies_are_right(syncs: Syncs) -> None:
    names = {row["id"]: row["name"] for row in syncs.listed_later["companies"].values()}
    counted = Counter(names[row["company_id"]] for row in of_the_last_year(syncs) if row["company_id"])
    ranked = sorted(counted.items(), key=lambda entry: (-entry[1], entry[0]))[:12]
    assert [(row["company"], row["tickets"]) for row in answer(syncs, "busiest_companies")] == ranked


def test_satisfaction_is_right(syncs: Syncs) -> None:
    marks = [row["ratings"]["default_question"] for row in syncs.listed_later["satisfaction_ratings"].values()]
    rows = answer(syncs, "satisfaction")
    assert sum(row["ratings"] for row in rows) == len(marks)
    happy = sum(row["ratings"] * row["percent_happy"] / 100 for row in rows)
    assert happy == pytest.approx(len([mark for mark in marks if mark == 103]), abs=0.5)
    for row in rows:
        assert row["percent_happy"] + row["percent_neutral"] + row["percent_unhappy"] == pytest.approx(100, abs=0.2)


def test_every_ticket_solved_is_some_agents(syncs: Syncs) -> None:
    assigned = [row for row in of_the_last_year(syncs) if row["responder_id"]]
    rows = answer(syncs, "agent_performance")
    assert sum(row["tickets"] for row in rows) == len(assigned)
    assert sum(row["solved"] for row in rows) == len([row for row in assigned if solved_at(row)])


def test_the_report_has_a_table_and_a_plot_for_each_question(syncs: Syncs, tmp_path: Path) -> None:
    syncs.warehouse.run("-m", "examples.report", str(syncs.warehouse.file), "--folder", str(tmp_path))
    queries = sorted((EXAMPLES / "queries").glob("*.sql"))
    pictures = [*(f"{query.stem}.png" for query in queries), "overview.png"]
    assert {file.name for file in tmp_path.iterdir()} == {"report.md", *pictures}
    assert {file.name for file in (EXAMPLES / "report").iterdir()} == {"report.md", *pictures}
    for picture in pictures:
        assert (tmp_path / picture).read_bytes().startswith(b"\x89PNG")
    text = (tmp_path / "report.md").read_text()
    for query in queries:
        question = query.read_text().splitlines()[0].removeprefix("-- ")
        assert f"\n## {question}\n\n![{question}]({query.stem}.png)\n" in text
