"""The schemas of an account: those of every account, with the fields that this one has defined."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from airbyte_cdk.models import AirbyteCatalog, AirbyteStream
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.api.judging import judged
from source_freshdesk.api.response import Row
from source_freshdesk.records import custom_fields
from source_freshdesk.retrieval.described_fields import DescribedFields


@dataclass(frozen=True)
class _Typed:
    """A column that holds the values of fields that an account has defined. fields: reads these."""

    stream: str
    column: str
    fields: Callable[[DescribedFields], list[Row]]


Properties = Mapping[str, Mapping[str, Any]]

TYPED_COLUMNS = (
    _Typed("tickets", "custom_fields", lambda described: described.of_list("ticket_fields")),
    _Typed("contacts", "custom_fields", lambda described: described.of_list("contact_fields")),
    _Typed("companies", "custom_fields", lambda described: described.of_list("company_fields")),
    _Typed("custom_object_records", "data", DescribedFields.of_custom_objects),
)


def with_custom_fields(catalog: AirbyteCatalog, api: FreshdeskApi, logger: logging.Logger) -> AirbyteCatalog:
    """The catalog, with a typed property for each field that the account has defined. What cannot be read stays a plain
    object, which the log says. The same account gives the same catalog.
    """
    described = DescribedFields(api, "discover", logger)
    streams = {stream.name: stream for stream in catalog.streams}

    def read(typed: _Typed) -> Properties | AirbyteTracedException:
        try:
            with judged(f"GET {typed.stream}"):
                return custom_fields.properties(typed.fields(described))
        except AirbyteTracedException as failure:
            return failure

    for typed, properties in zip(TYPED_COLUMNS, api.prefetcher.map(read, TYPED_COLUMNS), strict=True):
        if isinstance(properties, AirbyteTracedException):
            why = properties
            logger.warning(f"The fields in {typed.column} of {typed.stream} are not described one by one. {why}")
        else:
            _describe(streams[typed.stream], typed.column, properties, logger)
    return catalog


def _describe(stream: AirbyteStream, column: str, properties: Properties, logger: logging.Logger) -> None:
    for names in custom_fields.clashes(properties):
        logger.warning(
            f"The fields {', '.join(names)} in {column} of {stream.name} have the same name in a warehouse that "
            "ignores case or cuts long names. Rename all but one in Freshdesk."
        )
    of_stream = stream.json_schema["properties"]
    typed = {**of_stream[column], "properties": dict(properties)} if properties else of_stream[column]
    stream.json_schema = {**stream.json_schema, "properties": {**of_stream, column: typed}}
