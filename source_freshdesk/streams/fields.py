"""Streams of what an account's records consist of."""

from abc import ABC

from source_freshdesk.api.response import Row
from source_freshdesk.records.choices import with_choices
from source_freshdesk.streams.base import FreshdeskStream


class FieldStream(FreshdeskStream, ABC):
    """The fields of a resource, their choices in one shape.

    Read in full each time: a change of the choices, such as a new agent among them, leaves `updated_at` as it is.
    """

    def record(self, row: Row) -> Row:
        """The field, its choices in one shape."""
        field: Row = with_choices(super().record(row))
        return field
