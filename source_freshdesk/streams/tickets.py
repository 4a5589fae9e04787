"""Tickets: https://developers.freshdesk.com/api/#tickets"""

from collections.abc import Iterator, Mapping
from typing import Any

from airbyte_cdk.sources.streams.core import StreamData

from source_freshdesk import instants
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.api.response import Row
from source_freshdesk.retrieval.page import Page
from source_freshdesk.retrieval.ticket_retriever import TicketRetriever
from source_freshdesk.retrieval.ticket_source import TicketSource
from source_freshdesk.state.updated_at_cursor import UpdatedAtCursor
from source_freshdesk.streams.incremental import IncrementalStream


class Tickets(IncrementalStream):
    """https://developers.freshdesk.com/api/#list_all_tickets"""

    resource = "tickets"
    include = ("stats", "requester", "description")

    def __init__(self, api: FreshdeskApi, *, start: int = instants.EPOCH, **kwargs: Any) -> None:
        """start: the earliest `updated_at` that is wanted, in epoch seconds."""
        super().__init__(api, **kwargs)
        source = TicketSource(self.fetch_query, self.fetch_ticket, self.logger, include=self.include)
        self._retriever = TicketRetriever(api, source, self.access, UpdatedAtCursor(start))

    def load_state(self, state: Mapping[str, Any]) -> None:
        self._retriever.cursor.load(state, now=int(self.api.clock.now()))

    def read_slice(self, stream_slice: Mapping[str, Any] | None) -> Iterator[StreamData]:
        """The records of each page, and the state after it; after the last one the CDK emits it."""
        since = self._retriever.cursor.read_from
        for number, page in enumerate(self._retriever.pages(), start=1):
            yield from map(self.record, page.rows)
            message = self.checkpoint(page.state)
            if not page.is_last:
                yield message
                if number == 1:
                    yield from self.estimate(self.name, since)
        self.warn_of_rows_without_times(self._retriever.without_times)
        if self._retriever.was_ahead:
            self.warn_of_state_ahead()
        if self._retriever.unavailable is not None:
            self.outcome.skip(self._retriever.unavailable, self.access)

    def progress(self) -> str:
        """How far the stream is, and how long the rest will take, for the log."""
        return f"{super().progress()} {self._retriever.eta()}"

    def fetch_query(self, query: Mapping[str, Any]) -> Page:
        """A page of the list, for a `TicketSource`. May be called from any thread."""
        return self.fetch(None, query)

    def fetch_ticket(self, path: str) -> Row:
        """A single ticket, for a `TicketSource`. May be called from any thread."""
        return self.cast(self.objects.read(path))
