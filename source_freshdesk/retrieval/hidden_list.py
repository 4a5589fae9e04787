"""The tickets in the trash, or those marked as spam, and what changed among them since the state."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

from source_freshdesk import instants
from source_freshdesk.api.errors import ResourceUnavailable
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.api.paginator import PAGE_SIZE
from source_freshdesk.api.response import Row
from source_freshdesk.records.versions import changed_at
from source_freshdesk.retrieval.access import StreamAccess
from source_freshdesk.retrieval.page import Page
from source_freshdesk.retrieval.pages_ahead import PagesAhead
from source_freshdesk.retrieval.ticket_retriever import TicketRetriever
from source_freshdesk.retrieval.ticket_source import TicketSource
from source_freshdesk.retrieval.ticket_walk import LAST_PAGE, PageRequest
from source_freshdesk.state.members import Members
from source_freshdesk.state.updated_at_cursor import UpdatedAtCursor

MAX_MEMBERS = 15_000
"""Of a longer list the tickets that changed last are remembered: 80 KB of the state."""
UNCONFIRMED = "unconfirmed"
"""In place of the version of a ticket that may have been emitted, or not."""
MEMBERS_READ_AT_ONCE = 1000
"""A list of so many is read completely as soon as its length is not the one expected; a longer one once a day."""


class HiddenList:
    """One of the filters whose tickets the default list leaves out, and which of them were seen.

    Whether `updated_at` changes when a ticket enters such a list or leaves it is not documented. So the state holds
    which tickets it shows::

        {"since": "1970-01-01T00:00:00Z", "tickets": "eJw…", "checked_on": "2026-11-23"}

    The list is ordered by `updated_at`. Its last page shows what has entered with a new time, and by its position how
    long the list is. If that is not as expected, or a day has passed, the list is read completely and compared.

    source: the list, its rows complete. bare_source: the same list without what is embedded in rows.
    start: the earliest `updated_at` of which tickets are wanted, in epoch seconds.
    """

    def __init__(
        self, api: FreshdeskApi, source: TicketSource, bare_source: TicketSource, access: StreamAccess, start: int
    ) -> None:
        self.members = Members()
        self.left: set[int] = set()
        """Tickets that the list showed and shows no more. They stay among the members until they are settled."""
        self._api = api
        self._source = source
        self._bare_source = bare_source
        self._access = access
        self._start = self._since = start
        self._checked_on = ""
        self._is_new = True
        self.is_current = False
        """Whether the list was read in this sync, or refused."""
        self._announced: dict[int, int | None] = {}
        self._ahead = self._pages_ahead()

    def load(self, state: Mapping[str, Any], *, is_start_earlier: bool) -> None:
        """Continue from a state that `state` gave; an empty one means the start.

        is_start_earlier: than in the sync before, so that tickets are wanted that it did not ask for.
        Raises ``TypeError``, ``KeyError`` or ``ValueError`` if the state cannot be read.
        """
        self._is_new = not state
        self.members = Members.from_text(state["tickets"]) if state else Members()
        is_continued = bool(state) and not is_start_earlier
        self._since = instants.parse(state["since"]) if is_continued else self._start
        self._checked_on = state.get("checked_on", "") if is_continued else ""

    @property
    def is_known(self) -> bool:
        """Whether the list was read, or the state holds some of it."""
        return not self._is_new or len(self.members) > 0

    def state(self) -> dict[str, Any]:
        """The state to save, a new object each time."""
        state = {"since": instants.to_api(self._since), "tickets": self.members.to_text()}
        return state | {"checked_on": self._checked_on} if self._checked_on else state

    def shows(self, number: int) -> bool:
        """Whether the ticket is in the list."""
        return number in self.members and number not in self.left

    def settle(self, number: int) -> None:
        """The ticket is not in the list any more, and whoever has to know knows it."""
        self.members.discard(number)
        self.left.discard(number)

    def prefetch(self) -> None:
        """Have the page fetched by another thread that is needed first, since the list is read soon."""
        if not self.is_current:
            self._ahead = self._pages_ahead()
            self._ahead.start([{"page": 1 if self._is_new else self._expected_end}], pages=1)

    def read(self) -> Iterator[list[Row]]:
        """The tickets that are new in the list or changed in it, in parts. Until `confirm` is called the state has them
        without their versions: a process that is killed may have emitted them, so the next sync misses those that left
        and gives those that stayed. Raises `ResourceUnavailable` if the list is refused to this key.
        """
        versions = self._versions()
        self.is_current = True
        if versions is None:
            yield from self._read_first()
            return
        unknown = {number: at for number, at in versions.items() if not self.members.knows(number, at)}
        self._put({number: at for number, at in unknown.items() if not self._is_wanted(at)})
        new = {number: at for number, at in unknown.items() if self._is_wanted(at)}
        for rows in self._fetched(new, versions) if new else ():
            self._announce({row["id"]: changed_at(row) for row in rows})
            yield rows

    def confirm(self) -> None:
        """The part that was given last was emitted."""
        self._put(self._announced)
        self._announced = {}

    def refresh(self) -> None:
        """Take all tickets that the list shows now for seen. Raises `ResourceUnavailable` if the list is refused."""
        versions = self._versions()
        self._put(self._whole() if versions is None else versions)
        self.is_current = True
        for number in list(self.left):
            self.settle(number)

    def _read_first(self) -> Iterator[list[Row]]:
        """All tickets of the list."""
        versions: dict[int, int | None] = {}
        for rows in self._pages(self._source):
            of_page = {row["id"]: changed_at(row) for row in rows}
            versions.update(of_page)
            self._put({number: at for number, at in of_page.items() if not self._is_wanted(at)})
            rows[:] = [row for row in rows if self._is_wanted(changed_at(row))]
            self._announce({row["id"]: changed_at(row) for row in rows})
            yield rows
        self._taken(versions)

    def _fetched(self, new: Mapping[int, int | None], versions: Mapping[int, int | None]) -> Iterator[list[Row]]:
        """The new ones of these tickets: from the pages that they are on, or singly if these are many and cost more."""
        first = min(at or self._since for at in new.values())
        pages = math.ceil(sum((at or self._since) >= first for at in versions.values()) / PAGE_SIZE)
        if pages > 1 and pages * self._source.call.credits > len(new) * self._source.call_for_ticket.credits:
            found = self._api.prefetcher.map(self._source.ticket, new)
            yield [row for row in found if row is not None]
            return
        for rows in self._pages(self._source, first):
            # Others may have entered in between. They may leave before the next sync, which would not miss them then.
            yield [row for row in rows if row["id"] in new or not self._is_known(row)]

    def _versions(self) -> dict[int, int | None] | None:
        """The versions of the tickets that the list shows; of its end only, if that is enough to know what is new. None
        if there is no state, and more than a page.
        """
        if self._is_new:
            page = self._page(1)
            return None if page.next is not None else self._taken({row["id"]: changed_at(row) for row in page.rows})
        is_due = self._checked_on != self._today
        tail = None if is_due and len(self.members) > PAGE_SIZE else self._tail()
        return self._whole() if tail is None else tail

    def _tail(self) -> dict[int, int | None] | None:
        """The versions on the pages from the one on which the list should end, and on those before it whose tickets are
        all new. None if others have entered or left, and the list is short enough to be read completely.
        """
        first = last = self._expected_end
        page = newest = self._page(first)
        rows = list(page.rows)
        while first > 1 and not (page.rows and self._is_known(page.rows[0])):
            first -= 1
            page = self._page(first)
            rows = [*page.rows, *rows]
        while newest.next is not None and last < LAST_PAGE:
            last += 1
            newest = self._page(last)
            rows += newest.rows
        versions = {row["id"]: changed_at(row) for row in rows}
        if first == 1:
            return self._taken(versions)
        entered = len(versions.keys() - self.members.ids)
        is_as_expected = (first - 1) * PAGE_SIZE + len(versions) == len(self.members) + entered
        return versions if is_as_expected or len(self.members) > MEMBERS_READ_AT_ONCE else None

    def _whole(self) -> dict[int, int | None]:
        rows = (row for page in self._pages(self._bare_source) for row in page)
        return self._taken({row["id"]: changed_at(row) for row in rows})

    def _taken(self, versions: dict[int, int | None]) -> dict[int, int | None]:
        """These versions. The list shows these tickets and no others."""
        self._is_new = False
        self._checked_on = self._today
        if len(versions) > MAX_MEMBERS:
            self._since = sorted((at or 0 for at in versions.values()), reverse=True)[MAX_MEMBERS] + 1
            for number in [one for one, at in versions.items() if not self._is_remembered(at)]:
                self.members.discard(number)
        self.left = self.members.ids - versions.keys()
        return versions

    def _pages(self, source: TicketSource, since: int | None = None) -> Iterator[list[Row]]:
        cursor = UpdatedAtCursor(self._since if since is None else since)
        retriever = TicketRetriever(self._api, source, self._access, cursor)
        for page in retriever.pages():
            yield page.rows
        if retriever.unavailable is not None:
            self.is_current = True
            raise retriever.unavailable

    def _pages_ahead(self) -> PagesAhead:
        def fetch(query: Mapping[str, int]) -> Page:
            return self._bare_source.page(PageRequest(self._since, query["page"]))

        return PagesAhead(self._api, fetch, self._bare_source.logger, "tickets")

    @property
    def _expected_end(self) -> int:
        return max(math.ceil(len(self.members) / PAGE_SIZE), 1)

    def _page(self, number: int) -> Page:
        page = self._access.confirm(lambda: self._ahead.page({"page": number}))
        if isinstance(page, ResourceUnavailable):
            self.is_current = True
            raise page
        return page

    def _put(self, versions: Mapping[int, int | None]) -> None:
        for number, at in versions.items():
            if self._is_remembered(at):
                self.members.put(number, at)

    def _announce(self, versions: dict[int, int | None]) -> None:
        self._announced = versions
        for number in [one for one, at in versions.items() if self._is_remembered(at)]:
            self.members.put(number, UNCONFIRMED)

    def _is_known(self, row: Row) -> bool:
        return self.members.knows(row["id"], changed_at(row))

    def _is_wanted(self, at: int | None) -> bool:
        return at is None or at >= self._start

    def _is_remembered(self, at: int | None) -> bool:
        return at is None or at >= self._since

    @property
    def _today(self) -> str:
        return instants.to_api(int(self._api.clock.now()))[:10]
