"""How many records there will be, said when a sync turns out to be a long one."""

from integration_tests.conftest import Connect, Serve
from integration_tests.connector import Connector, Run
from integration_tests.fake_freshdesk import Account, FakeFreshdesk, faults
from integration_tests.fake_freshdesk.service import plans
from integration_tests.fake_freshdesk.service.rate_limit import RateLimit
from integration_tests.filling import add_tickets


def estimates(run: Run) -> dict[str, int]:
    """The last estimate of each stream."""
    traces = [trace["estimate"] for trace in run.of_type("TRACE") if trace["type"] == "ESTIMATE"]
    assert all(estimate["type"] == "STREAM" for estimate in traces)
    return {estimate["name"]: estimate["row_estimate"] for estimate in traces}


def long_account(account: Account) -> None:
    """250 tickets with two conversations each, 130 contacts."""
    add_tickets(account, 250)
    for ticket_id in account.tickets:
        account.add_conversation(ticket_id, touch=False)
        account.add_conversation(ticket_id, touch=False)
    for _ in range(130):
        account.add_contact()


def test_a_long_sync_shows_how_many_records_there_will_be(
    fake: FakeFreshdesk, connector: Connector, account: Account
) -> None:
    long_account(account)
    run = connector.read("tickets", "conversations", "contacts")
    assert estimates(run) == {"tickets": 250, "conversations": 500, "contacts": 130}
    assert fake.journal.count("/api/v2/search/tickets", "/api/v2/search/contacts") == 2


def test_a_long_sync_says_at_the_start_how_long_each_stream_takes(
    account: Account, serve: Serve, connect: Connect
) -> None:
    long_account(account)
    fake = serve(rate_limit=RateLimit(plans.GROWTH))
    log = (
        connect(fake, hasty=True, contact_details=False).read("tickets", "conversations", "contacts").log().split("\n")
    )
    begin = log.index("This is a long sync. What is expected at the limit of 200 a minute:")
    assert log[begin + 1 : begin + 4] == [
        "tickets: 3 API calls, about 10 s.",
        "conversations: 250 API calls, about 83 s.",
        "contacts: 3 API calls, about 1.0 s.",
    ]
    assert begin < next(place for place, line in enumerate(log) if line.startswith("tickets: 250 records"))


def test_a_short_sync_spends_no_call_on_it(fake: FakeFreshdesk, connector: Connector, account: Account) -> None:
    add_tickets(account, 40)
    account.add_contact()
    run = connector.read("tickets", "conversations", "contacts")
    assert estimates(run) == {}
    assert fake.journal.count("/api/v2/search/tickets", "/api/v2/search/contacts") == 0


def test_a_search_that_fails_costs_one_call_and_no_record(
    fake: FakeFreshdesk, connect: Connect, account: Account
) -> None:
    long_account(account)
    fake.misbehave(faults.server_error(), path="/api/v2/search/*", times=None)
    run = connect(fake, contact_details=False).read("tickets", "contacts")
    assert run.exit_code == 0
    assert estimates(run) == {}
    assert len(run.ids("tickets")) == 250
    assert len(run.ids("contacts")) == 130
    assert fake.journal.count("/api/v2/search/tickets", "/api/v2/search/contacts") == 2


def test_without_a_known_limit_no_duration_is_made_up(fake: FakeFreshdesk, connect: Connect, account: Account) -> None:
    long_account(account)
    fake.misbehave(faults.no_rate_headers(), path="*", times=None)
    run = connect(fake, contact_details=False).read("tickets", "contacts")
    assert estimates(run) == {"tickets": 250, "contacts": 130}
    assert "This is a long sync" not in run.log("INFO")
