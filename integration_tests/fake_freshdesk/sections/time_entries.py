"""Time entries (https://developers.freshdesk.com/api/#time-entries)."""

from datetime import datetime, timedelta
from itertools import cycle

from integration_tests.fake_freshdesk.endpoints.answers import Answer
from integration_tests.fake_freshdesk.endpoints.endpoint import Endpoint
from integration_tests.fake_freshdesk.endpoints.listing import Keep, Ordered, equal, list_answer
from integration_tests.fake_freshdesk.endpoints.plain import PAGING
from integration_tests.fake_freshdesk.endpoints.request import Request
from integration_tests.fake_freshdesk.model.account import Account
from integration_tests.fake_freshdesk.model.moments import stamp
from integration_tests.fake_freshdesk.model.table import Record

FEATURE = "Timesheets"
LIST_PARAMETERS = PAGING | {"company_id", "agent_id", "executed_after", "executed_before", "billable"}

_SEEDED = 130


def time_entry_list(request: Request) -> Answer:
    """Newest first; the page does not say in which order, nor knows a filter by the time of the last change."""
    table = request.account.table("time_entries")
    ordered = Ordered(table.rows, table.positions("created_at", lambda row: row["created_at"]), descending=True)
    return list_answer(request, ordered.where(*_conditions(request)), dict)


ENDPOINTS = (Endpoint("time_entries", time_entry_list, LIST_PARAMETERS, feature=FEATURE),)


def _conditions(request: Request) -> list[Keep]:
    conditions = equal("company_id", request.number("company_id"))
    conditions += equal("agent_id", request.number("agent_id"))
    billable = request.choice("billable", ("true", "false"))
    if billable is not None:
        conditions += equal("billable", billable == "true")
    after, before = request.moment("executed_after"), request.moment("executed_before")
    if after is not None:
        conditions.append(lambda row: row["executed_at"] > after)
    if before is not None:
        conditions.append(lambda row: row["executed_at"] < before)
    return conditions


def time_entry(ticket: Record, agent_id: int, at: datetime, seconds: int) -> Record:
    """A billable entry for work on a ticket, written down at the end of it."""
    hours, minutes = divmod(seconds // 60, 60)
    return {
        "billable": True,
        "note": "",
        "timer_running": False,
        "agent_id": agent_id,
        "ticket_id": ticket["id"],
        "company_id": ticket["company_id"],
        "time_spent": f"{hours:02}:{minutes:02}",
        "executed_at": stamp(at),
        "start_time": stamp(at - timedelta(seconds=seconds)),
        "created_at": stamp(at),
        "updated_at": stamp(at),
        "time_spent_in_seconds": seconds,
    }


def seed(account: Account) -> None:
    """More than a page; some of no company, without a note, for days to come, or with the timer running."""
    now = account.now()
    tickets, agent_ids = cycle(account.tickets.values()), cycle(account.agents)
    entries = [
        time_entry(next(tickets), next(agent_ids), now - timedelta(hours=hours), 60 * hours + 43)
        for hours in range(_SEEDED, 0, -1)
    ]
    entries[0] |= {"time_spent": "120:05", "time_spent_in_seconds": 432_300, "note": None}
    entries[1] |= {"executed_at": stamp(now + timedelta(days=3)), "note": "Visit is booked"}
    entries[2] |= {"executed_at": "2024-02-29T00:00:00Z", "billable": False}
    entries[3] |= {"company_id": None, "updated_at": stamp(now)}
    entries[-1] |= {"timer_running": True, "time_spent": "00:00", "time_spent_in_seconds": 0}
    for entry in entries:
        account.add("time_entries", **entry)
