"""How much memory a first sync of tickets takes, by the size of their texts."""

import subprocess
import sys
from pathlib import Path

import pytest

from integration_tests.conftest import Connect
from integration_tests.connector import ROOT
from integration_tests.fake_freshdesk import Account, FakeFreshdesk
from integration_tests.filling import add_tickets
from integration_tests.reliability import IS_FULL

SIZES = [(4, 5_000, 150), (60, 1_500, 300), (1_000, 150, 450)] if IS_FULL else [(60, 400, 300)]
"""Of a text in KB, how many tickets have one, and how many MB the process may take at most."""


# What a process has taken at most counts what its parent had when it was made: so it is made by a small one.
MEASURED = """
import resource, subprocess, sys
with open(sys.argv[1], "wb") as output:
    subprocess.run([sys.executable, "main.py", *sys.argv[2:]], stdout=output, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1_024)
"""


def peak_megabytes(arguments: list[str], output: Path) -> int:
    """Of a process that reads."""
    command = [sys.executable, "-c", MEASURED, str(output), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
    return int(done.stdout)


@pytest.mark.parametrize("size", SIZES)
def test_a_first_sync_takes_no_more_memory_than_is_promised(
    account: Account, fake: FakeFreshdesk, connect: Connect, tmp_path: Path, size: tuple[int, int, int]
) -> None:
    kilobytes, count, most = size
    add_tickets(account, count)
    for ticket in account.tickets.values():
        ticket["description"] = "x" * (kilobytes * 1_024)
    output = tmp_path / "output"
    assert peak_megabytes(connect(fake).read_arguments("tickets"), output) <= most
    with output.open() as lines:
        assert sum(line.startswith('{"type":"RECORD"') for line in lines) == count
