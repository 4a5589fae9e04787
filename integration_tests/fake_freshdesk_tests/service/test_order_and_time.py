"""The order of lists, and filters by time."""

import itertools
from datetime import timedelta

import pytest

from integration_tests.fake_freshdesk import (
    Account,
)
from integration_tests.fake_freshdesk_tests.service.client import AN_HOUR_AGO, NOW, Client, serving


def test_tickets_are_sorted_by_creation_newest_first(account: Account, client: Client) -> None:
    for hours in (1, 3, 2):
        account.add_ticket(created_at=NOW - timedelta(hours=hours))
    assert client.ids("tickets") == [1, 3, 2]


@pytest.mark.parametrize(
    ("order_by", "upwards"), [("created_at", [2, 1, 3]), ("updated_at", [1, 3, 2]), ("status", [3, 2, 1])]
)
def test_tickets_can_be_sorted(account: Account, client: Client, order_by: str, upwards: list[int]) -> None:
    for created, updated, status in ((4, 3, 5), (5, 1, 3), (3, 2, 2)):
        account.add_ticket(
            created_at=NOW - timedelta(hours=created), updated_at=NOW - timedelta(hours=updated), status=status
        )
    assert client.ids("tickets", order_by=order_by, order_type="asc") == upwards
    assert client.ids("tickets", order_by=order_by, order_type="desc") == upwards[::-1]


def test_tickets_without_a_due_time_can_be_sorted_by_it(account: Account, client: Client) -> None:
    account.add_ticket(due_by=NOW)
    account.add_ticket()
    assert client.ids("tickets", order_by="due_by", order_type="asc") == [2, 1]


def test_ties_are_sorted_by_id(account: Account, client: Client) -> None:
    for _ in range(5):
        account.add_ticket()
    assert client.ids("tickets", order_by="updated_at", order_type="asc") == [1, 2, 3, 4, 5]


def test_shuffled_ties_change_their_order_between_requests(account: Account) -> None:
    account.add_ticket(updated_at=AN_HOUR_AGO)
    for _ in range(5):
        account.add_ticket()
    with serving(account, tie_order="shuffled") as client:
        orders = [client.ids("tickets", order_by="updated_at", order_type="asc") for _ in range(3)]
    assert all(first != second for first, second in itertools.pairwise(orders))
    assert all(order[0] == 1 and sorted(order) == [1, 2, 3, 4, 5, 6] for order in orders)


@pytest.mark.parametrize("order_by", ["updated_at", "created_at"])
@pytest.mark.parametrize(("inclusive", "ids"), [(True, [2, 3]), (False, [3])])
def test_whether_updated_since_is_inclusive_is_an_option(
    account: Account, order_by: str, inclusive: bool, ids: list[int]
) -> None:
    for hours in (2, 1, 0):
        account.add_ticket(updated_at=NOW - timedelta(hours=hours))
    with serving(account, updated_since_inclusive=inclusive) as client:
        assert client.ids("tickets", updated_since=AN_HOUR_AGO, order_by=order_by, order_type="asc") == ids


@pytest.mark.parametrize(
    "form",
    [
        "2026-06-01T11:00:00Z",
        "2026-06-01T11:00Z",
        "2026-06-01T11:00:00",
        "2026-06-01T11:00",
        "2026-06-01T16:30:00+05:30",
        "2026-06-01T16:30:00+0530",
        "2026-06-01T06:00:00-05",
    ],
)
def test_a_moment_may_be_given_in_every_documented_form(account: Account, client: Client, form: str) -> None:
    account.add_ticket(updated_at="2026-06-01T10:59:59Z")
    account.add_ticket(updated_at=AN_HOUR_AGO)
    assert client.ids("tickets", updated_since=form) == [2]


def test_a_moment_may_be_a_date(account: Account, client: Client) -> None:
    account.add_ticket(updated_at="2026-05-31T23:59:59Z")
    account.add_ticket(updated_at="2026-06-01T00:00:00Z")
    assert client.ids("tickets", updated_since="2026-06-01") == [2]


@pytest.mark.parametrize("form", ["yesterday", "", "2026-06-01T11:00:00.000Z", "2026-13-01", "1700000000", "20260601"])
def test_a_moment_in_any_other_form_is_refused(client: Client, form: str) -> None:
    assert client.problem("tickets", updated_since=form) == ("updated_since", "invalid_value")
