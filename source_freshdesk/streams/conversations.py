"""Conversations: https://developers.freshdesk.com/api/#conversations"""

from source_freshdesk import instants
from source_freshdesk.api.response import Row
from source_freshdesk.retrieval.list_retriever import ReadList
from source_freshdesk.streams.ticket_substream import TicketSubstream


class Conversations(TicketSubstream):
    """https://developers.freshdesk.com/api/#list_all_ticket_notes"""

    resource = "tickets/{id}/conversations"

    def record(self, row: Row) -> Row:
        """The conversation, with the time of the sync that read all those of its ticket."""
        return super().record(row) | {"ticket_synced_at": instants.to_api(self.synced_at)}

    def fetch_children(self, ticket: Row) -> ReadList:
        """All pages of them."""
        return self.lists.read_path(self.resource.format_map(ticket))
