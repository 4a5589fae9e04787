"""Pages and the links between them."""

from datetime import timedelta

import pytest

from integration_tests.fake_freshdesk import (
    Account,
)
from integration_tests.fake_freshdesk_tests.service.client import NOW, Client, serving


def test_a_page_links_to_the_next_one_until_the_last(account: Account, client: Client) -> None:
    for _ in range(5):
        account.add_ticket()
    assert client.walk("tickets", per_page=2) == [[5, 4], [3, 2], [1]]


def test_a_full_last_page_has_no_link(account: Account, client: Client) -> None:
    for _ in range(4):
        account.add_ticket()
    assert client.walk("tickets", per_page=2) == [[4, 3], [2, 1]]


def test_the_link_repeats_the_query(account: Account, client: Client) -> None:
    for _ in range(2):
        account.add_ticket()
    response = client.get("tickets", per_page=1, updated_since="2026-01-01T00:00:00Z", include="stats,requester")
    following = client.session.get(response.links["next"]["url"], timeout=10)
    assert [row["id"] for row in following.json()] == [1]
    assert "stats" in following.json()[0]
    first, second = client.fake.journal.calls()
    assert second.params == {**first.params, "page": "2"}


def test_the_link_may_have_a_blank_as_the_page_prints_it(account: Account) -> None:
    for _ in range(2):
        account.add_ticket()
    with serving(account, blank_in_link=True) as client:
        assert client.get("tickets", per_page=1).headers["Link"].startswith("< http://127.0.0.1:")


def test_a_page_has_thirty_records_unless_asked_for_more(account: Account, client: Client) -> None:
    for _ in range(101):
        account.add_ticket()
    assert [len(page) for page in client.walk("tickets")] == [30, 30, 30, 11]
    assert [len(page) for page in client.walk("tickets", per_page=100)] == [100, 1]


def test_a_page_past_the_end_is_empty(account: Account, client: Client) -> None:
    account.add_ticket()
    response = client.get("tickets", page=300)
    assert (response.status_code, response.json(), response.links) == (200, [], {})


def test_tickets_end_at_the_300th_page(client: Client) -> None:
    response = client.get("tickets", page=301)
    assert response.status_code == 400
    assert response.json() == {
        "description": "Validation failed",
        "errors": [
            {
                "field": "page",
                "message": "You cannot access tickets beyond the 300th page. Please provide a smaller page number.",
                "code": "invalid_value",
            }
        ],
    }


def test_contacts_do_not_end_at_the_300th_page(client: Client) -> None:
    assert client.rows("contacts", page=301) == []


@pytest.mark.parametrize("path", ["tickets", "contacts", "companies", "agents", "groups"])
@pytest.mark.parametrize("per_page", ["101", "0", "-1", "ten", ""])
def test_a_page_size_must_be_from_1_to_100(client: Client, path: str, per_page: str) -> None:
    response = client.get(path, per_page=per_page)
    assert response.status_code == 400
    assert response.json()["errors"] == [
        {
            "field": "per_page",
            "message": "It should be a Positive Integer less than or equal to 100",
            "code": "invalid_value",
        }
    ]


def test_a_ticket_updated_during_a_walk_shifts_the_pages(account: Account, client: Client) -> None:
    """The trap a connector must not step into: with page numbers, ticket 3 is never seen."""
    for hours in (5, 4, 3, 2):
        account.add_ticket(updated_at=NOW - timedelta(hours=hours))

    def update_a_ticket_already_read(call_number: int, _path: str, _params: dict[str, str]) -> None:
        if call_number == 2:
            account.update_ticket(1)

    client.fake.before_request(update_a_ticket_already_read)
    pages = client.walk("tickets", per_page=2, order_by="updated_at", order_type="asc", updated_since="2026-01-01")
    assert pages == [[1, 2], [4, 1]]
