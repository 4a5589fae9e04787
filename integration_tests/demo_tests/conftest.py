"""A demonstration that is over, run once."""

import io
from collections.abc import Iterator

import pytest

from integration_tests.demo.account import account_of_the_day_before
from integration_tests.demo.screen import Screen
from integration_tests.demo.story import API_KEY, demonstrate
from integration_tests.demo.truth import Snapshot
from integration_tests.demo_tests.finished_demo import STREAMS, FinishedDemo, last_wednesday
from integration_tests.fake_freshdesk import FakeFreshdesk


@pytest.fixture(scope="package")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FinishedDemo]:
    account = account_of_the_day_before(last_wednesday(), tickets=60)
    before = Snapshot.of(account, STREAMS)
    folder, out = tmp_path_factory.mktemp("demo") / "output", io.StringIO()
    with FakeFreshdesk(account, API_KEY) as fake:
        yield FinishedDemo(demonstrate(fake, folder, Screen(out)), out.getvalue(), folder, fake, before)
