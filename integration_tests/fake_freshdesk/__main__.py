"""`python -m integration_tests.fake_freshdesk` serves a believable account for a person to play with."""

import sys
import threading
from argparse import ArgumentDefaultsHelpFormatter, ArgumentParser

from integration_tests.believable.help_desk import believable_account
from integration_tests.fake_freshdesk import FakeFreshdesk

_KEY = "test-key"


def main() -> None:
    parser = ArgumentParser(
        prog="python -m integration_tests.fake_freshdesk",
        description=__doc__,
        formatter_class=ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--port", type=int, default=0, help="port to listen on; 0 is any free one")
    parser.add_argument("--tickets", type=int, default=3000, help="how many tickets the account has")
    parser.add_argument("--seed", default="0", help="another seed is another account")
    arguments = parser.parse_args()
    account = believable_account(tickets=arguments.tickets, seed=arguments.seed)
    with FakeFreshdesk(account, api_key=_KEY, port=arguments.port) as fake:
        lines = (
            f"url  {fake.url}",
            f"key  {_KEY}",
            f"try  curl -u {_KEY}:X '{fake.url}/api/v2/tickets?per_page=2'",
            "Ctrl-C stops it.",
        )
        sys.stdout.write("\n".join(lines) + "\n")
        sys.stdout.flush()
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            sys.stdout.write("\n")


if __name__ == "__main__":
    main()
