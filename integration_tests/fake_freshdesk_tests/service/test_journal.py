"""The calls that were made, and callbacks on them."""

from typing import Any

import pytest
import requests

from integration_tests.fake_freshdesk import (
    Account,
    FakeFreshdesk,
)
from integration_tests.fake_freshdesk_tests.service.client import KEY, Client


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
