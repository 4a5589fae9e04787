"""Builds the connector's image, and looks at what it is made of."""

import json
import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from docker import DockerClient
from docker.errors import BuildError
from docker.models.images import Image as BuiltImage

ROOT = Path(__file__).parent.parent.parent
TAG = "source-freshdesk:dev"


@dataclass(frozen=True)
class Image:
    """The image as built, and the name of the base it stands on."""

    engine: DockerClient
    built: BuiltImage
    base: str

    @property
    def config(self) -> dict[str, Any]:
        """User, entry point, environment, labels."""
        return dict(self.built.attrs["Config"])

    @property
    def id(self) -> str:
        """Names it for certain, as its tag does not."""
        assert self.built.id
        return self.built.id

    @property
    def environment(self) -> dict[str, str]:
        return dict(variable.split("=", 1) for variable in self.config["Env"])

    @cached_property
    def own_bytes(self) -> int:
        """How much larger than its base it is."""
        return _bytes_of(self.built) - _bytes_of(self.engine.images.get(self.base))

    def asked(self, program: str) -> Any:
        """What a Python program in the image says as JSON."""
        said = self.engine.containers.run(
            self.id, ["-c", program], entrypoint="python", remove=True, network_mode="none", read_only=True
        )
        return json.loads(said)


def build(engine: DockerClient) -> Image:
    """The image of this checkout, on the base that BASE_IMAGE names or else on the Dockerfile's own."""
    base = os.environ.get("BASE_IMAGE") or _base_of_dockerfile()
    try:
        with tempfile.TemporaryDirectory() as folder:
            _copy_for_owner_only(Path(folder))
            # The machine's network, because an engine need not have one of its own.
            built, _ = engine.images.build(
                path=folder, tag=TAG, buildargs={"BASE_IMAGE": base}, network_mode="host", rm=True, forcerm=True
            )
    except BuildError as error:
        log = "".join(line.get("stream", "") for line in error.build_log)
        raise AssertionError(f"{error}\n{log}") from error
    return Image(engine, built, base)


def _copy_for_owner_only(folder: Path) -> None:
    """What git would check out, as under the umask 077: the image's user may read it nevertheless."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(lambda name: (ROOT / name).is_file(), listed.stdout.splitlines()):
        copy = folder / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, copy)
        copy.chmod(0o600)
        copy.parent.chmod(0o700)


def _base_of_dockerfile() -> str:
    named = re.search(r"^ARG BASE_IMAGE=(\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert named, "the Dockerfile names no base"
    return named[1]


def _bytes_of(image: BuiltImage) -> int:
    return sum(layer["Size"] for layer in image.history())
