"""Reads single objects, and the details that a list leaves out of its rows."""

import logging
import threading
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cached_property, partial

import requests
from airbyte_cdk.models import FailureType
from airbyte_cdk.sources.streams.http import HttpClient

from source_freshdesk.api.backoff import RetryAfterBackoff
from source_freshdesk.api.error_handler import FreshdeskErrorHandler
from source_freshdesk.api.errors import Action, ErrorRule, ResourceUnavailable
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.api.http_client import REQUEST_KWARGS
from source_freshdesk.api.response import Row, SingleObject
from source_freshdesk.retrieval.access import StreamAccess
from source_freshdesk.retrieval.few_failures import Failed, FewFailures

ENOUGH_REFUSALS = 10
"""If the pages of so many rows are refused and none is answered, all are taken for refused."""

NO_PAGE = ErrorRule(405, None, Action.SKIP, FailureType.config_error, "Freshdesk does not let this key get the object.")
"""A single object can be refused so among others that are not: https://developers.freshdesk.com/api/#errors"""


class ObjectRetriever:
    """Reads single objects on behalf of a stream, from several threads.

    error_rules: what responses mean here, before the rules for every call.
    """

    def __init__(self, api: FreshdeskApi, name: str, logger: logging.Logger, error_rules: Sequence[ErrorRule]) -> None:
        self.name = name
        self.logger = logger
        self._api_url = api.api_url
        self._error_handler = FreshdeskErrorHandler(SingleObject(), (*error_rules, NO_PAGE))
        self._new_client = partial(api.client, name, logger, self._error_handler, RetryAfterBackoff())

    @cached_property
    def _client(self) -> HttpClient:
        """Made when it is needed first: most streams read no single objects."""
        return self._new_client()

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
        self._is_any_answered = False
        self._refusals = 0
        self._failures = FewFailures()

    @property
    def are_needed(self) -> bool:
        """Whether each row costs a call."""
        return bool(self._path)

    def select(self, columns: Collection[str]) -> None:
        """The catalog selects these columns; none: it does not say, so all are wanted. Rows cost no call if none is
        of those that only their pages contain. To be called before the first row.
        """
        if columns:
            self._fields &= frozenset(columns)
        if not self._fields:
            self._path = ""

    def announce(self, rows: int) -> None:
        """Say how many calls the details of so many rows cost, if any."""
        if self._path and rows:
            name, columns = self._objects.name, ", ".join(sorted(self._fields))
            self._objects.logger.info(
                f"{name}: {rows:,} API calls for {columns}; leave these columns out to save them."
            )

    def announced(self, rows: Iterable[Row]) -> Iterable[Row]:
        """The rows. If each costs a call, they are held until the log says how many that are."""
        if not self._path:
            return rows
        held = list(rows)
        self.announce(len(held))
        return held

    def complete(self, row: Row) -> Row:
        """The row with its details; as it is if it was deleted meanwhile, or if its page is refused to this key.

        After `ENOUGH_REFUSALS` refusals and not one answer, all are taken for refused.
        """
        if not self._path or self._are_all_refused:
            return row
        path = self._path.format_map(row)
        details = self._failures.tolerate(lambda: self._access.confirm(lambda: self._objects.read(path)))
        if isinstance(details, Failed):
            name, logger = self._objects.name, self._objects.logger
            logger.warning(f"Stream {name} lacks the fields that only {path} contains. {details.why}")
            return row
        if not isinstance(details, ResourceUnavailable):
            self._is_any_answered = True
            return self._cast(row | details)
        if details.status != requests.codes.not_found:
            self._note_refused(path, details)
        return row

    @property
    def _are_all_refused(self) -> bool:
        return self._refusals >= ENOUGH_REFUSALS and not self._is_any_answered

    def _note_refused(self, path: str, refused: ResourceUnavailable) -> None:
        name, logger = self._objects.name, self._objects.logger
        with self._lock:
            self._refusals += 1
            if self._refusals < ENOUGH_REFUSALS:
                logger.warning(f"Stream {name} lacks the fields that only {path} contains. {refused}")
            elif self._refusals == ENOUGH_REFUSALS and self._is_any_answered:
                logger.warning(f"Stream {name} lacks them of more rows, which are not listed here.")
            elif self._refusals == ENOUGH_REFUSALS:
                logger.warning(f"Stream {name} lacks the fields that only the page of each row contains. {refused}")
