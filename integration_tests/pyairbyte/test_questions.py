"""The queries of the examples are answered right."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import pytest

from integration_tests.fake_freshdesk.model.moments import moment
from integration_tests.fake_freshdesk.model.records import CLOSED, RESOLVED
from integration_tests.pyairbyte.warehouse import EXAMPLES, IS_INSTALLED, Row, Syncs

pytestmark = IS_INSTALLED


def answer(syncs: Syncs, name: str) -> list[Row]:
    """What the warehouse answers to one of them."""
    (rows,) = syncs.warehouse.ask((EXAMPLES / "queries" / f"{name}.sql").read_text())
    return rows


def tickets(syncs: Syncs) -> list[Row]:
    """Neither those in the trash nor those marked as spam."""
    return [row for row in syncs.listed_later["tickets"].values() if not row["deleted"] and not row["spam"]]


def solved_at(ticket: Row) -> str | None:
    at: str | None = ticket["stats"]["resolved_at"] or ticket["stats"]["closed_at"]
    return at


def of_the_last_year(syncs: Syncs) -> list[Row]:
    last = max(row["updated_at"] for row in syncs.listed_later["tickets"].values())
    start = f"{int(last[:4]) - 1}{last[4:]}"
    return [row for row in tickets(syncs) if row["created_at"] >= start]


def test_the_volume_of_tickets_is_right(syncs: Syncs) -> None:
    created = Counter(row["created_at"][:7] for row in tickets(syncs))
    solved = Counter(at[:7] for row in tickets(syncs) if (at := solved_at(row)))
    months = sorted(created)[:-1]
    assert [(row["month"], row["created"], row["solved"]) for row in answer(syncs, "ticket_volume")] == [
        (month, created[month], solved[month]) for month in months
    ]
    unsolved = 0
    for row in answer(syncs, "ticket_volume"):
        unsolved += row["created"] - row["solved"]
        assert row["unsolved_at_its_end"] == unsolved


def test_first_responses_are_judged_as_freshdesk_judges_them(syncs: Syncs) -> None:
    """Freshdesk marks a ticket whose first response was late."""
    names = {"Urgent": 4, "High": 3, "Medium": 2, "Low": 1}
    for row in answer(syncs, "first_response"):
        of_priority = [ticket for ticket in of_the_last_year(syncs) if ticket["priority"] == names[row["priority"]]]
        waits = [seconds_to_first_response(ticket) for ticket in of_priority if ticket["stats"]["first_responded_at"]]
        late = [ticket for ticket in of_priority if ticket["fr_escalated"] and ticket["stats"]["first_responded_at"]]
        assert row["answered"] == len(waits)
        assert row["median_hours"] == pytest.approx(median(waits) / 3600, abs=0.051)
        judged = len(waits) + row["overdue"]
        assert row["percent_in_time"] == pytest.approx(100 * (len(waits) - len(late)) / judged, abs=0.051)


def seconds_to_first_response(ticket: Row) -> float:
    created = datetime.fromisoformat(ticket["created_at"]).replace(tzinfo=UTC)
    return (moment(ticket["stats"]["first_responded_at"]) - created).total_seconds()


def test_the_target_of_a_solution_is_that_of_the_policy(syncs: Syncs) -> None:
    (policy,) = (row for row in syncs.listed_later["sla_policies"].values() if row["is_default"])
    for row, priority in zip(answer(syncs, "resolution"), (4, 3, 2, 1), strict=True):
        promised = policy["sla_target"][f"priority_{priority}"]["resolve_within"]
        assert row["policy_hours"] == row["due_hours"] == promised / 3600
        of_priority = [ticket for ticket in of_the_last_year(syncs) if ticket["priority"] == priority]
        assert row["solved"] == len([ticket for ticket in of_priority if ticket["status"] in (RESOLVED, CLOSED)])


def test_the_busiest_companies_are_right(syncs: Syncs) -> None:
    names = {row["id"]: row["name"] for row in syncs.listed_later["companies"].values()}
    counted = Counter(names[row["company_id"]] for row in of_the_last_year(syncs) if row["company_id"])
    ranked = sorted(counted.items(), key=lambda entry: (-entry[1], entry[0]))[:12]
    assert [(row["company"], row["tickets"]) for row in answer(syncs, "busiest_companies")] == ranked


def test_satisfaction_is_right(syncs: Syncs) -> None:
    marks = [row["ratings"]["default_question"] for row in syncs.listed_later["satisfaction_ratings"].values()]
    rows = answer(syncs, "satisfaction")
    assert sum(row["ratings"] for row in rows) == len(marks)
    happy = sum(row["ratings"] * row["percent_happy"] / 100 for row in rows)
    assert happy == pytest.approx(len([mark for mark in marks if mark == 103]), abs=0.5)
    for row in rows:
        assert row["percent_happy"] + row["percent_neutral"] + row["percent_unhappy"] == pytest.approx(100, abs=0.2)


def test_every_ticket_solved_is_some_agents(syncs: Syncs) -> None:
    assigned = [row for row in of_the_last_year(syncs) if row["responder_id"]]
    rows = answer(syncs, "agent_performance")
    assert sum(row["tickets"] for row in rows) == len(assigned)
    assert sum(row["solved"] for row in rows) == len([row for row in assigned if solved_at(row)])


def test_the_report_has_a_table_and_a_plot_for_each_question(syncs: Syncs, tmp_path: Path) -> None:
    syncs.warehouse.run("-m", "examples.report", str(syncs.warehouse.file), "--folder", str(tmp_path))
    queries = sorted((EXAMPLES / "queries").glob("*.sql"))
    pictures = [*(f"{query.stem}.png" for query in queries), "overview.png"]
    assert {file.name for file in tmp_path.iterdir()} == {"report.md", *pictures}
    assert {file.name for file in (EXAMPLES / "report").iterdir()} == {"report.md", *pictures}
    for picture in pictures:
        assert (tmp_path / picture).read_bytes().startswith(b"\x89PNG")
    text = (tmp_path / "report.md").read_text()
    for query in queries:
        question = query.read_text().splitlines()[0].removeprefix("-- ")
        assert f"\n## {question}\n\n![{question}]({query.stem}.png)\n" in text
