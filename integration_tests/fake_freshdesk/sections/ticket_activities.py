"""What happened to tickets, in a file for each day. The API only tells where the file of a day is kept.

https://support.freshdesk.com/en/support/solutions/articles/226460-exporting-ticket-activities-of-your-helpdesk
"""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from threading import Lock
from typing import Any
from urllib.parse import urlencode

from integration_tests.fake_freshdesk.endpoints.answers import (
    Answer,
    Refusal,
    invalid_value,
    json_answer,
    not_found,
    validation_failed,
)
from integration_tests.fake_freshdesk.endpoints.endpoint import Endpoint
from integration_tests.fake_freshdesk.endpoints.listing import without
from integration_tests.fake_freshdesk.endpoints.request import Request
from integration_tests.fake_freshdesk.model.account import Account
from integration_tests.fake_freshdesk.model.table import Record

TICKET_ACTIVITIES_EXPORT = "Ticket Activities Export"

EXPORT = "export/ticket_activities"
"""The path, and the name of the account's settings for it: `account.objects[EXPORT]`, with any of the keys

shape: "one" or "list", the two forms of the answer.
uses: how often each URL may be used; None, or nothing, is as often as wanted.
late: days, such as "2026-05-30", whose file is not ready although it should be.
"""

FILE_STARTS = timedelta(hours=10)
"""A day's file has what happened from this time of the day until this time of the next."""
FILES_ARE_KEPT = timedelta(days=30)

FILES = "/ticket_activities/"
"""Where the files are, on a host of their own."""
_PERFORMED_AT = "%d-%m-%Y %H:%M:%S +0000"
_row = without("id", "file_day")


# The API


def _export(request: Request) -> Answer:
    """Where the file of a day is; 404 while, or when, there is none."""
    day = _day(request.params.get("created_at"))
    if not _has_file(request.account, day):
        raise Refusal(not_found())
    url = f"{request.download_url}{_path(day)}?{urlencode(_signed(_path(day), str(request.turn)))}"
    if _settings(request.account).get("shape", "one") == "one":
        return json_answer(200, {"export": {"url": url}})
    return json_answer(200, {"export": [{"created_at": f"{day.day}-{day.month}-{day.year}", "url": url}]})


def _day(text: str | None) -> date:
    if text is None:
        raise validation_failed([("created_at", "Mandatory attribute missing", "missing_field")])
    refusal = invalid_value("created_at", "It should be in the 'YYYY-MM-DD' format")
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise refusal from error
    if day.isoformat() != text:
        raise refusal
    return day


def _has_file(account: Account, day: date) -> bool:
    starts = datetime(day.year, day.month, day.day, tzinfo=UTC) + FILE_STARTS
    ready = starts + timedelta(days=1) <= account.now() < starts + FILES_ARE_KEPT
    return ready and day.isoformat() not in _settings(account).get("late", ())


def _settings(account: Account) -> Mapping[str, Any]:
    return account.objects.get(EXPORT, {})


ENDPOINTS = (Endpoint(EXPORT, _export, frozenset({"created_at"}), admin=True, feature=TICKET_ACTIVITIES_EXPORT),)


# The store of files


class FileStore:
    """Hands out files to those who have a signed URL, and wants no other proof: a key shown to it is an error."""

    def __init__(self) -> None:
        self._uses: Counter[str] = Counter()
        self._lock = Lock()

    def answer(self, request: Request, method: str, authorization: str | None) -> Answer:
        if authorization is not None:
            return _xml(400, "InvalidArgument", "Only one auth mechanism allowed")
        if method != "GET" or not _is_signed(request):
            return _xml(403, "SignatureDoesNotMatch", "The signature we calculated does not match yours")
        if self._is_used_up(request):
            return _xml(403, "AccessDenied", "Request has expired")
        day = date.fromisoformat(request.path.removeprefix(FILES).removesuffix(".json"))
        body = json.dumps(_file(request.account, day), ensure_ascii=False).encode()
        return Answer(200, body, content_type="binary/octet-stream", rate_headers=False)

    def _is_used_up(self, request: Request) -> bool:
        signature = request.params["X-Signature"]
        with self._lock:
            self._uses[signature] += 1
            allowed = _settings(request.account).get("uses")
            return allowed is not None and self._uses[signature] > allowed


def _file(account: Account, day: date) -> Record:
    rows = account.table("ticket_activities").group("file_day", day.isoformat())
    return {"metadata": {"date": f"{day:%d-%m-%Y}"}, "activities_data": [_row(row) for row in rows]}


def _path(day: date) -> str:
    return f"{FILES}{day}.json"


def _signed(path: str, issue: str) -> dict[str, str]:
    """The query that opens a path; every issue has its own."""
    return {"X-Issue": issue, "X-Signature": hashlib.sha256(f"{path} {issue}".encode()).hexdigest()}


def _is_signed(request: Request) -> bool:
    return dict(request.params) == _signed(request.path, request.params.get("X-Issue", ""))


def _xml(status: int, code: str, message: str) -> Answer:
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>{message}</Message></Error>'
    return Answer(status, text.encode(), content_type="application/xml", rate_headers=False)


# Changes


def file_day(performed_at: datetime) -> str:
    """The day whose file has what happened at this moment."""
    return (performed_at.astimezone(UTC) - FILE_STARTS).date().isoformat()


def add_activity(
    account: Account, performed_at: datetime, ticket_id: int, activity: Mapping[str, Any], **fields: Any
) -> Record:
    """Something an agent did to a ticket. The API does not show the row's `id` and `file_day`."""
    row = {
        "file_day": file_day(performed_at),
        "performed_at": performed_at.astimezone(UTC).strftime(_PERFORMED_AT),
        "ticket_id": ticket_id,
        "performer_type": "user",
        "performer_id": account.key_owner()["id"],
        "activity": activity,
    }
    return account.add("ticket_activities", **row | fields)


def latest_file_day(account: Account) -> date:
    """The latest day whose file is ready."""
    return (account.now().astimezone(UTC) - FILE_STARTS).date() - timedelta(days=1)


# Some days


def seed(account: Account) -> None:
    """Four days, the third of which is empty, with what people and rules did, and two rows that are the same."""
    last = latest_file_day(account)
    for ago in (3, 2, 0):
        starts = datetime(last.year, last.month, last.day, tzinfo=UTC) - timedelta(days=ago) + FILE_STARTS
        _seed_day(account, starts)


def _seed_day(account: Account, starts: datetime) -> None:
    add_activity(account, starts, 1, {"new_ticket": True, "status": "Open", "priority": "Low", "source": "Portal"})
    rule = {"automation": {"type": 1, "rule": "Sort by product ☕"}, "group": "Billing", "add_tag": ["vip", "hot"]}
    add_activity(account, starts + timedelta(seconds=1), 1, rule, performer_type="system", performer_id=None)
    note = {"note": {"id": account.new_id("notes"), "type": 4}}
    for _ in range(2):
        add_activity(account, starts + timedelta(hours=5), 1, note)
    add_activity(account, starts + timedelta(hours=13, minutes=59), 2, {"status": "Resolved", "agent_id": None})
    add_activity(account, starts + timedelta(hours=14), 2, {"Custom: region": None, "ticket_type": "Problem"})
    for number in range(40):
        performed_at = starts + timedelta(hours=14, minutes=number)
        add_activity(account, performed_at, 3 + number, {"status": "Closed", "thank_you_note": number % 2 == 0})
    last_second = starts + timedelta(days=1, seconds=-1)
    add_activity(account, last_second, 2, {"deleted": True}, performer_type="user", performer_id=-1)
