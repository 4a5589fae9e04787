"""A command that fails ends the demonstration, and its exit code says so."""

import io
import json
import sys
from pathlib import Path

import pytest

from integration_tests.demo import __main__
from integration_tests.demo.commands import CommandFailed, Commands, Finished
from integration_tests.demo.screen import Screen
from integration_tests.demo.story import API_KEY, demonstrate
from integration_tests.fake_freshdesk import Account, FakeFreshdesk, Options


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
