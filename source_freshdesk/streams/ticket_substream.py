"""What hangs on tickets: streams that ask for each ticket that changed."""

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from functools import partial
from typing import Any

import requests
from airbyte_cdk.models import FailureType, SyncMode
from airbyte_cdk.sources.streams.core import StreamData
from airbyte_cdk.sources.streams.http import HttpSubStream

from source_freshdesk.api.errors import FEATURE_IS_MISSING, ROLE_IS_MISSING, Action, ErrorRule, ResourceUnavailable
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.api.prefetch import Batch
from source_freshdesk.api.response import Row
from source_freshdesk.state.updated_at_cursor import LOOKBACK_SECONDS
from source_freshdesk.streams.child_list import ENOUGH_REFUSALS
from source_freshdesk.streams.incremental import StatefulStream
from source_freshdesk.streams.tickets import Tickets

MOST_REMEMBERED = 1000
"""So many tickets whose children are refused are asked for again; more speak for all others."""


class TicketSlice(dict[str, Any]):
    """A batch of tickets whose children are being fetched.

    listed: how many tickets were on the page of their list. state, is_last: of that page.
    """

    def __init__(
        self,
        batch: Batch[Row, list[Row] | ResourceUnavailable],
        *,
        listed: int,
        state: MutableMapping[str, Any],
        is_last: bool,
    ) -> None:
        super().__init__(ticket_ids=[ticket["id"] for ticket in batch.items])
        self.batch = batch
        self.listed = listed
        self.state = state
        self.is_last = is_last


class TicketSubstream(StatefulStream, HttpSubStream, ABC):
    """What one call for each ticket brings.

    A slice is a batch of changed tickets, a page of the ticket list. The state is the place in that list: a sync reads
    all children of every ticket that changed since, and of those that were refused before::

        {"updated_at": …, "read_from": …, "emitted": …, "refused": [17, 23]}
    """

    # Those of tickets in the trash were seen to be refused so. Whether the ticket is there tells what it means.
    error_rules = (
        ErrorRule(403, None, Action.SKIP, FailureType.config_error, "Freshdesk refuses what belongs to the ticket."),
    )

    def __init__(self, api: FreshdeskApi, start: int) -> None:
        # A walk of its own: sharing that of the tickets stream would begin where that one has ended. One at a time is
        # enough, for it is the children that take long. Children may show up later than their ticket, so those of
        # tickets that changed just before are read again by the next sync.
        walk = Tickets(api, start, include=(), max_segments=1, settling_seconds=LOOKBACK_SECONDS)
        super().__init__(api, parent=walk, parents=[walk])
        self._since: int | None = None
        self._refused: set[int] = set()
        self._answered = 0

    parent: Tickets

    @abstractmethod
    def fetch_children(self, ticket: Row) -> list[Row]:
        """All of a ticket's. Raises `ResourceUnavailable` if it is not there."""

    def may_have_children(self, ticket: Row) -> bool:
        """Whether the ticket is worth a call, by its row in the list of tickets."""
        return True

    def progress(self) -> str:
        """How far the tickets are whose children are read, for the log."""
        return f"{super().progress()} {self.parent.eta()}"

    def load_state(self, state: Mapping[str, Any]) -> None:
        self.parent.load_state(state)
        self._refused = set(state.get("refused", ()))

    def stream_slices(
        self,
        sync_mode: SyncMode,
        cursor_field: list[str] | None = None,
        stream_state: Mapping[str, Any] | None = None,
    ) -> Iterable[Mapping[str, Any]]:
        """A slice for each page of the ticket list, its tickets' children and those of the next under way."""
        pages: deque[tuple[int, MutableMapping[str, Any], bool]] = deque()
        self._since, self._answered = self.parent.since, 0
        yield from self._second_tries()

        def batches() -> Iterator[list[Row]]:
            is_checked = not self.feature
            for new in self.parent.walk():
                tickets = list(filter(self.may_have_children, new.rows))
                if tickets and not is_checked:
                    self._unless_feature_is_missing(partial(self.fetch_children, tickets[0]))
                    if self.refusal is not None:
                        return
                    is_checked = True
                pages.append((len(new.rows), new.state, new.is_last))
                yield tickets

        for batch in self._api.prefetcher.batches(self._children_or_refusal, batches()):
            listed, state, is_last = pages.popleft()
            yield TicketSlice(batch, listed=listed, state=state, is_last=is_last)
            if self.refusal is not None:
                return
        self._inherit_skip(self.parent)

    def _second_tries(self) -> Iterator[TicketSlice]:
        """A slice of the tickets that were refused before, if there are any."""
        tickets: list[Row] = []
        for number in sorted(self._refused):
            ticket = self._current_agent.confirm_unavailable(partial(self.view, f"tickets/{number}"))
            if not isinstance(ticket, ResourceUnavailable) and self.may_have_children(ticket):
                tickets.append(ticket)
            elif not isinstance(ticket, ResourceUnavailable) or ticket.status == requests.codes.not_found:
                self._refused.remove(number)
        for batch in self._api.prefetcher.batches(self._children_or_refusal, [tickets] if tickets else []):
            yield TicketSlice(batch, listed=0, state=self._saved_state, is_last=False)

    def read_slice(self, stream_slice: Mapping[str, Any] | None) -> Iterator[StreamData]:
        """All children of the tickets of a slice."""
        assert isinstance(stream_slice, TicketSlice)
        batch = stream_slice.batch
        emitted, refusals = 0, dict[int, ResourceUnavailable]()
        unsure: set[int] = set()
        for ticket, children in zip(batch.items, batch.results(), strict=True):
            if isinstance(children, ResourceUnavailable):
                refusals[ticket["id"]] = children
                continue
            self._answered += 1
            emitted += len(children)
            unsure |= {ticket["id"]} if self.resource.format_map(ticket) in self.unstable_paths else set()
            yield from map(self.record, children)
        refused = (self._refused - {ticket["id"] for ticket in batch.items}) | set(refusals) | unsure
        if self._is_refused_to_this_key(refusals, stream_slice) or (refusals and len(refused) > MOST_REMEMBERED):
            # No ticket has vanished. The state stays where it is.
            self.refusal = next(iter(refusals.values()))
            return
        for ticket_id, refusal in refusals.items():
            self.logger.warning(
                f"Stream {self.name} goes without those of ticket {ticket_id}; the next sync asks again. {refusal}"
            )
        self._refused = refused
        self._saved_state = {name: told for name, told in stream_slice.state.items() if name != "refused"}
        if refused:
            self._saved_state["refused"] = sorted(refused)
        if self._since is not None and stream_slice.listed and not stream_slice.is_last:
            yield from self.estimate(self.parent.name, self._since, emitted / stream_slice.listed)
            self._since = None

    def _is_refused_to_this_key(self, refusals: Mapping[int, ResourceUnavailable], stream_slice: TicketSlice) -> bool:
        """Whether it is the key, or the plan, that these refusals speak of, and not the tickets."""
        if not refusals or self._answered:
            return False
        is_plan = any(refusal.code == FEATURE_IS_MISSING for refusal in refusals.values())
        return is_plan or stream_slice.is_last or len(refusals) >= ENOUGH_REFUSALS

    def _children_or_refusal(self, ticket: Row) -> list[Row] | ResourceUnavailable:
        """All of a ticket's; none if the ticket is gone; the refusal if they may not be seen."""
        outcome = self._current_agent.confirm_unavailable(partial(self.fetch_children, ticket))
        if not isinstance(outcome, ResourceUnavailable):
            return outcome
        if outcome.code != FEATURE_IS_MISSING and self._is_gone(ticket["id"]):
            self.logger.info(f"Ticket {ticket['id']} is gone since it was listed; its {self.name} are skipped.")
            return []
        if outcome.code not in (None, FEATURE_IS_MISSING, ROLE_IS_MISSING):
            raise outcome
        return outcome

    def _is_gone(self, ticket_id: int) -> bool:
        """Whether the ticket was deleted since it was listed."""
        ticket = self._current_agent.confirm_unavailable(partial(self.view, f"tickets/{ticket_id}"))
        if isinstance(ticket, ResourceUnavailable):
            return bool(ticket.status == requests.codes.not_found)
        return any(ticket.get(watermark) for watermark in ("deleted", "spam"))


class Conversations(TicketSubstream):
    """https://developers.freshdesk.com/api/#list_all_ticket_notes"""

    resource = "tickets/{id}/conversations"

    def fetch_children(self, ticket: Row) -> list[Row]:
        """All pages of them."""
        return list(self.rows_of(self.resource.format_map(ticket)))
