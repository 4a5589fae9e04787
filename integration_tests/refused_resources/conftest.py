"""An account with everything, in which nothing changes."""

from collections import Counter
from typing import Any

import pytest

from integration_tests.every_resource import account_with_everything, expected_keys
from integration_tests.fake_freshdesk import Account
from integration_tests.filling import before
from integration_tests.refused_resources.refusals import STREAMS


@pytest.fixture(scope="module")
def account() -> Account:
    """Nothing in it changes."""
    return account_with_everything(before(hours=1), tickets=6)


@pytest.fixture(scope="module")
def keys(account: Account) -> dict[str, Counter[Any]]:
    return {stream: Counter(expected_keys(account, stream)) for stream in STREAMS}
