"""Watchers, associations and summaries of tickets."""

from typing import Any

import pytest

from integration_tests.fake_freshdesk import Account, FakeFreshdesk
from integration_tests.fake_freshdesk_tests.resources.requests_made import get, problem, read


def associated_as(account: Account, type_: int) -> list[Any]:
    return [row for row in account.tickets.values() if row["association_type"] == type_]


def test_watchers_come_in_an_object(account: Account, fake: FakeFreshdesk) -> None:
    ticket = next(row for row in account.tickets.values() if row["watcher_ids"])
    assert read(fake, f"tickets/{ticket['id']}/watchers") == {"watcher_ids": list(account.agents)[:2]}
    assert read(fake, "tickets/1/watchers") == {"watcher_ids": []}


@pytest.mark.parametrize(("type_", "other_type", "count"), [(1, 2, 1), (3, 4, 2)])
def test_a_parent_and_a_tracker_have_associated_tickets(
    account: Account, fake: FakeFreshdesk, type_: int, other_type: int, count: int
) -> None:
    ticket = associated_as(account, type_)[0]
    tickets = read(fake, f"tickets/{ticket['id']}/associated_tickets")["tickets"]
    assert [row["id"] for row in tickets] == ticket["associated_tickets_list"]
    assert [row["association_type"] for row in tickets] == [other_type] * count
    assert "description" not in tickets[0]
    prime = read(fake, f"tickets/{tickets[0]['id']}/prime_association")
    assert (prime["id"], prime["association_type"]) == (ticket["id"], type_)


def test_a_parent_may_have_no_children_any_more(account: Account, fake: FakeFreshdesk) -> None:
    parent, lonely = associated_as(account, 1)
    account.delete_ticket(parent["associated_tickets_list"][0])
    for ticket in (parent, lonely):
        assert read(fake, f"tickets/{ticket['id']}/associated_tickets") == {"tickets": []}


def test_a_child_may_have_lost_its_parent(account: Account, fake: FakeFreshdesk) -> None:
    child = associated_as(account, 2)[0]
    account.destroy_ticket(child["associated_tickets_list"][0])
    assert get(fake, f"tickets/{child['id']}/prime_association").status_code == 404


def test_associations_are_refused_for_other_tickets(account: Account, fake: FakeFreshdesk) -> None:
    parent, child = associated_as(account, 1)[0], associated_as(account, 2)[0]
    for path in ("tickets/1", f"tickets/{child['id']}"):
        assert problem(fake, f"{path}/associated_tickets") == ("association_type", "invalid_value")
    for path in ("tickets/1", f"tickets/{parent['id']}"):
        assert problem(fake, f"{path}/prime_association") == ("association_type", "invalid_value")


def test_a_ticket_may_have_a_summary(account: Account, fake: FakeFreshdesk) -> None:
    for summary in account.table("ticket_summaries").rows.values():
        assert read(fake, f"tickets/{summary['ticket_id']}/summary") == summary
    assert get(fake, "tickets/1/summary").status_code == 404
