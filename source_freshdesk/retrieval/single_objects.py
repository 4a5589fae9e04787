"""Reads single objects, and the details that a list leaves out of its rows."""

import logging
import threading
from collections.abc import Callable, Collection, Sequence

import requests

from source_freshdesk.api.backoff import RetryAfterBackoff
from source_freshdesk.api.error_handler import FreshdeskErrorHandler
from source_freshdesk.api.errors import ErrorRule, ResourceUnavailable
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.api.http_client import REQUEST_KWARGS
from source_freshdesk.api.response import Row, SingleObject
from source_freshdesk.retrieval.access import StreamAccess


class ObjectRetriever:
    """Reads single objects on behalf of a stream, from several threads.

    error_rules: what responses mean here, before the rules for every call.
    """

    def __init__(self, api: FreshdeskApi, name: str, logger: logging.Logger, error_rules: Sequence[ErrorRule]) -> None:
        self.name = name
        self.logger = logger
        self._api_url = api.api_url
        self._error_handler = FreshdeskErrorHandler(SingleObject(), error_rules)
        self._client = api.client(name, logger, self._error_handler, RetryAfterBackoff())

    @property
    def calls(self) -> int:
        """Calls made so far, retries included."""
        return self._client.calls

    def read(self, path: str) -> Row:
        """The object at `path` below /api/v2/. Raises `ResourceUnavailable` if it is not there."""
        _, response = self._client.send_request("GET", self._api_url + path, request_kwargs=REQUEST_KWARGS)
        (row,) = self._error_handler.rows(response)
        return row


class DetailFetcher:
    """Completes rows by what only the page of each row contains.

    path: of a row's page, with `{id}`; empty if rows are complete. fields: what only that page contains.
    cast: casts a row to the declared types. Used from several threads.
    """

    def __init__(
        self,
        path: str,
        fields: Collection[str],
        objects: ObjectRetriever,
        access: StreamAccess,
        cast: Callable[[Row], Row],
    ) -> None:
        self._path = path
        self._fields = frozenset(fields)
        self._objects = objects
        self._access = access
        self._cast = cast
        self._lock = threading.Lock()
        self._is_refused = False

    @property
    def are_needed(self) -> bool:
        """Whether each row costs a call."""
        return bool(self._path)

    def select(self, columns: Collection[str]) -> None:
        """The catalog selects these columns; none: it does not say, so all are wanted. Rows cost no call if none is
        of those that only their pages contain. To be called before the first row.
        """
        if columns and self._fields.isdisjoint(columns):
            self._path = ""

    def complete(self, row: Row) -> Row:
        """The row with its details; as it is if it was deleted meanwhile, or if its page is refused to this key."""
        if self._is_refused or not self._path:
            return row
        details = self._access.confirm(lambda: self._objects.read(self._path.format_map(row)))
        if not isinstance(details, ResourceUnavailable):
            return self._cast(row | details)
        if details.status != requests.codes.not_found:
            self._stop(details)
        return row

    def _stop(self, refused: ResourceUnavailable) -> None:
        with self._lock:
            is_known, self._is_refused = self._is_refused, True
        if not is_known:
            self._objects.logger.warning(
                f"Stream {self._objects.name} lacks the fields that only the page of each row contains. {refused}"
            )
