"""Filtering by a query: https://developers.freshdesk.com/api/#filter_tickets

Of the language only what compares a day with `created_at` or `updated_at` is understood, joined by AND; the rest is
refused, as what it would be if it were wrong.
"""

import re
from collections.abc import Callable

from integration_tests.fake_freshdesk.endpoints import answers
from integration_tests.fake_freshdesk.endpoints.answers import Answer, json_answer
from integration_tests.fake_freshdesk.endpoints.endpoint import Endpoint
from integration_tests.fake_freshdesk.endpoints.listing import Keep
from integration_tests.fake_freshdesk.endpoints.request import Request
from integration_tests.fake_freshdesk.model.table import Record

ROWS_ON_A_PAGE, MOST_PAGES = 30, 10
LONGEST_QUERY = 512

_CLAUSE = re.compile(r"(created_at|updated_at):(>|<)?'(\d{4}-\d{2}-\d{2})'")


def _found(of: str, is_searched: Keep) -> Callable[[Request], Answer]:
    def answer(request: Request) -> Answer:
        conditions = _conditions(request.params.get("query", ""))
        page = request.params.get("page", "1")
        if not page.isdecimal() or not 1 <= int(page) <= MOST_PAGES:
            raise answers.invalid_value("page", f"It should be a Positive Integer less than or equal to {MOST_PAGES}")
        rows = [
            row
            for row in request.account.table(of).rows.values()
            if is_searched(row) and all(keep(row) for keep in conditions)
        ]
        start = (int(page) - 1) * ROWS_ON_A_PAGE
        return json_answer(200, {"total": len(rows), "results": rows[start : start + ROWS_ON_A_PAGE]})

    return answer


def _conditions(query: str) -> list[Keep]:
    if len(query) > LONGEST_QUERY or len(query) < 2 or query[0] != '"' or query[-1] != '"':
        raise answers.invalid_value("query", "The query is not in double quotes, or too long")
    return [_condition(clause) for clause in query[1:-1].split(" AND ")]


def _condition(clause: str) -> Keep:
    """Both comparisons take in the day itself."""
    found = _CLAUSE.fullmatch(clause.strip())
    if found is None:
        raise answers.invalid_value("query", "Invalid query")
    field, comparison, day = found.groups()

    def keep(row: Record) -> bool:
        of_row: str = row[field][:10]
        return {">": of_row >= day, "<": of_row <= day, None: of_row == day}[comparison]

    return keep


def _is_ticket_searched(row: Record) -> bool:
    return not (row["deleted"] or row["spam"])


def _is_contact_searched(row: Record) -> bool:
    return not row["deleted"]


PARAMETERS = frozenset({"query", "page"})
ENDPOINTS = (
    Endpoint("search/tickets", _found("tickets", _is_ticket_searched), PARAMETERS),
    Endpoint("search/contacts", _found("contacts", _is_contact_searched), PARAMETERS),
)
