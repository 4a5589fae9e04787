"""Makes examples/report from a simulated account: `make report`.

The account is the same each time, so the report changes only with the queries and the account.
"""

import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from examples import report
from integration_tests.believable.help_desk import believable_account
from integration_tests.fake_freshdesk import FakeFreshdesk

TICKETS = 3000
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
HERE = Path(__file__).parent
VIEWS = HERE / "views"
SYNC, REPORT = HERE / "sync.py", HERE / "report"


def _build_views(folder: Path) -> None:
    dbt = Path(sys.executable).with_name("dbt")
    places = [f"--project-dir={VIEWS}", f"--profiles-dir={VIEWS}", f"--target-path={folder}", f"--log-path={folder}"]
    settings = {"FRESHDESK_DUCKDB": str(folder / report.DATABASE)}
    subprocess.run([dbt, "--quiet", "run", *places], env=os.environ | settings, check=True)


def main() -> None:
    """Serve the account, sync it as anybody would, build the views, and report."""
    with tempfile.TemporaryDirectory() as folder, FakeFreshdesk(believable_account(TICKETS, now=NOW)) as fake:
        settings = {
            "FRESHDESK_DOMAIN": fake.url,
            "FRESHDESK_API_KEY": "test-key",
            "AIRBYTE_OFFLINE_MODE": "1",
            "AIRBYTE_LOGGING_ROOT": folder,
        }
        subprocess.run([sys.executable, SYNC], cwd=folder, env=os.environ | settings, check=True)
        _build_views(Path(folder))
        report.write(Path(folder) / report.DATABASE, REPORT)


if __name__ == "__main__":
    main()
