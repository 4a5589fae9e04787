"""Reads live accounts for some minutes: `make reliability`."""

import itertools
import logging
import random
import sys
import time

from unit_tests.live_account.check import KINDS

SECONDS = 300


def main(first: str) -> int:
    """Try seeds for five minutes. Prints those that fail; the exit code is 1 if there are any."""
    logging.disable()
    started_at = time.monotonic()
    failed = 0
    for number in itertools.count():
        if time.monotonic() - started_at > SECONDS:
            print(f"{number:,} accounts of each kind were read from seed {first}.0 on; {failed:,} of all failed.")
            return int(failed > 0)
        for kind, wrong_of in KINDS.items():
            seed = f"{first}.{number}"
            wrong = wrong_of(seed)
            if wrong:
                failed += 1
                print(f"{kind}, seed {seed!r}: {wrong[0]}", flush=True)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else f"r{random.randrange(10**6)}"))
