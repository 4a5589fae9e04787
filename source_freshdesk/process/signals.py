"""The signals that end the process."""

import os
import signal

END_SIGNALS = {signal.SIGTERM, signal.SIGINT}


def block_end_signals() -> None:
    """Have the signals wait until `run` takes them.

    The first process of a container ignores a signal that it has no handler for; one that is blocked waits.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, END_SIGNALS)
    # What Python would do with an interrupt is left out: `run` ends the process.
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def die_of(number: int) -> None:
    """End the process at once, so that whoever started it sees which signal it was: -15 in Python, 143 in a shell.

    No signal ends the first process of a container from within, so that one exits with 128 + `number`.
    """
    if os.getpid() != 1:
        os.kill(os.getpid(), number)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {number})
    os._exit(128 + number)
