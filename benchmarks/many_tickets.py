"""Lists of many tickets, and of their conversations, made of one text with other numbers and times in it."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from integration_tests.fake_freshdesk import Account
from integration_tests.fake_freshdesk.model.moments import moment, stamp
from integration_tests.fake_freshdesk.sections.tickets import LAST_PAGE

_DAYS = 700
_ID, _TIME = 777_000_777, "2001-02-03T04:05:06Z"
"""What stands in the texts where a number or a time goes."""
_CONVERSATIONS = re.compile(r"/api/v2/tickets/(\d+)/conversations")


@dataclass(frozen=True)
class Page:
    """The body of a page, and whether another one follows."""

    body: bytes
    has_next: bool


class ManyTickets:
    """So many tickets of about two years, all shown; with so many conversations each."""

    def __init__(self, count: int, text_bytes: int, conversations: int, now: datetime) -> None:
        self._count = count
        self._conversations = conversations
        self._first = now - timedelta(days=_DAYS)
        self._seconds_apart = max(_DAYS * 86_400 // count, 1)
        account = Account(now=now)
        account.add_contact()
        fields: dict[str, Any] = {"id": _ID, "created_at": _TIME, "updated_at": _TIME}
        ticket = dict(account.add_ticket(**fields))
        half = "All work and no play. " * (1 + text_bytes // 44)
        ticket |= {"description": f"<div>{half}</div>"[: text_bytes // 2], "description_text": half[: text_bytes // 2]}
        conversation = dict(account.add_conversation(_ID, id=_ID, created_at=_TIME))
        requester = {"id": ticket["requester_id"], "name": "Some One", "email": "some.one@example.com"}
        self._ticket = _parts(ticket | {"requester": requester})
        left_out = ("description", "description_text", "stats")
        self._plain_ticket = _parts({name: value for name, value in ticket.items() if name not in left_out})
        self._conversation = _parts(conversation | {"updated_at": _TIME})

    def page(self, path: str, params: Mapping[str, str]) -> Page | None:
        """The page that is asked for; None if it is not for tickets that are shown."""
        size, number = int(params.get("per_page", "30")), int(params.get("page", "1"))
        if path == "/api/v2/tickets":
            if number > LAST_PAGE:
                return None
            if "filter" in params:
                return Page(b"[]", has_next=False)
            return self._tickets(params, (number - 1) * size, size)
        found = _CONVERSATIONS.fullmatch(path)
        if found is None:
            return None
        ids = [int(found[1]) * 1000 + place for place in range(self._conversations)]
        at = self._time(int(found[1]) - 1)
        return Page(
            b"[" + b",".join(_filled(self._conversation, one, at, int(found[1])) for one in ids) + b"]", has_next=False
        )

    def _time(self, place: int) -> bytes:
        return stamp(self._first + timedelta(seconds=place * self._seconds_apart)).encode()

    def _tickets(self, params: Mapping[str, str], begin: int, size: int) -> Page:
        first = 0
        if "updated_since" in params:
            since = moment(stamp(datetime.fromisoformat(params["updated_since"]).astimezone(UTC)))
            first = max(0, -((self._first - since) // timedelta(seconds=self._seconds_apart)))
        left = self._count - first
        places = range(begin, min(begin + size, left))
        if params.get("order_type", "desc") == "asc":
            chosen = [first + place for place in places]
        else:
            chosen = [self._count - 1 - place for place in places]
        parts = self._ticket if "include" in params else self._plain_ticket
        rows = b",".join(_filled(parts, place + 1, self._time(place), place + 1) for place in chosen)
        return Page(b"[" + rows + b"]", has_next=left > begin + size)


def _parts(row: Mapping[str, Any]) -> list[bytes]:
    """The text of a row, cut where its numbers and times go."""
    text = json.dumps(row, separators=(",", ":")).replace(f'"id":{_ID}', '"id":\0i', 1)
    text = text.replace(f'"ticket_id":{_ID}', '"ticket_id":\0t').replace(_TIME, "\0u")
    return [part.encode() for part in text.split("\0")]


def _filled(parts: list[bytes], number: int, at: bytes, ticket: int) -> bytes:
    """A row: its own number, its time, and the number of its ticket."""
    values = {b"i": str(number).encode(), b"t": str(ticket).encode(), b"u": at}
    return parts[0] + b"".join(values[part[:1]] + part[1:] for part in parts[1:])
