"""Ended anywhere and started again from the last state: both runs together have everything."""

import signal
import time
from collections import Counter

import pytest

from integration_tests.conftest import Connect
from integration_tests.connector import Connector, Run
from integration_tests.fake_freshdesk import Account, FakeFreshdesk, faults
from integration_tests.filling import add_tickets


@pytest.fixture
def account(account: Account) -> Account:
    """500 tickets with a conversation each, 250 contacts."""
    add_tickets(account, 500)
    for ticket_id in account.tickets:
        account.add_conversation(ticket_id, touch=False)
    for _ in range(250):
        account.add_contact()
    return account


def truth(account: Account, stream: str) -> set[int]:
    return set(
        {"tickets": account.tickets, "conversations": account.conversations, "contacts": account.contacts}[stream]
    )


def assert_states_are_true(run: Run) -> None:
    """Whatever a state counts stands before it, stream by stream."""
    counted: Counter[str] = Counter()
    emitted: Counter[str] = Counter()
    for message in run.messages:
        if message["type"] == "RECORD":
            emitted[message["record"]["stream"]] += 1
        if message["type"] == "STATE":
            stream = message["state"]["stream"]["stream_descriptor"]["name"]
            counted[stream] += int(message["state"]["sourceStats"]["recordCount"])
            assert counted[stream] == emitted[stream]


@pytest.mark.parametrize("stream", ["tickets", "conversations", "contacts"])
@pytest.mark.parametrize("calls", [1, 2, 3, 104, 205])
def test_a_sync_that_fails_at_any_call_is_completed_by_the_next(
    fake: FakeFreshdesk, connect: Connect, account: Account, stream: str, calls: int
) -> None:
    connector = connect(fake, contact_details=False)
    fake.misbehave(faults.status(418), path="*", times=None, after=calls)
    first = connector.read(stream)
    assert_states_are_true(first)
    fake.behave()
    second = connector.read(stream, state=first.last_states)
    assert second.exit_code == 0
    assert set(first.ids(stream)) | set(second.ids(stream)) == truth(account, stream)
    if first.last_states:
        assert len(second.ids(stream)) < len(truth(account, stream))


PATIENCE_SECONDS = 60

AT_ONCE_SECONDS = 5
"""Within two seconds on a machine that is idle; this one may run other tests beside."""


def wait_for_calls(fake: FakeFreshdesk, count: int) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while fake.journal.count() < count:
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=lambda number: number.name)
def test_a_sync_that_is_ended_from_outside_is_completed_by_the_next(
    fake: FakeFreshdesk, connect: Connect, account: Account, number: signal.Signals
) -> None:
    # Slow enough that the end comes in mid-stream, however slow the machine is.
    connector = connect(fake, num_workers=2)
    fake.delay_seconds = 0.02
    started = connector.start(*connector.read_arguments("tickets", "conversations"))
    started.wait_for_state("conversations", PATIENCE_SECONDS)
    first = started.end(number)
    fake.delay_seconds = 0
    assert 0 < len(first.ids("conversations")) < 500
    assert_states_are_true(first)
    second = connector.read("tickets", "conversations", state=first.last_states)
    assert set(first.ids("tickets")) | set(second.ids("tickets")) == truth(account, "tickets")
    assert set(first.ids("conversations")) | set(second.ids("conversations")) == truth(account, "conversations")
    assert len(second.ids("conversations")) < 500


def test_sigterm_ends_a_sync_at_once_even_while_it_waits(fake: FakeFreshdesk, connector: Connector) -> None:
    fake.misbehave(faults.too_many_requests(retry_after=3600), times=None, after=2)
    started = connector.start(*connector.read_arguments("tickets"))
    wait_for_calls(fake, 3)
    asked = time.monotonic()
    run = started.end(signal.SIGTERM)
    assert time.monotonic() - asked < AT_ONCE_SECONDS
    assert run.exit_code == -signal.SIGTERM
    assert run.messages
    assert "Traceback" not in run.errors
