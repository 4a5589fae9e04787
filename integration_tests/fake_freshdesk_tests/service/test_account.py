"""The account keeps its records consistent."""

import time
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from integration_tests.fake_freshdesk import (
    Account,
)
from integration_tests.fake_freshdesk_tests.service.client import AN_HOUR_AGO, LONG_AGO, NOW, serving


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
