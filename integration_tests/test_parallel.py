"""Many calls at once, and yet records in order, a first failure that stops, and states that are true."""

import signal
import time
from collections.abc import Sequence
from itertools import groupby
from random import Random

import pytest

from integration_tests.conftest import Connect
from integration_tests.connector import Run
from integration_tests.fake_freshdesk import Account, Call, FakeFreshdesk, faults
from integration_tests.filling import add_tickets
from integration_tests.test_resuming import AT_ONCE_SECONDS, assert_states_are_true, wait_for_calls

COMMON_LATENCY_SECONDS = 0.05


@pytest.fixture
def account(account: Account) -> Account:
    """1,000 tickets with 1 to 3 conversations each, a company."""
    add_tickets(account, 1000)
    for ticket_id in account.tickets:
        for _ in range(1 + ticket_id % 3):
            account.add_conversation(ticket_id, touch=False)
    account.add_company()
    return account


def path(ticket_id: int) -> str:
    return f"/api/v2/tickets/{ticket_id}/conversations"


def most_at_once(calls: Sequence[Call]) -> int:
    """How many calls were under way at the same moment. One that begins as another ends is not at once with it."""
    changes = sorted([*((call.started, 1) for call in calls), *((call.started + call.seconds, -1) for call in calls)])
    under_way = most = 0
    for _, change in changes:
        under_way += change
        most = max(most, under_way)
    return most


def tickets_in_order(run: Run) -> list[int]:
    """The tickets whose conversations came, each as often as it was gone back to."""
    return [ticket_id for ticket_id, _ in groupby(row["ticket_id"] for row in run.records["conversations"])]


def assert_complete(run: Run, account: Account) -> None:
    """Every conversation arrived, none twice."""
    assert run.exit_code == 0, run.errors_traced
    assert sorted(run.ids("conversations")) == sorted(account.conversations)


def answer_in_any_order(fake: FakeFreshdesk) -> None:
    """Every answer takes its own time, every fiftieth ten times as long."""

    def dawdle(_number: int, called: str, _params: dict[str, str]) -> None:
        random = Random(called)
        time.sleep(random.random() * (0.3 if random.random() < 0.02 else 0.03))

    fake.before_request(dawdle)


def was_overtaken(calls: Sequence[Call]) -> bool:
    ends = [call.started + call.seconds for call in sorted(calls, key=lambda call: call.started)]
    return ends != sorted(ends)


def test_conversations_come_in_the_order_of_their_tickets_whatever_answer_comes_first(
    fake: FakeFreshdesk, connect: Connect, account: Account
) -> None:
    answer_in_any_order(fake)
    run = connect(fake).read("conversations")
    assert_complete(run, account)
    assert was_overtaken(fake.journal.calls())
    assert tickets_in_order(run) == sorted(account.tickets, key=lambda number: account.tickets[number]["updated_at"])
    assert_states_are_true(run)


def test_the_conversations_of_1000_tickets_are_fetched_many_at_once_and_each_once(
    fake: FakeFreshdesk, connect: Connect, account: Account
) -> None:
    fake.delay_seconds = COMMON_LATENCY_SECONDS
    run = connect(fake).read("conversations")
    assert_complete(run, account)
    calls = fake.journal.calls()
    assert most_at_once(calls) >= 10
    assert fake.journal.count(*map(path, account.tickets)) == 1000
    one_by_one = len(calls) * COMMON_LATENCY_SECONDS
    assert calls[-1].started + calls[-1].seconds - calls[0].started < one_by_one / 5


@pytest.mark.parametrize("workers", [1, 3])
def test_no_more_calls_are_under_way_at_once_than_the_user_allows(
    fake: FakeFreshdesk, connect: Connect, account: Account, workers: int
) -> None:
    for _ in range(30):
        account.add_agent()
        account.add_contact()
    fake.delay_seconds = 0.002
    run = connect(fake, num_workers=workers).read("tickets", "conversations", "contacts", "companies", "agents")
    assert_complete(run, account)
    assert most_at_once(fake.journal.calls()) == workers


def test_the_first_failure_stops_a_stream_soon_and_no_other(
    fake: FakeFreshdesk, connect: Connect, account: Account
) -> None:
    fake.delay_seconds = COMMON_LATENCY_SECONDS
    fake.misbehave(faults.status(418), path=path(150), times=None)
    run = connect(fake).read("conversations", "companies")
    assert run.exit_code == 1
    assert run.statuses["conversations"][-1] == "INCOMPLETE"
    assert run.statuses["companies"][-1] == "COMPLETE"
    assert run.ids("companies") == sorted(account.companies)
    assert tickets_in_order(run) == list(range(1, 150))
    assert_states_are_true(run)
    conversations = [call for call in fake.journal.calls() if call.path.endswith("/conversations")]
    (failed,) = [call for call in conversations if call.status == 418]
    later = [call for call in conversations if call.started > failed.started + failed.seconds]
    # Those whose answers were still to come before it could be emitted, and those that had a worker already.
    assert len(later) <= 2 * most_at_once(conversations)


@pytest.mark.parametrize("calls", [30, 400, 700])
def test_sigterm_amid_many_calls_ends_at_once_and_the_next_sync_completes_it(
    fake: FakeFreshdesk, connect: Connect, account: Account, calls: int
) -> None:
    connector = connect(fake)
    answer_in_any_order(fake)
    started = connector.start(*connector.read_arguments("conversations"))
    wait_for_calls(fake, calls)
    asked = time.monotonic()
    first = started.end(signal.SIGTERM)
    assert time.monotonic() - asked < AT_ONCE_SECONDS
    assert first.exit_code == -signal.SIGTERM
    assert "Traceback" not in first.errors
    assert first.messages
    assert first.output.endswith("\n")
    assert_states_are_true(first)
    emitted = set(first.ids("conversations"))
    assert len(emitted) < len(account.conversations)
    for state in first.last_states:
        reached = state["stream"]["stream_state"]["updated_at"]
        before = {row["id"] for row in account.tickets.values() if row["updated_at"] < reached}
        assert before
        assert {row["id"] for row in account.conversations.values() if row["ticket_id"] in before} <= emitted
    second = connector.read("conversations", state=first.last_states)
    assert second.exit_code == 0
    assert emitted | set(second.ids("conversations")) == set(account.conversations)
    if first.last_states:
        assert len(second.ids("conversations")) < len(account.conversations)


def test_sigterm_ends_a_sync_at_once_while_many_calls_wait_for_their_answers(
    fake: FakeFreshdesk, connect: Connect, account: Account
) -> None:
    connector = connect(fake)
    fake.misbehave(faults.slow(30), path="*/conversations", times=None, after=5)
    started = connector.start(*connector.read_arguments("conversations"))
    wait_for_calls(fake, 2 + 5)
    asked = time.monotonic()
    run = started.end(signal.SIGTERM)
    assert time.monotonic() - asked < AT_ONCE_SECONDS
    assert run.exit_code == -signal.SIGTERM
    assert "Traceback" not in run.errors


@pytest.mark.parametrize("stream", ["agents", "contacts"])
def test_details_come_in_the_order_of_the_list_and_are_fetched_many_at_once(
    fake: FakeFreshdesk, connect: Connect, account: Account, stream: str
) -> None:
    for number in range(150):
        account.add_agent(name=f"Agent {number:03}", group_ids=[number])
        account.add_contact(name=f"Contact {number:03}", other_emails=["other@example.com"])
    answer_in_any_order(fake)
    run = connect(fake).read(stream)
    assert run.exit_code == 0, run.errors_traced
    assert len(run.ids(stream)) == len(account.table(stream).rows)
    views = [call for call in fake.journal.calls(f"/api/v2/{stream}/") if call.path != "/api/v2/agents/me"]
    assert was_overtaken(views)
    assert most_at_once(views) >= 4
    assert len(views) == len(account.table(stream).rows)
    if stream == "contacts":
        assert run.ids(stream) == connect(fake, contact_details=False).read(stream).ids(stream)
        assert all(row["other_emails"] for row in run.records[stream])
    else:
        assert run.ids(stream) == sorted(account.agents)
        assert [row["group_ids"] for row in run.records[stream][-150:]] == [[number] for number in range(150)]


def test_the_first_page_of_the_next_stream_is_fetched_while_one_is_read(
    fake: FakeFreshdesk, connect: Connect, account: Account
) -> None:
    account.add_agent()
    fake.delay_seconds = 0.5
    run = connect(fake).read("companies", "agents")
    assert run.exit_code == 0, run.errors_traced
    assert (len(run.ids("companies")), len(run.ids("agents"))) == (1, 1)
    lists = {call.path: call for call in fake.journal.calls() if call.path in ("/api/v2/companies", "/api/v2/agents")}
    companies, agents = lists["/api/v2/companies"], lists["/api/v2/agents"]
    assert agents.started < companies.started + 2 * companies.seconds
    assert fake.journal.count("/api/v2/agents") == 1


def test_few_pages_are_asked_for_after_the_last_ticket_of_an_account_that_ended_long_ago(
    fake: FakeFreshdesk, connect: Connect, account: Account
) -> None:
    fake.delay_seconds = COMMON_LATENCY_SECONDS
    run = connect(fake).read("tickets")
    assert run.ids("tickets") == sorted(account.tickets)
    last = max(ticket["updated_at"] for ticket in account.tickets.values())
    pages = [call for call in fake.journal.calls() if call.path == "/api/v2/tickets" and "filter" not in call.params]
    assert most_at_once(pages) >= 4
    assert len([call for call in pages if call.params["updated_since"] > last]) <= 9


def test_short_lists_are_fetched_whole_while_tickets_are_read(
    fake: FakeFreshdesk, connect: Connect, account: Account
) -> None:
    for _ in range(150):
        account.add_company()
    fake.delay_seconds = COMMON_LATENCY_SECONDS
    run = connect(fake).read("conversations", "companies")
    assert_complete(run, account)
    assert sorted(run.ids("companies")) == sorted(account.companies)
    companies = fake.journal.calls("/api/v2/companies")
    assert len(companies) == 3, "both pages, and the first one again"
    conversations = [call for call in fake.journal.calls() if call.path.endswith("/conversations")]
    assert max(call.started for call in companies) < max(call.started for call in conversations)
