"""The made-up help desk keeps its office hours, and its tickets fall due as its SLA policies say."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from integration_tests.believable.day import a_day_passes
from integration_tests.believable.help_desk import believable_account
from integration_tests.fake_freshdesk import Account
from integration_tests.fake_freshdesk.model.moments import moment
from integration_tests.fake_freshdesk.model.table import Record
from integration_tests.filling import TODAY

ZONES = {"Berlin": ZoneInfo("Europe/Berlin"), "London": ZoneInfo("Europe/London")}


@pytest.fixture(scope="module", params=[0, 1], ids=["before a day", "after a day"])
def account(request: pytest.FixtureRequest) -> Account:
    account = believable_account(tickets=700, now=TODAY)
    if request.param:
        a_day_passes(account)
    return account


def tickets(account: Account) -> list[Record]:
    return [row for row in account.tickets.values() if not row["spam"]]


def zone_of(account: Account, ticket: Record) -> ZoneInfo:
    calendar_id = account.table("groups").rows[ticket["group_id"]]["business_hour_id"]
    return ZONES[account.table("business_hours").rows[str(calendar_id)]["time_zone"]]


def office_seconds(start: datetime, end: datetime, zone: ZoneInfo) -> float:
    """Those between eight and five on weekdays, day by day."""
    day, total = start.astimezone(zone).date(), 0.0
    while day <= end.astimezone(zone).date():
        opens, closes = (datetime.combine(day, time(hour), zone) for hour in (8, 17))
        if day.weekday() < 5:
            total += max((min(end, closes) - max(start, opens)).total_seconds(), 0)
        day += timedelta(days=1)
    return total


def test_tickets_fall_due_by_the_first_policy_that_applies(account: Account) -> None:
    policies = sorted(account.table("sla_policies").rows.values(), key=lambda row: row["position"])
    for ticket in tickets(account):
        (policy, *_) = (
            row for row in policies if ticket["type"] in row["applicable_to"].get("ticket_types", [ticket["type"]])
        )
        target = policy["sla_target"][f"priority_{ticket['priority']}"]
        created = moment(ticket["created_at"])
        for due, seconds in (("fr_due_by", target["respond_within"]), ("due_by", target["resolve_within"])):
            end = moment(ticket[due])
            took = (
                office_seconds(created, end, zone_of(account, ticket))
                if target["business_hours"]
                else (end - created).total_seconds()
            )
            assert took == seconds


def test_agents_answer_in_office_hours_unless_it_is_urgent(account: Account) -> None:
    for ticket in tickets(account):
        for row in account.conversations_of(ticket["id"]):
            at = moment(row["created_at"]).astimezone(ZONES["Berlin"])
            if not row["incoming"] and ticket["priority"] != 4:
                assert at.weekday() < 5
                assert time(8) <= at.time() <= time(18)


def test_flags_say_which_promises_are_broken(account: Account) -> None:
    now = account.now_stamp()
    for ticket in tickets(account):
        stats = ticket["stats"]
        assert ticket["fr_escalated"] == ((stats["first_responded_at"] or now) > ticket["fr_due_by"])
        assert ticket["is_escalated"] == ((stats["resolved_at"] or now) > ticket["due_by"])


def test_tickets_are_opened_again_and_change_hands(account: Account) -> None:
    reopened = [row for row in tickets(account) if row["stats"]["reopened_at"]]
    assert len(reopened) > 20
    assert any(row["stats"]["resolved_at"] for row in reopened)
    groups_of_agent = {row["id"]: set(row["group_ids"]) for row in account.agents.values()}
    passed_on, between_groups = 0, 0
    for ticket in tickets(account):
        conversations = account.conversations_of(ticket["id"])
        author_ids = {row["user_id"] for row in conversations if not row["incoming"]} & groups_of_agent.keys()
        passed_on += len(author_ids) > 1
        between_groups += any(ticket["group_id"] not in groups_of_agent[author_id] for author_id in author_ids)
    assert passed_on > 30
    assert between_groups > 15


def test_a_day_moves_an_agent_from_one_group_to_another() -> None:
    account = believable_account(tickets=50, now=TODAY)
    before = {agent_id: set(row["group_ids"]) for agent_id, row in account.agents.items()}
    (agent_id,) = a_day_passes(account).agents_updated
    after = set(account.agents[agent_id]["group_ids"])
    assert len(before[agent_id] - after) == len(after - before[agent_id]) == 1
    for group in account.table("groups").rows.values():
        assert (agent_id in group["agent_ids"]) == (group["id"] in after)
