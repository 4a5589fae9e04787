"""Which lines of the CDK's are no news to the reader of a log."""

import logging
import re

SETTING_STATE = "Setting state of "
STEPS = ("MemoryMonitor instantiated", "Starting syncing ", "Marking stream ", "Syncing stream: ", "Finished syncing ")
TIMER = " runtimes:\n"
COUNT = re.compile(r"Read \d+ records from \w+ stream$")
"""As the CDK words them."""


def is_worth_reading(record: logging.LogRecord) -> bool:
    """A filter for a logger: drops the CDK's lines about its own steps, unless it logs for debugging, and those that
    quote the whole saved state of a stream.
    """
    message = str(record.msg)
    if message.startswith(SETTING_STATE):
        return False
    is_step = message.startswith(STEPS) or TIMER in message or COUNT.match(message) is not None
    return not is_step or logging.getLogger(record.name).isEnabledFor(logging.DEBUG)
