"""Surveys and satisfaction ratings (https://developers.freshdesk.com/api/#surveys)."""

from datetime import timedelta
from itertools import cycle
from typing import Any

from integration_tests.fake_freshdesk.endpoints.answers import Answer
from integration_tests.fake_freshdesk.endpoints.endpoint import Endpoint
from integration_tests.fake_freshdesk.endpoints.listing import Keep, Ordered, equal, list_answer
from integration_tests.fake_freshdesk.endpoints.plain import PAGING, by_id
from integration_tests.fake_freshdesk.endpoints.request import Request
from integration_tests.fake_freshdesk.model.account import Account
from integration_tests.fake_freshdesk.model.moments import stamp
from integration_tests.fake_freshdesk.model.table import Record

FEATURE = "Surveys"

EXTREMELY_HAPPY, NEUTRAL, EXTREMELY_UNHAPPY = 103, 100, -103
HAPPY_OF_CLASSIC_SURVEY = 1

_SEEDED = 110


def survey_list(request: Request) -> Answer:
    """https://developers.freshdesk.com/api/#view_all_surveys"""
    table = request.account.table("surveys")
    conditions = [] if request.choice("state", ("active",)) is None else equal("active", True)
    return list_answer(request, Ordered(table.rows, table.positions("id", by_id)).where(*conditions), dict)


def rating_list(request: Request) -> Answer:
    """Newest first; the page does not say in which order. It knows a filter by creation only, not by change."""
    table = request.account.table("satisfaction_ratings")
    conditions: list[Keep] = equal("user_id", request.number("user_id"))
    since = request.moment("created_since")
    if since is not None:
        conditions.append(lambda row: row["created_at"] >= since)
    ordered = Ordered(table.rows, table.positions("created_at", lambda row: row["created_at"]), descending=True)
    return list_answer(request, ordered.where(*conditions), dict)


ENDPOINTS = (
    Endpoint("surveys", survey_list, PAGING | {"state"}, feature=FEATURE),
    Endpoint("surveys/satisfaction_ratings", rating_list, PAGING | {"created_since", "user_id"}, feature=FEATURE),
)


def question(id_: str, label: str, **more: Any) -> Record:
    answers = [EXTREMELY_HAPPY, NEUTRAL, EXTREMELY_UNHAPPY]
    return {"id": id_, "label": label, "accepted_ratings": answers} | more


def rating(survey: Record, ticket: Record, at: str, *marks: int) -> Record:
    """What the requester of a ticket answered to the questions of a survey, in their order."""
    question_ids = [question["id"] for question in survey["questions"]]
    return {
        "survey_id": survey["id"],
        "user_id": ticket["requester_id"],
        "agent_id": ticket["responder_id"],
        "feedback": None,
        "group_id": ticket["group_id"],
        "ticket_id": ticket["id"],
        "created_at": at,
        "updated_at": at,
        "ratings": dict(zip(question_ids, marks, strict=False)),
    }


def seed(account: Account) -> None:
    """An old and a new survey, and more than a page of ratings; some for nobody, in words, or on the classic scale."""
    now = account.now()
    times = {"created_at": now - timedelta(days=900), "updated_at": now - timedelta(days=300)}
    default = question("default_question", "How satisfied are you with our answer?", default=True)
    old = account.add("surveys", title="Default Survey", active=False, **times, questions=[default])
    number = account.new_id("surveys")
    questions = [default, question(f"question_{number}", "Was the agent friendly?")]
    new = account.add("surveys", title="After closing", active=True, **times, questions=questions)
    tickets = cycle(account.tickets.values())
    ratings = [
        rating(new, next(tickets), stamp(now - timedelta(hours=hours)), EXTREMELY_HAPPY, NEUTRAL)
        for hours in range(_SEEDED, 0, -1)
    ]
    ratings[0] |= {"survey_id": old["id"], "ratings": {"default_question": HAPPY_OF_CLASSIC_SURVEY}}
    ratings[1] |= {"agent_id": None, "group_id": None, "feedback": "", "ratings": {"default_question": -103}}
    ratings[2] |= {"created_at": "2024-02-29T10:00:00Z", "updated_at": stamp(now), "feedback": "Still broken. 😞"}
    for row in ratings:
        account.add("satisfaction_ratings", **row)
