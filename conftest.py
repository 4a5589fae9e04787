"""For Airbyte's standard tests, whether `make test` runs them or `airbyte-cdk connector test`: an account to read."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from integration_tests.every_resource import account_with_everything, an_hour_ago
from integration_tests.fake_freshdesk import FakeFreshdesk

CONFIG = Path(__file__).parent / "integration_tests" / "acceptance" / "valid_config.json"


@pytest.fixture(scope="module", autouse=True)
def _account_of_the_standard_tests(request: pytest.FixtureRequest) -> Iterator[None]:
    """Serve, at the address that the configs name, an account with something in every stream."""
    if not request.module.__name__.endswith("test_airbyte_standards"):
        yield
        return
    config = json.loads(CONFIG.read_text())
    with FakeFreshdesk(
        account_with_everything(an_hour_ago(), tickets=20), config["api_key"], port=urlsplit(config["domain"]).port or 0
    ):
        yield
