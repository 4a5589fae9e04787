"""What the documents say of the code is true of the code."""

import json
import re
import tomllib
from pathlib import Path

import pytest
import yaml
from airbyte_cdk.models import SyncMode

from source_freshdesk import SourceFreshdesk
from source_freshdesk.streams.base import FreshdeskStream

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
STREAMS = {
    stream.name: stream for stream in SourceFreshdesk().streams({"domain": "acme", "api_key": "aKeyForTheDocuments"})
}


def table(heading: str) -> list[list[str]]:
    """The rows of the table under a heading, their cells without marks."""
    section = README.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = [line.strip("|").split(" | ") for line in section.splitlines() if line.startswith("| `")]
    return [[cell.strip().strip("`") for cell in row] for row in rows]


def test_the_table_of_streams_lists_every_stream_in_the_order_of_the_source() -> None:
    assert [row[0] for row in table("Streams")] == list(STREAMS)


@pytest.mark.parametrize("row", table("Streams"), ids=lambda row: row[0])
def test_a_row_of_the_table_of_streams_is_true(row: list[str]) -> None:
    name, path, key, modes, _cost = row
    stream = STREAMS[name]
    assert isinstance(stream, FreshdeskStream)
    assert stream.primary_key == key
    assert "/" + stream.path(stream_slice={"ticket_id": "{id}"}) == path
    supported = stream.as_airbyte_stream().supported_sync_modes
    expected = "full refresh, incremental on updated_at" if SyncMode.incremental in supported else "full refresh"
    assert modes.replace("`", "") == expected


def test_the_table_of_settings_lists_those_of_the_spec() -> None:
    spec = json.loads((ROOT / "source_freshdesk" / "spec.json").read_text())["connectionSpecification"]
    assert [row[0] for row in table("Settings")] == list(spec["properties"])
    required = [row[0] for row in table("Settings") if row[1] == "required"]
    assert required == spec["required"]


def test_every_stream_that_is_suggested_exists() -> None:
    metadata = yaml.safe_load((ROOT / "metadata.yaml").read_text())["data"]
    assert set(metadata["suggestedStreams"]["streams"]) <= set(STREAMS)


def test_version_and_base_image_are_the_same_wherever_they_stand() -> None:
    metadata = yaml.safe_load((ROOT / "metadata.yaml").read_text())["data"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert metadata["dockerImageTag"] == project["version"]
    assert f'io.airbyte.version="{project["version"]}"' in dockerfile
    assert f"ARG BASE_IMAGE={metadata['connectorBuildOptions']['baseImage']}\n" in dockerfile
    assert f"## {project['version']}\n" in (ROOT / "CHANGELOG.md").read_text()


def test_files_that_the_documents_name_exist() -> None:
    for document in ("README.md", "CONTRIBUTING.md"):
        for target in re.findall(r"\]\((?!http)([^)#]+)\)", (ROOT / document).read_text()):
            assert (ROOT / target).exists(), f"{document}: {target}"
