"""Reads the fields that an account has defined, where that is worth one try."""

import logging
from collections.abc import Mapping

from source_freshdesk.api.backoff import RetryAfterBackoff
from source_freshdesk.api.error_handler import FreshdeskErrorHandler
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.api.http_client import REQUEST_KWARGS
from source_freshdesk.api.paginator import PAGE_SIZE, next_page
from source_freshdesk.api.response import Row, RowList, Shape, SingleObject
from source_freshdesk.retrieval.repetition import Repetition


class DescribedFields:
    """Lists of fields, on behalf of a command. No call is repeated."""

    def __init__(self, api: FreshdeskApi, name: str, logger: logging.Logger) -> None:
        self._api = api
        self._name = name
        self._logger = logger

    def of_list(self, path: str) -> list[Row]:
        """All fields of a list. Raises `AirbyteTracedException` if it cannot be read."""
        query: Mapping[str, str] | None = {"per_page": str(PAGE_SIZE)}
        fields: list[Row] = []
        repetition, is_over = Repetition(), False
        while query is not None and not is_over:
            rows, query = self._page(path, query, RowList())
            is_over = repetition.take(row["id"] for row in rows)
            fields += rows
        return fields

    def of_custom_objects(self) -> list[Row]:
        """The fields of all custom objects. Raises `AirbyteTracedException` if they cannot be read."""
        schemas, _ = self._page("custom_objects/schemas", {}, RowList(under="schemas"))
        fields: list[Row] = []
        for schema in schemas:
            (full,), _ = self._page(f"custom_objects/schemas/{schema['id']}", {}, SingleObject())
            fields += full.get("fields") or ()
        return fields

    def _page(self, path: str, query: Mapping[str, str], shape: Shape) -> tuple[list[Row], Mapping[str, str] | None]:
        handler = FreshdeskErrorHandler(shape)
        client = self._api.client(self._name, self._logger, handler, RetryAfterBackoff(max_attempts=1))
        _, response = client.send_request(
            "GET", self._api.api_url + path, params=dict(query), request_kwargs=REQUEST_KWARGS
        )
        return handler.rows(response), next_page(response)
