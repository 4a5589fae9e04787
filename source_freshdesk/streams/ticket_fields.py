"""Ticket fields and forms: https://developers.freshdesk.com/api/#ticket-fields"""

from source_freshdesk.api.response import Row, RowList
from source_freshdesk.records.choices import with_choices
from source_freshdesk.retrieval.access import ADMINISTRATOR
from source_freshdesk.retrieval.child_lists import ChildOf
from source_freshdesk.streams.base import FreshdeskStream
from source_freshdesk.streams.fields import FieldStream


class TicketFields(FieldStream):
    """https://developers.freshdesk.com/api/#list_all_ticket_fields"""

    resource = "ticket_fields"


class AdminTicketFields(FieldStream):
    """https://developers.freshdesk.com/api/#ticket-fields"""

    resource = "admin/ticket_fields"
    detail_path = "admin/ticket_fields/{id}"
    detail_fields = ("choices", "dependent_fields")
    list_variants = ({"include": "section"},)
    page_size = None
    role = ADMINISTRATOR


class TicketFieldSections(FreshdeskStream):
    """https://developers.freshdesk.com/api/#ticket-fields

    Read in full each time: sections carry no times.
    """

    resource = "admin/ticket_fields/{id}/sections"
    shape = RowList(under="sections")
    page_size = None
    child_of = ChildOf(AdminTicketFields, id_as="parent_ticket_field_id", counted_by=("has_section",))
    role = ADMINISTRATOR


class TicketForms(FreshdeskStream):
    """https://developers.freshdesk.com/api/#ticket-forms"""

    resource = "ticket-forms"
    detail_path = "ticket-forms/{id}"
    detail_fields = ("fields",)
    list_variants = ({"include": "portals"},)
    page_size = None
    feature = "Ticket Forms"
    role = ADMINISTRATOR

    def record(self, row: Row) -> Row:
        """The row, the choices of its fields in one shape."""
        form = super().record(row)
        fields = form.get("fields")
        return form | {"fields": list(map(with_choices, fields))} if isinstance(fields, list) else form
