"""A page that always fails, and rows that cannot be used, cost only what is wrong with them."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from integration_tests.conftest import API_KEY, Connect
from integration_tests.every_resource import an_hour_ago, expected_keys
from integration_tests.fake_freshdesk import Account, FakeFreshdesk, faults
from integration_tests.filling import add_tickets

PATHS = {
    "tickets": "tickets",
    "contacts": "contacts",
    "companies": "companies",
    "agents": "agents",
    "groups": "groups",
    "time_entries": "time_entries",
    "satisfaction_ratings": "surveys/satisfaction_ratings",
    "ticket_fields": "ticket_fields",
    "canned_response_folders": "canned_response_folders",
}


@pytest.fixture
def present() -> Iterator[FakeFreshdesk]:
    """An account of an hour ago, of which recent changes differ from old ones."""
    with FakeFreshdesk(Account(now=an_hour_ago()), API_KEY) as fake:
        yield fake


EMBEDDED = "stats,requester,description"


@pytest.mark.parametrize(
    ("stream", "bad"), [*((stream, {"name": "x"}) for stream in PATHS), ("tickets", {"id": [1]}), ("contacts", None)]
)
def test_an_unusable_row_is_left_out_and_the_others_come(
    served: FakeFreshdesk, connect: Connect, everything: Account, stream: str, bad: Any
) -> None:
    served.misbehave(
        faults.altered("a_bad_row", lambda rows: rows and [bad, *rows]), f"/api/v2/{PATHS[stream]}", times=None
    )
    run = connect(served, hasty=True).read(stream)
    assert run.exit_code == 0, run.errors_traced
    assert sorted(run.keys(stream)) == sorted(expected_keys(everything, stream))
    assert f"Stream {stream} leaves out what it cannot use. 1 rows: " in run.log("WARN")


@pytest.mark.parametrize("stream", ["tickets", "contacts", "companies"])
def test_a_row_that_was_unusable_for_a_while_comes_later(present: FakeFreshdesk, connect: Connect, stream: str) -> None:
    account = present.account
    add = {"tickets": account.add_ticket, "contacts": account.add_contact, "companies": account.add_company}[stream]
    whole = [add(updated_at=an_hour_ago() - timedelta(minutes=20 - number))["id"] for number in range(5)]

    def without_first_id(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{name: value for name, value in row.items() if name != "id" or value != whole[0]} for row in rows]

    present.misbehave(faults.altered("without_an_id", without_first_id), f"/api/v2/{PATHS[stream]}", times=None)
    connector = connect(present, hasty=True)
    first = connector.read(stream)
    assert set(first.keys(stream)) == set(whole[1:])
    present.behave()
    then = connector.read(stream, state=first.last_states)
    assert whole[0] in then.keys(stream)


def test_the_pieces_of_a_page_that_fails_whole_are_read(
    fake: FakeFreshdesk, connect: Connect, account: Account
) -> None:
    add_tickets(account, 250)
    fake.misbehave(faults.status(504), times=None, params={"per_page": "100", "order_by": "updated_at"})
    run = connect(fake, hasty=True).read("tickets")
    assert run.exit_code == 1, "more than a few pages are Freshdesk's trouble"
    fake.behave()
    fake.misbehave(faults.status(504), times=8, params={"per_page": "100", "order_by": "updated_at"})
    run = connect(fake, hasty=True).read("tickets")
    assert run.exit_code == 0, run.errors_traced
    assert run.ids("tickets") == list(account.tickets)


@pytest.mark.parametrize("sick", [1, 100, 250])
def test_a_ticket_that_no_page_can_hold_is_left_out_and_named(
    fake: FakeFreshdesk, connect: Connect, account: Account, sick: int
) -> None:
    add_tickets(account, 250)
    fake.misbehave(faults.cannot_render(sick), times=None)
    connector = connect(fake, hasty=True)
    run = connector.read("tickets")
    assert run.exit_code == 0, run.errors_traced
    assert set(run.ids("tickets")) == set(account.tickets) - {sick}
    named = sick - 1 if sick > 1 else "the start"
    assert f"Freshdesk fails to deliver the row after {named}." in run.log("WARN")


def test_a_ticket_that_failed_for_a_while_comes_later(present: FakeFreshdesk, connect: Connect) -> None:
    add_tickets(present.account, 150, first=an_hour_ago() - timedelta(hours=151))
    present.misbehave(faults.cannot_render(145), times=None)
    connector = connect(present, hasty=True)
    first = connector.read("tickets")
    assert set(first.ids("tickets")) == set(present.account.tickets) - {145}
    present.behave()
    then = connector.read("tickets", state=first.last_states)
    assert then.ids("tickets") == [145]


def test_a_ticket_that_fails_with_its_description_comes_without(
    fake: FakeFreshdesk, connect: Connect, account: Account
) -> None:
    add_tickets(account, 150)

    fake.misbehave(faults.cannot_render(57), times=None, params={"include": EMBEDDED})
    run = connect(fake, hasty=True).read("tickets")
    assert run.exit_code == 0, run.errors_traced
    assert set(run.ids("tickets")) == set(account.tickets)
    assert "Stream tickets: row 57 comes without " in run.log("WARN")


@pytest.mark.parametrize("stream", ["contacts", "companies", "time_entries"])
def test_a_row_that_no_page_of_another_list_can_hold_costs_only_itself(
    served: FakeFreshdesk, connect: Connect, everything: Account, stream: str
) -> None:
    whole = expected_keys(everything, stream)
    served.misbehave(faults.cannot_render(whole[0]), f"/api/v2/{PATHS[stream]}", times=None)
    run = connect(served, hasty=True).read(stream)
    assert run.exit_code == 0, run.errors_traced
    assert set(run.keys(stream)) == set(whole[1:])
    assert f"Stream {stream} lacks rows." in run.log("WARN")
