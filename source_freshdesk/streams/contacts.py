"""Contacts: https://developers.freshdesk.com/api/#contacts"""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from airbyte_cdk.sources.streams.core import StreamData

from source_freshdesk.retrieval.access import ADMINISTRATOR
from source_freshdesk.retrieval.time_filter import UNKNOWN_PARAMETER, FilteredBy
from source_freshdesk.streams.fields import FieldStream
from source_freshdesk.streams.incremental_list import IncrementalList


class Contacts(IncrementalList):
    """https://developers.freshdesk.com/api/#list_all_contacts

    The default list has neither deleted nor blocked contacts; these have lists of their own.
    """

    resource = "contacts"
    detail_path = "contacts/{id}"
    detail_fields = ("avatar", "devices", "other_emails", "tags", "view_all_tickets")
    error_rules = (UNKNOWN_PARAMETER,)
    # The documentation names the second; accounts were seen that know only the first.
    filtered_by = FilteredBy(("_updated_since", "updated_since"))
    counted_as = "contacts"
    sections: ClassVar[Mapping[str, Mapping[str, str]]] = {
        "deleted": {"state": "deleted"},
        "blocked": {"state": "blocked"},
    }

    def read_slice(self, stream_slice: Mapping[str, Any] | None) -> Iterator[StreamData]:
        """The records that are new or changed, with the cost of their details in the log."""
        if self.details.are_needed:
            self.logger.info(
                "Each new or changed contact costs one more API call, for its tags, other_emails and "
                "view_all_tickets. Switch 'contact_details' off if you do not need these."
            )
        yield from super().read_slice(stream_slice)
        if self.details.are_needed:
            self.logger.info(f"API calls for the details of contacts: {self.objects.calls:,}")


class ContactFields(FieldStream):
    """https://developers.freshdesk.com/api/#contact-fields"""

    resource = "contact_fields"
    role = ADMINISTRATOR
