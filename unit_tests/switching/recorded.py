"""What Airbyte's own connector was given and saved, from `recorded_by_airbyte`."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from source_freshdesk.catalog import all_streams
from source_freshdesk.config import Config
from source_freshdesk.streams.base import FreshdeskStream
from unit_tests import support
from unit_tests.support import KEY, NOW

HERE = Path(__file__).parents[1]
ROOT = HERE.parent


def recorded(name: str) -> dict[str, dict[str, Any]]:
    facts: dict[str, dict[str, Any]] = json.loads((HERE / "recorded_by_airbyte" / f"{name}.json").read_text("utf-8"))
    return facts


CONFIGS = recorded("configs")
STATES = recorded("states")
THEIR_STREAMS = recorded("streams")
PAGE = (ROOT / "docs" / "switching.md").read_text("utf-8")
SPEC = json.loads((ROOT / "source_freshdesk" / "spec.json").read_text("utf-8"))["connectionSpecification"]


def config(**settings: Any) -> Config:
    return Config.from_mapping({"domain": "acme", "api_key": KEY} | settings, now=NOW)


def our_streams() -> dict[str, FreshdeskStream]:
    return {stream.name: stream for stream in all_streams(support.api(), config())}


OURS = our_streams()


def rows_under(heading: str) -> list[list[str]]:
    """The rows of the table under a heading of the page, their cells without marks."""
    section = PAGE.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = [line.strip("|").split(" | ") for line in section.splitlines() if line.startswith("| ")]
    return [[cell.strip().strip("`") for cell in row] for row in rows[2:]]


def read(stream: str, state: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a stream emits in a sync that is handed this state."""
    headers = our_streams()[stream]
    headers.state = dict(state)
    return support.read(headers)
