"""What the image is made of."""

import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from integration_tests.container.conftest import Note
from integration_tests.container.image import ROOT, Image

MEGABYTE = 1_000_000

LARGEST = 130 * MEGABYTE
"""On top of the base."""

FILES = """
import json, os, pathlib
found = [path for path in pathlib.Path("/airbyte/venv/lib").rglob("*")]
found += [path for path in pathlib.Path("/airbyte/integration_code").rglob("*")]
compiled = {path.parent.parent / path.name.partition(".")[0] for path in found if path.suffix == ".pyc"}
print(json.dumps({
    "code": sorted(path.name for path in pathlib.Path("/airbyte/integration_code").iterdir()),
    "not compiled": [str(path) for path in found if path.suffix == ".py" and path.with_suffix("") not in compiled],
    "writable": [str(path) for path in found if os.access(path, os.W_OK)],
}))
"""


def test_it_is_what_airbyte_expects_of_a_connector(image: Image) -> None:
    assert image.config["User"] == "airbyte"
    assert image.config["WorkingDir"] == "/airbyte/integration_code"
    assert image.environment["AIRBYTE_ENTRYPOINT"] == "python /airbyte/integration_code/main.py"
    assert image.config["Entrypoint"] == shlex.split(image.environment["AIRBYTE_ENTRYPOINT"])
    assert not image.config["Cmd"]


def test_its_labels_are_those_of_the_metadata(image: Image) -> None:
    metadata = yaml.safe_load((ROOT / "metadata.yaml").read_text())["data"]
    assert image.config["Labels"]["io.airbyte.name"] == metadata["dockerRepository"]
    assert image.config["Labels"]["io.airbyte.version"] == metadata["dockerImageTag"]


def test_it_adds_little_to_its_base(image: Image, note: Note) -> None:
    note(f"the image adds {image.own_bytes / MEGABYTE:.1f} MB to its base")
    assert image.own_bytes < LARGEST


def test_its_user_is_nobody_in_particular_and_its_python_3_13(image: Image) -> None:
    assert image.asked("import json, os, sys; print(json.dumps([os.getuid(), *sys.version_info[:2]]))") == [1000, 3, 13]


@pytest.fixture(scope="module")
def files(image: Image) -> dict[str, Any]:
    found = image.asked(FILES)
    assert isinstance(found, dict)
    return found


def test_it_has_the_connector_and_nothing_else_of_the_project(files: dict[str, Any]) -> None:
    assert [name for name in files["code"] if name != "__pycache__"] == ["main.py", "source_freshdesk"]


def test_all_of_it_is_compiled(files: dict[str, Any]) -> None:
    assert files["not compiled"] == []


def test_none_of_it_can_be_changed_by_its_user(files: dict[str, Any]) -> None:
    assert files["writable"] == []


def test_nothing_that_is_kept_out_of_the_repository_gets_in() -> None:
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    allowed = [line.removeprefix("!") for line in ignored if line.startswith("!")]
    assert "*" in ignored
    assert all((ROOT / name).exists() for name in allowed)
    assert "secrets" not in {Path(name).parts[0] for name in allowed}
