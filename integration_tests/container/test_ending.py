"""A container that is ended in mid-read: how it ends, and that the next read completes what it began."""

import signal
import time

import pytest

from integration_tests.connector import Run
from integration_tests.container.conftest import Contain, Note
from integration_tests.container.connector import ContainedConnector, Running
from integration_tests.fake_freshdesk import Account, FakeFreshdesk, faults
from integration_tests.filling import add_tickets, before
from integration_tests.test_resuming import assert_states_are_true, wait_for_calls

AT_ONCE_SECONDS = 5
"""`docker stop` gives ten before it kills."""


@pytest.fixture
def account(account: Account) -> Account:
    """600 tickets, the first 300 of them with a conversation."""
    add_tickets(account, 600)
    for ticket_id in list(account.tickets)[:300]:
        account.add_conversation(ticket_id, touch=False)
    return account


def assert_the_next_read_completes(first: Run, connector: ContainedConnector, account: Account, *streams: str) -> None:
    assert_states_are_true(first)
    second = connector.read(*streams, state=first.last_states)
    assert second.exit_code == 0
    for stream in streams:
        assert set(first.ids(stream)) | set(second.ids(stream)) == set(account.table(stream).rows)
    assert len(second.ids(streams[-1])) < len(account.table(streams[-1]).rows)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=lambda number: number.name)
def test_a_container_ended_in_mid_read_is_completed_by_the_next(
    account: Account, fake: FakeFreshdesk, contain: Contain, number: signal.Signals
) -> None:
    connector = contain(fake, num_workers=2)
    fake.delay_seconds = 0.05
    with connector.running(*connector.read_arguments("tickets", "conversations")) as container:
        container.wait_for_state("conversations")
        container.send(number)
        first = container.ended()
    fake.delay_seconds = 0
    assert first.exit_code == 128 + number
    assert 0 < len(first.ids("conversations")) < 300
    assert_the_next_read_completes(first, connector, account, "tickets", "conversations")


def stop(container: Running) -> float:
    """As `docker stop` and every platform does it; the seconds it took."""
    asked = time.monotonic()
    container.container.stop(timeout=30)
    return time.monotonic() - asked


def test_a_container_that_waits_for_freshdesk_stops_at_once(fake: FakeFreshdesk, contain: Contain, note: Note) -> None:
    fake.misbehave(faults.too_many_requests(retry_after=3600), times=None, after=2)
    connector = contain(fake)
    with connector.running(*connector.read_arguments("tickets")) as container:
        wait_for_calls(fake, 3)
        seconds = stop(container)
        run = container.ended()
    note(f"a container that waits for Freshdesk stops in {seconds:.2f} s")
    assert run.exit_code == 128 + signal.SIGTERM
    assert seconds < AT_ONCE_SECONDS


def test_a_container_without_enough_memory_says_so(account: Account, fake: FakeFreshdesk, contain: Contain) -> None:
    """In words, unless one answer takes all that is left at once: then the kernel ends it, by how it ends one knows.
    What was said is whole either way, and with more memory the next read goes on."""
    add_tickets(account, 1500, first=before(days=200))
    fake.delay_seconds = 0.1
    small, large = contain(fake, memory="128m"), contain(fake)
    with small.running(*small.read_arguments("tickets")) as container:
        container.wait_for_state("tickets")
        with account.lock:
            for ticket_id in list(account.tickets)[-900:]:
                account.tickets[ticket_id]["description"] = "x" * 400_000
        first = container.ended()
        was_killed = container.ran_out_of_memory
    fake.delay_seconds = 0
    if was_killed:
        assert first.exit_code == 128 + signal.SIGKILL
    else:
        assert first.exit_code == 1
        assert "needs more memory than its limit" in first.errors_traced[-1]["message"]
    assert 0 < len(first.ids("tickets")) < len(account.tickets)
    assert_the_next_read_completes(first, large, account, "tickets")
