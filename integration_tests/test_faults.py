"""What goes wrong out there: no gap, no endless loop, and an error that can be acted upon."""

from functools import partial
from pathlib import Path

import pytest

from integration_tests.conftest import API_KEY, Connect, Serve
from integration_tests.connector import Connector
from integration_tests.fake_freshdesk import Account, FakeFreshdesk, faults
from integration_tests.filling import add_tickets
from source_freshdesk.api.freshdesk_api import MAX_WORKERS

TICKETS = "/api/v2/tickets"
OTHER_LISTS = 2
PIECES_TRIED = 8
"""Calls for smaller pieces of a page, before its failure is taken for that of all."""
"""Calls for the trash and the spam, before those for the other tickets."""
LATENCY_SECONDS = 0.05


PASSING = [
    faults.server_error(),
    faults.bad_gateway(),
    faults.status(521),
    faults.cut_connection(),
    faults.truncated_body(),
    faults.truncated_json(),
    faults.html_ok(),
    faults.empty_body(),
    faults.object_instead_of_list(),
    faults.too_many_requests(retry_after=30),
    faults.too_many_requests(),
]


@pytest.fixture
def connect(connect: Connect) -> Connect:
    """One call after another, so that a fault meets a call whose number is known."""
    return partial(connect, num_workers=1)


@pytest.fixture
def account(account: Account) -> Account:
    """1,000 tickets."""
    add_tickets(account, 1000)
    return account


@pytest.mark.parametrize("fault", PASSING)
def test_a_passing_fault_costs_time_and_no_ticket(
    fake: FakeFreshdesk, connect: Connect, account: Account, fault: faults.Fault
) -> None:
    fake.misbehave(fault, times=2, after=3 + OTHER_LISTS)
    run = connect(fake, hasty=True).read("tickets")
    assert run.exit_code == 0, run.errors_traced
    assert sorted(run.ids("tickets")) == sorted(account.tickets)
    assert fake.journal.count(TICKETS) == 13 + OTHER_LISTS


@pytest.mark.parametrize("fault", PASSING[:-2])
def test_a_fault_that_lasts_is_an_error_at_last_and_never_an_empty_page(
    fake: FakeFreshdesk, connect: Connect, fault: faults.Fault
) -> None:
    fake.misbehave(fault, times=None, after=4 + OTHER_LISTS)
    run = connect(fake, hasty=True).read("tickets")
    assert run.exit_code == 1
    assert run.statuses["tickets"][-1] == "INCOMPLETE"
    assert [trace["failure_type"] for trace in run.errors_traced[:1]] == ["transient_error"]
    assert "Tried 8 times" in run.errors_traced[0]["message"]
    assert 397 <= len(run.ids("tickets")) <= 400
    assert fake.journal.count(TICKETS) == 4 + 8 + PIECES_TRIED + OTHER_LISTS


@pytest.mark.parametrize(
    ("fault", "failure_type", "advice"),
    [
        (faults.unauthorized(), "config_error", "rejected the API key"),
        (faults.forbidden("account_suspended"), "config_error", "suspended"),
        (faults.forbidden("password_lockout"), "config_error", "locked"),
        (faults.forbidden("something_new"), "config_error", "refuses this call"),
        (faults.status(418, {"code": "teapot"}), "system_error", "does not know"),
        (faults.status(204, None), "system_error", "does not know"),
        (faults.redirect("http://127.0.0.1:9/api/v2/tickets"), "config_error", "check 'domain'"),
    ],
)
def test_an_answer_that_will_not_change_is_an_error_at_once(
    fake: FakeFreshdesk, connector: Connector, fault: faults.Fault, failure_type: str, advice: str
) -> None:
    fake.misbehave(fault, times=None, after=2)
    run = connector.read("tickets")
    assert run.exit_code == 1
    assert run.statuses["tickets"][-1] == "INCOMPLETE"
    assert run.errors_traced[0]["failure_type"] == failure_type
    assert advice in run.errors_traced[0]["message"]
    assert fake.journal.count(TICKETS) == 3


def test_a_refusal_in_mid_walk_is_an_error_not_the_end_of_the_list(fake: FakeFreshdesk, connector: Connector) -> None:
    fake.misbehave(faults.forbidden("access_denied"), times=None, after=2 + OTHER_LISTS)
    run = connector.read("tickets")
    assert run.exit_code == 1
    assert run.statuses["tickets"][-1] == "INCOMPLETE"


def test_a_refusal_that_comes_and_goes_skips_nothing(
    fake: FakeFreshdesk, connector: Connector, account: Account
) -> None:
    fake.misbehave(faults.forbidden("access_denied"), times=1)
    run = connector.read("tickets")
    assert run.exit_code == 0
    assert sorted(run.ids("tickets")) == sorted(account.tickets)


def test_a_wrong_address_is_an_error_not_a_stream_that_is_not_there(fake: FakeFreshdesk, connector: Connector) -> None:
    fake.misbehave(faults.not_found(), path="*", times=None)
    run = connector.read("tickets", "companies")
    assert run.exit_code == 1
    assert "check 'domain'" in run.errors_traced[0]["message"]
    assert run.statuses["tickets"][-1] == run.statuses["companies"][-1] == "INCOMPLETE"


def test_a_stream_that_fails_does_not_keep_the_others_from_their_data(
    fake: FakeFreshdesk, connector: Connector, account: Account
) -> None:
    account.add_company()
    fake.misbehave(faults.forbidden("something_new"), times=None)
    run = connector.read("tickets", "companies")
    assert run.exit_code == 1
    assert run.statuses["companies"][-1] == "COMPLETE"
    assert len(run.ids("companies")) == 1


def test_the_call_limit_is_waited_out_however_often_it_is_met(
    fake: FakeFreshdesk, connect: Connect, account: Account
) -> None:
    fake.misbehave(faults.too_many_requests(retry_after=3600), times=20, after=3)
    run = connect(fake, hasty=True).read("tickets")
    assert run.exit_code == 0, run.errors_traced
    assert sorted(run.ids("tickets")) == sorted(account.tickets)
    assert "rate limit is reached" in run.log("INFO")
    assert "Continuing in 3600 seconds" in run.log("INFO")


def test_a_call_that_met_the_limit_is_made_again_when_retry_after_is_over(
    fake: FakeFreshdesk, connector: Connector
) -> None:
    fake.misbehave(faults.too_many_requests(retry_after=2), times=1, after=3)
    assert connector.read("tickets").exit_code == 0
    refused = next(call for call in fake.journal.calls() if call.status == 429)
    again = next(call for call in fake.journal.calls()[refused.number :] if call.path == refused.path)
    assert 2 <= again.started - refused.started < 2.9


@pytest.mark.parametrize(
    "refusal", [faults.unauthorized(), faults.forbidden("account_suspended"), faults.forbidden("password_lockout")]
)
def test_once_the_key_is_refused_nothing_goes_out_but_the_question_whether_it_is(
    account: Account, serve: Serve, tmp_path: Path, refusal: faults.Fault
) -> None:
    fake = serve(delay_seconds=LATENCY_SECONDS)
    fake.misbehave(refusal, path="*", times=None, after=40)
    run = Connector(tmp_path, {"domain": fake.url, "api_key": API_KEY}).read("conversations", "companies", "agents")
    calls = fake.journal.calls()
    first = next(call for call in calls if call.status != 200)
    # Those that were on their way when the refusal came, one of them of the thread that emits.
    on_their_way = [call for call in calls if first.started < call.started <= first.started + first.seconds + 1]
    assert len(on_their_way) <= MAX_WORKERS + 1
    later = [call for call in calls if call.started > first.started + first.seconds + 1]
    assert {call.path for call in later} <= {"/api/v2/agents/me"}
    assert len(later) <= 2
    assert run.exit_code == 1
    assert {stream: statuses[-1] for stream, statuses in run.statuses.items()} == dict.fromkeys(
        ("conversations", "companies", "agents"), "INCOMPLETE"
    )


@pytest.mark.parametrize("fault", [faults.cut_connection(), faults.bad_gateway()])
def test_a_freshdesk_that_answers_nothing_ends_the_sync_at_the_first_stream(
    fake: FakeFreshdesk, connect: Connect, fault: faults.Fault
) -> None:
    fake.misbehave(fault, path="*", times=None)
    run = connect(fake, hasty=True).read("companies", "agents", "groups", "roles")
    assert run.exit_code == 1
    assert [call.path for call in fake.journal.calls()].count("/api/v2/agents/me") <= 3
    assert {statuses[-1] for statuses in run.statuses.values()} == {"INCOMPLETE"}
    assert len(run.statuses) == 4


def test_a_link_that_names_another_host_is_followed_at_the_accounts_own(
    fake: FakeFreshdesk, connect: Connect, account: Account
) -> None:
    fake.misbehave(faults.foreign_next_link("evil.example.com"), times=None)
    run = connect(fake).read("tickets")
    assert run.exit_code == 0, run.errors_traced
    assert set(run.ids("tickets")) == set(account.tickets)
    assert run.log("WARN").count("links to next pages name another host") == 1


def test_one_list_that_always_fails_ends_no_other_stream(fake: FakeFreshdesk, connect: Connect) -> None:
    fake.misbehave(faults.bad_gateway(), path="/api/v2/companies", times=None)
    run = connect(fake, hasty=True).read("companies", "tickets")
    assert run.exit_code == 1
    assert len(run.ids("tickets")) == 1000


def test_a_page_of_a_firewall_in_mid_sync_is_tried_again_and_named_if_it_stays(
    fake: FakeFreshdesk, connect: Connect, account: Account
) -> None:
    page = faults.firewall()
    fake.misbehave(page, times=3, after=4)
    run = connect(fake, hasty=True).read("tickets")
    assert run.exit_code == 0, run.errors_traced
    assert sorted(run.ids("tickets")) == sorted(account.tickets)
    fake.misbehave(page, path="*", times=None)
    (status,) = connect(fake, hasty=True).check().of_type("CONNECTION_STATUS")
    assert status["status"] == "FAILED"
    assert "A firewall on the way to Freshdesk blocks this call" in status["message"]
