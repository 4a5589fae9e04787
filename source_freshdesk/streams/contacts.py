"""Contacts: https://developers.freshdesk.com/api/#contacts"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from airbyte_cdk.models import SyncMode
from airbyte_cdk.sources.streams.core import StreamData

from source_freshdesk.api.answers import Row
from source_freshdesk.api.client import Account
from source_freshdesk.streams.unordered import UnorderedIncrementalStream


class Contacts(UnorderedIncrementalStream):
    """https://developers.freshdesk.com/api/#list_all_contacts

    details: whether each contact is fetched singly for what the list leaves out (tags, other_emails,
    view_all_tickets, avatar).
    """

    resource = "contacts"
    # The documentation names the second; accounts were seen that know only the first.
    update_filters = ("_updated_since", "updated_since")

    def __init__(self, account: Account, start: int, *, details: bool) -> None:
        self._details = details
        super().__init__(account, start)

    def read_records(
        self,
        sync_mode: SyncMode,
        cursor_field: list[str] | None = None,
        stream_slice: Mapping[str, Any] | None = None,
        stream_state: Mapping[str, Any] | None = None,
    ) -> Iterable[StreamData]:
        """The records that are news, with the cost of their details in the log."""
        if self._details:
            self.logger.info(
                "Each new or changed contact costs one API call more, for its tags, other_emails and "
                "view_all_tickets. Switch 'contact_details' off if you do not need these."
            )
        yield from super().read_records(sync_mode, cursor_field, stream_slice, stream_state)
        if self._details:
            self.logger.info(f"API calls for the details of contacts: {self._views.calls:,}")

    def records(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The records that rows become, several contacts fetched at once."""
        return self._account.ahead.map(self.record, rows) if self._details else super().records(rows)

    def record(self, row: Row) -> Row:
        """The row, with its details if they are wanted.

        The default list has neither blocked nor deleted contacts: https://developers.freshdesk.com/api/#list_all_contacts
        """
        row = {"blocked": False, "deleted": False} | row
        return super().record(self.with_details(row, f"contacts/{row['id']}") if self._details else row)
