"""Who watches a ticket, which tickets belong together, and what is summed up of one.

https://developers.freshdesk.com/api/#tickets
"""

import requests

from source_freshdesk.api.errors import ResourceUnavailable
from source_freshdesk.api.response import Row, RowList, SingleObject
from source_freshdesk.streams.ticket_substream import TicketSubstream

PARENT, CHILD, TRACKER, RELATED = 1, 2, 3, 4
"""What a ticket's `association_type` means."""


class TicketWatchers(TicketSubstream):
    """https://developers.freshdesk.com/api/#tickets"""

    primary_key = "ticket_id"
    resource = "tickets/{id}/watchers"
    shape = SingleObject(required=())
    page_size = None

    def fetch_children(self, ticket: Row) -> list[Row]:
        """The agents that watch it, as one record of the age of the ticket."""
        (row,) = self.fetch({"path": self.resource.format_map(ticket)}).rows
        return [
            {"ticket_id": ticket["id"], "watcher_ids": row.get("watcher_ids") or [], "updated_at": ticket["updated_at"]}
        ]


class TicketAssociations(TicketSubstream):
    """https://developers.freshdesk.com/api/#tickets

    Only tickets that are associated with others are asked.
    """

    primary_key = "ticket_id"
    resource = "tickets/{id}/associated_tickets"
    prime_resource = "tickets/{id}/prime_association"
    shape = RowList(under="tickets")
    page_size = None

    def may_have_children(self, ticket: Row) -> bool:
        """Whether it is associated with any."""
        return ticket.get("association_type") in (PARENT, CHILD, TRACKER, RELATED)

    def fetch_children(self, ticket: Row) -> list[Row]:
        """The tickets it is associated with, as one record of the age of the ticket."""
        if ticket["association_type"] in (PARENT, TRACKER):
            associated = self._associated_with(ticket)
        else:
            associated = self._prime_of(ticket)
        record = {
            "ticket_id": ticket["id"],
            "association_type": ticket["association_type"],
            "associated_ticket_ids": [one["id"] for one in associated],
            "associated_tickets": associated,
            "updated_at": ticket["updated_at"],
        }
        return [self._cast(record)]

    def _associated_with(self, ticket: Row) -> list[Row]:
        """The tickets that belong to it."""
        place = {"path": self.resource.format_map(ticket)}
        page = self.fetch(place)
        rows = page.rows
        while page.next is not None:
            page = self.fetch(place, page.next)
            rows += page.rows
        return rows

    def _prime_of(self, ticket: Row) -> list[Row]:
        """The one ticket that it belongs to; none if that is gone."""
        try:
            return [self.view(self.prime_resource.format_map(ticket))]
        except ResourceUnavailable as refused:
            if refused.status != requests.codes.not_found:
                raise
            return []


class TicketSummaries(TicketSubstream):
    """https://developers.freshdesk.com/api/#tickets"""

    primary_key = "ticket_id"
    resource = "tickets/{id}/summary"
    shape = SingleObject()
    page_size = None
    feature = "Ticket Summary"

    def fetch_children(self, ticket: Row) -> list[Row]:
        """The summary, if it has one."""
        try:
            (row,) = self.fetch({"path": self.resource.format_map(ticket)}).rows
        except ResourceUnavailable as refused:
            if refused.status != requests.codes.not_found:
                raise
            return []
        return [{"ticket_id": ticket["id"]} | row]
