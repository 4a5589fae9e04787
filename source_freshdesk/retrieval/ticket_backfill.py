"""The tickets that an earlier start date brings, without reading the later ones again."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from source_freshdesk.retrieval.ticket_page import TicketPage
from source_freshdesk.retrieval.ticket_retriever import TicketRetriever
from source_freshdesk.state.updated_at_cursor import UpdatedAtCursor

BACKFILL = "backfill"
"""The field of a state that says how far this is."""


class TicketBackfill:
    """Reads the tickets between the start date and the earliest one so far, before all others.

    cursor: of the tickets after that. retriever: gives a retriever for a cursor.

    Each of its states holds the state with which the sync began, and how far this is::

        {…, "start_date": "2026-01-01T00:00:00Z", "backfill": {"updated_at": "2024-05-17T08:00:00Z", …}}
    """

    def __init__(self, cursor: UpdatedAtCursor, retriever: Callable[[UpdatedAtCursor], TicketRetriever]) -> None:
        self._cursor = cursor
        self._retriever = retriever
        self._loaded: Mapping[str, Any] = {}

    def load(self, state: Mapping[str, Any]) -> None:
        """Continue from the state that the stream loads."""
        self._loaded = state

    def pages(self) -> Iterator[TicketPage]:
        """The pages of these tickets; none if the start date is not earlier than before. None of them is the last."""
        end = self._cursor.covered_from
        if end <= self._cursor.start:
            return
        cursor = UpdatedAtCursor(self._cursor.start)
        cursor.load(self._loaded.get(BACKFILL, {}))
        for page in self._retriever(cursor).pages(before=end):
            yield replace(page, state={**self._loaded, BACKFILL: page.state}, is_last=False)
        self._cursor.end_backfill()
