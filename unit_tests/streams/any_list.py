"""A stream that stands for any list."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from airbyte_cdk.sources.streams import Stream

from source_freshdesk.catalog import all_streams
from source_freshdesk.config import Config
from source_freshdesk.streams.archived_tickets import ArchiveStream
from source_freshdesk.streams.base import FreshdeskStream
from source_freshdesk.streams.fields import FieldStream
from source_freshdesk.streams.incremental import IncrementalStream
from source_freshdesk.streams.incremental_list import IncrementalList
from source_freshdesk.streams.ticket_lookups import TicketLookup
from source_freshdesk.streams.ticket_substream import TicketSubstream
from unit_tests import support
from unit_tests.support import (
    API,
    answer,
    linked,
)

ROLES = f"{API}roles"
ME = f"{API}agents/me"
AGENT = answer({"id": 7, "ticket_scope": 1})
BASES = (
    *(FreshdeskStream, IncrementalStream, IncrementalList, FieldStream),
    *(TicketSubstream, TicketLookup, ArchiveStream),
)
OWN_CLASSES = (*BASES, *(type(stream) for stream in all_streams(support.api(), Config(support.HOST, support.KEY))))


@cache
def schema_of_ids(_stream: Stream) -> Mapping[str, Any]:
    """The schema of a list that stands for any; as its method `get_json_schema`."""
    return {"properties": {"id": {"type": ["null", "integer"]}}}


class Roles(FreshdeskStream):
    """A plain list."""

    resource = "roles"
    feature = "Roles"
    role = "an administrator"

    get_json_schema = schema_of_ids


def followed(*rows: dict[str, Any], by: int) -> dict[str, Any]:
    """An answer with these rows, and a link to that page."""
    return linked(ROLES, *rows, to=by)
