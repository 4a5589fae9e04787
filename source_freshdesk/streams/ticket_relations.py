"""Agents that watch tickets, tickets that belong together, and summaries: https://developers.freshdesk.com/api/#tickets"""

import requests

from source_freshdesk.api.errors import ResourceUnavailable
from source_freshdesk.api.response import Row, RowList, SingleObject
from source_freshdesk.retrieval.list_retriever import ReadList
from source_freshdesk.retrieval.repetition import Repetition
from source_freshdesk.streams.ticket_substream import TicketSubstream

PARENT, CHILD, TRACKER, RELATED = 1, 2, 3, 4
"""Values of a ticket's `association_type`."""


class TicketWatchers(TicketSubstream):
    """https://developers.freshdesk.com/api/#tickets"""

    primary_key = "ticket_id"
    resource = "tickets/{id}/watchers"
    shape = SingleObject(required=())
    page_size = None

    def fetch_children(self, ticket: Row) -> ReadList:
        """The agents that watch it, as one record of the ticket's version."""
        (row,) = self.fetch({"path": self.resource.format_map(ticket)}).rows
        watcher_ids = row.get("watcher_ids") or []
        return ReadList(
            [{"ticket_id": ticket["id"], "watcher_ids": watcher_ids, "updated_at": ticket.get("updated_at")}]
        )


class TicketAssociations(TicketSubstream):
    """https://developers.freshdesk.com/api/#tickets

    Only tickets that are associated with others cost a call.
    """

    primary_key = "ticket_id"
    resource = "tickets/{id}/associated_tickets"
    prime_resource = "tickets/{id}/prime_association"
    shape = RowList(under="tickets")
    page_size = None

    def may_have_children(self, ticket: Row) -> bool:
        """Whether it is associated with any."""
        return ticket.get("association_type") in (PARENT, CHILD, TRACKER, RELATED)

    def fetch_children(self, ticket: Row) -> ReadList:
        """The tickets it is associated with, as one record of the ticket's version."""
        if ticket["association_type"] in (PARENT, TRACKER):
            associated = self._associated_with(ticket)
        else:
            associated = self._prime_of(ticket)
        record = {
            "ticket_id": ticket["id"],
            "association_type": ticket["association_type"],
            "associated_ticket_ids": [one["id"] for one in associated],
            "associated_tickets": associated,
            "updated_at": ticket.get("updated_at"),
        }
        return ReadList([self.cast(record)])

    def _associated_with(self, ticket: Row) -> list[Row]:
        """The tickets that belong to it."""
        at_path = {"path": self.resource.format_map(ticket)}
        page, rows, repetition = self.fetch(at_path), dict[object, Row](), Repetition()
        while True:
            is_over = repetition.take(row["id"] for row in page.rows)
            rows.update((row["id"], row) for row in page.rows)
            if page.next is None or is_over:
                return list(rows.values())
            page = self.fetch(at_path, page.next)

    def _prime_of(self, ticket: Row) -> list[Row]:
        """The one ticket that it belongs to; none if that was deleted."""
        try:
            return [self.objects.read(self.prime_resource.format_map(ticket))]
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

    def fetch_children(self, ticket: Row) -> ReadList:
        """The summary, if it has one."""
        try:
            (row,) = self.fetch({"path": self.resource.format_map(ticket)}).rows
        except ResourceUnavailable as refused:
            if refused.status != requests.codes.not_found:
                raise
            return ReadList([])
        return ReadList([{"ticket_id": ticket["id"]} | row])
