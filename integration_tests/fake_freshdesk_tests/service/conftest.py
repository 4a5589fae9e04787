"""An account on a fixed day, and a client of the fake that serves it."""

from collections.abc import Iterator

import pytest

from integration_tests.fake_freshdesk import (
    Account,
)
from integration_tests.fake_freshdesk_tests.service.client import NOW, Client, serving


@pytest.fixture
def account() -> Account:
    return Account(now=NOW)


@pytest.fixture
def client(account: Account) -> Iterator[Client]:
    with serving(account) as client:
        yield client
