"""Airbyte's own acceptance tests, as `acceptance-test-config.yml` asks for them, against the fake Freshdesk."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from airbyte_cdk.test.standard_tests import SourceTestSuiteBase

from integration_tests.every_resource import account_with_everything
from integration_tests.fake_freshdesk import FakeFreshdesk
from source_freshdesk import SourceFreshdesk

CONFIG = json.loads((Path(__file__).parent / "acceptance" / "valid_config.json").read_text())


@pytest.fixture(scope="module", autouse=True)
def _account() -> Iterator[None]:
    """The account that the configs name, with something in every stream."""
    with FakeFreshdesk(
        account_with_everything(tickets=20), CONFIG["api_key"], port=urlsplit(CONFIG["domain"]).port or 0
    ):
        yield


class TestSuite(SourceTestSuiteBase):
    """What Airbyte expects of every source."""

    connector = SourceFreshdesk

    @classmethod
    def get_connector_root_dir(cls) -> Path:
        """The checkout, whatever it is called."""
        return Path(__file__).parent.parent
