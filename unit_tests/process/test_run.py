"""The console entry."""

import json
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import requests_mock

from source_freshdesk.process import run
from unit_tests.support import API, KEY, SimulatedClock, answer, refusal

ME = f"{API}agents/me"


@pytest.fixture(autouse=True)
def _signals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Signals that are blocked once would stay so in the process of the tests."""
    monkeypatch.setattr(run, "end_on_signals", lambda: None)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "config.json"
    file.write_text(json.dumps({"domain": "acme", "api_key": KEY}), "utf-8")
    return file


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[Mapping[str, Any]]:
    """The messages of a command, each of which is a line of its own."""
    run.run(arguments, SimulatedClock())
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_spec_is_said_without_a_config(capsys: pytest.CaptureFixture[str]) -> None:
    messages = said(capsys, "spec")
    assert [message["type"] for message in messages] == ["SPEC"]
    assert "domain" in messages[0]["spec"]["connectionSpecification"]["properties"]


def test_arguments_are_those_of_the_process_unless_given(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["source-freshdesk", "spec"])
    run.run()
    assert json.loads(capsys.readouterr().out)["type"] == "SPEC"


@pytest.mark.parametrize(
    ("body", "status"), [(answer({"id": 7, "ticket_scope": 1}), "SUCCEEDED"), (refusal(401), "FAILED")]
)
def test_check_says_whether_the_account_can_be_read(
    server: requests_mock.Mocker,
    capsys: pytest.CaptureFixture[str],
    config: Path,
    body: dict[str, Any],
    status: str,
) -> None:
    server.get(requests_mock.ANY, [answer([])])
    server.get(ME, [body])
    messages = said(capsys, "check", "--config", str(config))
    assert [one["connectionStatus"]["status"] for one in messages if one["type"] == "CONNECTION_STATUS"] == [status]
    assert KEY not in json.dumps(messages)


@pytest.mark.parametrize(
    "wrong", [{"domain": "acme.org"}, {"domain": None}, {"start_date": "soon"}, {"contact_details": 5}]
)
def test_a_setting_that_is_wrong_is_named_in_our_words(
    capsys: pytest.CaptureFixture[str], config: Path, wrong: dict[str, Any]
) -> None:
    config.write_text(json.dumps({"domain": "acme", "api_key": KEY} | wrong), "utf-8")
    messages = said(capsys, "check", "--config", str(config))
    (outcome,) = [one["connectionStatus"] for one in messages if one["type"] == "CONNECTION_STATUS"]
    assert outcome["status"] == "FAILED"
    assert outcome["message"].startswith(f"The setting '{next(iter(wrong))}' ")


def test_discover_says_the_streams(capsys: pytest.CaptureFixture[str], config: Path) -> None:
    messages = said(capsys, "discover", "--config", str(config))
    (catalog,) = [one["catalog"] for one in messages if one["type"] == "CATALOG"]
    assert "tickets" in [stream["name"] for stream in catalog["streams"]]


def test_a_wrong_setting_ends_discover_as_an_error_of_the_user(
    capsys: pytest.CaptureFixture[str], config: Path
) -> None:
    config.write_text(json.dumps({"domain": "acme.org", "api_key": KEY}), "utf-8")
    with pytest.raises(SystemExit, match="1"):
        run.run(["discover", "--config", str(config)], SimulatedClock())
    messages = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (error,) = (message["trace"]["error"] for message in messages if message["type"] == "TRACE")
    assert error["failure_type"] == "config_error"
    assert "'domain'" in error["message"]
    assert "Traceback" not in str(messages)


def test_the_last_error_is_written_with_its_line_end_at_once(monkeypatch: pytest.MonkeyPatch, config: Path) -> None:
    """A line of another thread, as of one that waits, must not come in between."""
    writes: list[str] = []
    monkeypatch.setattr(sys.stdout, "write", writes.append)
    config.write_text(json.dumps({"domain": "acme.org", "api_key": KEY}), "utf-8")
    with pytest.raises(SystemExit):
        run.run(["discover", "--config", str(config)], SimulatedClock())
    assert all(text.endswith("\n") for text in writes)
    assert '"TRACE"' in writes[-1]


SIGNALS = pytest.mark.parametrize(("signum", "code"), [(signal.SIGTERM, -15), (signal.SIGINT, -2)])

ENDLESS = """
import itertools
from source_freshdesk.process import run
run.GRACE_SECONDS = {grace}
run.Entrypoint.run = lambda self, parsed: itertools.repeat('{{"type": "RECORD", "record": "' + "x" * 997 + '"}}')
run.run(["spec"])
"""

WRITING = """
import os, time
from airbyte_cdk.logger import PRINT_BUFFER
from source_freshdesk.process import run
run.end_on_signals()
with PRINT_BUFFER.lock:
    PRINT_BUFFER.buffer.write('{{"is": "not flushed"}}\\n')
    os.write(1, b'{{"is": ')
    os.kill(os.getpid(), {signum})
    time.sleep(0.05)
    os.write(1, b'"whole"}}\\n')
time.sleep(60)
"""


def until_records_come(of: subprocess.Popen[bytes]) -> list[bytes]:
    """The lines up to the first record."""
    assert of.stdout is not None
    lines = [of.stdout.readline()]
    while b"RECORD" not in lines[-1]:
        lines.append(of.stdout.readline())
        assert lines[-1], "the process has ended"
    return lines


def process(code: str) -> subprocess.Popen[bytes]:
    """A process of its own, for its signals stay blocked."""
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0)


@SIGNALS
def test_a_signal_waits_for_the_line_that_is_being_written_and_for_those_in_the_buffer(
    signum: signal.Signals, code: int
) -> None:
    with process(WRITING.format(signum=int(signum))) as ended:
        said, complaints = ended.communicate(timeout=30)
    assert [json.loads(line)["is"] for line in said.splitlines()] == ["whole", "not flushed"]
    assert ended.returncode == code
    assert complaints == b""


@SIGNALS
def test_a_signal_ends_a_command_with_whole_lines(signum: signal.Signals, code: int) -> None:
    with process(ENDLESS.format(grace=30)) as ended:
        lines = until_records_come(ended)
        ended.send_signal(signum)
        said, complaints = ended.communicate(timeout=20)
    assert ended.returncode == code
    assert (lines[-1] + said).endswith(b"\n")
    assert {json.loads(line)["type"] for line in lines + said.splitlines()} <= {"LOG", "RECORD"}
    assert complaints == b""


def test_a_signal_ends_a_command_though_nobody_takes_its_lines() -> None:
    with process(ENDLESS.format(grace=0.1)) as ended:
        until_records_come(ended)
        ended.send_signal(signal.SIGTERM)
        assert ended.wait(timeout=20) == -signal.SIGTERM
