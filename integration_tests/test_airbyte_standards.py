"""Airbyte's own acceptance tests, as `acceptance-test-config.yml` asks for them, against the fake Freshdesk.

The account that the configs name is served by `conftest.py` at the top. `airbyte-cdk connector test` runs the same, in
a checkout that is called source-freshdesk.
"""

from pathlib import Path

from airbyte_cdk.test.standard_tests import SourceTestSuiteBase

from source_freshdesk import SourceFreshdesk


class TestSuite(SourceTestSuiteBase):
    """What Airbyte expects of every source."""

    connector = SourceFreshdesk

    @classmethod
    def get_connector_root_dir(cls) -> Path:
        """The checkout, whatever it is called."""
        return Path(__file__).parent.parent
