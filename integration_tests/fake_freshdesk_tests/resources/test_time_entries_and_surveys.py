"""Time entries, surveys and satisfaction ratings."""

import pytest

from integration_tests.fake_freshdesk import Account, FakeFreshdesk
from integration_tests.fake_freshdesk_tests.resources.requests_made import ids, problem, read, walk


def test_time_entries_can_be_asked_for_by_agent_company_day_and_price(account: Account, fake: FakeFreshdesk) -> None:
    company_id, agent_id = account.add_company()["id"], next(iter(account.agents))
    row = next(iter(account.table("time_entries").rows.values()))
    account.change("time_entries", row["id"], company_id=company_id)
    assert ids(fake, "time_entries", company_id=company_id) == [row["id"]]
    of_agent = read(fake, "time_entries", agent_id=agent_id, per_page=100)
    assert {row["agent_id"] for row in of_agent} == {agent_id}
    assert [row["billable"] for row in read(fake, "time_entries", billable="false")] == [False]
    later = read(fake, "time_entries", executed_after="2026-06-01T12:00:00Z")
    assert [row["executed_at"] for row in later] == ["2026-06-04T12:00:00Z"]
    earlier = read(fake, "time_entries", executed_before="2025-01-01")
    assert [row["executed_at"] for row in earlier] == ["2024-02-29T00:00:00Z"]


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("time_entries", {"billable": "yes"}),
        ("time_entries", {"executed_after": "yesterday"}),
        ("time_entries", {"company_id": "x"}),
        ("time_entries", {"per_page": "101"}),
        ("time_entries", {"order_by": "created_at"}),
        ("surveys", {"state": "inactive"}),
        ("surveys/satisfaction_ratings", {"created_since": "2026-01-01T00:00:00.000Z"}),
        ("surveys/satisfaction_ratings", {"user_id": "x"}),
        ("surveys/satisfaction_ratings", {"updated_since": "2026-01-01"}),
        ("agents", {"only": "names"}),
        ("agents", {"only": "availability", "email": "ada@example.com"}),
        ("email/mailboxes", {"order_by": "name"}),
        ("email/mailboxes", {"order_type": "up"}),
        ("email/mailboxes", {"active": "yes"}),
        ("ticket-forms", {"include": "fields"}),
        ("products", {"per_page": "0"}),
    ],
)
def test_what_a_list_does_not_take_is_refused(fake: FakeFreshdesk, path: str, params: dict[str, str]) -> None:
    assert problem(fake, path, **params)[0] in params


def test_time_entries_and_ratings_come_newest_first(fake: FakeFreshdesk) -> None:
    for path in ("time_entries", "surveys/satisfaction_ratings"):
        times = [row["created_at"] for row in walk(fake, path)]
        assert times == sorted(times, reverse=True)


def test_ratings_can_be_asked_for_by_creation_and_user(account: Account, fake: FakeFreshdesk) -> None:
    user_id = next(iter(account.contacts))
    since = "2026-06-01T10:00:00Z"
    recent = read(fake, "surveys/satisfaction_ratings", created_since=since)
    assert [row["created_at"] for row in recent] == ["2026-06-01T11:00:00Z", since]
    of_user = read(fake, "surveys/satisfaction_ratings", user_id=user_id, per_page=100)
    assert {row["user_id"] for row in of_user} == {user_id}


def test_surveys_can_be_asked_for_by_state(fake: FakeFreshdesk) -> None:
    assert {row["active"] for row in read(fake, "surveys")} == {True, False}
    assert {row["active"] for row in read(fake, "surveys", state="active")} == {True}
