"""Streams that make one call for each ticket that changed."""

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import partial
from itertools import chain, islice
from typing import Any

import requests
from airbyte_cdk.models import FailureType, SyncMode
from airbyte_cdk.sources.streams.core import StreamData
from airbyte_cdk.sources.streams.http import HttpSubStream

from source_freshdesk import instants
from source_freshdesk.api.errors import FEATURE_IS_MISSING, Action, ErrorRule, ResourceUnavailable
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.api.paginator import PAGE_SIZE
from source_freshdesk.api.rate_limit import Call
from source_freshdesk.api.response import Row
from source_freshdesk.retrieval.child_lists import ENOUGH_REFUSALS
from source_freshdesk.retrieval.few_failures import Failed
from source_freshdesk.retrieval.hidden_tickets import FILTERS
from source_freshdesk.retrieval.list_retriever import ReadList
from source_freshdesk.retrieval.page import Page
from source_freshdesk.retrieval.parent_rows import RowsOf
from source_freshdesk.retrieval.returned_tickets import FIELDS, ReturnedTickets
from source_freshdesk.retrieval.ticket_backfill import TicketBackfill
from source_freshdesk.retrieval.ticket_children import RETRIED_PER_SYNC, TicketChildren
from source_freshdesk.retrieval.ticket_page import TicketPage
from source_freshdesk.retrieval.ticket_retriever import TicketRetriever
from source_freshdesk.retrieval.ticket_source import TicketSource
from source_freshdesk.state.updated_at_cursor import LOOKBACK_SECONDS, UpdatedAtCursor
from source_freshdesk.streams.incremental import ExpectedCalls, IncrementalStream
from source_freshdesk.streams.ticket_slice import TicketSlice
from source_freshdesk.streams.tickets import Tickets

MAX_REMEMBERED = 5000
"""As many tickets whose children are refused are remembered; if there are more, all are taken for refused."""


REFUSED = "refused"
OWN_FIELDS = frozenset({REFUSED, *FIELDS})
"""The fields of a state that say something else than the position in the list."""


class TicketSubstream(IncrementalStream, HttpSubStream, ABC):
    """What one call for each ticket returns.

    A slice is a page of the ticket list. The state is the position in that list: a sync reads all children of every
    ticket that changed since, and of some that were refused before, the first in turn::

        {"updated_at": …, "read_from": …, "emitted": …, "refused": [17, 23]}
    """

    needs = (RowsOf(Tickets),)
    # Seen for tickets in the trash.
    error_rules = (
        ErrorRule(403, None, Action.SKIP, FailureType.config_error, "Freshdesk refuses what belongs to the ticket."),
    )

    def __init__(self, api: FreshdeskApi, tickets: Tickets, *, start: int = instants.EPOCH, **kwargs: Any) -> None:
        """start: the earliest `updated_at` of the tickets whose children are wanted, in epoch seconds."""
        super().__init__(api, tickets, parent=tickets, **kwargs)
        # A place of its own in the list. Children may become visible later than their ticket, so those of tickets that
        # changed just before are read again by the next sync.
        self._cursor = UpdatedAtCursor(start, settling_seconds=LOOKBACK_SECONDS)
        self._tickets = self._retriever_of(self._cursor)
        self._backfill = TicketBackfill(self._cursor, self._retriever_of)
        self._returned = ReturnedTickets(tickets.hidden)
        self._children = TicketChildren(self.fetch_children, self.objects, self.access)
        self._estimate_since: int | None = None
        self._refused: list[int] = []
        self._is_any_answered, self.synced_at = False, 0
        """Freshdesk's time when the first page of tickets was read in this sync."""

    parent: Tickets

    @abstractmethod
    def fetch_children(self, ticket: Row) -> ReadList:
        """All of a ticket's children. Raises `ResourceUnavailable` if they are not there. From any thread."""

    def may_have_children(self, ticket: Row) -> bool:
        """Whether the ticket is worth a call, by its row in the list of tickets."""
        return True

    def expected_calls(self) -> ExpectedCalls | None:
        """One for each ticket."""
        count = self.count(self.parent.name, self._cursor.start)
        return None if count is None else ExpectedCalls(count, Call())

    def progress(self) -> str:
        """How far the stream is, for the log."""
        return self.report.progress(self._tickets.eta)

    def load_state(self, state: Mapping[str, Any]) -> None:
        self._cursor.load(state, now=int(self.api.clock.now()))
        self._backfill.load({name: value for name, value in state.items() if name not in OWN_FIELDS})
        self._returned.load(state)
        self._refused = list(state.get(REFUSED, ()))

    def stream_slices(
        self,
        sync_mode: SyncMode,
        cursor_field: list[str] | None = None,
        stream_state: Mapping[str, Any] | None = None,
    ) -> Iterable[Mapping[str, Any]]:
        """A slice for each page of the ticket list; its children and those of the next are being fetched."""
        pages: deque[TicketPage] = deque()
        self._estimate_since, self._is_any_answered, self.synced_at = self._cursor.read_from, False, 0
        walk = chain(self._backfill.pages(), self._tickets.pages())
        first = list(islice(walk, 1))
        if first:
            yield from self._retried()
        self._returned.compare(is_start_earlier=self._cursor.covered_from > self._cursor.start)

        def batches() -> Iterator[list[Row]]:
            is_checked = not self.feature
            for page in chain(first, walk):
                tickets = list(filter(self.may_have_children, page.rows))
                if tickets and not is_checked:
                    self._check_feature(tickets[0])
                    if self.outcome.is_skipped:
                        return
                    is_checked = True
                pages.append(page)
                yield tickets

        for batch in self.api.prefetcher.batches(self._children.of, batches()):
            page = pages.popleft()
            yield TicketSlice(batch, listed=len(page.rows), state=page.state, is_last=page.is_last)
            if self.outcome.is_skipped:
                return
        if self._tickets.was_ahead:
            self.warn_of_state_ahead()
        if self._tickets.unavailable is not None:
            self.outcome.skip(self._tickets.unavailable, self.parent.access)
            return
        returned = list(filter(self.may_have_children, self._returned.tickets()))
        is_changed = bool(returned) or not self._returned.is_saved_in(self.state)
        for batch in self.api.prefetcher.batches(self._children.of, [returned] if is_changed else []):
            yield TicketSlice(batch, listed=0, state=self.state, is_last=True)

    def read_slice(self, stream_slice: Mapping[str, Any] | None) -> Iterator[StreamData]:
        """All children of the tickets of a slice."""
        assert isinstance(stream_slice, TicketSlice)
        batch = stream_slice.batch
        emitted, refusals = 0, dict[int, ResourceUnavailable]()
        incomplete: dict[int, str] = {}
        for ticket, children in zip(batch.items, batch.results(), strict=True):
            if isinstance(children, ResourceUnavailable):
                refusals[ticket["id"]] = children
                continue
            self._is_any_answered = True
            emitted += len(children.rows)
            incomplete.update((ticket["id"], why) for why in children.gaps)
            yield from map(self.record, children.rows)
        if self._are_all_refused(refusals, stream_slice):
            # No ticket was deleted. The state does not advance.
            self.outcome.skip(next(iter(refusals.values())), self.access)
            return
        missing = {**refusals, **incomplete}
        others = [number for number in self._refused if number not in stream_slice["ticket_ids"]]
        again = [*others, *missing] if stream_slice.is_retry else [*missing, *others]
        if refusals and len(again) > MAX_REMEMBERED:
            self.outcome.skip(next(iter(refusals.values())), self.access)
            return
        self._returned.note_read(stream_slice["ticket_ids"])
        for number, why in missing.items():
            self.logger.warning(f"Stream {self.name} lacks those of ticket {number}; a later sync reads them. {why}")
        self._refused = again
        state = {
            name: value for name, value in stream_slice.state.items() if name not in OWN_FIELDS
        } | self._returned.state()
        self.checkpoint(state | {REFUSED: again} if again else state)
        if self._estimate_since is not None and stream_slice.listed and not stream_slice.is_last:
            yield from self.estimate(self.parent.name, self._estimate_since, emitted / stream_slice.listed)
            self._estimate_since = None

    def _retriever_of(self, cursor: UpdatedAtCursor) -> TicketRetriever:
        source = TicketSource(self._fetch_tickets, self.objects.read, self.logger)
        return TicketRetriever(self.api, source, self.parent.access, cursor, for_children=True)

    def _fetch_tickets(self, query: Mapping[str, Any]) -> Page:
        page = self.parent.fetch(None, query, progress=self.progress)
        self.synced_at = self.synced_at or page.as_of
        return page

    def _retried(self) -> Iterator[TicketSlice]:
        """A slice of the tickets whose children were refused before, if there are any."""
        tickets: list[Row] = []
        for number in self._refused[:RETRIED_PER_SYNC]:
            ticket = self._children.ticket(number)
            if isinstance(ticket, Failed):
                continue
            is_hidden = not isinstance(ticket, ResourceUnavailable) and any(map(ticket.get, FILTERS))
            if not isinstance(ticket, ResourceUnavailable) and not is_hidden and self.may_have_children(ticket):
                tickets.append(ticket)
            elif not isinstance(ticket, ResourceUnavailable) or ticket.status == requests.codes.not_found:
                self._refused.remove(number)
        for batch in self.api.prefetcher.batches(self._children.at_first_try, [tickets] if tickets else []):
            yield TicketSlice(batch, listed=0, state=self.state, is_last=False, is_retry=True)

    def _check_feature(self, ticket: Row) -> None:
        """Skip the stream after one call instead of many, if the plan does not include it."""
        children = self.access.confirm(partial(self.fetch_children, ticket))
        if isinstance(children, ResourceUnavailable) and children.code == FEATURE_IS_MISSING:
            self.outcome.skip(children, self.access)

    def _are_all_refused(self, refusals: Mapping[int, ResourceUnavailable], stream_slice: TicketSlice) -> bool:
        """Whether the key or the plan is the reason for these refusals, and not the tickets."""
        if not refusals or self._is_any_answered or stream_slice.is_retry:
            return False
        if any(refusal.code == FEATURE_IS_MISSING for refusal in refusals.values()):
            return True
        if not stream_slice.is_last and len(refusals) < ENOUGH_REFUSALS:
            return False
        self._is_any_answered = self._can_read_others(refusals)
        return not self._is_any_answered

    def _can_read_others(self, refused: Collection[int]) -> bool:
        """Whether this key can read the children of any of the tickets that changed last, besides those refused."""
        latest = {"order_by": "updated_at", "order_type": "desc", "per_page": PAGE_SIZE, "page": 1}
        others = (one for one in self._fetch_tickets(latest).rows if one["id"] not in refused)
        for ticket in islice(filter(self.may_have_children, others), ENOUGH_REFUSALS):
            if not isinstance(self._children.at_first_try(ticket), ResourceUnavailable):
                return True
        return False
