"""Contacts: https://developers.freshdesk.com/api/#contacts"""

from collections.abc import Mapping
from typing import ClassVar

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


class ContactFields(FieldStream):
    """https://developers.freshdesk.com/api/#contact-fields"""

    resource = "contact_fields"
    role = ADMINISTRATOR
