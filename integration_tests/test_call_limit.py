"""The account's call limit: spent fully, never overrun, and shared with the account's other apps; in real minutes."""

import math
import re
import signal
import time
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from integration_tests.conftest import Connect, Serve
from integration_tests.connector import Run, Started
from integration_tests.fake_freshdesk import Account, Call, FakeFreshdesk, OtherApps, RateLimit, faults, plans
from integration_tests.filling import add_tickets, before
from integration_tests.test_resuming import PATIENCE_SECONDS, wait_for_calls

TICKETS = "/api/v2/tickets"
MINUTE = 60.0
LATENCY_SECONDS = 0.02
ON_THE_WIRE_SECONDS = 0.25
"""What was sent before the client can have heard of a refusal may still arrive so late."""
WAITS = re.compile(r"Continuing in (\d+) seconds?")


def answered(call: Call) -> float:
    return call.started + call.seconds


def span(calls: Sequence[Call]) -> float:
    """From the first request to the last answer: the sync without the start of its process."""
    return max(map(answered, calls)) - min(call.started for call in calls)


def refusals(calls: Sequence[Call]) -> list[Call]:
    return [call for call in calls if call.status == 429]


def most_refusals_in_a_minute(calls: Sequence[Call]) -> int:
    moments = [call.started for call in refusals(calls)]
    return max((sum(begin <= moment < begin + MINUTE for moment in moments) for begin in moments), default=0)


def during(calls: Sequence[Call], refusal: Call, seconds: float) -> list[Call]:
    """The calls that came within so long after a refusal."""
    answered_at = answered(refusal)
    return [call for call in calls if answered_at + ON_THE_WIRE_SECONDS < call.started < answered_at + seconds]


def assert_no_call_before_its_minute_turned(calls: Sequence[Call], limit: RateLimit) -> None:
    """The account's limit refuses until its fixed minute is over, and tells as much by `Retry-After`."""
    assert limit.window_offset is not None
    for refusal in refusals(calls):
        since = (refusal.started - limit.window_offset) % MINUTE
        assert during(calls, refusal, math.floor(MINUTE - since)) == []


def silences(started: Started) -> Iterator[float]:
    """The seconds between one output and the next of a command, until it has ended."""
    length, spoke = 0, time.monotonic()
    while started.process.poll() is None:
        if (new := started.output.stat().st_size) > length:
            yield time.monotonic() - spoke
            length, spoke = new, time.monotonic()
        time.sleep(0.05)
    yield time.monotonic() - spoke


def ended(started: Started) -> Run:
    return Run(started.process.wait(PATIENCE_SECONDS), started.output.read_text(), started.errors.read_text())


def waits(run: Run) -> list[int]:
    """The waits that the log announced, in seconds."""
    return [int(seconds) for seconds in WAITS.findall(run.log())]


def add_tickets_with_few_conversations(account: Account, count: int) -> None:
    add_tickets(account, count)
    for ticket_id in range(1, count, 10):
        account.add_conversation(ticket_id, touch=False)


def assert_complete(run: Run, account: Account) -> None:
    assert run.exit_code == 0, run.errors_traced
    assert sorted(run.ids("conversations")) == sorted(account.conversations)


def test_600_conversation_calls_on_plan_growth_take_what_the_limit_dictates(
    account: Account, serve: Serve, connect: Connect
) -> None:
    """About three minutes. The limit lets out 200 credits at the start of each minute, so the last of the 600 calls and
    the few for the ticket list can go out when the third minute is over: at 180 seconds.
    """
    add_tickets_with_few_conversations(account, 600)
    limit = RateLimit(plans.GROWTH)
    fake = serve(rate_limit=limit, delay_seconds=LATENCY_SECONDS)
    connector = connect(fake, api_quota_percent=100)
    started = connector.start(*connector.read_arguments("conversations"))
    longest_silence = max(silences(started))
    run = ended(started)
    assert_complete(run, account)
    calls = fake.journal.calls()

    spent = sum(call.credits for call in calls)
    assert len([call for call in calls if call.path.endswith("/conversations") and call.status == 200]) == 600
    assert 600 + 6 <= spent <= 600 + 20
    dictated = (math.ceil(spent / plans.GROWTH.total) - 1) * MINUTE
    assert dictated == 180
    assert dictated <= span(calls) <= dictated * 1.05

    assert len(refusals(calls)) <= 1
    assert_no_call_before_its_minute_turned(calls, limit)

    assert longest_silence < MINUTE
    assert re.search(rf"records?, {len(calls)} calls \(", run.log("INFO"))
    assert "of the account's API rate limit (200 a minute)" in run.log("INFO")
    # Each wait is said once, with most of a minute to go.
    assert len(waits(run)) == 3
    assert all(30 <= seconds <= 61 for seconds in waits(run))


def test_with_other_apps_using_a_third_of_the_limit_there_is_at_most_one_429_a_minute(
    account: Account, serve: Serve, connect: Connect
) -> None:
    """About a minute: what this sync may spend, 90 % of the limit, is more than the others leave of it."""
    add_tickets_with_few_conversations(account, 240)
    limit = RateLimit(plans.GROWTH, others=OtherApps(per_minute=plans.GROWTH.total / 3))
    fake = serve(rate_limit=limit, delay_seconds=LATENCY_SECONDS)
    run = connect(fake).read("conversations")
    assert_complete(run, account)
    calls = fake.journal.calls()
    assert most_refusals_in_a_minute(calls) <= 1
    assert_no_call_before_its_minute_turned(calls, limit)
    assert 240 + 3 <= sum(call.credits for call in calls) <= 240 + 20
    assert MINUTE <= span(calls) < 1.5 * MINUTE


def test_a_small_incremental_sync_is_not_slowed_by_the_limit(account: Account, serve: Serve, connect: Connect) -> None:
    add_tickets(account, 150)
    first = connect(serve()).read("conversations")
    for ticket_id in range(1, 20):
        account.add_conversation(ticket_id, created_at=before(hours=1))
    spans = {}
    for plan in (plans.GENEROUS, plans.GROWTH):
        fake = serve(rate_limit=RateLimit(plan), delay_seconds=LATENCY_SECONDS)
        run = connect(fake).read("conversations", state=first.last_states)
        assert run.exit_code == 0, run.errors_traced
        assert len(run.ids("conversations")) == 19
        assert waits(run) == []
        calls = fake.journal.calls()
        assert len(calls) == 20 + 2 + 1
        assert refusals(calls) == []
        spans[plan] = span(calls)
    # One after another they would take 0.4 seconds more than this at least; a wait for the limit, a minute.
    assert max(spans.values()) < 22 * LATENCY_SECONDS + 1


def test_a_429_on_the_ticket_list_holds_back_that_list_only(
    account: Account, fake: FakeFreshdesk, connect: Connect
) -> None:
    add_tickets_with_few_conversations(account, 400)
    fake.misbehave(faults.too_many_requests(retry_after=2), path=TICKETS, after=3)
    fake.misbehave(faults.slow(0.2), path="*/conversations", times=None)
    run = connect(fake).read("conversations")
    assert_complete(run, account)
    calls = fake.journal.calls()
    (refusal,) = refusals(calls)
    meanwhile = during(calls, refusal, 2)
    assert [call for call in meanwhile if call.path == TICKETS] == []
    # The conversations of the first page.
    assert sum(call.path.endswith("/conversations") for call in calls if call.started < answered(refusal) + 2) == 100
    assert len(meanwhile) >= 10


def test_a_429_on_another_path_holds_back_everything(account: Account, fake: FakeFreshdesk, connect: Connect) -> None:
    add_tickets_with_few_conversations(account, 400)
    fake.delay_seconds = LATENCY_SECONDS
    fake.misbehave(faults.too_many_requests(retry_after=2), path="*/conversations", after=150)
    run = connect(fake).read("conversations")
    assert_complete(run, account)
    calls = fake.journal.calls()
    (refusal,) = refusals(calls)
    assert during(calls, refusal, 2) == []
    assert sum(call.path.endswith("/conversations") for call in calls) == 400 + 1


@pytest.mark.parametrize(
    ("settings", "allowed"),
    [
        ({}, 180),
        ({"api_quota_percent": 50}, 100),
        ({"requests_per_minute": 30}, 30),
        ({"requests_per_minute": 150, "api_quota_percent": 100}, 150),
    ],
    ids=str,
)
def test_the_settings_bound_the_calls_of_a_minute(
    account: Account, serve: Serve, connect: Connect, settings: dict[str, Any], allowed: int
) -> None:
    add_tickets(account, 250)
    fake = serve(rate_limit=RateLimit(plans.GROWTH), delay_seconds=LATENCY_SECONDS)
    connector = connect(fake, **settings)
    started = connector.start(*connector.read_arguments("conversations"))
    wait_for_calls(fake, allowed)
    time.sleep(2)
    run = started.end(signal.SIGTERM)
    assert fake.journal.count() == allowed
    assert refusals(fake.journal.calls()) == []
    assert "This sync has used its part of the account's API rate limit" in run.log("INFO")
    assert all(30 <= seconds <= 61 for seconds in waits(run))
    assert len(waits(run)) == 1


def test_a_sync_goes_on_after_each_minute_that_the_settings_bound(
    account: Account, serve: Serve, connect: Connect
) -> None:
    add_tickets_with_few_conversations(account, 100)
    fake = serve(rate_limit=RateLimit(plans.GROWTH))
    run = connect(fake, hasty=True, requests_per_minute=30).read("conversations")
    assert_complete(run, account)
    calls = fake.journal.count()
    assert len(waits(run)) == math.ceil(calls / 30) - 1
    waited = re.search(
        rf"records?, {calls} calls \({calls} credits\), .*, (\d+) (s|min) waited for the rate limit", run.log("INFO")
    )
    assert waited is not None
    # How long exactly is for real time to tell: each thread that waits moves the hasty clock on.
    assert int(waited[1]) * (60 if waited[2] == "min" else 1) >= 60
