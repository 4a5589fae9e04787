"""A slice of a stream that makes one call for each ticket."""

from collections.abc import MutableMapping
from typing import Any

from source_freshdesk.api.errors import ResourceUnavailable
from source_freshdesk.api.prefetch import Batch
from source_freshdesk.api.response import Row
from source_freshdesk.retrieval.list_retriever import ReadList


class TicketSlice(dict[str, Any]):
    """A batch of tickets whose children are being fetched.

    listed: how many tickets were on the page of their list; 0 if from none. state, is_last: of that page.
    is_retry: their children were refused to an earlier sync.
    """

    def __init__(
        self,
        batch: Batch[Row, ReadList | ResourceUnavailable],
        *,
        listed: int,
        state: MutableMapping[str, Any],
        is_last: bool,
        is_retry: bool = False,
    ) -> None:
        super().__init__(ticket_ids=[ticket["id"] for ticket in batch.items])
        self.batch = batch
        self.listed = listed
        self.state = state
        self.is_last = is_last
        self.is_retry = is_retry
