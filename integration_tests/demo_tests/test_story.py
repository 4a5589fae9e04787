"""What the demonstration prints and leaves behind."""

import json
import re
from datetime import datetime

import pytest

from integration_tests.connector import Run
from integration_tests.demo.account import last_afternoon
from integration_tests.demo.commands import api_calls
from integration_tests.demo_tests.finished_demo import FILES, INCREMENTAL, READ, STREAMS, FinishedDemo


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
    def test_goes_well(self, finished: FinishedDemo) -> None:
        assert finished.went_well, finished.text
        assert "FAILED" not in finished.text

    def test_shows_the_records_of_each_stream(self, finished: FinishedDemo) -> None:
        rows = finished.table
        assert set(rows) == {*READ, "total"}
        assert {stream: rows[stream][0] for stream in READ} == {s: len(finished.before.listed[s]) for s in READ}
        assert all(rows[stream][0] for stream in READ), "the account has some of everything"
        for stream in READ:
            assert stream in INCREMENTAL or rows[stream][2] == rows[stream][0] > 0
        for stream in ("tickets", "conversations", "ticket_watchers", "ticket_activities", "solution_articles"):
            assert 0 < rows[stream][2] < rows[stream][0]

    def test_says_why_streams_are_not_in_the_table(self, finished: FinishedDemo) -> None:
        explained = " ".join(finished.text.rpartition("Not in the table: ")[2].partition("\n\n")[0].split())
        assert explained.startswith("archived_tickets and archived_ticket_conversations. Each is off, since it costs")

    def test_each_warning_of_the_connector_is_shown_once(self, finished: FinishedDemo) -> None:
        shown = [" ".join(part.split()) for part in finished.text.split("The connector warns: ")[1:]]
        logs = [(finished.folder / name).read_text() for name in ("check.jsonl", "read.jsonl", "read-again.jsonl")]
        warnings = {line for log in logs for line in Run(0, log, "").log("WARN").splitlines()}
        assert len(shown) == len(warnings)
        assert all(any(part.startswith(warning) for part in shown) for warning in warnings)

    def test_fits_a_terminal(self, finished: FinishedDemo) -> None:
        paths = str(finished.folder)
        assert [line for line in finished.text.splitlines() if len(line) > 100 and paths not in line] == []

    def test_shows_all_calls_that_the_account_has_seen(self, finished: FinishedDemo) -> None:
        total, rows = finished.table["total"], [row for stream, row in finished.table.items() if stream != "total"]
        assert total == [sum(numbers) for numbers in zip(*rows, strict=True)]
        calls_before = re.findall(r"^  .*\([\d.]+ s, (\d+) API calls\)$", finished.text, re.MULTILINE)[:2]
        assert total[1] + total[3] + sum(map(int, calls_before)) == api_calls(finished.fake.journal)
        assert api_calls(finished.fake.journal) < finished.fake.journal.count(), "files were fetched too"

    def test_leaves_the_files_that_it_names(self, finished: FinishedDemo) -> None:
        assert {file.name for file in finished.folder.iterdir()} == FILES
        for name in FILES:
            assert name in finished.text.rpartition("Look at the messages")[2]

    def test_the_files_are_what_a_platform_would_keep(self, finished: FinishedDemo) -> None:
        lines = {
            name: (finished.folder / name).read_text().split("\n")[:-1] for name in FILES if name.endswith(".jsonl")
        }
        types = {name: {json.loads(line)["type"] for line in found} for name, found in lines.items()}
        assert types["discover.jsonl"] == {"CATALOG"}
        assert types["read.jsonl"] == types["read-again.jsonl"] == {"LOG", "TRACE", "RECORD", "STATE"}
        states = json.loads((finished.folder / "state.json").read_text())
        assert sorted(state["stream"]["stream_descriptor"]["name"] for state in states) == sorted(STREAMS)

    def test_has_no_terminal_tricks_where_there_is_no_terminal(self, finished: FinishedDemo) -> None:
        assert "\r" not in finished.text
