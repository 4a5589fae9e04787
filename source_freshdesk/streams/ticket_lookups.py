"""What the numbers in tickets mean, made from the choices of the ticket fields, custom ones included.

https://developers.freshdesk.com/api/#list_all_ticket_fields
"""

from abc import ABC
from collections.abc import Iterator
from typing import ClassVar

from source_freshdesk.api.errors import system_error
from source_freshdesk.api.response import Row
from source_freshdesk.records.choices import choices
from source_freshdesk.retrieval.parent_rows import RowsOf
from source_freshdesk.retrieval.stable_list import StableList
from source_freshdesk.streams.base import FreshdeskStream
from source_freshdesk.streams.ticket_fields import TicketFields


class TicketLookup(FreshdeskStream, ABC):
    """The choices of one ticket field."""

    resource = TicketFields.resource
    needs = (RowsOf(TicketFields, ("type", "choices")),)
    field_type: ClassVar[str]

    def list_rows(self, listed: StableList) -> Iterator[Row]:
        """A row for each choice."""
        fields = {field["type"]: field for field in self.parent_rows().rows}
        if self.outcome.is_skipped:
            return
        if self.field_type not in fields:
            raise system_error(f"Freshdesk's list of ticket fields has none of the type {self.field_type}.")
        found = list(enumerate(choices(self.field_type, fields[self.field_type]["choices"]), start=1))
        unnumbered = [choice["label"] for _, choice in found if not choice["value"].isdecimal()]
        if unnumbered and len(unnumbered) == len(found):
            raise system_error(
                f"Freshdesk's choices of the ticket field {self.field_type} cannot be read: {unnumbered[0]!r} "
                "has no number."
            )
        for label in unnumbered:
            self.logger.warning(f"Stream {self.name} leaves out the choice {label!r}, which has no number.")
        for position, choice in found:
            if not choice["value"].isdecimal():
                continue
            row = {"id": int(choice["value"]), "label": choice["label"], "position": choice.get("position", position)}
            if "label_for_customers" in choice:
                row["label_for_customers"] = choice["label_for_customers"]
            yield row


class TicketStatuses(TicketLookup):
    """What `status` of a ticket means."""

    field_type = "default_status"


class TicketPriorities(TicketLookup):
    """What `priority` of a ticket means."""

    field_type = "default_priority"


class TicketSources(TicketLookup):
    """What `source` of a ticket means."""

    field_type = "default_source"
