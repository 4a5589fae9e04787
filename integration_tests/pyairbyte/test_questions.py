"""The queries of the examples are answered right."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import pytest

from integration_tests.fake_freshdesk.model.moments import moment
from integration_tests.fake_freshdesk.model.records import CLOSED, RESOLVED
from integration_tests.pyairbyte.warehouse import EXAMPLES, IS_INSTALLED, Row, Syncs

pytestmark = [IS_INSTALLED, pytest.mark.usefixtures("views")]

PRIORITIES = {"Urgent": 4, "High": 3, "Medium": 2, "Low": 1}


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


def test_first_responses_are_judged_by_their_times_and_by_freshdesks_flag(syncs: Syncs) -> None:
    for row in answer(syncs, "first_response"):
        of_priority = [one for one in of_the_last_year(syncs) if one["priority"] == PRIORITIES[row["priority"]]]
        answered = [one for one in of_priority if one["stats"]["first_responded_at"]]
        waits = [seconds_to_first_response(ticket) for ticket in answered]
        late = [ticket for ticket in answered if ticket["fr_escalated"]]
        unanswered = [one for one in of_priority if one["fr_escalated"] and one not in late]
        assert row["answered"] == len(waits)
        assert row["median_hours"] == pytest.approx(median(waits) / 3600, abs=0.051)
        assert row["overdue"] + row["solved_without_answer"] == len(unanswered)
        judged = len(waits) + row["overdue"]
        assert row["percent_in_time"] == pytest.approx(100 * (len(waits) - len(late)) / judged, abs=0.051)
        flagged = len(late) + len(unanswered)
        of_all = len(answered) + len(unanswered)
        assert row["percent_not_flagged"] == pytest.approx(100 * (of_all - flagged) / of_all, abs=0.051)
    assert sum(row["solved_without_answer"] for row in answer(syncs, "first_response")) > 0


def seconds_to_first_response(ticket: Row) -> float:
    created = datetime.fromisoformat(ticket["created_at"]).replace(tzinfo=UTC)
    return (moment(ticket["stats"]["first_responded_at"]) - created).total_seconds()


def test_the_target_of_a_solution_is_that_of_the_policy(syncs: Syncs) -> None:
    (policy,) = (row for row in syncs.listed_later["sla_policies"].values() if row["is_default"])
    rows = answer(syncs, "resolution")
    for row in rows:
        priority = PRIORITIES[row["priority"]]
        assert row["policy_hours"] == policy["sla_target"][f"priority_{priority}"]["resolve_within"] / 3600
        of_priority = [ticket for ticket in of_the_last_year(syncs) if ticket["priority"] == priority]
        solved = [ticket for ticket in of_priority if ticket["status"] in (RESOLVED, CLOSED)]
        late = [ticket for ticket in of_priority if ticket["is_escalated"]]
        assert row["solved"] == len(solved)
        share = 100 - 100 * len(late) / (len(solved) + row["overdue"])
        assert row["percent_in_time"] == pytest.approx(share, abs=0.051)
        assert row["percent_not_flagged"] == pytest.approx(share, abs=0.051)
    assert [row["priority"] for row in rows] == list(PRIORITIES)


def test_the_backlog_is_what_is_not_solved_by_age(syncs: Syncs) -> None:
    unsolved = [row for row in tickets(syncs) if not solved_at(row)]
    rows = answer(syncs, "backlog")
    assert sum(row["tickets"] for row in rows) == len(unsolved) > 0
    assert sum(row["unassigned"] for row in rows) == len([one for one in unsolved if not one["responder_id"]])
    for name, priority in PRIORITIES.items():
        assert sum(row[name.lower()] for row in rows) == len([one for one in unsolved if one["priority"] == priority])
    last = max(row["updated_at"] for row in tickets(syncs))
    assert sum(row["overdue"] for row in rows) == len([one for one in unsolved if one["due_by"] < last])


def test_promises_are_broken_where_tickets_are_late(syncs: Syncs) -> None:
    rows = answer(syncs, "sla_by_group")
    names = {row["id"]: row["name"] for row in syncs.listed_later["groups"].values()}
    assert {row["group_name"] for row in rows} == set(names.values())
    worst = Counter((names[row["group_id"]], row["priority"]) for row in tickets(syncs) if row["is_escalated"])
    for row in rows:
        if row["percent_solved_late"]:
            assert worst[row["group_name"], PRIORITIES[row["priority"]]]


def test_tickets_that_came_back_are_counted(syncs: Syncs) -> None:
    last_month = max(row["updated_at"] for row in tickets(syncs))[:7]
    solved = [row for row in tickets(syncs) if (solved_at(row) or "9")[:7] < last_month]
    rows = answer(syncs, "one_touch")
    assert sum(row["solved"] for row in rows) == len(solved)
    reopened = sum(row["solved"] * row["percent_reopened"] / 100 for row in rows)
    assert reopened == pytest.approx(len([one for one in solved if one["stats"]["reopened_at"]]), abs=0.5)


def test_channels_and_tags_are_right(syncs: Syncs) -> None:
    rows = answer(syncs, "channels")
    assert sum(row["tickets"] for row in rows) == len(tickets(syncs))
    for quarter in {row["quarter"] for row in rows}:
        assert sum(row["percent"] for row in rows if row["quarter"] == quarter) == pytest.approx(100, abs=0.3)
    counted = Counter(tag for row in of_the_last_year(syncs) for tag in row["tags"])
    ranked = sorted(counted.items(), key=lambda entry: (-entry[1], entry[0]))[:12]
    assert [(row["tag"], row["tickets"]) for row in answer(syncs, "tags")] == ranked


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


def test_ratings_of_agents_add_up(syncs: Syncs) -> None:
    last = max(row["updated_at"] for row in syncs.listed_later["tickets"].values())
    start = f"{int(last[:4]) - 1}{last[4:]}"
    recent = [row for row in syncs.listed_later["satisfaction_ratings"].values() if row["created_at"] >= start]
    counted = {agent: count for agent, count in Counter(row["agent_id"] for row in recent).items() if count >= 5}
    assert sorted(row["ratings"] for row in answer(syncs, "satisfaction_by_agent")) == sorted(counted.values())


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


def test_without_the_views_the_report_says_how_to_make_them(syncs: Syncs, tmp_path: Path) -> None:
    empty = tmp_path / "empty.duckdb"
    syncs.warehouse.run("-c", f"import duckdb; duckdb.connect({str(empty)!r}).close()")
    said = syncs.warehouse.run(
        "-c",
        "import subprocess, sys; "
        "run = subprocess.run([sys.executable, '-m', 'examples.report', sys.argv[1]], capture_output=True, text=True); "
        "print(run.returncode, run.stderr)",
        str(empty),
    )
    assert said.startswith("1 This database has no views yet. They come from: FRESHDESK_DUCKDB=")
    assert "Traceback" not in said
