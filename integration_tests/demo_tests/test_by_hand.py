"""`make fake` and `make sync`, as somebody uses them who has just cloned the repository."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from integration_tests.connector import ROOT

SERVE = ("-m", "integration_tests.demo.serve", "--port", "0", "--tickets", "60")
STREAMS = "tickets,conversations,roles,ticket_activities"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "secrets" / "demo.json"


@pytest.fixture
def served(config: Path) -> Iterator[subprocess.Popen[str]]:
    """The account, its guide printed."""
    command = [sys.executable, *SERVE, "--config", str(config)]
    with subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            until(process, "Ctrl-C stops it.")
            yield process
        finally:
            process.terminate()


def until(process: subprocess.Popen[str], words: str) -> str:
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if words in line:
            break
    return "".join(lines)


def sync(config: Path, folder: Path, streams: str = STREAMS) -> subprocess.CompletedProcess[str]:
    options = ["--config", str(config), "--folder", str(folder), "--streams", streams]
    command = [sys.executable, "-m", "examples.by_hand", *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def kept(folder: Path, stream: str) -> list[int]:
    return [json.loads(line)["id"] for line in (folder / f"{stream}.jsonl").read_text("utf-8").splitlines()]


def test_an_account_is_read_and_read_on_from_there(served: subprocess.Popen[str], config: Path, tmp_path: Path) -> None:
    folder = tmp_path / "synced"
    first = sync(config, folder)
    assert (first.returncode, first.stderr) == (0, "")
    assert "another host" not in first.stdout
    tickets, roles = kept(folder, "tickets"), kept(folder, "roles")
    assert len(tickets) == len(set(tickets)) >= 50
    assert f"tickets: {len(tickets)} records" in first.stdout
    assert "Summary of this sync:" in first.stdout
    assert served.stdin is not None
    served.stdin.write("\n")
    served.stdin.flush()
    until(served, "A day has passed")
    second = sync(config, folder)
    assert (second.returncode, second.stderr) == (0, "")
    assert len(tickets) < len(kept(folder, "tickets")) < 2 * len(tickets)
    assert kept(folder, "roles") == roles
    assert not list(folder.glob("*.new"))


def test_a_stream_that_there_is_not_is_named_with_those_that_there_are(
    served: subprocess.Popen[str], config: Path, tmp_path: Path
) -> None:
    run = sync(config, tmp_path / "synced", "ticket")
    assert run.returncode == 1
    assert run.stderr.startswith("There is no stream ticket. There are: tickets, conversations, ")


def test_what_the_connector_says_is_passed_on(tmp_path: Path) -> None:
    run = sync(tmp_path / "none.json", tmp_path / "synced")
    assert run.returncode == 1
    assert run.stderr == f"The config file {tmp_path / 'none.json'} cannot be read: No such file or directory.\n"
