"""How tables, lists and progress look."""

import io
import json
from pathlib import Path

from integration_tests.demo.commands import Tail
from integration_tests.demo.results import StreamResult, table
from integration_tests.demo.screen import Screen, listed


class TestTheTable:
    def test_streams_of_a_kind_are_together_with_the_most_records_on_top(self) -> None:
        first = {
            "few": StreamResult(1, 1, 0.1),
            "whole": StreamResult(5, 1, 0.1),
            "silent": StreamResult(0, 0, 0.0),
            "many": StreamResult(1234, 20, 1.5),
        }
        nothing = dict.fromkeys(first, StreamResult(0, 0, 0.0))
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
