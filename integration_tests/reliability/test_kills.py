"""A sync of all incremental streams, killed at any call, again and again: in the end everything has come."""

import random
import signal
from collections.abc import Sequence

from integration_tests.conftest import API_KEY, Connect
from integration_tests.connector import Run, incremental_streams
from integration_tests.every_resource import account_with_everything, an_hour_ago, expected_keys, keys_that_came
from integration_tests.fake_freshdesk import FakeFreshdesk
from integration_tests.reliability import IS_FULL

KILLS = 200 if IS_FULL else 12
MOST_CALLS = 120
"""A run is killed after so many calls or fewer, if it makes as many."""
STREAMS = tuple(incremental_streams())


class Killer:
    """Ends a process when the fake has answered a number of calls."""

    def __init__(self, fake: FakeFreshdesk, connect: Connect) -> None:
        self._connector = connect(fake, archived_tickets=True)
        self._calls_left = 0
        self._process: object = None
        self.has_killed = False
        fake.after_request(self._count)

    def run(self, state: Sequence[dict[str, object]], calls: int, number: signal.Signals) -> Run:
        """A sync from this state, ended after so many calls."""
        self._calls_left, self._signal, self.has_killed = calls, number, False
        started = self._connector.start(*self._connector.read_arguments(*STREAMS, state=state))
        self._process = started.process
        return started.ended()

    def _count(self, *_: object) -> None:
        self._calls_left -= 1
        if self._calls_left == 0:
            self.has_killed = True
            self._process.send_signal(self._signal)  # type: ignore[attr-defined]


def test_whatever_is_killed_is_completed(connect: Connect) -> None:
    chance, kills = random.Random("kills"), 0
    while kills < KILLS:
        with FakeFreshdesk(account_with_everything(an_hour_ago(), tickets=20), API_KEY) as fake:
            killer = Killer(fake, connect)
            states: dict[str, dict[str, object]] = {}
            output, is_complete = "", False
            while not is_complete:
                number = chance.choice((signal.SIGKILL, signal.SIGTERM))
                calls = chance.randint(1, MOST_CALLS) if kills < KILLS else 0
                run = killer.run(list(states.values()), calls, number)
                states |= {state["stream"]["stream_descriptor"]["name"]: state for state in run.last_states}
                output += run.output
                kills += killer.has_killed
                is_complete = not killer.has_killed
            assert run.exit_code == 0, run.errors_traced
            come = Run(0, output, "")
            for stream in STREAMS:
                missing = set(expected_keys(fake.account, stream)) - set(keys_that_came(come, stream))
                assert not missing, f"{stream}, after {kills} kills"
