"""The command line of the demonstration. Its exit code is 0 if all went well."""

import sys
from argparse import ArgumentDefaultsHelpFormatter, ArgumentParser
from datetime import UTC, datetime
from pathlib import Path

from integration_tests.connector import ROOT
from integration_tests.demo.account import account_of_the_day_before, last_afternoon
from integration_tests.demo.screen import Screen
from integration_tests.demo.story import API_KEY, demonstrate
from integration_tests.fake_freshdesk import FakeFreshdesk

STOPPED_BY_CTRL_C = 130


def main() -> int:
    parser = ArgumentParser(
        prog="python -m integration_tests.demo",
        description="Sync a simulated Freshdesk account twice, and compare what arrived with what is there.",
        formatter_class=ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--tickets", type=int, default=3000, help="how many tickets the account has")
    parser.add_argument("--folder", type=Path, default=ROOT / "demo-output", help="where the messages are left")
    arguments = parser.parse_args()
    screen = Screen(sys.stdout)
    try:
        account = account_of_the_day_before(last_afternoon(datetime.now(UTC)), arguments.tickets)
        with FakeFreshdesk(account, API_KEY) as fake:
            return 0 if demonstrate(fake, arguments.folder, screen) else 1
    except KeyboardInterrupt:
        screen.show("Stopped.")
        return STOPPED_BY_CTRL_C


if __name__ == "__main__":
    sys.exit(main())
