"""What was used is counted for whoever used it."""

import threading

from source_freshdesk.api.usage import Usage, UsageLedger
from unit_tests.support import together


def test_calls_are_counted_for_whom_they_are_made() -> None:
    ledger = UsageLedger()
    with ledger.on_behalf_of("tickets"):
        ledger.add_call(7)
        with ledger.on_behalf_of("contacts"):
            ledger.add_call(1)
        ledger.add_call(7)
    ledger.add_wait(3)
    assert ledger.used_by("tickets") == Usage(2, 14)
    assert ledger.used_by("contacts") == Usage(1, 1)
    assert ledger.total == Usage(3, 15, 3)


def test_threads_do_not_count_for_each_other() -> None:
    ledger, both = UsageLedger(), threading.Barrier(2)

    def use(name: str) -> None:
        with ledger.on_behalf_of(name):
            both.wait()
            ledger.add_call(1)

    together(lambda: use("tickets"), lambda: use("contacts"))
    assert ledger.used_by("tickets") == ledger.used_by("contacts") == Usage(1, 1)


def test_what_was_drained_is_not_drained_again() -> None:
    ledger = UsageLedger()
    with ledger.on_behalf_of("tickets"):
        ledger.add_call(7)
    assert ledger.drain(["conversations", "tickets"]) == Usage(1, 7)
    assert ledger.drain(["tickets"]) == Usage()
