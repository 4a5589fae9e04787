"""The demonstration: what it prints, what it leaves behind, and that it does not call a failure a success."""

import io
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from integration_tests.connector import Run
from integration_tests.demo import __main__ as command_line
from integration_tests.demo.commands import CommandFailed, Commands, Finished, Tail
from integration_tests.demo.readings import Reading
from integration_tests.demo.screen import Screen, listed
from integration_tests.demo.story import API_KEY, demonstrate, yesterdays_account
from integration_tests.demo.truth import Snapshot, Versions, differences
from integration_tests.demo.verdict import Sync, problems
from integration_tests.fake_freshdesk import Account, FakeFreshdesk

STREAMS = ["tickets", "conversations", "contacts", "companies", "agents"]
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
    listed_first: dict[str, int]

    @property
    def table(self) -> dict[str, list[int]]:
        """Records and calls of both readings, by stream."""
        rows = re.findall(r"^(\w+) +([\d,]+) +([\d,]+) +[\d.]+ +([\d,]+) +([\d,]+) +[\d.]+$", self.text, re.MULTILINE)
        return {name: [int(number.replace(",", "")) for number in numbers] for name, *numbers in rows}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    account = yesterdays_account(tickets=60)
    counts = {stream: len(ids) for stream, ids in Snapshot.of(account, STREAMS).listed.items()}
    folder, out = tmp_path_factory.mktemp("demo") / "output", io.StringIO()
    with FakeFreshdesk(account, API_KEY) as fake:
        yield Told(demonstrate(fake, folder, Screen(out)), out.getvalue(), folder, fake, counts)


class TestTheStory:
    def test_goes_well(self, told: Told) -> None:
        assert told.went_well, told.text
        assert "FAILED" not in told.text

    def test_tells_the_records_of_each_stream(self, told: Told) -> None:
        table = told.table
        assert set(STREAMS) | {"total"} <= set(table)
        assert {stream: table[stream][0] for stream in STREAMS} == {s: told.listed_first[s] for s in STREAMS}
        assert table["agents"][2] == table["agents"][0]
        assert 0 < table["tickets"][2] < table["tickets"][0]

    def test_tells_all_calls_that_the_account_has_seen(self, told: Told) -> None:
        total, rows = told.table["total"], [row for stream, row in told.table.items() if stream != "total"]
        assert total == [sum(numbers) for numbers in zip(*rows, strict=True)]
        calls_of_check = 1
        assert total[1] + total[3] + calls_of_check == told.fake.journal.count()

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
    with FakeFreshdesk(Account(), API_KEY, suspended=True) as fake:
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
    monkeypatch.setattr(command_line, "demonstrate", lambda *_: went_well)
    monkeypatch.setattr(sys, "argv", ["demo", "--tickets", "1"])
    assert command_line.main() == exit_code


class TestTheVerdict:
    def test_nothing_to_say_about_what_arrived_as_it_is(self) -> None:
        assert (
            differences("tickets", {1: "a", 2: "b"}, [{"id": 2, "updated_at": "b"}, {"id": 1, "updated_at": "a"}]) == []
        )

    @pytest.mark.parametrize(
        ("expected", "said"),
        [
            ({1: "a", 2: "b"}, "tickets: 1 missing (id 2)"),
            ({}, "tickets: 1 not expected (id 1)"),
            ({1: "b"}, "tickets: 1 in another version (id 1)"),
        ],
    )
    def test_each_difference_is_said(self, expected: Versions, said: str) -> None:
        assert differences("tickets", expected, [{"id": 1, "updated_at": "a"}]) == [said]

    def test_a_record_that_came_twice_is_said(self) -> None:
        record = {"id": 1, "updated_at": "a"}
        assert differences("tickets", {1: "a"}, [record, record]) == ["tickets: 1 more than once (id 1)"]

    def test_many_ids_are_cut_short(self) -> None:
        (said,) = differences("tickets", dict.fromkeys(range(1, 6)), [])
        assert said == "tickets: 5 missing (id 1, 2, 3, ...)"

    def test_a_call_that_was_not_counted_is_a_problem(self) -> None:
        sync = Sync(Finished(Run(0, "", ""), 1.0, calls=4), {"tickets": Reading(0, 3, 1.0)}, {"tickets": {}})
        assert problems("first", sync) == [
            "The connector counts 3 API calls in the first reading, but the account has seen 4."
        ]

    def test_all_conversations_of_a_changed_ticket_are_due(self) -> None:
        account = Account()
        old = "2026-01-01T00:00:00Z"
        changed, unchanged, trashed = (account.add_ticket(created_at=old)["id"] for _ in range(3))
        for ticket_id in (changed, unchanged, trashed):
            account.add_conversation(ticket_id, created_at=old)
        before = Snapshot.of(account, STREAMS)
        account.add_conversation(changed)
        account.delete_ticket(trashed)
        after = Snapshot.of(account, STREAMS)
        due = after.changed_since(before, "conversations")
        assert [after.ticket_of[conversation_id] for conversation_id in due] == [changed, changed]
        assert after.gone_since(before, "tickets") == {trashed}


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
