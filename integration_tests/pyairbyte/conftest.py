"""An account that was read into a warehouse twice, a day apart."""

import pytest

from integration_tests.believable.day import a_day_passes
from integration_tests.believable.help_desk import believable_account
from integration_tests.conftest import API_KEY
from integration_tests.fake_freshdesk import FakeFreshdesk
from integration_tests.pyairbyte.warehouse import EXAMPLES, NOW, Syncs, Warehouse, what_the_account_lists


@pytest.fixture(scope="session")
def syncs(tmp_path_factory: pytest.TempPathFactory) -> Syncs:
    account = believable_account(tickets=400, now=NOW)
    warehouse = Warehouse(tmp_path_factory.mktemp("warehouse"))
    with FakeFreshdesk(account, API_KEY) as fake:
        warehouse.sync(fake)
        calls, listed, arrived = fake.journal.calls(), what_the_account_lists(account), warehouse.tables()
        fake.journal.clear()
        day = a_day_passes(account)
        warehouse.sync(fake)
        calls_later, listed_now = fake.journal.calls(), what_the_account_lists(account)
    listed_later = {stream: listed[stream] | rows for stream, rows in listed_now.items()}
    return Syncs(warehouse, day, listed, arrived, calls, listed_later, warehouse.tables(), calls_later)


@pytest.fixture(scope="session")
def views(syncs: Syncs) -> Warehouse:
    """The warehouse after `dbt run`."""
    warehouse, project = syncs.warehouse, EXAMPLES / "views"
    outputs = [f"--target-path={warehouse.file.parent / 'target'}", f"--log-path={warehouse.file.parent / 'dbt'}"]
    warehouse.run(
        "-c",
        "import sys; from dbt.cli.main import cli; cli(sys.argv[1:])",
        "run",
        f"--project-dir={project}",
        f"--profiles-dir={project}",
        *outputs,
        FRESHDESK_DUCKDB=str(warehouse.file),
    )
    return warehouse
