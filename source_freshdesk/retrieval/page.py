"""One page of a list."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import requests

from source_freshdesk import instants
from source_freshdesk.api.clock import Clock
from source_freshdesk.api.paginator import next_page
from source_freshdesk.api.response import Row


@dataclass(frozen=True)
class Page:
    """What one call returned.

    next: the query of the next page, None on the last one.
    as_of: Freshdesk's time when it answered, in epoch seconds.
    is_next_certain: whether Freshdesk itself says that there is a next page.
    gap: why rows are known to be missing from the page; empty if none are.
    """

    rows: list[Row]
    next: Mapping[str, str] | None
    as_of: int
    is_next_certain: bool = True
    gap: str = ""


def page_of(response: requests.Response, rows: list[Row], page_size: int | None, clock: Clock) -> Page:
    """The page that a response holds. page_size: how many rows a full one has; None if that is not known.

    Raises `AirbyteTracedException` if the link to the next page leads elsewhere.
    """
    as_of = instants.from_http_date(response.headers.get("Date"))
    return Page(
        rows,
        next_page(response, is_full=len(rows) == page_size),
        int(clock.now()) if as_of is None else as_of,
        is_next_certain="next" in response.links,
    )


FetchPage = Callable[[Mapping[str, Any] | None, Mapping[str, Any] | None], Page]
"""Fetches a page by its slice, which holds the `path` (None: the stream's), and its query (None: the first page)."""
