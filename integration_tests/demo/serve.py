"""`make fake` serves the account of the demonstration for a person to play with."""

import json
import sys
import threading
from argparse import ArgumentDefaultsHelpFormatter, ArgumentParser
from datetime import UTC, datetime
from pathlib import Path

from integration_tests.connector import ROOT
from integration_tests.demo.account import a_day_passes_everywhere, account_of_the_day_before, last_afternoon
from integration_tests.fake_freshdesk import FakeFreshdesk

KEY = "test-key"
PORT = 8321
GUIDE = """\
A simulated Freshdesk answers at http://localhost:{port}, with {tickets:,} tickets and some of every other resource.
Its API key is {key}; {config} has both. In another terminal:

    make sync CONFIG={config} STREAMS=tickets,conversations
    .venv/bin/python main.py check --config {config}
    curl -u {key}:X 'http://localhost:{port}/api/v2/tickets?per_page=2'

Enter lets a day pass in the account, once; Ctrl-C stops it.
"""


def main() -> None:
    parser = ArgumentParser(
        prog="python -m integration_tests.demo.serve",
        description=__doc__,
        formatter_class=ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--port", type=int, default=PORT, help="port to listen on; 0 is any free one")
    parser.add_argument("--tickets", type=int, default=3000, help="how many tickets the account has")
    parser.add_argument("--config", type=Path, default=ROOT / "secrets" / "demo.json", help="where the config is left")
    arguments = parser.parse_args()
    account = account_of_the_day_before(last_afternoon(datetime.now(UTC)), arguments.tickets)
    with FakeFreshdesk(account, KEY, port=arguments.port) as fake:
        port = int(fake.url.rpartition(":")[2])
        arguments.config.parent.mkdir(parents=True, exist_ok=True)
        config = {"domain": f"http://localhost:{port}", "api_key": KEY, "archived_tickets": True}
        arguments.config.write_text(json.dumps(config) + "\n", "utf-8")
        shown = arguments.config.relative_to(ROOT) if arguments.config.is_relative_to(ROOT) else arguments.config
        print(GUIDE.format(port=port, key=KEY, config=shown, tickets=len(account.tickets)), flush=True)
        try:
            if sys.stdin.readline():
                a_day_passes_everywhere(account)
                print("A day has passed: sync again.", flush=True)
            threading.Event().wait()
        except KeyboardInterrupt:
            print()


if __name__ == "__main__":
    main()
