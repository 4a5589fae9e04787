"""The tickets that the default list leaves out: those in the trash, and those marked as spam."""

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

import requests

from source_freshdesk.api.errors import ResourceUnavailable
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.api.response import Row
from source_freshdesk.records.keys import some_of
from source_freshdesk.retrieval.access import StreamAccess
from source_freshdesk.retrieval.hidden_list import HiddenList
from source_freshdesk.retrieval.ticket_source import TicketSource

FILTERS = ("deleted", "spam")
"""The filters that show them, named like the fields that say so: https://developers.freshdesk.com/api/#list_all_tickets"""


class HiddenTickets:
    """Both lists, and what became of the tickets that left them.

    source: gives the source of a list by its filter, None for the default one, with its rows complete or not.
    access: of the list of tickets. logger: of the stream. start: the earliest `updated_at` that is wanted.
    """

    def __init__(
        self,
        api: FreshdeskApi,
        source: Callable[[str | None, bool], TicketSource],
        access: StreamAccess,
        logger: logging.Logger,
        start: int,
    ) -> None:
        self._api = api
        self._source = source(None, True)
        self._access = access
        self._logger = logger
        self._lists = {
            name: HiddenList(api, source(name, True), source(name, False), access, start) for name in FILTERS
        }
        self._refused: dict[str, ResourceUnavailable] = {}

    def load(self, state: Mapping[str, Any], *, is_start_earlier: bool) -> None:
        """Continue from a state that holds what `state` gave, with the lists that were not read in this sync.

        Raises any error if it cannot be read.
        """
        for name, hidden in self._lists.items():
            if not hidden.is_current:
                hidden.load(state.get(name, {}), is_start_earlier=is_start_earlier)

    def state(self) -> dict[str, Any]:
        """What a state holds of those that were read, by filter."""
        return {name: hidden.state() for name, hidden in self._lists.items() if hidden.is_known}

    def shows(self, number: int) -> bool:
        """Whether one of the lists shows the ticket."""
        return any(hidden.shows(number) for hidden in self._lists.values())

    def read(self, names: Collection[str]) -> Iterator[list[Row]]:
        """The tickets that are new in a list or changed in it, with their flags, in parts. When those of a part were
        emitted, `confirm` is to be called. names: which lists are read.
        """
        wanted = [one for one in self._lists if one in names]
        for name in wanted[1:]:
            self._lists[name].prefetch()
        for name in wanted:
            try:
                for rows in self._lists[name].read():
                    yield [self.flagged(row | {name: True}) for row in rows]
                    rows.clear()
            except ResourceUnavailable as refused:
                self._refused[name] = refused

    def confirm(self) -> None:
        """The part that was given last was emitted."""
        for hidden in self._lists.values():
            hidden.confirm()

    def refresh(self) -> None:
        """Take all that the lists show for seen, unless that was done in this sync."""
        for hidden in list(self._lists.values())[1:]:
            hidden.prefetch()
        for name, hidden in self._lists.items():
            try:
                if not hidden.is_current:
                    hidden.refresh()
            except ResourceUnavailable as refused:
                self._refused[name] = refused

    def flagged(self, row: Row) -> Row:
        """The same row, saying whether the ticket is in the trash and whether it is spam."""
        for name, hidden in self._lists.items():
            row[name] = bool(row[name]) if name in row else hidden.shows(row["id"])
        return row

    def holds(self, numbers: Iterable[int]) -> bool:
        """Whether the state has one of these tickets as one that a list shows, or showed."""
        return not all(hidden.members.ids.isdisjoint(numbers) for hidden in self._lists.values())

    def note_listed(self, number: int) -> None:
        """The default list shows the ticket, and it is being emitted."""
        for hidden in self._lists.values():
            hidden.settle(number)

    def returned(self) -> Iterator[Row]:
        """The tickets that left the lists, are in none of them and were not listed since, as they are now. The log says
        which of them were deleted for ever. When the next is asked for, the state takes the last one for emitted.
        """
        gone = []
        left = {number for hidden in self._lists.values() for number in hidden.left if not self.shows(number)}
        for number, ticket in self.viewed(left):
            if isinstance(ticket, ResourceUnavailable):
                if ticket.status != requests.codes.not_found:
                    self._logger.warning(f"Ticket {number} left the trash or the spam, and is refused. {ticket}")
                    continue
                gone.append(number)
            elif not any(map(ticket.get, FILTERS)):
                yield self.flagged(ticket)
            else:
                continue
            self.note_listed(number)
        for hidden in self._lists.values():
            for number in [one for one in hidden.left if self.shows(one)]:
                hidden.settle(number)
        if gone:
            self._logger.info(f"Deleted for ever: {len(gone):,} tickets ({some_of(gone)}). Their last records stay.")

    def viewed(self, numbers: Collection[int]) -> Iterator[tuple[int, Row | ResourceUnavailable]]:
        """These tickets as they are now, or why they cannot be seen. One call each."""
        return zip(numbers, self._api.prefetcher.map(self._viewed, numbers), strict=True)

    def warn_of_refused(self) -> None:
        """Say once in a sync which lists are refused, though the default one is not."""
        while self._refused:
            name, refused = self._refused.popitem()
            self._logger.warning(
                f"Tickets that are {name} cannot be listed, so it is not seen which ones are. {refused}"
            )

    def _viewed(self, number: int) -> Row | ResourceUnavailable:
        return self._access.confirm(partial(self._source.view, number))
