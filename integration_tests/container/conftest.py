"""A Docker engine, the connector's image, and the connector in it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docker
import pytest
from docker import DockerClient
from docker.errors import DockerException

from integration_tests.conftest import API_KEY
from integration_tests.container.connector import ContainedConnector
from integration_tests.container.image import Image, build
from integration_tests.fake_freshdesk import FakeFreshdesk

BUILD_SECONDS = 600

Contain = Callable[..., ContainedConnector]
Note = Callable[[str], None]

_NOTES = pytest.StashKey[list[str]]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder needs an engine."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.container)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What was measured."""
    for line in terminalreporter.config.stash.get(_NOTES, []):
        terminalreporter.write_line(f"measured: {line}")


@pytest.fixture
def note(request: pytest.FixtureRequest) -> Note:
    """Have a line shown at the end."""
    return request.config.stash.setdefault(_NOTES, []).append


@pytest.fixture(scope="session")
def engine() -> Iterator[DockerClient]:
    try:
        client = docker.from_env(timeout=BUILD_SECONDS)
        client.ping()
    except DockerException as error:
        pytest.exit(f"No Docker engine answers ({error}). `make test-container` brings one up.", returncode=1)
    yield client
    client.close()


@pytest.fixture(scope="session")
def image(engine: DockerClient) -> Image:
    """The image of this checkout."""
    return build(engine)


@pytest.fixture
def contain(image: Image, tmp_path: Path) -> Contain:
    """The connector in a container, for an account that a fake serves, with these settings."""

    def contain_for(
        fake: FakeFreshdesk, *, memory: str = "1g", api_key: str = API_KEY, **settings: Any
    ) -> ContainedConnector:
        config = {"domain": fake.url, "api_key": api_key, **settings}
        return ContainedConnector(image, tmp_path / "secrets", config, memory=memory)

    return contain_for
