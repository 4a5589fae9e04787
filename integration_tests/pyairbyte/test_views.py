"""The views of examples/views say what the account says, business hours included."""

import json
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from integration_tests.pyairbyte.warehouse import IS_INSTALLED, Row, Syncs, Warehouse

pytestmark = IS_INSTALLED


def only(warehouse: Warehouse, query: str) -> list[Row]:
    (rows,) = warehouse.ask(query)
    return rows


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def working_seconds(start: datetime, end: datetime, calendar: Row) -> float:
    """Those between two moments that lie in a calendar's hours, day by day."""
    zone, hours = ZoneInfo(calendar["time_zone_iana"]), calendar["working_hours_24h"]
    hours = json.loads(hours) if isinstance(hours, str) else hours
    first, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    total = 0.0
    for day in (first + timedelta(days=number) for number in range((last - first).days + 1)):
        of_day = hours.get(day.strftime("%A").lower())
        if of_day:
            opens, closes = (
                datetime.combine(day, time.fromisoformat(of_day[name]), zone) for name in ("start_time", "end_time")
            )
            total += max((min(end, closes) - max(start, opens)).total_seconds(), 0)
    return total


def test_every_ticket_has_a_row_with_its_names(syncs: Syncs, views: Warehouse) -> None:
    rows = {row["id"]: row for row in only(views, "select * from views.ticket_enriched")}
    assert sorted(rows) == sorted(row["id"] for row in syncs.arrived_later["tickets"])
    (wrong,) = only(
        views,
        "select count(*) as tickets from views.ticket_enriched as v join tickets as t using (id) "
        "where v.status_name is distinct from t.status_name "
        "or (t.group_id is not null) <> (v.group_name is not null) "
        "or (t.responder_id is not null) <> (v.agent_name is not null)",
    )
    assert wrong == {"tickets": 0}


def test_durations_in_business_hours_are_those_of_each_tickets_calendar(views: Warehouse) -> None:
    calendars = {row["id"]: row for row in only(views, "select * from business_hours")}
    (standard,) = (row for row in calendars.values() if row["is_default"])
    of_group = {row["id"]: calendars.get(row["business_hour_id"]) for row in only(views, "select * from groups")}
    compared = 0
    for ticket in only(views, "select * from views.ticket_enriched"):
        calendar = of_group.get(ticket["group_id"]) or standard
        for ended, seconds in (
            ("first_responded_at", "first_response_business_seconds"),
            ("solved_at", "resolution_business_seconds"),
        ):
            if ticket[ended] is None:
                assert ticket[seconds] is None
                continue
            expected = working_seconds(moment(ticket["created_at"]), moment(ticket[ended]), calendar)
            assert ticket[seconds] == pytest.approx(expected, abs=2)
            compared += 1
    assert compared > 300


def test_the_backlog_of_a_day_is_what_was_not_solved_by_its_end(views: Warehouse) -> None:
    tickets = only(views, "select * from views.ticket_enriched where not deleted and not spam")
    days = only(views, "select * from views.backlog_daily order by day")
    for row in (days[0], days[len(days) // 2], days[-1]):
        day = date.fromisoformat(row["day"])
        created = [one for one in tickets if moment(one["created_at"]).date() <= day]
        unsolved = [one for one in created if not one["solved_at"] or moment(one["solved_at"]).date() > day]
        assert row["open_tickets"] == len(unsolved)


def test_the_days_of_agents_add_up_to_what_they_did(views: Warehouse) -> None:
    (summed,) = only(
        views,
        "select sum(replies) as replies, sum(solved_tickets) as solved, sum(seconds_entered) as seconds, "
        "sum(ratings) as ratings from views.agent_daily",
    )
    (known,) = only(
        views,
        "select (select count(*) from views.conversation_enriched "
        "where is_current and is_by_agent and not incoming and not private) as replies, "
        "(select count(*) from views.ticket_enriched "
        "where is_solved and agent_id is not null and not deleted and not spam) as solved, "
        "(select sum(time_spent_in_seconds) from time_entries) as seconds, "
        "(select count(*) from satisfaction_ratings where agent_id is not null) as ratings",
    )
    assert summed == known
    assert min(known.values()) > 0


def test_a_ticket_falls_due_once_for_each_target(views: Warehouse) -> None:
    rows = only(views, "select * from views.sla_daily")
    tickets = Counter[str]()
    for row in rows:
        tickets[row["target"]] += row["tickets"]
        assert 0 <= row["in_time"] <= row["tickets"]
    assert set(tickets) == {"first response", "resolution"}


def test_a_rating_has_a_mood_by_either_scale(views: Warehouse) -> None:
    rows = only(views, "select * from views.rating_enriched")
    assert {(row["score"], row["mood"]) for row in rows} == {(103, "happy"), (100, "neutral"), (-103, "unhappy")}
    assert all(row["agent_name"] for row in rows)
