"""The signals that end the process."""

import signal

END_SIGNALS = {signal.SIGTERM, signal.SIGINT}


def block_end_signals() -> None:
    """Have the signals wait until `run` takes them.

    The first process of a container ignores a signal that it has no handler for; one that is blocked waits.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, END_SIGNALS)
