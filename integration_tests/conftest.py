"""An account, a fake Freshdesk that serves it, and the connector pointed at it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from integration_tests.connector import Connector
from integration_tests.every_resource import account_with_everything
from integration_tests.fake_freshdesk import Account, FakeFreshdesk, fake_with, faults
from integration_tests.filling import TODAY, before

API_KEY = "kQ7pX2vN9rT4wZ8sB1mC"

Serve = Callable[..., FakeFreshdesk]
Connect = Callable[..., Connector]


def pytest_make_parametrize_id(val: object) -> str | None:
    """A fault's part of a test's name is its own name."""
    return val.name if isinstance(val, faults.Fault) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that wait in real time come first, so that other workers have something to do meanwhile."""
    items.sort(key=lambda item: item.path.name != "test_call_limit.py")


@pytest.fixture
def account() -> Account:
    """An account without records, on a fixed day."""
    return Account(now=TODAY)


@pytest.fixture
def serve(account: Account) -> Iterator[Serve]:
    """Serve the account by a fake with these options."""
    with ExitStack() as stack:

        def serve_account(**options: Any) -> FakeFreshdesk:
            return stack.enter_context(fake_with(account, API_KEY, **options))

        yield serve_account


@pytest.fixture
def connect(tmp_path: Path) -> Connect:
    """The connector for an account that a fake serves, with these settings."""

    def connect_to(
        fake: FakeFreshdesk, *, hasty: bool = False, now: datetime | None = None, **settings: Any
    ) -> Connector:
        return Connector(tmp_path, {"domain": fake.url, "api_key": API_KEY, **settings}, hasty=hasty, now=now)

    return connect_to


@pytest.fixture
def fake(serve: Serve) -> FakeFreshdesk:
    """The account served as the documentation describes it."""
    return serve()


@pytest.fixture
def connector(fake: FakeFreshdesk, connect: Connect) -> Connector:
    """The connector for `fake`."""
    return connect(fake)


@pytest.fixture
def everything() -> Account:
    """An account with a row of every resource, on a fixed day."""
    return account_with_everything(before(hours=1), tickets=6)


@pytest.fixture
def served(everything: Account) -> Iterator[FakeFreshdesk]:
    """`everything`, served as the documentation describes it."""
    with FakeFreshdesk(everything, API_KEY) as fake:
        yield fake
