"""The fake keeps to https://developers.freshdesk.com/api/ and to the records real accounts sent."""

import itertools
import json
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from random import Random
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
import requests

from integration_tests.believable.day import a_day_passes
from integration_tests.believable.help_desk import believable_account
from integration_tests.fake_freshdesk import (
    Account,
    FakeFreshdesk,
    OtherApps,
    OtherCall,
    Plan,
    RateLimit,
    fake_with,
    faults,
    plans,
)

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
AN_HOUR_AGO = "2026-06-01T11:00:00Z"
LONG_AGO = "2024-01-01T00:00:00Z"
KEY = "test-key"
RECORDED = Path(__file__).parent.parent / "unit_tests" / "recorded"


class Client:
    """Someone with a key."""

    def __init__(self, fake: FakeFreshdesk) -> None:
        self.fake = fake
        self.session = requests.Session()
        self.session.auth = (KEY, "X")

    def get(self, path: str, **params: Any) -> requests.Response:
        url = f"{self.fake.url}/api/v2/{path}"
        return self.session.get(url, params=params, timeout=10, allow_redirects=False)

    def rows(self, path: str, **params: Any) -> Any:
        response = self.get(path, **params)
        assert response.status_code == 200, response.text
        return response.json()

    def ids(self, path: str, **params: Any) -> list[int]:
        return [row["id"] for row in self.rows(path, **params)]

    def walk(self, path: str, **params: Any) -> list[list[int]]:
        """The ids of each page, following the links."""
        response = self.get(path, **params)
        pages = [[row["id"] for row in response.json()]]
        while "next" in response.links:
            response = self.session.get(response.links["next"]["url"], timeout=10)
            pages.append([row["id"] for row in response.json()])
        return pages

    def problem(self, path: str, **params: Any) -> tuple[str, str]:
        """The field and the code of a refused request."""
        response = self.get(path, **params)
        assert response.status_code == 400, response.text
        answer = response.json()
        assert answer["description"] == "Validation failed"
        return answer["errors"][0]["field"], answer["errors"][0]["code"]


@contextmanager
def serving(account: Account, **settings: Any) -> Iterator[Client]:
    with fake_with(account, KEY, **settings) as fake:
        client = Client(fake)
        with client.session:
            yield client


@pytest.fixture
def account() -> Account:
    return Account(now=NOW)


@pytest.fixture
def client(account: Account) -> Iterator[Client]:
    with serving(account) as client:
        yield client


def recorded_keys(name: str) -> tuple[set[str], set[str]]:
    """The keys every recorded record has, and those any has."""
    keys = [set(record) for record in json.loads((RECORDED / f"{name}.json").read_text())]
    return set.intersection(*keys), set.union(*keys)


# Records


@pytest.mark.parametrize(
    ("path", "recording"),
    [
        ("tickets", "2026-tickets"),
        ("tickets/1", "2026-tickets_view"),
        ("tickets/1/conversations", "2023-conversations"),
        ("contacts", "2026-contacts"),
        ("companies", "2026-companies"),
        ("agents", "2026-agents"),
    ],
)
def test_records_have_the_keys_real_accounts_sent(account: Account, client: Client, path: str, recording: str) -> None:
    company = account.add_company()
    account.add_contact(company_id=company["id"])
    account.add_contact()
    account.add_agent()
    account.add_ticket()
    account.add_conversation(1)
    always, ever = recorded_keys(recording)

    answer = client.rows(path)

    for record in answer if isinstance(answer, list) else [answer]:
        assert always <= set(record) <= ever


def test_a_contact_without_a_company_has_no_other_companies(account: Account, client: Client) -> None:
    account.add_contact()
    assert "other_companies" not in client.rows("contacts")[0]


def test_a_view_of_a_contact_has_more_than_the_list(account: Account, client: Client) -> None:
    contact = account.add_contact(tags=["vip"])
    more = set(client.rows(f"contacts/{contact['id']}")) - set(client.rows("contacts")[0])
    assert more == {"avatar", "tags", "other_emails", "view_all_tickets"}


def test_a_view_of_an_agent_has_groups_roles_and_skills_and_the_list_has_not(account: Account, client: Client) -> None:
    agent = account.add_agent(group_ids=[7], role_ids=[8], skill_ids=[9])
    view = client.rows(f"agents/{agent['id']}")
    assert (view["group_ids"], view["role_ids"], view["skill_ids"]) == ([7], [8], [9])
    assert set(view) - set(client.rows("agents")[0]) == {"group_ids", "role_ids", "skill_ids"}


def test_an_included_part_is_absent_unless_asked_for(account: Account, client: Client) -> None:
    contact = account.add_contact(name="Ada Lovelace")
    company = account.add_company(name="Engines")
    account.add_ticket(requester_id=contact["id"], company_id=company["id"], status=5)

    plain = client.rows("tickets")[0]
    full = client.rows("tickets", include="stats,requester,description,company")[0]

    assert set(full) - set(plain) == {"stats", "requester", "description", "description_text", "company"}
    assert set(full["requester"]) == {"id", "name", "email", "mobile", "phone"}
    assert full["requester"]["name"] == "Ada Lovelace"
    assert full["company"] == {"id": company["id"], "name": "Engines"}
    assert full["stats"]["closed_at"] == full["updated_at"]


def test_a_view_includes_the_first_ten_conversations(account: Account, client: Client) -> None:
    account.add_ticket()
    for _ in range(12):
        account.add_conversation(1)
    assert len(client.rows("tickets/1", include="conversations")["conversations"]) == 10


@pytest.mark.parametrize(
    ("path", "include", "credits_used"),
    [
        ("tickets", None, "1.0"),
        ("tickets", "stats", "3.0"),
        ("tickets", "stats,requester,description", "7.0"),
        ("tickets/1", "stats,company", "3.0"),
        ("tickets/1", "conversations", "2.0"),
    ],
)
def test_includes_cost_credits(
    account: Account, client: Client, path: str, include: str | None, credits_used: str
) -> None:
    account.add_ticket()
    response = client.get(path, include=include)
    assert response.status_code == 200
    assert response.headers["X-RateLimit-Used-CurrentRequest"] == credits_used


# What the ticket list leaves out


def test_a_deleted_ticket_leaves_the_default_list(account: Account, client: Client) -> None:
    kept, deleted = account.add_ticket(), account.add_ticket()
    account.delete_ticket(deleted["id"])
    assert client.ids("tickets") == [kept["id"]]
    assert client.ids("tickets", filter="deleted") == [deleted["id"]]
    assert client.rows("tickets", filter="deleted")[0]["deleted"] is True
    assert client.rows(f"tickets/{deleted['id']}")["deleted"] is True


def test_a_spam_ticket_leaves_the_default_list(account: Account, client: Client) -> None:
    kept, spam = account.add_ticket(), account.add_ticket()
    account.spam_ticket(spam["id"])
    assert client.ids("tickets") == [kept["id"]]
    assert client.ids("tickets", filter="spam") == [spam["id"]]


def test_deleting_touches_a_ticket_unless_told_otherwise(account: Account) -> None:
    for _ in range(2):
        account.add_ticket(updated_at=AN_HOUR_AGO)
    assert account.delete_ticket(1)["updated_at"] == account.now_stamp()
    assert account.delete_ticket(2, touch=False)["updated_at"] == AN_HOUR_AGO


def test_a_destroyed_ticket_is_gone(account: Account, client: Client) -> None:
    account.add_ticket()
    account.add_conversation(1)
    account.destroy_ticket(1)
    assert client.ids("tickets") == []
    assert client.get("tickets/1").status_code == 404
    assert client.get("tickets/1/conversations").status_code == 404
    assert not account.conversations


def test_without_updated_since_only_tickets_of_the_last_thirty_days_are_listed(
    account: Account, client: Client
) -> None:
    account.add_ticket(created_at=NOW - timedelta(days=31), updated_at=NOW)
    recent = account.add_ticket(created_at=NOW - timedelta(days=29))
    assert client.ids("tickets") == [recent["id"]]
    assert client.ids("tickets", order_by="updated_at") == [recent["id"]]
    assert len(client.ids("tickets", updated_since="1970-01-01T00:00:00Z")) == 2


def test_my_open_tickets_are_new_ones_and_the_owners(account: Account, client: Client) -> None:
    me, other = account.add_agent(), account.add_agent()
    account.add_ticket()
    account.add_ticket(responder_id=me["id"])
    account.add_ticket(responder_id=other["id"])
    account.add_ticket(status=5)
    assert sorted(client.ids("tickets", filter="new_and_my_open")) == [1, 2]


def test_watched_tickets_are_those_the_owner_watches(account: Account, client: Client) -> None:
    me = account.add_agent()
    account.add_ticket()
    account.add_ticket(watcher_ids=[me["id"]])
    assert client.ids("tickets", filter="watching") == [2]


def test_tickets_can_be_asked_for_by_requester_and_company(account: Account, client: Client) -> None:
    contact = account.add_contact(email="ada@example.com")
    account.add_ticket(requester_id=contact["id"])
    account.add_ticket(requester_id=1, company_id=5)
    assert client.ids("tickets", requester_id=contact["id"]) == [1]
    assert client.ids("tickets", email="ada@example.com") == [1]
    assert client.ids("tickets", company_id=5) == [2]


def test_a_list_follows_a_contact_that_changed(account: Account, client: Client) -> None:
    contact = account.add_contact(email="ada@example.com")
    account.add_ticket(requester_id=contact["id"])
    assert client.ids("tickets", email="ada@example.com") == [1]
    account.update_contact(contact["id"], email="ada@new.example.com")
    assert client.ids("tickets", email="ada@example.com") == []


# Order and time


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


# Pages


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


# Conversations


def test_conversations_are_sorted_oldest_first(account: Account, client: Client) -> None:
    account.add_ticket()
    newer = account.add_conversation(1, created_at=NOW)
    older = account.add_conversation(1, created_at=AN_HOUR_AGO)
    assert client.ids("tickets/1/conversations") == [older["id"], newer["id"]]


def test_conversations_have_pages(account: Account, client: Client) -> None:
    account.add_ticket()
    for _ in range(101):
        account.add_conversation(1)
    assert [len(page) for page in client.walk("tickets/1/conversations", per_page=100)] == [100, 1]


def test_conversations_of_a_deleted_ticket_are_refused(account: Account, client: Client) -> None:
    account.add_ticket()
    account.delete_ticket(1)
    response = client.get("tickets/1/conversations")
    assert (response.status_code, response.json()["code"]) == (403, "access_denied")


def test_a_conversation_touches_its_ticket(account: Account) -> None:
    ticket = account.add_ticket(updated_at=AN_HOUR_AGO)
    account.add_conversation(1, touch=False)
    assert ticket["updated_at"] == AN_HOUR_AGO
    account.add_conversation(1)
    assert ticket["updated_at"] == account.now_stamp()


# Contacts and companies


def test_contacts_are_sorted_by_name(account: Account, client: Client) -> None:
    last, first = account.add_contact(name="zoe"), account.add_contact(name="Adam")
    assert client.ids("contacts") == [first["id"], last["id"]]
    account.update_contact(last["id"], name="Aaron")
    assert client.ids("contacts") == [last["id"], first["id"]]


def test_contacts_can_be_asked_for_by_state(account: Account, client: Client) -> None:
    verified, unverified = account.add_contact(active=True)["id"], account.add_contact(active=False)["id"]
    deleted, blocked = account.add_contact()["id"], account.add_contact()["id"]
    account.delete_contact(deleted)
    account.block_contact(blocked)
    assert sorted(client.ids("contacts")) == [verified, unverified]
    assert client.ids("contacts", state="verified") == [verified]
    assert client.ids("contacts", state="unverified") == [unverified]
    assert client.ids("contacts", state="deleted") == [deleted]
    assert client.ids("contacts", state="blocked") == [blocked]
    assert client.rows(f"contacts/{deleted}")["deleted"] is True


@pytest.mark.parametrize("field", ["email", "mobile", "phone", "company_id"])
def test_contacts_can_be_asked_for_by_a_field(account: Account, client: Client, field: str) -> None:
    value = 77 if field == "company_id" else "4711"
    sought = account.add_contact(**{field: value})
    account.add_contact()
    assert client.ids("contacts", **{field: value}) == [sought["id"]]


@pytest.mark.parametrize(
    ("option", "sent", "outcome"),
    [
        ("_updated_since", "_updated_since", "filtered"),
        ("_updated_since", "updated_since", "refused"),
        ("updated_since", "_updated_since", "refused"),
        ("updated_since", "updated_since", "filtered"),
        ("both", "_updated_since", "filtered"),
        ("both", "updated_since", "filtered"),
        ("ignored", "_updated_since", "ignored"),
        ("ignored", "updated_since", "ignored"),
    ],
)
def test_the_name_of_the_contacts_update_filter_is_an_option(
    account: Account, option: str, sent: str, outcome: str
) -> None:
    account.add_contact(updated_at=LONG_AGO)
    recent = account.add_contact(updated_at=AN_HOUR_AGO)
    with serving(account, contacts_filter_name=option) as client:
        if outcome == "refused":
            assert client.problem("contacts", **{sent: AN_HOUR_AGO}) == (sent, "invalid_field")
        elif outcome == "filtered":
            assert client.ids("contacts", **{sent: AN_HOUR_AGO}) == [recent["id"]]
        else:
            assert len(client.ids("contacts", **{sent: AN_HOUR_AGO})) == 2


def test_whether_companies_know_an_update_filter_is_an_option(account: Account) -> None:
    account.add_company(updated_at=LONG_AGO)
    recent = account.add_company(updated_at=AN_HOUR_AGO)
    with serving(account) as client:
        assert client.ids("companies", updated_since=AN_HOUR_AGO) == [recent["id"]]
    with serving(account, companies_filter="ignored") as client:
        assert len(client.ids("companies", updated_since=AN_HOUR_AGO)) == 2
    with serving(account, companies_filter="rejected") as client:
        assert client.problem("companies", updated_since=AN_HOUR_AGO) == ("updated_since", "invalid_field")


def test_a_deleted_company_vanishes(account: Account, client: Client) -> None:
    gone, kept = account.add_company(name="Gone"), account.add_company(name="Kept")
    account.delete_company(gone["id"])
    assert client.ids("companies") == [kept["id"]]
    assert client.get(f"companies/{gone['id']}").status_code == 404


# Agents and other resources


def test_the_keys_owner_is_known_even_to_an_account_without_agents(account: Account) -> None:
    with serving(account, ticket_scope=2, admin=False) as client:
        assert client.rows("agents/me")["ticket_scope"] == 2
    assert not account.agents


@pytest.mark.parametrize("path", ["agents", "agents/1", "groups"])
def test_only_administrators_may_read_configuration(account: Account, path: str) -> None:
    with serving(account, admin=False) as client:
        response = client.get(path)
    assert response.status_code == 403
    assert response.json() == {
        "code": "access_denied",
        "message": "You are not authorized to perform this action.",
    }


def test_agents_can_be_asked_for_by_state_and_email(account: Account, client: Client) -> None:
    occasional = account.add_agent(occasional=True)["id"]
    fulltime = account.add_agent(email="ada@example.com")["id"]
    assert client.ids("agents", state="occasional") == [occasional]
    assert client.ids("agents", state="fulltime") == [fulltime]
    assert client.ids("agents", email="ada@example.com") == [fulltime]


def test_a_resource_needs_only_a_line_in_the_table_of_endpoints(account: Account, client: Client) -> None:
    sales, billing = account.add("groups", name="Sales", agent_ids=[1]), account.add("groups", name="billing")
    assert client.ids("groups") == [billing["id"], sales["id"]]
    assert "agent_ids" not in client.rows("groups")[1]
    assert client.rows(f"groups/{sales['id']}")["agent_ids"] == [1]


# Refusals


@pytest.mark.parametrize(
    "auth", [None, ("wrong-key", "X"), (KEY, ""), ("X", KEY)], ids=["no key", "wrong key", "no password", "swapped"]
)
def test_a_wrong_key_is_refused(client: Client, auth: tuple[str, str] | None) -> None:
    response = requests.get(f"{client.fake.url}/api/v2/tickets", auth=auth, timeout=10)
    assert response.status_code == 401
    assert response.json() == {
        "code": "invalid_credentials",
        "message": "You have to be logged in to perform this action.",
    }


@pytest.mark.parametrize("header", ["Bearer test-key", "Basic test-key", "Basic /w==", "Basic"])
def test_only_basic_authentication_is_understood(client: Client, header: str) -> None:
    response = requests.get(f"{client.fake.url}/api/v2/tickets", headers={"Authorization": header}, timeout=10)
    assert response.status_code == 401


@pytest.mark.parametrize("path", ["ticket", "tickets/", "tickets/12/nothing", "tickets/one", "tickets/1"])
def test_an_unknown_path_is_an_empty_404(client: Client, path: str) -> None:
    response = client.get(path)
    assert (response.status_code, response.content) == (404, b"")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_written(client: Client, method: str) -> None:
    for _ in range(2):
        # Twice on one connection: the body must not be taken for the next request.
        response = client.session.request(method, f"{client.fake.url}/api/v2/tickets", json={"a": 1}, timeout=10)
        assert response.status_code == 405
        assert response.headers["Allow"] == "GET"


def test_only_json_is_spoken(client: Client) -> None:
    client.session.headers["Accept"] = "text/html"
    assert client.get("tickets").status_code == 406
    client.session.headers["Accept"] = "application/json"
    assert client.get("tickets").status_code == 200


@pytest.mark.parametrize(
    "path", ["tickets", "tickets/1", "tickets/1/conversations", "contacts", "companies", "agents", "agents/me"]
)
def test_an_unknown_parameter_is_refused(client: Client, path: str) -> None:
    response = client.get(path, sort="name")
    assert response.status_code == 400
    assert response.json() == {
        "description": "Validation failed",
        "errors": [{"field": "sort", "message": "Unexpected/invalid field in request", "code": "invalid_field"}],
    }


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("tickets", {"order_by": "id"}),
        ("tickets", {"order_type": "up"}),
        ("tickets", {"include": "stats,conversations"}),
        ("tickets", {"filter": "all"}),
        ("tickets", {"page": "0"}),
        ("contacts", {"state": "all"}),
        ("agents", {"state": "all"}),
    ],
)
def test_an_unknown_value_is_refused(client: Client, path: str, params: dict[str, str]) -> None:
    assert client.problem(path, **params) == (next(iter(params)), "invalid_value")


def test_a_suspended_account_refuses_everything(account: Account) -> None:
    with serving(account, suspended=True) as client:
        for path in ("tickets", "agents/me", "nowhere"):
            response = client.get(path)
            assert (response.status_code, response.json()["code"]) == (403, "account_suspended")


# Headers and connections


def test_answers_look_like_those_of_the_service(client: Client) -> None:
    headers = client.get("tickets").headers
    assert headers["Content-Type"] == "application/json; charset=utf-8"
    assert headers["Date"].endswith(" GMT")
    assert headers["X-Request-Id"]


def test_bodies_are_compressed_only_if_the_account_does(account: Account, client: Client) -> None:
    account.add_ticket()
    assert "Content-Encoding" not in client.get("tickets").headers
    with serving(account, gzip=True) as compressing:
        response = compressing.get("tickets")
    assert response.headers["Content-Encoding"] == "gzip"
    assert response.json()[0]["id"] == 1


def test_a_connection_is_kept_open(client: Client) -> None:
    address = urlsplit(client.fake.url)
    request = b"GET /api/v2/nowhere HTTP/1.1\r\nHost: fake\r\n\r\n"
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        for _ in range(2):
            connection.sendall(request)
            assert connection.recv(65536).startswith(b"HTTP/1.1 401 Unauthorized\r\n")


def test_a_stopped_fake_answers_no_open_connection(account: Account) -> None:
    with serving(account) as client:
        client.get("tickets")
        with FakeFreshdesk(account, api_key=KEY) as stopped:
            url = f"{stopped.url}/api/v2/tickets"
            client.session.get(url, timeout=10)
        with pytest.raises(requests.ConnectionError):
            client.session.get(url, timeout=10)


# The rate limit


class Clock:
    """Stands still until told otherwise."""

    def __init__(self, at: float = 0.0) -> None:
        self.at = at

    def __call__(self) -> float:
        return self.at


TICKETS, CONTACTS, AGENTS = "/api/v2/tickets", "/api/v2/contacts", "/api/v2/agents"
TEN = Plan(10)


def allowed(limit: RateLimit, path: str = AGENTS, cost: int = 1) -> int:
    """How many such calls are allowed at this moment."""
    return sum(1 for _ in itertools.takewhile(lambda _: not limit.charge(path, cost).refused, itertools.count()))


def test_every_answer_tells_what_is_left_of_the_rate_limit(account: Account) -> None:
    with serving(account, rate_limit=RateLimit(plans.TRIAL)) as client:
        answers = [client.get(path) for path in ("tickets", "nowhere", "companies")]
    assert [answer.headers["X-RateLimit-Total"] for answer in answers] == ["50.0"] * 3
    assert [answer.headers["X-RateLimit-Remaining"] for answer in answers] == ["49.0", "48.0", "47.0"]


def test_a_call_too_many_is_answered_429(account: Account) -> None:
    clock = Clock(1000.0)
    with serving(account, rate_limit=RateLimit(Plan(2), clock=clock)) as client:
        for _ in range(2):
            client.get("companies")
        clock.at += 12.5
        refused = client.get("companies")
        clock.at += int(refused.headers["Retry-After"])
        assert client.get("companies").status_code == 200
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "48")
    assert refused.headers["X-RateLimit-Total"] == "2.0"
    assert refused.headers["X-RateLimit-Remaining"] == "0.0"
    assert "message" in refused.json()


def test_invalid_requests_count(account: Account) -> None:
    with serving(account, rate_limit=RateLimit(Plan(2), clock=Clock())) as client:
        assert client.get("nowhere").status_code == 404
        assert requests.get(f"{client.fake.url}/api/v2/tickets", timeout=10).status_code == 401
        assert client.get("tickets").status_code == 429


def test_the_journal_tells_what_a_call_was_charged(account: Account) -> None:
    with serving(account, rate_limit=RateLimit(Plan(4), clock=Clock())) as client:
        for include in ("stats", "stats", None):
            client.get("tickets", include=include)
        assert [(call.status, call.credits) for call in client.fake.journal.calls()] == [(200, 3), (429, 0), (200, 1)]


@pytest.mark.parametrize(
    ("plan", "total", "list_calls"),
    [
        (plans.TRIAL, 50, 50),
        (plans.FREE, 50, 50),
        (plans.GROWTH, 200, 20),
        (plans.PRO, 400, 100),
        (plans.ENTERPRISE, 700, 200),
        (plans.BOUGHT_1000, 1000, 300),
        (plans.BOUGHT_2000, 2000, 400),
    ],
)
def test_a_plan_limits_the_account_and_two_lists(plan: Plan, total: int, list_calls: int) -> None:
    limit = RateLimit(plan, clock=Clock())
    assert allowed(limit, TICKETS) == list_calls
    assert allowed(limit, CONTACTS) == min(list_calls, total - list_calls)
    assert allowed(limit, f"{TICKETS}/1") == total - list_calls - min(list_calls, total - list_calls)


@pytest.mark.parametrize(("lists_count", "calls"), [("calls", 20), ("credits", 6)])
def test_whether_a_list_limit_counts_calls_or_credits_is_an_option(
    lists_count: Literal["calls", "credits"], calls: int
) -> None:
    limit = RateLimit(plans.GROWTH, lists_count=lists_count, clock=Clock())
    assert allowed(limit, TICKETS, cost=3) == calls
    assert allowed(limit, AGENTS) == 200 - 3 * calls


@pytest.mark.parametrize(("headers_tell", "told"), [("account", (200, 199)), ("list", (20, 19))])
def test_which_limit_the_headers_of_a_list_tell_is_an_option(
    headers_tell: Literal["account", "list"], told: tuple[int, int]
) -> None:
    limit = RateLimit(plans.GROWTH, headers_tell=headers_tell, clock=Clock())
    charge = limit.charge(TICKETS, 1)
    assert (charge.total, charge.remaining) == told
    assert limit.charge(AGENTS, 1).total == 200


def test_fixed_windows_follow_each_other_from_the_first_request_on() -> None:
    clock = Clock(1000.0)
    limit = RateLimit(TEN, clock=clock)
    limit.charge(AGENTS, 1)
    clock.at = 1059.9
    assert allowed(limit) == 9
    clock.at = 1060.0
    assert allowed(limit) == 10
    clock.at = 1185.0
    assert allowed(limit) == 10
    assert limit.charge(AGENTS, 1).retry_after == 55


def test_fixed_windows_may_start_at_a_given_moment() -> None:
    clock = Clock(1000.0)
    limit = RateLimit(TEN, window_offset=5.0, clock=clock)
    assert allowed(limit) == 10
    assert limit.charge(AGENTS, 1).retry_after == 25
    clock.at = 1025.0
    assert allowed(limit) == 10


def test_a_sliding_window_frees_a_call_a_window_after_it_was_made() -> None:
    clock = Clock()
    limit = RateLimit(TEN, window="sliding", clock=clock)
    for clock.at in (0.0, 30.0):
        for _ in range(5):
            assert not limit.charge(AGENTS, 1).refused
    clock.at = 59.5
    assert limit.charge(AGENTS, 1).retry_after == 1
    assert limit.charge(AGENTS, 6).retry_after == 31
    clock.at = 60.0
    assert allowed(limit) == 5


@pytest.mark.parametrize("window", ["fixed", "sliding"])
def test_a_limit_may_be_for_an_hour(window: Literal["fixed", "sliding"]) -> None:
    clock = Clock()
    limit = RateLimit(plans.HOURLY_3000, window=window, window_seconds=3600, clock=clock)
    assert allowed(limit) == 3000
    clock.at = 100.0
    assert limit.charge(AGENTS, 1).retry_after == 3500
    clock.at = 3600.0
    assert allowed(limit) == 3000


def test_a_reached_list_limit_says_when_the_list_is_free() -> None:
    clock = Clock()
    limit = RateLimit(plans.GROWTH, window="sliding", clock=clock)
    assert allowed(limit, AGENTS) == 200
    clock.at = 60.0
    assert allowed(limit, TICKETS) == 20
    clock.at = 61.0
    refused = limit.charge(TICKETS, 1)
    assert (refused.retry_after, refused.remaining) == (59, 0)
    assert not limit.charge(CONTACTS, 1).refused


def test_a_refusal_may_tell_what_is_left_of_the_account() -> None:
    limit = RateLimit(plans.GROWTH, refusal_tells_zero=False, clock=Clock())
    allowed(limit, TICKETS)
    refused = limit.charge(TICKETS, 1)
    assert (refused.refused, refused.remaining) == (True, 180)


def test_a_refusal_may_keep_to_itself_when_to_come_back(account: Account) -> None:
    with serving(account, rate_limit=RateLimit(Plan(0), tells_retry_after=False, clock=Clock())) as client:
        response = client.get("tickets")
    assert response.status_code == 429
    assert "Retry-After" not in response.headers


@pytest.mark.parametrize(("refused_calls_count", "free_at_sixty"), [(False, 10), (True, 7)])
def test_whether_refused_calls_count_is_an_option(refused_calls_count: bool, free_at_sixty: int) -> None:
    clock = Clock()
    limit = RateLimit(TEN, window="sliding", refused_calls_count=refused_calls_count, clock=clock)
    for _ in range(10):
        limit.charge(AGENTS, 1)
    clock.at = 10.0
    for _ in range(3):
        assert limit.charge(AGENTS, 1).used == int(refused_calls_count)
    clock.at = 60.0
    assert allowed(limit) == free_at_sixty


def test_a_limit_may_change_midway() -> None:
    limit = RateLimit(plans.GROWTH, clock=Clock())
    assert allowed(limit) == 200
    limit.plan = plans.PRO
    assert allowed(limit) == 200
    limit.plan = plans.TRIAL
    charge = limit.charge(AGENTS, 1)
    assert (charge.refused, charge.total, charge.remaining) == (True, 50, 0)


@pytest.mark.parametrize("window", ["fixed", "sliding"])
def test_other_apps_spend_from_the_same_limit(window: Literal["fixed", "sliding"]) -> None:
    clock = Clock(600.0)
    limit = RateLimit(plans.GROWTH, window=window, window_offset=0.0, others=OtherApps(per_minute=60), clock=clock)
    for clock.at in (600.0, 659.5):
        spent_by_others = {"fixed": clock.at // 1 - 599, "sliding": 60}[window]
        charge = limit.charge(AGENTS, 0)
        assert charge.remaining == 200 - spent_by_others


def test_other_apps_are_refused_too() -> None:
    clock = Clock()
    limit = RateLimit(TEN, window="sliding", others=OtherApps(per_minute=60), clock=clock)
    for clock.at in (0.0, 0.5, 1000.0):
        assert limit.charge(AGENTS, 1).retry_after == 1


def test_other_apps_may_be_a_function_and_read_a_list() -> None:
    calls = [OtherCall(at=5.0, credits=3, path=TICKETS), OtherCall(at=20.0, credits=100)]
    clock = Clock()
    limit = RateLimit(
        plans.GROWTH, others=lambda since, until: [call for call in calls if since < call.at <= until], clock=clock
    )
    assert limit.charge(AGENTS, 1).remaining == 199
    clock.at = 10.0
    assert limit.charge(AGENTS, 1).remaining == 195
    assert allowed(limit, TICKETS) == 19
    clock.at = 20.0
    assert limit.charge(AGENTS, 1).remaining == 75


def test_bursts_are_the_same_however_they_are_asked_about() -> None:
    apps = OtherApps(burst_chance=0.5, burst_calls=7, seed=1)
    hour = apps(0.0, 3600.0)
    assert hour == [call for second in range(3600) for call in apps(float(second), second + 1.0)]
    assert 10 < len({call.at for call in hour}) < 50
    assert len(hour) == 7 * len({call.at for call in hour})
    assert hour != OtherApps(burst_chance=0.5, burst_calls=7, seed=2)(0.0, 3600.0)


@pytest.mark.parametrize("window", ["fixed", "sliding"])
@pytest.mark.parametrize("lists_count", ["calls", "credits"])
def test_no_window_ever_has_more_than_the_plan_grants(
    window: Literal["fixed", "sliding"], lists_count: Literal["calls", "credits"]
) -> None:
    random, clock = Random(3), Clock()
    limit = RateLimit(
        Plan(40, 10, 5), window=window, window_seconds=16, window_offset=0.0, lists_count=lists_count, clock=clock
    )
    made: list[tuple[float, str, int]] = []
    for _ in range(4000):
        path, cost = random.choice([(TICKETS, 3), (CONTACTS, 1), (AGENTS, 1)])
        charge = limit.charge(path, cost)
        if charge.retry_after is None:
            made.append((clock.at, path, cost))
        elif random.random() < 0.2:
            clock.at += charge.retry_after
            assert not limit.charge(path, cost).refused
            made.append((clock.at, path, cost))
        clock.at += random.choice([0.0, 0.25, 0.25, 1.0])

    starts = {at // 16 * 16 for at, *_ in made} if window == "fixed" else {at for at, *_ in made}
    for start in starts:
        inside = [(path, cost) for at, path, cost in made if start <= at < start + 16]
        assert sum(cost for _, cost in inside) <= 40
        for list_path, most in ((TICKETS, 10), (CONTACTS, 5)):
            costs = [cost for path, cost in inside if path == list_path]
            assert (sum(costs) if lists_count == "credits" else len(costs)) <= most


# The journal and the callbacks


def test_the_journal_has_every_call_and_never_the_key(client: Client) -> None:
    client.get("tickets", page=2)
    requests.get(f"{client.fake.url}/api/v2/contacts", timeout=10)
    first, second = client.fake.journal.calls()
    assert (first.number, first.method, first.path, first.params) == (1, "GET", "/api/v2/tickets", {"page": "2"})
    assert (first.status, first.authorized) == (200, True)
    assert (second.status, second.authorized) == (401, False)
    assert KEY not in repr(client.fake.journal.calls())


def test_the_journal_counts(client: Client) -> None:
    for path in ("tickets", "tickets/1", "contacts"):
        client.get(path)
    journal = client.fake.journal
    assert [call.path for call in journal.calls("/api/v2/tickets")] == ["/api/v2/tickets", "/api/v2/tickets/1"]
    assert (journal.count(), journal.count("/api/v2/tickets"), journal.count("/api/v2/agents")) == (3, 1, 0)
    journal.clear()
    assert journal.calls() == []


def test_what_happens_after_a_request_is_seen_by_the_next(account: Account, client: Client) -> None:
    client.fake.after_request(lambda *_: account.add_ticket())
    assert [len(client.ids("tickets")) for _ in range(3)] == [0, 1, 2]


def test_calls_are_numbered_by_path_for_callbacks(client: Client) -> None:
    seen: list[tuple[int, str]] = []
    client.fake.before_request(lambda number, path, _params: seen.append((number, path)))
    for path in ("tickets", "contacts", "tickets"):
        client.get(path)
    assert seen == [(1, "/api/v2/tickets"), (1, "/api/v2/contacts"), (2, "/api/v2/tickets")]


def test_an_error_in_a_callback_is_not_swallowed(account: Account) -> None:
    def fail(*_: Any) -> None:
        raise LookupError("a test's own mistake")

    fake = FakeFreshdesk(account, api_key=KEY)
    fake.before_request(fail)
    fake.__enter__()
    assert Client(fake).get("tickets").status_code == 500
    with pytest.raises(LookupError, match="own mistake"):
        fake.__exit__(None, None, None)


# Faults


@pytest.mark.parametrize(
    ("fault", "status", "body"),
    [
        (faults.server_error(), 500, '{"code"'),
        (faults.bad_gateway(), 502, "<!DOCTYPE html>"),
        (faults.html_ok(), 200, "<!DOCTYPE html>"),
        (faults.empty_body(), 200, ""),
        (faults.object_instead_of_list(), 200, "{"),
        (faults.unauthorized(), 401, '{"code":"invalid_credentials"'),
        (faults.forbidden("require_feature", "Pay first."), 403, '{"code":"require_feature","message":"Pay first."}'),
        (faults.not_found(), 404, ""),
        (faults.status(418, {"tea": True}), 418, '{"tea":true}'),
        (faults.status(521, "Web server is down"), 521, "Web server is down"),
    ],
    ids=lambda value: value.name if isinstance(value, faults.Fault) else "",
)
def test_a_fault_answers_in_place_of_the_account(client: Client, fault: faults.Fault, status: int, body: str) -> None:
    client.fake.misbehave(fault)
    response = client.get("tickets")
    assert response.status_code == status
    assert response.text.startswith(body)
    assert bool(body) == bool(response.text)
    assert client.get("tickets").json() == []


def test_a_fault_strikes_the_calls_it_is_meant_for(client: Client) -> None:
    client.fake.misbehave(faults.server_error(), path="/api/v2/tickets", times=2, after=1)
    client.get("contacts")
    assert [client.get("tickets").status_code for _ in range(4)] == [200, 500, 500, 200]


def test_a_fault_may_be_meant_for_a_pattern_of_paths(account: Account, client: Client) -> None:
    for _ in range(2):
        account.add_ticket()
    client.fake.misbehave(faults.not_found(), path="/api/v2/tickets/*/conversations", times=None)
    assert client.get("tickets").status_code == 200
    assert [client.get(f"tickets/{i}/conversations").status_code for i in (1, 2)] == [404, 404]
    client.fake.behave()
    assert client.get("tickets/1/conversations").status_code == 200


@pytest.mark.parametrize(("retry_after", "header"), [(7, "7"), (None, None)])
def test_too_many_requests_may_say_when_to_come_back(
    client: Client, retry_after: int | None, header: str | None
) -> None:
    client.fake.misbehave(faults.too_many_requests(retry_after))
    response = client.get("tickets")
    assert (response.status_code, response.headers.get("Retry-After")) == (429, header)


def test_a_cut_connection_gives_no_byte(client: Client) -> None:
    client.fake.misbehave(faults.cut_connection())
    with pytest.raises(requests.ConnectionError):
        client.get("tickets")
    assert client.fake.journal.calls()[0].status == 0


def test_a_truncated_body_breaks_off(account: Account, client: Client) -> None:
    account.add_ticket()
    client.fake.misbehave(faults.truncated_body())
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        client.get("tickets")


def test_truncated_json_is_whole_for_http(account: Account, client: Client) -> None:
    account.add_ticket()
    client.fake.misbehave(faults.truncated_json())
    response = client.get("tickets")
    assert response.status_code == 200
    with pytest.raises(requests.exceptions.JSONDecodeError):
        response.json()


def test_an_object_may_come_in_a_list(client: Client) -> None:
    client.fake.misbehave(faults.list_instead_of_object(), path="/api/v2/agents/me")
    assert isinstance(client.rows("agents/me"), list)


def test_a_redirect_leads_elsewhere(client: Client) -> None:
    client.fake.misbehave(faults.redirect("https://elsewhere.example.com/"))
    response = client.get("tickets")
    assert (response.status_code, response.headers["Location"]) == (302, "https://elsewhere.example.com/")


def test_a_link_may_lead_to_another_host(client: Client) -> None:
    client.fake.misbehave(faults.foreign_next_link("elsewhere.example.com"))
    assert client.get("tickets").links["next"]["url"] == "http://elsewhere.example.com/api/v2/tickets?page=2"


def test_rate_headers_may_be_missing(client: Client) -> None:
    client.fake.misbehave(faults.no_rate_headers())
    assert not [name for name in client.get("tickets").headers if name.startswith("x-ratelimit")]


def test_a_slow_answer_is_late(client: Client) -> None:
    client.fake.misbehave(faults.slow(60))
    with pytest.raises(requests.ReadTimeout):
        client.session.get(f"{client.fake.url}/api/v2/tickets", timeout=0.05)


def test_latency_is_part_of_what_the_journal_measures(client: Client) -> None:
    client.fake.delay_seconds = 0.02
    client.get("tickets")
    assert client.fake.journal.calls()[0].seconds >= 0.02


def test_faults_add_up(client: Client) -> None:
    client.fake.misbehave(faults.too_many_requests(3))
    client.fake.misbehave(faults.no_rate_headers())
    response = client.get("tickets")
    assert response.status_code == 429
    assert "X-RateLimit-Remaining" not in response.headers


# The account


def test_the_same_seed_makes_the_same_account() -> None:
    def some_account(seed: int) -> list[dict[str, Any]]:
        account = Account(now=NOW, seed=seed)
        return [account.add_company(), account.add_contact(), account.add_agent(), account.add_ticket()]

    assert some_account(1) == some_account(1)
    assert some_account(1) != some_account(2)


@pytest.mark.parametrize("kind", ["ticket", "contact", "company", "agent"])
def test_an_id_that_was_given_is_not_given_again(account: Account, kind: str) -> None:
    add = getattr(account, f"add_{kind}")
    given = add()["id"] + 1
    add(id=given)
    assert len({given - 1, given, *(add()["id"] for _ in range(10))}) == 12


def test_moments_are_kept_as_the_api_writes_them(account: Account) -> None:
    at = datetime(2026, 6, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    assert account.add_ticket(created_at=at, due_by=at)["due_by"] == "2026-06-01T10:00:00Z"
    with pytest.raises(ValueError, match="created_at"):
        account.add_ticket(created_at="2026-06-01")
    with pytest.raises(ValueError, match="updated_at"):
        account.update_ticket(1, updated_at="2026-06-01T10:00:00.000Z")


def test_a_ticket_is_not_created_after_its_update(account: Account) -> None:
    assert account.add_ticket(updated_at=LONG_AGO)["created_at"] == LONG_AGO


def test_an_account_needs_a_time_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Account(now=datetime(2026, 6, 1))  # noqa: DTZ001 - the mistake in question


def test_stats_follow_the_status(account: Account) -> None:
    account.add_ticket(updated_at=AN_HOUR_AGO)
    assert account.update_ticket(1, status=5)["stats"]["closed_at"] == account.now_stamp()
    reopened = account.update_ticket(1, status=2)["stats"]
    assert (reopened["reopened_at"], reopened["closed_at"]) == (account.now_stamp(), None)


def test_thirty_thousand_tickets_are_walked_quickly(account: Account) -> None:
    for minutes in range(30_000):
        account.add_ticket(updated_at=NOW - timedelta(minutes=minutes))
    with serving(account) as client:
        started = time.monotonic()
        pages = client.walk("tickets", updated_since="1970-01-01", per_page=100)
        assert time.monotonic() - started < 10
    assert sum(len(page) for page in pages) == 30_000


# A believable account


@pytest.fixture(scope="module")
def believable() -> Account:
    return believable_account(tickets=500, now=NOW, seed="tests")


def test_a_believable_account_has_all_kinds_of_records(believable: Account) -> None:
    tickets = believable.tickets.values()
    assert len(tickets) == 500
    assert {2, 5} < {ticket["status"] for ticket in tickets}
    for mark in ("spam", "deleted", "fr_escalated", "is_escalated"):
        assert {ticket[mark] for ticket in tickets} == {False, True}
    assert (len(believable.contacts), len(believable.companies), len(believable.agents)) == (600, 80, 25)
    assert max(len(believable.conversations_of(ticket_id)) for ticket_id in believable.tickets) > 100


def test_a_believable_account_is_consistent(believable: Account) -> None:
    now = believable.now_stamp()
    for ticket in believable.tickets.values():
        assert ticket["created_at"] <= ticket["updated_at"] <= now
        assert (ticket["stats"]["closed_at"] is not None) == (ticket["status"] == 5)
        assert ticket["requester_id"] in believable.contacts
        for conversation in believable.conversations_of(ticket["id"]):
            assert ticket["created_at"] < conversation["created_at"] <= ticket["updated_at"]
    for row in (*believable.contacts.values(), *believable.companies.values(), *believable.agents.values()):
        assert row["created_at"] <= row["updated_at"] <= now


def test_believable_accounts_of_one_seed_are_equal(believable: Account) -> None:
    twin = believable_account(tickets=500, now=NOW, seed="tests")
    assert dict(twin.tickets) == dict(believable.tickets)
    assert dict(twin.conversations) == dict(believable.conversations)


def test_a_day_changes_what_it_says_it_changes() -> None:
    account = believable_account(tickets=300, now=NOW)
    updated_before = {ticket_id: ticket["updated_at"] for ticket_id, ticket in account.tickets.items()}

    day = a_day_passes(account)

    assert account.now() == NOW + timedelta(days=1)
    changed = {
        ticket_id
        for ticket_id, ticket in account.tickets.items()
        if ticket["updated_at"] != updated_before.get(ticket_id)
    }
    assert changed == {*day.tickets_created, *day.tickets_updated, *day.tickets_deleted, *day.tickets_spammed}
    assert set(day.tickets_destroyed) == set(updated_before) - set(account.tickets)
    assert all(account.tickets[ticket_id]["deleted"] for ticket_id in day.tickets_deleted)
    assert all(day.since < account.tickets[ticket_id]["updated_at"] <= account.now_stamp() for ticket_id in changed)
    assert all(day.since < account.contacts[contact_id]["updated_at"] for contact_id in day.contacts_updated)
    assert all(conversation_id in account.conversations for conversation_id in day.conversations_created)
