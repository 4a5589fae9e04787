"""`python -m integration_tests.clocks` runs the tests marked `real_clock` at each of the times below."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from integration_tests.connector import ROOT

TIMES: Mapping[str, tuple[str, str]] = {
    "midnight in UTC": ("2026-11-27T00:00:02+00:00", "UTC"),
    "the hour at which a file of activities begins": ("2027-03-10T09:59:50+00:00", "UTC"),
    "the end of a month": ("2026-12-31T23:59:50+00:00", "America/New_York"),
    "29 February": ("2028-02-29T04:30:00+00:00", "Asia/Kolkata"),
    "a change to summer time": ("2027-03-28T00:59:50+00:00", "Europe/Berlin"),
}
"""What each is for, the time at which the tests start, and the time zone of the machine."""

# The shift was imported before pytest could rewrite what it imports.
_QUIET = ("-W", "ignore::pytest.PytestAssertRewriteWarning")
_STARTUP = Path(__file__).parent / "startup"


def main() -> int:
    """Exit code: 0 if all tests passed at all times."""
    failed = [name for name, (moment, zone) in TIMES.items() if not _passes(name, datetime.fromisoformat(moment), zone)]
    if failed:
        sys.stdout.write(f"FAILED at {', '.join(failed)}.\n")
    return 1 if failed else 0


def _passes(name: str, moment: datetime, zone: str) -> bool:
    sys.stdout.write(f"The tests of the real clock at {name}: {moment:%Y-%m-%d %H:%M:%S} UTC, in {zone}\n")
    sys.stdout.flush()
    shifted = {
        "CLOCK_SHIFT_SECONDS": str(moment.timestamp() - time.time()),
        "TZ": zone,
        "PYTHONPATH": os.pathsep.join(filter(None, (str(_STARTUP), os.environ.get("PYTHONPATH")))),
    }
    tests = [
        sys.executable,
        "-m",
        "pytest",
        "-m",
        "real_clock",
        "--numprocesses",
        "2",
        "--dist",
        "loadfile",
        "-q",
        *_QUIET,
    ]
    return subprocess.run(tests, env=os.environ | shifted, cwd=ROOT, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
