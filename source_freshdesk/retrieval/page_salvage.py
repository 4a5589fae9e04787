"""Reads a page that Freshdesk fails to deliver whole: in pieces, down to the rows that cannot be had.

A row that Freshdesk cannot render fails each page that it is on. The pieces are read from the last to the first: a row
that leaves the list meanwhile moves the later ones towards the pieces that are still to be read.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_freshdesk.api.paginator import PAGE_SIZE
from source_freshdesk.api.response import Row
from source_freshdesk.retrieval.few_failures import Failed, FewFailures
from source_freshdesk.retrieval.page import Page, worth_waiting_for

Slice = Mapping[str, Any] | None
Query = Mapping[str, Any]
Fetch = Callable[[Slice, Query], Page]

PIECE_SIZE = 10
PIECE_ATTEMPTS = 2
"""So often a piece is asked for: the page that it is of has failed for minutes."""
LAST_PAGE = 300
"""Of a list, whatever the size of its pages: https://developers.freshdesk.com/api/#list_all_tickets"""
MOST_LOST_ROWS = 3
"""If more of a page cannot be had, its failure is not that of single rows."""

CALLS_FOR_A_LOST_ROW = 3
"""So many fail for it: the piece that it is on, its own, and that without what is included."""


class PageSalvage:
    """Fetches pages on behalf of a stream, from several threads.

    fetch: fetches a page by its slice and query. fetch_piece: the same, with `PIECE_ATTEMPTS`. name, logger: the
    stream's.
    """

    def __init__(self, name: str, fetch: Fetch, fetch_piece: Fetch, logger: logging.Logger) -> None:
        self._name = name
        self._fetch = fetch
        self._fetch_piece = fetch_piece
        self._logger = logger
        self._failures = FewFailures()
        self._is_foreign_said = False

    def page(self, stream_slice: Slice, query: Query) -> Page:
        """The page of this query; with a gap, if rows of it cannot be had, which the log says.

        Raises the page's failure if it is not that of a few rows of a few pages.
        """
        page = self._page(stream_slice, query)
        if page.is_link_foreign and not self._is_foreign_said:
            self._is_foreign_said = True
            self._logger.warning(
                f"Stream {self._name}: Freshdesk's links to next pages name another host. The pages are asked for at "
                "the account's own."
            )
        if page.left_out:
            self._logger.warning(f"Stream {self._name} leaves out what it cannot use. {page.left_out}.")
        return page

    def _page(self, stream_slice: Slice, query: Query) -> Page:
        if str(query.get("per_page")) != str(PAGE_SIZE):
            return self._fetch(stream_slice, query)
        whole = self._failures.tolerate(lambda: self._fetch(stream_slice, query))
        if not isinstance(whole, Failed):
            return whole
        pieces = _Pieces(query, whole, partial(self._fetch_piece, stream_slice))
        page = pieces.page()
        for row_id in pieces.bare:
            self._logger.warning(
                f"Stream {self._name}: row {row_id} comes without {query['include']}. Freshdesk fails to deliver it "
                "with them."
            )
        if page.gap:
            self._logger.warning(f"Stream {self._name} lacks rows. {page.gap} {whole.why}")
        return page


class _Pieces:
    """One page in pieces.

    whole: its failure. bare: the ids of rows that can be had only without what is included.
    """

    def __init__(self, query: Query, whole: Failed, fetch: Callable[[Query], Page]) -> None:
        self.bare: list[Any] = []
        self._query = query
        self._whole = whole
        self._fetch = fetch
        self._failures = FewFailures(CALLS_FOR_A_LOST_ROW)
        self._is_any_delivered = False

    def page(self) -> Page:
        number = int(self._query.get("page", 1))
        try:
            pieces = list(self._pieces(number, PAGE_SIZE, PIECE_SIZE))
        except AirbyteTracedException as failure:
            raise self._whole.error if failure.failure_type is FailureType.transient_error else failure from None
        pages = [piece for piece in pieces if piece is not None]
        if not pages or len(pieces) - len(pages) > MOST_LOST_ROWS:
            raise self._whole.error
        rows = [row for piece in reversed(pages) for row in piece.rows]
        before = list(_predecessors(pieces))
        names = ", ".join("the start" if row is None else str(row.get("id")) for row in before)
        as_of = min(piece.as_of for piece in pages)
        has_next = pages[0].next is not None or len(rows) + len(pieces) - len(pages) >= PAGE_SIZE
        return Page(
            rows,
            {**self._query, "page": str(number + 1)} if has_next else None,
            as_of,
            is_next_certain=pages[0].is_next_certain,
            gap=f"Freshdesk fails to deliver the row after {names}." if names else "",
            lacks_from=worth_waiting_for(filter(None, before), as_of),
            size=sum(piece.size for piece in pages),
            left_out="; ".join(piece.left_out for piece in pages if piece.left_out),
        )

    def _pieces(self, number: int, size: int, piece_size: int) -> Iterator[Page | None]:
        """The pieces of page `number` of pages of this size, the last one first; None for a row that is lost."""
        count = size // piece_size
        for piece in range(number * count, (number - 1) * count, -1):
            if piece > LAST_PAGE:
                raise self._whole.error
            query = {**self._query, "page": str(piece), "per_page": str(piece_size)}
            page = self._fetched(query)
            if page is not None:
                yield page
            elif piece_size > 1:
                yield from self._pieces(piece, piece_size, 1)
            else:
                yield self._bare(query)

    def _bare(self, query: Query) -> Page | None:
        """The page of a single row, without what is included."""
        if "include" not in query:
            return None
        page = self._fetched({name: value for name, value in query.items() if name != "include"})
        self.bare += [row["id"] for row in page.rows] if page is not None else ()
        return page

    def _fetched(self, query: Query) -> Page | None:
        """The page, None if it fails. Raises its failure if none before was delivered, or too many have failed."""
        page = self._failures.tolerate(partial(self._fetch, query))
        if isinstance(page, Failed):
            return None
        if not self._is_any_delivered:
            self._is_any_delivered = True
            self._failures = FewFailures(CALLS_FOR_A_LOST_ROW * MOST_LOST_ROWS)
        return page


def _predecessors(pieces: list[Page | None]) -> Iterator[Row | None]:
    """The rows before those that are lost; None for the start of the page."""
    for place, piece in enumerate(pieces):
        if piece is None:
            yield next((one.rows[-1] for one in pieces[place + 1 :] if one is not None and one.rows), None)
