"""Tickets that came back from the trash or from the spam, for streams that read what belongs to tickets."""

from collections.abc import Iterable, Mapping
from typing import Any

import requests
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_freshdesk.api.errors import ResourceUnavailable
from source_freshdesk.api.response import Row
from source_freshdesk.retrieval.hidden_tickets import FILTERS, HiddenTickets
from source_freshdesk.state.members import Members

PENDING = "returned"
"""The field of a state with the tickets that came back and were not given yet."""
FIELDS = (*FILTERS, PENDING)


class ReturnedTickets:
    """Compares what the lists of hidden tickets showed to the stream's last sync with what they show now.

    A ticket can come back with its old time, so that no filter by time lists it, and what belongs to it may never have
    been read. hidden: the lists, shared by all streams of a sync.
    """

    def __init__(self, hidden: HiddenTickets) -> None:
        self._hidden = hidden
        self._saved: dict[str, Any] = {}
        self._pending: set[int] = set()
        self._failure: AirbyteTracedException | None = None

    def load(self, state: Mapping[str, Any]) -> None:
        """Continue from a state that holds what `state` gave. Raises any error if it cannot be read."""
        self._saved = {name: state[name] for name in FILTERS if name in state}
        self._pending = set(map(int, state.get(PENDING, ())))

    def state(self) -> dict[str, Any]:
        """What a state holds of the lists that show any ticket, and of the tickets that came back."""
        return self._saved | {PENDING: sorted(self._pending)} if self._pending else dict(self._saved)

    def is_saved_in(self, state: Mapping[str, Any]) -> bool:
        """Whether a state holds what `state` gives."""
        return self.state() == {name: state[name] for name in FIELDS if name in state}

    def compare(self, *, is_start_earlier: bool) -> None:
        """Read the lists, unless another stream of the sync has. A failure is raised by `tickets`, once the tickets of
        the default list were read.
        """
        try:
            self._hidden.load(self._saved, is_start_earlier=is_start_earlier)
            self._hidden.refresh()
        except AirbyteTracedException as failure:
            self._failure = failure
            return
        seen = {number for saved in self._saved.values() for number in Members.from_text(saved["tickets"]).ids}
        self._pending = {number for number in self._pending | seen if not self._hidden.shows(number)}
        self._saved = {
            name: one for name, one in self._hidden.state().items() if len(Members.from_text(one["tickets"]))
        }

    def note_read(self, numbers: Iterable[int]) -> None:
        """What belongs to these tickets was emitted."""
        self._pending.difference_update(numbers)

    def tickets(self) -> list[Row]:
        """The tickets that came back and were not listed since. The state then takes what belongs to them for read.
        Those that are refused are asked for again by the next sync.
        """
        if self._failure is not None:
            raise self._failure
        self._hidden.warn_of_refused()
        tickets, refused = list[Row](), set[int]()
        for number, ticket in self._hidden.viewed(sorted(self._pending)):
            if isinstance(ticket, ResourceUnavailable):
                if ticket.status != requests.codes.not_found:
                    refused.add(number)
            elif not any(map(ticket.get, FILTERS)):
                tickets.append(ticket)
        self._pending = refused
        return tickets
