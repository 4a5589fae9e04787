"""Contacts: https://developers.freshdesk.com/api/#contacts"""

from collections.abc import Iterator, Mapping
from typing import Any

from airbyte_cdk.sources.streams.core import StreamData

from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.api.response import Row
from source_freshdesk.streams.base import ADMINISTRATOR
from source_freshdesk.streams.fields import FieldStream
from source_freshdesk.streams.incremental_list import FilteredList


class Contacts(FilteredList):
    """https://developers.freshdesk.com/api/#list_all_contacts

    details: whether each contact is fetched singly for what the list leaves out (tags, other_emails,
    view_all_tickets, avatar).
    """

    resource = "contacts"
    # The documentation names the second; accounts were seen that know only the first.
    update_filters = ("_updated_since", "updated_since")

    def __init__(self, api: FreshdeskApi, start: int, *, details: bool) -> None:
        super().__init__(api, start)
        self.details = "contacts/{id}" if details else ""

    def read_slice(self, stream_slice: Mapping[str, Any] | None) -> Iterator[StreamData]:
        """The records that are news, with the cost of their details in the log."""
        if self.details:
            self.logger.info(
                "Each new or changed contact costs one API call more, for its tags, other_emails and "
                "view_all_tickets. Switch 'contact_details' off if you do not need these."
            )
        is_estimated = False
        for record in super().read_slice(stream_slice):
            yield record
            if self.has_more_pages and not is_estimated:
                yield from self.estimate(self.name, self.since)
                is_estimated = True
        if self.details:
            self.logger.info(f"API calls for the details of contacts: {self._views.calls:,}")

    def record(self, row: Row) -> Row:
        """The row, with its details if they are wanted.

        The default list has neither blocked nor deleted contacts: https://developers.freshdesk.com/api/#list_all_contacts
        """
        return super().record({"blocked": False, "deleted": False} | row)


class ContactFields(FieldStream):
    """https://developers.freshdesk.com/api/#contact-fields"""

    resource = "contact_fields"
    role = ADMINISTRATOR
