"""Tickets: https://developers.freshdesk.com/api/#tickets"""

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, ClassVar

from airbyte_cdk.models import AirbyteMessage
from airbyte_cdk.sources.streams.core import StreamData
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_freshdesk import instants
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.api.paginator import PAGE_SIZE
from source_freshdesk.api.response import Row
from source_freshdesk.retrieval.choice_names import ChoiceNames
from source_freshdesk.retrieval.hidden_tickets import FILTERS, HiddenTickets
from source_freshdesk.retrieval.page import Page
from source_freshdesk.retrieval.parent_rows import RowsOf
from source_freshdesk.retrieval.ticket_backfill import TicketBackfill
from source_freshdesk.retrieval.ticket_retriever import TicketRetriever
from source_freshdesk.retrieval.ticket_source import TicketSource
from source_freshdesk.state.updated_at_cursor import UpdatedAtCursor
from source_freshdesk.streams.base import FreshdeskStream
from source_freshdesk.streams.incremental import ExpectedCalls, IncrementalStream
from source_freshdesk.streams.ticket_fields import TicketFields

ESTIMATED_AFTER_PAGES = 2
"""By then those that follow are being fetched."""


class Tickets(IncrementalStream):
    """https://developers.freshdesk.com/api/#list_all_tickets

    The default list leaves out the tickets in the trash and those marked as spam. What entered those lists is emitted
    first; then what the default list shows; then what left them and was not listed since, each asked for singly.
    """

    resource = "tickets"
    state_fields = frozenset(FILTERS)
    columns_of_include: ClassVar[Mapping[str, Collection[str]]] = {
        "stats": ("stats",),
        "requester": ("requester",),
        "description": ("description", "description_text", "structured_description"),
    }
    """The columns that are there only if the list is asked to include them, which costs two credits more a page."""

    def __init__(
        self, api: FreshdeskApi, fields: TicketFields | None = None, *, start: int = instants.EPOCH, **kwargs: Any
    ) -> None:
        """fields: gives the names of choices. start: the earliest `updated_at` that is wanted, in epoch seconds."""
        super().__init__(api, **kwargs)
        self._fields = fields
        self.names = ChoiceNames(fields, self.name, self.logger)
        self._include = tuple(self.columns_of_include)
        self._hidden_wanted: Collection[str] = FILTERS
        self._cursor = UpdatedAtCursor(start)
        self._retriever = self._retriever_of(self._cursor)
        self._backfill = TicketBackfill(self._cursor, self._retriever_of)
        self.hidden = HiddenTickets(api, self._source, self.access, self.logger, start)

    @classmethod
    def rows_needed(cls) -> tuple[RowsOf, ...]:
        """The ticket fields, which name the choices. They are no parent: tickets are read without them too."""
        return (RowsOf(TicketFields, ("type", "choices")),)

    @property
    def read_after(self) -> Sequence[FreshdeskStream]:
        """The ticket fields, if there are any."""
        return [self._fields] if self._fields else []

    def load_state(self, state: Mapping[str, Any]) -> None:
        self._cursor.load(state, now=int(self.api.clock.now()))
        self._backfill.load({name: value for name, value in state.items() if name not in FILTERS})
        self.hidden.load(state, is_start_earlier=self._cursor.covered_from > self._cursor.start)

    def select(self, columns: Mapping[str, Any]) -> None:
        """As for all streams. Nothing is included, and no list read, for columns that are not selected."""
        super().select(columns)
        self.names.select(columns)
        if columns:
            self._include = tuple(
                name
                for name, included in self.columns_of_include.items()
                if not frozenset(columns).isdisjoint(included)
            )
            self._hidden_wanted = [name for name in FILTERS if name in columns]

    def read_slice(self, stream_slice: Mapping[str, Any] | None) -> Iterator[StreamData]:
        """The records of each page, and the state after it; after the last one the CDK emits it."""
        since, failure, is_long = self._cursor.read_from, None, False
        if not self.state:
            self.names.prefetch()
        try:
            yield from self._hidden_records()
        except AirbyteTracedException as error:
            # The tickets of the default list are read nevertheless.
            failure = error
        for number, page in enumerate(chain(self._backfill.pages(), self._retriever.pages()), start=1):
            yield from self._settled([row["id"] for row in page.rows])
            yield from map(self.record, page.rows)
            page.rows.clear()
            message = self.checkpoint({**page.state, **self.hidden.state()})
            if not page.is_last:
                yield message
                if number == 1:
                    self.search.begin(self.name, since)
                    is_long = True
            if number == ESTIMATED_AFTER_PAGES and is_long:
                yield from self.estimate(self.name, since)
        self.warn_of_rows_without_times(self._retriever.without_times)
        if self._retriever.was_ahead:
            self.warn_of_state_ahead()
        if self._retriever.unavailable is not None:
            self.outcome.skip(self._retriever.unavailable, self.access)
            return
        self.hidden.warn_of_refused()
        yield from map(self.record, self.hidden.returned())
        message = self.checkpoint({**self.state, **self.hidden.state()})
        if failure is not None:
            yield message
            raise failure

    def _hidden_records(self) -> Iterator[StreamData]:
        for rows in self.hidden.read(self._hidden_wanted):
            if not rows:
                continue
            yield self.checkpoint({**self.state, **self.hidden.state()})
            yield from map(self.record, rows)
            self.hidden.confirm()
            yield self.checkpoint({**self.state, **self.hidden.state()})
            rows.clear()

    def _settled(self, numbers: Sequence[int]) -> Iterator[AirbyteMessage]:
        """Note that the default list shows these tickets. If the state says that another one does, it is saved before
        they are emitted: should the process be killed then, the next sync finds them where they are.
        """
        if self.hidden.holds(numbers):
            for number in numbers:
                self.hidden.note_listed(number)
            yield self.checkpoint({**self.state, **self.hidden.state()})

    def record(self, row: Row) -> Row:
        """The ticket, saying whether it is in the trash and whether it is spam, with the names of its choices."""
        return self.names.named(self.hidden.flagged(super().record(row)))

    def expected_calls(self) -> ExpectedCalls | None:
        """A page for 99 tickets: the last one of a page comes again on the next."""
        count = self.count(self.name, self._cursor.start)
        return None if count is None else ExpectedCalls(math.ceil(count / (PAGE_SIZE - 1)), self._source().call)

    def progress(self) -> str:
        """How far the stream is, and how long the rest will take, for the log."""
        return self.report.progress(self._retriever.eta)

    def fetch_query(self, query: Mapping[str, Any]) -> Page:
        """A page of the list, for a `TicketSource`. May be called from any thread."""
        return self.fetch(None, query)

    def fetch_ticket(self, path: str) -> Row:
        """A single ticket, for a `TicketSource`. May be called from any thread."""
        return self.cast(self.objects.read(path))

    def _source(self, filter: str | None = None, is_complete: bool = True) -> TicketSource:  # noqa: A002 - Freshdesk's
        include = (lambda: self._include) if is_complete else tuple
        return TicketSource(self.fetch_query, self.fetch_ticket, self.logger, include=include, filter=filter)

    def _retriever_of(self, cursor: UpdatedAtCursor) -> TicketRetriever:
        return TicketRetriever(self.api, self._source(), self.access, cursor)
