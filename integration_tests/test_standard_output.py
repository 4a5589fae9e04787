"""Every line of standard output is one message, whatever is in it."""

import json
from pathlib import Path
from typing import Any

import pytest

from integration_tests.connector import Connector, Run
from integration_tests.fake_freshdesk import FakeFreshdesk

HALF_A_CHARACTER = "\ud83d"
KEY = "kQ7pX2vN9rT4wZ8sB1mC"


def read_with(folder: Path, config: dict[str, Any], state: list[Any]) -> Run:
    contents: dict[str, Any] = {"config": config, "state": state, "catalog": {"streams": []}}
    for name, content in contents.items():
        (folder / f"{name}.json").write_text(json.dumps(content), "utf-8")
    arguments = [part for name in contents for part in (f"--{name}", str(folder / f"{name}.json"))]
    return Connector(folder, {}).run("read", *arguments)


@pytest.mark.parametrize(
    "config",
    [{"domain": f"a{HALF_A_CHARACTER}", "api_key": KEY}, {"domain": "acme", "api_key": f"{KEY}{HALF_A_CHARACTER}"}],
)
def test_half_a_character_in_a_config_does_not_lose_the_error(tmp_path: Path, config: dict[str, Any]) -> None:
    run = read_with(tmp_path, config, [])
    assert run.exit_code == 1
    assert [error["failure_type"] for error in run.errors_traced] == ["config_error"]
    assert not run.errors


def test_half_a_character_in_a_state_does_not_lose_the_error(tmp_path: Path) -> None:
    of_stream = {"stream_descriptor": {"name": "tickets"}, "stream_state": {"updated_at": HALF_A_CHARACTER}}
    state = [{"type": "STREAM", "stream": of_stream}]
    run = read_with(tmp_path, {"domain": "acme", "api_key": KEY}, state)
    assert not run.errors
    assert run.messages


def test_a_key_that_is_a_part_of_a_word_leaves_the_words_readable(fake: FakeFreshdesk, tmp_path: Path) -> None:
    run = Connector(tmp_path, {"domain": fake.url, "api_key": "tick"}).check()
    (status,) = run.of_type("CONNECTION_STATUS")
    assert status["status"] == "FAILED"
    assert "****" not in run.output
