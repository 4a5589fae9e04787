"""Runs the connector in its image as README.md says, and stricter than most platforms do."""

import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docker.models.containers import Container

from integration_tests.connector import Connector, Run
from integration_tests.container.image import Image

PATIENCE_SECONDS = 120

MOUNTED_AT = "/secrets"


class ContainedConnector(Connector):
    """The connector in a container that can write nothing and may do nothing.

    network: "host" reaches a fake on this machine, "none" nothing at all. memory: as `docker run --memory` takes it.
    """

    def __init__(
        self, image: Image, folder: Path, config: Mapping[str, Any], *, network: str = "host", memory: str = "1g"
    ) -> None:
        # Readable by the image's user, as pytest's own folder is not.
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)
        super().__init__(folder, config)
        self._image = image
        self._network = network
        self._memory = memory

    def run(self, *arguments: str) -> Run:
        with self.running(*arguments) as container:
            return container.ended()

    @contextmanager
    def running(self, *arguments: str) -> Iterator["Running"]:
        """The command in a container of its own, which is gone afterwards."""
        container = self._image.engine.containers.create(
            self._image.id,
            list(arguments),
            network_mode=self._network,
            mem_limit=self._memory,
            memswap_limit=self._memory,
            read_only=True,
            cap_drop=["ALL"],
            security_opt=["no-new-privileges"],
            volumes={str(self._folder): {"bind": MOUNTED_AT, "mode": "ro"}},
        )
        try:
            container.start()
            yield Running(container)
        finally:
            container.remove(force=True)

    def _file(self, name: str, content: Any) -> str:
        return f"{MOUNTED_AT}/{Path(super()._file(name, content)).name}"


@dataclass(frozen=True)
class Running:
    """A container that was started."""

    container: Container

    def wait_for_state(self, stream: str) -> None:
        """Until a state of the stream was said."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not self._said().states(stream):
            self.container.reload()
            assert self.container.status == "running", self._logs(stderr=True)
            assert time.monotonic() < deadline
            time.sleep(0.05)

    def send(self, number: signal.Signals) -> None:
        """Send the first and only process of the container a signal."""
        self.container.kill(number.name)

    def ended(self) -> Run:
        """What was said, once it is over. A last line that was cut is left out."""
        exit_code = self.container.wait(timeout=PATIENCE_SECONDS)["StatusCode"]
        return self._said(exit_code)

    @property
    def ran_out_of_memory(self) -> bool:
        """Whether the kernel ended it for taking more than it was given, by the engine's account."""
        self.container.reload()
        return bool(self.container.attrs["State"]["OOMKilled"])

    def _said(self, exit_code: int = 0) -> Run:
        output = self._logs(stdout=True)
        return Run(exit_code, output[: output.rfind("\n") + 1], self._logs(stderr=True))

    def _logs(self, *, stdout: bool = False, stderr: bool = False) -> str:
        return bytes(self.container.logs(stdout=stdout, stderr=stderr)).decode()
