"""One child, one page of a row or one list of children for which Freshdesk always fails stops no other."""

import pytest

from integration_tests.conftest import Connect
from integration_tests.every_resource import expected_keys
from integration_tests.fake_freshdesk import Account, FakeFreshdesk, faults
from integration_tests.filling import add_tickets, before

ALWAYS = [faults.server_error(), faults.bad_gateway(), faults.truncated_json()]


@pytest.fixture
def account(account: Account) -> Account:
    """250 tickets with a conversation each."""
    add_tickets(account, 250)
    for ticket in account.tickets.values():
        account.add_conversation(ticket["id"], created_at=ticket["updated_at"], touch=False)
    return account


@pytest.mark.parametrize("fault", ALWAYS)
def test_a_ticket_whose_children_always_fail_is_left_out_named_and_tried_again(
    fake: FakeFreshdesk, connect: Connect, account: Account, fault: faults.Fault
) -> None:
    fake.misbehave(fault, path="/api/v2/tickets/30/conversations", times=None)
    connector = connect(fake, hasty=True)
    first = connector.read("conversations")
    assert first.exit_code == 0, first.errors_traced
    assert {record["ticket_id"] for record in first.records["conversations"]} == set(account.tickets) - {30}
    assert "Stream conversations lacks those of ticket 30; a later sync reads them." in first.log("WARN")
    quiet = connector.read("conversations", state=first.last_states)
    assert quiet.exit_code == 0
    assert quiet.ids("conversations") == []
    fake.behave()
    then = connector.read("conversations", state=quiet.last_states)
    assert [record["ticket_id"] for record in then.records["conversations"]] == [30]


def test_more_than_a_few_are_freshdesks_trouble_and_the_stream_fails(fake: FakeFreshdesk, connect: Connect) -> None:
    fake.misbehave(faults.server_error(), path="/api/v2/tickets/1*/conversations", times=None)
    run = connect(fake, hasty=True).read("conversations")
    assert run.exit_code == 1
    assert run.errors_traced[0]["failure_type"] == "transient_error"


def test_some_that_failed_before_and_fail_again_do_not_stop_the_others(
    fake: FakeFreshdesk, connect: Connect, account: Account
) -> None:
    connector, state = connect(fake, hasty=True), None
    for sick in (range(31, 34), range(41, 44)):
        for ticket_id in sick:
            account.add_conversation(ticket_id, created_at=before(hours=2))
            fake.misbehave(faults.server_error(), path=f"/api/v2/tickets/{ticket_id}/conversations", times=None)
        run = connector.read("conversations", state=state)
        assert run.exit_code == 0, run.errors_traced
        state = run.last_states
    new = account.add_conversation(200, created_at=before(hours=1))["id"]
    then = connector.read("conversations", state=state)
    assert then.exit_code == 0, then.errors_traced
    assert new in then.ids("conversations")


@pytest.mark.parametrize("stream", ["contacts", "agents", "admin_ticket_fields", "ticket_forms"])
def test_a_row_whose_own_page_always_fails_comes_as_the_list_has_it(
    served: FakeFreshdesk, connect: Connect, everything: Account, stream: str
) -> None:
    path = {"admin_ticket_fields": "admin/ticket_fields", "ticket_forms": "ticket-forms"}.get(stream, stream)
    row_id = expected_keys(everything, stream)[0]
    served.misbehave(faults.server_error(), path=f"/api/v2/{path}/{row_id}", times=None)
    run = connect(served, hasty=True).read(stream)
    assert run.exit_code == 0, run.errors_traced
    assert sorted(run.ids(stream)) == sorted(expected_keys(everything, stream))
    assert f"Stream {stream} lacks the fields that only {path}/{row_id} contains." in run.log("WARN")


@pytest.mark.parametrize(
    ("stream", "parents", "path"),
    [
        ("solution_articles", "solution_folders", "solutions/folders/{}/articles"),
        ("canned_responses", "canned_response_folders", "canned_response_folders/{}/responses"),
        ("discussion_topics", "discussion_forums", "discussions/forums/{}/topics"),
    ],
)
def test_a_list_of_children_that_always_fails_costs_only_its_own_rows(
    served: FakeFreshdesk, connect: Connect, stream: str, parents: str, path: str
) -> None:
    connector = connect(served, hasty=True)
    whole = connector.read(stream)
    parent = next(
        one for one in connector.read(parents).ids(parents) if served.journal.count(f"/api/v2/{path.format(one)}")
    )
    served.misbehave(faults.server_error(), path=f"/api/v2/{path.format(parent)}", times=None)
    run = connector.read(stream)
    assert run.exit_code == 0, run.errors_traced
    assert set(run.ids(stream)) < set(whole.ids(stream))
    assert f"Stream {stream} lacks the rows of {path.format(parent)}." in run.log("WARN")
    served.behave()
    then = connector.read(stream, state=run.last_states)
    assert set(run.ids(stream)) | set(then.ids(stream)) == set(whole.ids(stream))
