"""The demonstration: what it prints, what it leaves behind, and that it does not call a failure a success."""

import io
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from integration_tests.connector import Run, discovered_streams, incremental_streams
from integration_tests.demo import __main__
from integration_tests.demo.account import account_of_the_day_before, last_afternoon
from integration_tests.demo.commands import CommandFailed, Commands, Finished, Tail, api_calls
from integration_tests.demo.readings import Reading, table
from integration_tests.demo.screen import Screen, listed
from integration_tests.demo.story import API_KEY, demonstrate
from integration_tests.demo.truth import FOLLOWING_TICKETS, SWITCHED_OFF, Due, Snapshot, Versions, arrived, differences
from integration_tests.demo.verdict import Sync, problems
from integration_tests.fake_freshdesk import Account, FakeFreshdesk, Options

STREAMS = list(discovered_streams())
INCREMENTAL = incremental_streams()
READ = [stream for stream in STREAMS if stream not in SWITCHED_OFF]
FILES = {
    "config.json",
    "catalog.json",
    "state.json",
    "spec.jsonl",
    "check.jsonl",
    "discover.jsonl",
    "read.jsonl",
    "read-again.jsonl",
}


@dataclass(frozen=True)
class Told:
    """A demonstration that is over."""

    went_well: bool
    text: str
    folder: Path
    fake: FakeFreshdesk
    before: Snapshot

    @property
    def table(self) -> dict[str, list[int]]:
        """Records and calls of both readings, by stream."""
        cells = r" +([\d,]+|-) +([\d,]+|-) +[\d.]+"
        rows = re.findall(rf"^(\w+){cells}{cells}$", self.text, re.MULTILINE)
        return {name: [int(number.replace(",", "").replace("-", "0")) for number in numbers] for name, *numbers in rows}

    def arrived_first(self, stream: str) -> list[tuple[Any, datetime | None]]:
        return arrived(Run(0, (self.folder / "read.jsonl").read_text(), ""), stream)


def last_wednesday() -> datetime:
    """An afternoon on which the day before brought something to every desk, whatever day it is today."""
    end = last_afternoon(datetime.now(UTC))
    return end - timedelta(days=(end.weekday() - 2) % 7)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    account = account_of_the_day_before(last_wednesday(), tickets=60)
    before = Snapshot.of(account, STREAMS)
    folder, out = tmp_path_factory.mktemp("demo") / "output", io.StringIO()
    with FakeFreshdesk(account, API_KEY) as fake:
        yield Told(demonstrate(fake, folder, Screen(out)), out.getvalue(), folder, fake, before)


@pytest.mark.parametrize(
    ("now", "end"),
    [
        ("2028-02-29T15:00:00+00:00", "2028-02-29T15:00:00+00:00"),
        ("2028-02-29T14:59:59+00:00", "2028-02-28T15:00:00+00:00"),
        ("2028-03-01T00:00:00+00:00", "2028-02-29T15:00:00+00:00"),
        ("2026-03-29T18:30:00+02:00", "2026-03-29T15:00:00+00:00"),
    ],
)
def test_the_day_of_the_demonstration_ends_on_an_afternoon_that_is_over(now: str, end: str) -> None:
    assert last_afternoon(datetime.fromisoformat(now)).isoformat() == end


@pytest.mark.real_clock
class TestTheStory:
    def test_goes_well(self, told: Told) -> None:
        assert told.went_well, told.text
        assert "FAILED" not in told.text

    def test_tells_the_records_of_each_stream(self, told: Told) -> None:
        rows = told.table
        assert set(rows) == {*READ, "total"}
        assert {stream: rows[stream][0] for stream in READ} == {s: len(told.before.listed[s]) for s in READ}
        assert all(rows[stream][0] for stream in READ), "the account has some of everything"
        for stream in READ:
            assert stream in INCREMENTAL or rows[stream][2] == rows[stream][0] > 0
        for stream in ("tickets", "conversations", "ticket_watchers", "ticket_activities", "solution_articles"):
            assert 0 < rows[stream][2] < rows[stream][0]

    def test_says_why_streams_are_not_in_the_table(self, told: Told) -> None:
        explained = " ".join(told.text.rpartition("Not in the table: ")[2].partition("\n\n")[0].split())
        assert explained.startswith("archived_tickets and archived_ticket_conversations. Each is off, since it costs")

    def test_each_warning_of_the_connector_is_shown_once(self, told: Told) -> None:
        shown = [" ".join(part.split()) for part in told.text.split("The connector warns: ")[1:]]
        logs = [(told.folder / name).read_text() for name in ("check.jsonl", "read.jsonl", "read-again.jsonl")]
        warnings = {line for log in logs for line in Run(0, log, "").log("WARN").splitlines()}
        assert len(shown) == len(warnings)
        assert all(any(part.startswith(warning) for part in shown) for warning in warnings)

    def test_fits_a_terminal(self, told: Told) -> None:
        paths = str(told.folder)
        assert [line for line in told.text.splitlines() if len(line) > 100 and paths not in line] == []

    def test_tells_all_calls_that_the_account_has_seen(self, told: Told) -> None:
        total, rows = told.table["total"], [row for stream, row in told.table.items() if stream != "total"]
        assert total == [sum(numbers) for numbers in zip(*rows, strict=True)]
        (calls_of_check,) = re.findall(r"^  Yes\. \([\d.]+ s, (\d+) API calls\)$", told.text, re.MULTILINE)
        assert total[1] + total[3] + int(calls_of_check) == api_calls(told.fake.journal)
        assert api_calls(told.fake.journal) < told.fake.journal.count(), "files were fetched too"

    def test_leaves_the_files_that_it_names(self, told: Told) -> None:
        assert {file.name for file in told.folder.iterdir()} == FILES
        for name in FILES:
            assert name in told.text.rpartition("Look at the messages")[2]

    def test_the_files_are_what_a_platform_would_keep(self, told: Told) -> None:
        lines = {name: (told.folder / name).read_text().split("\n")[:-1] for name in FILES if name.endswith(".jsonl")}
        types = {name: {json.loads(line)["type"] for line in found} for name, found in lines.items()}
        assert types["discover.jsonl"] == {"LOG", "CATALOG"}
        assert types["read.jsonl"] == types["read-again.jsonl"] == {"LOG", "TRACE", "RECORD", "STATE"}
        states = json.loads((told.folder / "state.json").read_text())
        assert [state["stream"]["stream_descriptor"]["name"] for state in states] == STREAMS

    def test_has_no_terminal_tricks_where_there_is_no_terminal(self, told: Told) -> None:
        assert "\r" not in told.text


def test_a_command_fails_with_what_the_connector_says(tmp_path: Path) -> None:
    with FakeFreshdesk(Account(), API_KEY, Options(suspended=True)) as fake:
        config = tmp_path / "config.json"
        config.write_text(json.dumps({"domain": fake.url, "api_key": API_KEY}))
        commands = Commands(fake.journal, Screen(io.StringIO()))
        with pytest.raises(CommandFailed, match="suspended"):
            commands.run("check", tmp_path / "check.jsonl", config=config)


def test_a_failed_command_ends_the_story(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_self: Commands, command: str, messages: Path) -> Finished:
        raise CommandFailed(f"No {command} into {messages.name} today.")

    monkeypatch.setattr(Commands, "run", fail)
    out = io.StringIO()
    with FakeFreshdesk(Account(), API_KEY) as fake:
        assert not demonstrate(fake, tmp_path, Screen(out))
    assert "\nFAILED.\n- The connector says: No spec into spec.jsonl today.\n" in out.getvalue()
    assert "check" not in out.getvalue()


@pytest.mark.parametrize(("went_well", "exit_code"), [(True, 0), (False, 1)])
def test_the_exit_code(went_well: bool, exit_code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(__main__, "demonstrate", lambda *_: went_well)
    monkeypatch.setattr(sys, "argv", ["demo", "--tickets", "1"])
    assert __main__.main() == exit_code


OLD = datetime(2026, 1, 1, tzinfo=UTC)
NEW = OLD + timedelta(days=1)


class TestTheVerdict:
    def test_nothing_to_say_about_what_arrived_as_it_is(self) -> None:
        assert differences("tickets", Due({1: OLD, 2: NEW}), [(2, NEW), (1, OLD)]) == []

    @pytest.mark.parametrize(
        ("expected", "said"),
        [
            ({1: OLD, 2: NEW}, "tickets: 1 missing (key 2)"),
            ({}, "tickets: 1 not expected (key 1)"),
            ({1: NEW}, "tickets: 1 in another version (key 1)"),
        ],
    )
    def test_each_difference_is_said(self, expected: Versions, said: str) -> None:
        assert differences("tickets", Due(expected), [(1, OLD)]) == [said]

    def test_a_record_that_came_twice_is_said(self) -> None:
        for due in (Due({1: OLD}), Due({}, {1: OLD})):
            assert differences("tickets", due, [(1, OLD), (1, OLD)]) == ["tickets: 1 more than once (key 1)"]

    def test_what_may_come_again_need_not(self) -> None:
        due = Due({}, allowed={1: OLD})
        assert differences("conversations", due, []) == differences("conversations", due, [(1, OLD)]) == []
        assert differences("conversations", due, [(1, NEW)]) == ["conversations: 1 in another version (key 1)"]

    def test_what_came_again_is_counted(self) -> None:
        records = [{"stream": "ticket_watchers", "data": {"ticket_id": number}} for number in (1, 2)]
        output = "\n".join(json.dumps({"type": "RECORD", "record": record}) for record in records)
        due = {"ticket_watchers": Due({1: None}, allowed={2: None, 3: None})}
        assert Sync(Finished(Run(0, output, ""), 1.0, calls=0), {}, due).repeated() == 1

    @pytest.mark.parametrize("stream", READ)
    def test_each_difference_is_found_in_every_stream(self, told: Told, stream: str) -> None:
        due, came = told.before.all_due(stream), told.arrived_first(stream)
        key, at = came[0]
        wrong = {
            "missing": came[1:],
            "not expected": [*came, ("unknown", None)],
            "more than once": [*came, came[0]],
            "in another version": [(key, NEW if at is None else at + timedelta(seconds=1)), *came[1:]],
        }
        assert differences(stream, due, came) == []
        for kind, records in wrong.items():
            (said,) = differences(stream, due, records)
            assert said.startswith(f"{stream}: 1 {kind} (key ")

    def test_versions_are_compared_where_there_are_any(self, told: Told) -> None:
        timeless = {stream for stream in READ if not any(at for _, at in told.arrived_first(stream))}
        assert timeless & {*INCREMENTAL} == {"ticket_activities"}

    def test_many_keys_are_cut_short(self) -> None:
        (said,) = differences("tickets", Due(dict.fromkeys(range(1, 6))), [])
        assert said == "tickets: 5 missing (key 1, 2, 3, ...)"

    def test_a_call_that_was_not_counted_is_a_problem(self) -> None:
        sync = Sync(Finished(Run(0, "", ""), 1.0, calls=4), {"tickets": Reading(0, 3, 1.0)}, {"tickets": Due({})})
        assert problems("first", sync) == [
            "The connector counts 3 API calls in the first reading, but the account has seen 4."
        ]

    def test_all_that_belongs_to_a_changed_ticket_is_due(self) -> None:
        account = Account(now=NEW)
        changed, unchanged, trashed = (account.add_ticket(created_at=OLD)["id"] for _ in range(3))
        for ticket_id in (changed, unchanged, trashed):
            account.add_conversation(ticket_id, created_at=OLD)
        before = Snapshot.of(account, ["conversations", "ticket_watchers"])
        account.add_conversation(changed)
        account.delete_ticket(trashed)
        after = Snapshot.of(account, ["conversations", "ticket_watchers"])
        due = after.due_since(before, "conversations")
        assert [after.ticket_of[conversation_id] for conversation_id in due.required] == [changed, changed]
        assert due.allowed == {}
        assert after.due_since(before, "ticket_watchers") == Due({changed: NEW})
        assert after.gone_since(before, "tickets") == {trashed}

    @pytest.mark.parametrize("stream", sorted(FOLLOWING_TICKETS))
    def test_what_belongs_to_a_ticket_that_had_just_changed_may_come_again(self, stream: str) -> None:
        account = Account(now=NEW)
        for minutes in (4, 6):
            at = NEW - timedelta(minutes=minutes)
            ticket = account.add_ticket(created_at=at, association_type=1)
            account.add("ticket_summaries", ticket_id=ticket["id"], created_at=OLD, updated_at=OLD)
            account.add_conversation(ticket["id"], created_at=OLD, touch=False)
        before = Snapshot.of(account, [stream])
        account.advance(timedelta(days=1))
        due = Snapshot.of(account, [stream]).due_since(before, stream)
        assert due.required == {}
        assert len(due.allowed) == 1
        first_key = min(before.listed[stream])
        assert list(due.allowed) == [first_key]

    def test_a_ticket_itself_does_not_come_again(self) -> None:
        account = Account(now=NEW)
        account.add_ticket(created_at=NEW - timedelta(minutes=1))
        before = Snapshot.of(account, [])
        assert Snapshot.of(account, []).due_since(before, "tickets") == Due({})


class TestTheTable:
    def test_streams_of_a_kind_are_together_with_the_most_records_on_top(self) -> None:
        first = {
            "few": Reading(1, 1, 0.1),
            "whole": Reading(5, 1, 0.1),
            "silent": Reading(0, 0, 0.0),
            "many": Reading(1234, 20, 1.5),
        }
        nothing = dict.fromkeys(first, Reading(0, 0, 0.0))
        lines = table(first, nothing, incremental={"few", "many"})
        assert [line.split()[0] for line in lines[1:]] == [
            "stream",
            "incremental",
            "many",
            "few",
            "full",
            "whole",
            "-" * len(lines[1]),
            "total",
        ]
        assert lines[3].split()[1:] == ["1,234", "20", "1.5", "-", "-", "0.0"]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class TestTheScreen:
    def test_on_a_terminal_the_live_line_is_rewritten_and_wiped_away(self) -> None:
        out = Terminal()
        screen = Screen(out)
        screen.live("123 records")
        screen.live("9 s")
        screen.show("done")
        assert out.getvalue() == "\r123 records\r9 s        \r   \rdone\n"

    def test_a_long_command_has_a_line_for_each_part(self) -> None:
        out = io.StringIO()
        Screen(out).type(["python main.py read", "--config c.json", f"> {'x' * 90}"])
        assert out.getvalue() == f"$ python main.py read \\\n    --config c.json \\\n    > {'x' * 90}\n"

    def test_lists_words(self) -> None:
        assert [listed(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
            "nothing",
            "a",
            "a and b",
            "a, b and c",
        ]


class TestTheTail:
    def test_half_a_line_waits_for_its_other_half(self, tmp_path: Path) -> None:
        file = tmp_path / "messages.jsonl"
        record = '{"type":"RECORD","record":{"stream":"tickets","data":{}}}\n'
        file.write_text('{"type":"LOG"}\n' + record + record[:20])
        tail = Tail(file)
        tail.look()
        assert tail.records == 1
        file.write_text('{"type":"LOG"}\n' + record + record)
        tail.look()
        assert tail.records == 2

    def test_the_stream_is_the_one_that_was_started_last(self, tmp_path: Path) -> None:
        file = tmp_path / "messages.jsonl"
        status = {"stream_descriptor": {"name": "agents"}, "status": "STARTED"}
        traces = [{"type": "STREAM_STATUS", "stream_status": status}, {"type": "ERROR", "error": {"message": "!"}}]
        lines = [json.dumps({"type": "TRACE", "trace": trace}, separators=(",", ":")) for trace in traces]
        file.write_text("".join(f"{line}\n" for line in lines))
        tail = Tail(file)
        assert tail.stream == ""
        tail.look()
        assert tail.stream == "agents"
