"""What comes of answering tickets: agents write down their time, and customers say how satisfied they are."""

import random
from datetime import datetime, timedelta

from integration_tests.believable import wording
from integration_tests.fake_freshdesk.model.account import Account
from integration_tests.fake_freshdesk.model.moments import moment, stamp
from integration_tests.fake_freshdesk.model.table import Record
from integration_tests.fake_freshdesk.sections.surveys import EXTREMELY_HAPPY, EXTREMELY_UNHAPPY, NEUTRAL, rating
from integration_tests.fake_freshdesk.sections.time_entries import time_entry

Ids = tuple[int, ...]

_SHARE_OF_ANSWERS_TIMED = 0.25
_SHARE_OF_SOLVED_RATED = 0.3
_CHANCE_OF_LATE_ENTRY = 0.1
_CHANCE_OF_WORDS = 0.4
_SURVEYS_ARE_OPEN = timedelta(days=30)
_MARKS = (EXTREMELY_HAPPY, NEUTRAL, EXTREMELY_UNHAPPY)
_WEIGHT_OF_MARK = (7, 2, 1)


def write_down_time(account: Account, rng: random.Random, since: str = "") -> Ids:
    """For some of the answers given after `since`, but at least one: the time spent, now and then for an earlier
    day."""
    answers = [
        row
        for row in account.conversations.values()
        if row["created_at"] > since and not row["incoming"] and row["user_id"] in account.agents
    ]
    return tuple(_write_down(account, rng, answer)["id"] for answer in _some(rng, answers, _SHARE_OF_ANSWERS_TIMED))


def rate_tickets(account: Account, rng: random.Random, since: datetime | None = None) -> Ids:
    """For some of the tickets that are solved and not rated yet, but at least one: a rating by their requester, given
    after `since`. Nobody rates what was solved long before that."""
    survey = next(row for row in account.table("surveys").rows.values() if row["active"])
    rated = {row["ticket_id"] for row in account.table("satisfaction_ratings").rows.values()}
    solved_since = "" if since is None else stamp(since - _SURVEYS_ARE_OPEN)
    solved = [
        row
        for row in account.tickets.values()
        if (row["stats"]["resolved_at"] or "") > solved_since
        and row["responder_id"]
        and not row["deleted"]
        and row["id"] not in rated
    ]
    chosen = _some(rng, solved, _SHARE_OF_SOLVED_RATED)
    return tuple(_rate(account, rng, survey, ticket, since)["id"] for ticket in chosen)


def _some(rng: random.Random, rows: list[Record], share: float) -> list[Record]:
    return [row for row in rows if rng.random() < share] or rows[:1]


def _write_down(account: Account, rng: random.Random, answer: Record) -> Record:
    seconds = rng.randint(60, 5400)
    entry = time_entry(account.tickets[answer["ticket_id"]], answer["user_id"], moment(answer["created_at"]), seconds)
    entry |= {"billable": rng.random() < 0.8, "note": rng.choice((*wording.NOTES, "", None))}
    if rng.random() < _CHANCE_OF_LATE_ENTRY:
        entry["executed_at"] = stamp(moment(entry["created_at"]) - timedelta(days=rng.randint(1, 20)))
    return account.add("time_entries", **entry)


def _rate(account: Account, rng: random.Random, survey: Record, ticket: Record, since: datetime | None) -> Record:
    solved = moment(ticket["stats"]["resolved_at"])
    at = max(solved, since or solved) + timedelta(hours=rng.expovariate(0.1), seconds=1)
    marks = rng.choices(_MARKS, _WEIGHT_OF_MARK, k=rng.randint(1, len(survey["questions"])))
    row = rating(survey, ticket, stamp(min(at, account.now())), *marks)
    row["feedback"] = rng.choice(wording.CUSTOMER_REPLIES) if rng.random() < _CHANCE_OF_WORDS else None
    return account.add("satisfaction_ratings", **row)
