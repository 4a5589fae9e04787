"""The names of the choices that tickets carry as numbers."""

import logging
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property

from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_freshdesk.api.response import Row
from source_freshdesk.records.choices import choices
from source_freshdesk.retrieval.parent_rows import ParentStream

FIELD_TYPES: Mapping[str, str] = {
    "status": "default_status",
    "priority": "default_priority",
    "source": "default_source",
}
"""By the field of a ticket: https://developers.freshdesk.com/api/#list_all_ticket_fields"""
NAME_COLUMNS: Mapping[str, str] = {f"{field}_name": field for field in FIELD_TYPES}


class ChoiceNames:
    """Adds the names to tickets, from the account's own choices.

    fields: the stream of ticket fields, which is asked when the first ticket is named; None: there are no names.
    """

    def __init__(self, fields: ParentStream | None, stream: str, logger: logging.Logger) -> None:
        self._fields = fields
        self._stream = stream
        self._logger = logger
        self._columns: Collection[str] = tuple(NAME_COLUMNS)

    def select(self, columns: Collection[str]) -> None:
        """Only these columns are wanted; none: all."""
        self._columns = [name for name in NAME_COLUMNS if not columns or name in columns]

    def prefetch(self) -> None:
        """Have the ticket fields fetched by another thread, if they are needed soon."""
        if self._fields is not None and self._columns:
            self._fields.prefetch({})

    def named(self, ticket: Row) -> Row:
        """The same row, with the names of its choices, which are null if they are not known."""
        if self._fields is None or not self._columns:
            return ticket
        for column, field, names in self._lookups:
            ticket[column] = names.get(str(ticket.get(field)))
        return ticket

    @cached_property
    def _lookups(self) -> Sequence[tuple[str, str, Mapping[str, str]]]:
        """Of each column: its name, the field that holds the number, and the names by number."""
        names = self._names
        return [(column, NAME_COLUMNS[column], names.get(column, {})) for column in self._columns]

    @property
    def _names(self) -> Mapping[str, Mapping[str, str]]:
        """The names by number, by column."""
        assert self._fields is not None
        try:
            rows = self._fields.cache.kept().rows
            reason = self._fields.outcome.skip_reason
        except AirbyteTracedException as failure:
            rows, reason = [], str(failure)
        if reason:
            self._logger.warning(f"Stream {self._stream} lacks {', '.join(self._columns)}. {reason}")
        fields = {field["type"]: field["choices"] for field in rows}
        return {
            f"{field}_name": {one["value"]: one["label"] for one in choices(field_type, fields.get(field_type))}
            for field, field_type in FIELD_TYPES.items()
        }
