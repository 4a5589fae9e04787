"""An account with archived tickets."""

from collections.abc import Iterable
from typing import Any

import requests_mock

from source_freshdesk import instants
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.streams.archived_tickets import (
    ArchivedTicketConversations,
    ArchivedTickets,
)
from source_freshdesk.streams.tickets import Tickets
from unit_tests.support import API, NOW, ago, answer, refusal

TICKETS, ME = f"{API}tickets", f"{API}agents/me"
A_DAY = 86_400
LONG_AGO = 200 * A_DAY


def day(after: int = 0) -> str:
    """The day on which the tests begin, or one after it."""
    return instants.to_api(NOW + after * A_DAY)[:10]


class Desk:
    """Tickets by their numbers: in the default list, in the trash, among spam, archived. All others are not there."""

    def __init__(
        self,
        server: requests_mock.Mocker,
        *,
        listed: Iterable[int] = (),
        deleted: Iterable[int] = (),
        spam: Iterable[int] = (),
        archived: Iterable[int] = (),
        age: int = 500,
    ) -> None:
        self.api = server
        self.begins = len(server.request_history)
        server.get(requests_mock.ANY, [refusal(404)])
        server.get(ME, [answer({"id": 7})])
        for query, numbers in (("", listed), ("?filter=deleted", deleted), ("?filter=spam", spam)):
            rows = [{"id": number, "updated_at": ago(100), "created_at": ago(age)} for number in numbers]
            server.get(f"{TICKETS}{query}", [answer(rows)])
        for number in archived:
            server.get(f"{TICKETS}/archived/{number}", [answer(self.archived(number))])

    def archived(self, number: int) -> dict[str, Any]:
        return {"id": number, "updated_at": ago(LONG_AGO - number), "archived": True}

    def asked(self) -> list[int]:
        """The numbers that were asked for, in their order."""
        paths = [request.path for request in self.api.request_history[self.begins :] if "/archived/" in request.path]
        return sorted(int(path.removeprefix("/api/v2/tickets/archived/").split("/")[0]) for path in paths)


def archived_tickets(
    api: FreshdeskApi, state: dict[str, Any] | None = None, *, enabled: bool = True
) -> ArchivedTickets:
    stream = ArchivedTickets(api, Tickets(api), enabled=enabled)
    if state is not None:
        stream.state = state
    return stream


def both(api: FreshdeskApi) -> tuple[ArchivedTickets, ArchivedTicketConversations]:
    """The two streams of an archive, as they share what they find."""
    tickets = Tickets(api)
    archived = ArchivedTickets(api, tickets, enabled=True)
    return archived, ArchivedTicketConversations(api, tickets, archived, enabled=True)
