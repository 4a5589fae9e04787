"""Which lines of a log are kept."""

import logging

import pytest

from source_freshdesk.process.quiet_log import is_worth_reading

NAME = "unit_tests.quiet_log"


def record(message: str) -> logging.LogRecord:
    return logging.LogRecord(NAME, logging.INFO, "file", 1, message, None, None)


@pytest.mark.parametrize(
    "message",
    [
        "MemoryMonitor instantiated with critical threshold: 95%.",
        "Marking stream tickets as RUNNING",
        "Syncing stream: tickets ",
        "SourceFreshdesk runtimes:\nSyncing stream tickets 0:00:00.02",
        "Setting state of SourceFreshdesk stream to {'updated_at': '2026-01-01T00:00:00Z'}",
    ],
)
def test_the_steps_of_the_cdk_are_dropped_unless_one_is_debugging(message: str) -> None:
    logging.getLogger(NAME).setLevel(logging.INFO)
    assert not is_worth_reading(record(message))
    logging.getLogger(NAME).setLevel(logging.DEBUG)
    assert is_worth_reading(record(message)) is not message.startswith("Setting state")


@pytest.mark.parametrize("message", ["Read 5 records from tickets stream", "tickets: 3 API calls so far.", ""])
def test_other_lines_are_kept(message: str) -> None:
    assert is_worth_reading(record(message))
