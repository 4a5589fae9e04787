"""One page of a list."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import requests

from source_freshdesk import instants
from source_freshdesk.api.clock import Clock
from source_freshdesk.api.paginator import names_another_host, next_page
from source_freshdesk.api.response import Row, UnusableRows

UNUSABLE_SECONDS = 86_400
"""So long the state waits for a row that cannot be had."""
BYTES_FOR_A_ROW = 6_000
"""What a parsed ticket takes besides its texts, measured."""


@dataclass(frozen=True)
class Page:
    """What one call returned.

    next: the query of the next page, None on the last one.
    as_of: Freshdesk's time when it answered, in epoch seconds.
    is_next_certain: whether Freshdesk itself says that there is a next page.
    gap: why rows are known to be missing from the page; empty if none are.
    lacks_from: the earliest `updated_at` that the missing rows can have and for which it is worth while to wait, in
    epoch seconds; None if there is none or if it is not known.
    size: how much memory it takes, in bytes, about.
    is_link_foreign: whether the link to the next page names another host, to which nothing is sent.
    left_out: how many rows are unusable, and why; empty if none are. They are a gap as long as that may pass.
    """

    rows: list[Row]
    next: Mapping[str, str] | None
    as_of: int
    is_next_certain: bool = True
    gap: str = ""
    lacks_from: int | None = None
    size: int = 0
    is_link_foreign: bool = False
    left_out: str = ""


def page_of(
    response: requests.Response,
    rows: list[Row],
    page_size: int | None,
    clock: Clock,
    flaw: UnusableRows | None = None,
) -> Page:
    """The page that a response holds. page_size: how many rows a full one has; None if that is not known. flaw: which
    rows are left out.

    Raises `AirbyteTracedException` if the link to the next page leads elsewhere.
    """
    answered_at = instants.from_http_date(response.headers.get("Date"))
    as_of = int(clock.now()) if answered_at is None else answered_at
    unusable = flaw.unusable if flaw else ()
    lacks_from = worth_waiting_for((row for row in unusable if isinstance(row, Mapping)), as_of)
    return Page(
        rows,
        next_page(response, is_full=len(rows) + len(unusable) == page_size),
        as_of,
        is_next_certain="next" in response.links,
        gap="" if lacks_from is None else f"Some rows are unusable: {flaw}.",
        lacks_from=lacks_from,
        size=len(response.content) + BYTES_FOR_A_ROW * len(rows),
        is_link_foreign=names_another_host(response),
        left_out=f"{len(unusable)} rows: {flaw}" if flaw else "",
    )


def worth_waiting_for(rows: Iterable[Mapping[str, Any]], as_of: int) -> int | None:
    """The earliest `updated_at` of rows that changed less than `UNUSABLE_SECONDS` before `as_of`; None if none did."""
    changes = (instants.or_none(row.get("updated_at")) for row in rows)
    return min((at for at in changes if at is not None and at > as_of - UNUSABLE_SECONDS), default=None)


FetchPage = Callable[[Mapping[str, Any] | None, Mapping[str, Any] | None], Page]
"""Fetches a page by its slice, which holds the `path` (None: the stream's), and its query (None: the first page)."""
