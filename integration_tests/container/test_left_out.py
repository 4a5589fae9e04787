"""What `requirements-left-out.txt` names is not in the image, and no command misses it."""

import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from integration_tests.conftest import API_KEY
from integration_tests.connector import Run, discovered_streams
from integration_tests.container.connector import ContainedConnector
from integration_tests.container.image import ROOT, Image
from integration_tests.every_resource import account_with_everything, an_hour_ago
from integration_tests.fake_freshdesk import FakeFreshdesk, faults

INSTALLED = """
import importlib.metadata, json
print(json.dumps([found.metadata["Name"] for found in importlib.metadata.distributions()]))
"""


def normalized(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def locked() -> set[str]:
    """What the lock asks for on this system."""
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    pins = [Requirement(line.rstrip("\\ ")) for line in lines if re.match(r"\w", line)]
    return {normalized(pin.name) for pin in pins if pin.marker is None or pin.marker.evaluate()}


def left_out() -> list[str]:
    lines = (ROOT / "requirements-left-out.txt").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def test_the_list_names_each_package_once_and_only_locked_ones() -> None:
    assert len(set(left_out())) == len(left_out())
    assert set(left_out()) <= locked()


def test_the_image_has_what_is_locked_but_what_is_left_out(image: Image) -> None:
    assert {normalized(name) for name in image.asked(INSTALLED)} == locked() - set(left_out())


def assert_nothing_is_missing(run: Run) -> None:
    assert "ModuleNotFoundError" not in run.output + run.errors
    assert "ImportError" not in run.output + run.errors


@pytest.mark.parametrize("key", [API_KEY, "a-wrong-key"], ids=["a good key", "a wrong key"])
def test_every_command_runs_without_them(image: Image, tmp_path: Path, key: str) -> None:
    streams = list(discovered_streams())
    with FakeFreshdesk(account_with_everything(an_hour_ago()), API_KEY) as fake:
        config = {"domain": fake.url, "api_key": key, "archived_tickets": True}
        connector = ContainedConnector(image, tmp_path / "secrets", config)
        first = connector.read(*streams, sync_mode="full_refresh", arguments=["--debug"])
        runs = [connector.spec(), connector.check(), connector.discover(), first]
        if key == API_KEY:
            runs += [second := connector.read(*streams), connector.read(*streams, state=second.last_states)]
        fake.misbehave(faults.cut_connection(), path="*", times=None)
        runs.append(connector.check())
    for run in runs:
        assert_nothing_is_missing(run)
    if key == API_KEY:
        assert [run.exit_code for run in runs[:-1]] == [0] * 6
        assert {stream for stream in streams if first.records[stream]} == set(streams)
        assert first.log("WARN", "ERROR", "FATAL") == ""
    else:
        assert first.exit_code == 1


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["check"],
        ["check", "--config", "/nowhere.json"],
        ["read", "--config", "/dev/null", "--catalog", "/dev/null"],
    ],
    ids=["no command", "no config", "a config that is not there", "an empty config"],
)
def test_a_command_that_is_wrong_runs_without_them(image: Image, tmp_path: Path, arguments: list[str]) -> None:
    run = ContainedConnector(image, tmp_path / "secrets", {}, network="none").run(*arguments)
    # A check says it in its status, and is no failure of its own.
    assert run.exit_code != 0 or [status["status"] for status in run.of_type("CONNECTION_STATUS")] == ["FAILED"]
    assert_nothing_is_missing(run)
