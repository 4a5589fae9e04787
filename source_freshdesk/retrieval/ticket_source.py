"""Fetches tickets for a walk: pages of their list, and single ones."""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import requests

from source_freshdesk import instants
from source_freshdesk.api.errors import ResourceUnavailable
from source_freshdesk.api.paginator import PAGE_SIZE
from source_freshdesk.api.rate_limit import Call
from source_freshdesk.api.rate_limiter import CREDITS_FOR_AN_INCLUDE
from source_freshdesk.api.response import Row
from source_freshdesk.retrieval.page import Page
from source_freshdesk.retrieval.ticket_walk import PageRequest

EMBEDDED_IN_SINGLE_TICKETS = ("stats", "requester")
"""What has to be asked for of a single ticket; its description it has in any case:
https://developers.freshdesk.com/api/#view_a_ticket
"""


class TicketSource:
    """The ticket list or one of its filters, and its tickets. May be used from several threads.

    fetch: fetches a page by its query. fetch_ticket: fetches the ticket at a path.
    include: gives what is embedded in each row; each costs two credits more a page.
    filter: the name of one of Freshdesk's filters, such as "deleted"; None for the default list.
    logger: of the stream that reads it.
    """

    def __init__(
        self,
        fetch: Callable[[Mapping[str, Any]], Page],
        fetch_ticket: Callable[[str], Row],
        logger: logging.Logger,
        *,
        include: Callable[[], Sequence[str]] = tuple,
        filter: str | None = None,  # noqa: A002 - the name of the parameter in Freshdesk's API
    ) -> None:
        self.logger = logger
        self._fetch = fetch
        self._fetch_ticket = fetch_ticket
        self._include = include
        self._filter = filter

    @property
    def call(self) -> Call:
        """What a page costs."""
        return Call(1.0 + CREDITS_FOR_AN_INCLUDE * len(self._include()), "tickets")

    @property
    def call_for_ticket(self) -> Call:
        """What a single ticket costs: https://developers.freshdesk.com/api/#view_a_ticket"""
        return Call(1.0 + len(self._embedded_in_tickets))

    def page(self, request: PageRequest) -> Page:
        """A page of the list. Raises `ResourceUnavailable` if the list is not available."""
        query: dict[str, Any] = {
            "updated_since": instants.to_api(request.updated_since),
            "order_by": request.order_by,
            "order_type": request.order_type,
            "per_page": PAGE_SIZE,
            "page": request.page,
        }
        if self._filter is not None:
            query["filter"] = self._filter
        include = self._include()
        if include:
            query["include"] = ",".join(include)
        return self._fetch(query)

    def ticket(self, number: int) -> Row | None:
        """The ticket with this id; None if it does not exist, is not one of those that are listed, or is refused, which
        the log says.
        """
        try:
            row = self.view(number)
        except ResourceUnavailable as refused:
            if refused.status != requests.codes.not_found:
                self.logger.warning(f"Ticket {number} is left out, since it is refused. {refused}")
            return None
        flags = {name for name in ("deleted", "spam") if row.get(name)}
        return row if (self._filter in flags if self._filter else not flags) else None

    def view(self, number: int) -> Row:
        """The ticket with this id, in any list. Raises `ResourceUnavailable` if it does not exist or is refused."""
        include = ",".join(self._embedded_in_tickets)
        return self._fetch_ticket(f"tickets/{number}?include={include}" if include else f"tickets/{number}")

    @property
    def _embedded_in_tickets(self) -> list[str]:
        return [name for name in EMBEDDED_IN_SINGLE_TICKETS if name in self._include()]
