"""Custom objects: https://developers.freshdesk.com/api/#custom-objects"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import requests
from airbyte_cdk.models import FailureType, SyncMode
from airbyte_cdk.sources.streams.core import StreamData
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_freshdesk import instants
from source_freshdesk.api.errors import Action, ErrorRule, ResourceUnavailable, system_error
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.api.paginator import PAGE_SIZE
from source_freshdesk.api.response import Row, RowList, parsed_body
from source_freshdesk.records.versions import changed_at, content_of, key_of
from source_freshdesk.retrieval.page import Page
from source_freshdesk.retrieval.parent_rows import RowsOf, read_parent
from source_freshdesk.retrieval.repetition import Repetition
from source_freshdesk.state.emitted_versions import RowKey
from source_freshdesk.state.updated_at_cursor import UpdatedAtCursor
from source_freshdesk.streams.base import FreshdeskStream
from source_freshdesk.streams.incremental import IncrementalStream

CUSTOM_OBJECTS = "Custom Objects"

REFUSED = (
    ErrorRule(403, None, Action.SKIP, FailureType.config_error, "Freshdesk refuses custom objects to this key."),
)
"""Custom objects have error codes of their own, which are not those of the error rules."""


class CustomObjectSchemas(FreshdeskStream):
    """https://developers.freshdesk.com/api/#custom-objects"""

    resource = "custom_objects/schemas"
    detail_path = "custom_objects/schemas/{id}"
    detail_fields = ("fields",)
    shape = RowList(under="schemas")
    error_rules = REFUSED
    page_size = None
    feature = CUSTOM_OBJECTS


class CustomObjectRecords(IncrementalStream):
    """https://developers.freshdesk.com/api/#custom-objects

    A slice is a schema. Each has a cursor of its own::

        {"updated_time": "2026-11-20T08:00:00Z",            the earliest watermark of all schemas
         "schemas": {"30": {"updated_time": …}, "31": …}}
    """

    primary_key = ["schema_id", "display_id"]  # noqa: RUF012 - the CDK asks for a list
    cursor_field = "updated_time"
    resource = "custom_objects/schemas/{id}/records"
    shape = RowList(required=("display_id",), under="records")
    page_size = None
    error_rules = (
        ErrorRule(400, None, Action.SKIP, FailureType.system_error, "Freshdesk does not filter these records by time."),
        *REFUSED,
    )
    feature = CUSTOM_OBJECTS
    needs = (RowsOf(CustomObjectSchemas, ("id", "deleted")),)

    def __init__(self, api: FreshdeskApi, schemas: CustomObjectSchemas, **kwargs: Any) -> None:
        super().__init__(api, schemas, **kwargs)
        self._is_answered = False
        self._refused: dict[str, ResourceUnavailable] = {}
        self._states: dict[str, Mapping[str, Any]] = {}

    def load_state(self, state: Mapping[str, Any]) -> None:
        self._states = {}
        for schema_id, of_schema in state.get("schemas", {}).items():
            UpdatedAtCursor(instants.EPOCH, self.cursor_field).load(of_schema)
            self._states[schema_id] = of_schema

    def stream_slices(
        self,
        sync_mode: SyncMode,
        cursor_field: list[str] | None = None,
        stream_state: Mapping[str, Any] | None = None,
    ) -> Iterable[Mapping[str, Any]]:
        """A slice for each schema that is there."""
        for schema in read_parent(self.parents[0], self.outcome).rows:
            if not schema["deleted"]:
                yield {"schema_id": schema["id"]}
        for path, refused in self._refused.items():
            if not self._is_answered:
                self.outcome.skip(refused, self.access)
                return
            self.outcome.lack(path, str(refused))

    def read_slice(self, stream_slice: Mapping[str, Any] | None) -> Iterator[StreamData]:
        """The records of a schema that are new or changed. Its state advances when all of them were emitted."""
        assert stream_slice is not None
        schema_id = stream_slice["schema_id"]
        cursor = UpdatedAtCursor(instants.EPOCH, self.cursor_field)
        cursor.load(self._states.get(str(schema_id), {}))
        at_path = {"path": self.resource.format(id=schema_id)}
        page = self._first_or_none(at_path, cursor.read_from)
        if page is not None and cursor.pull_back(page.as_of):
            self.warn_of_state_ahead()
            page = self._first_or_none(at_path, cursor.read_from)
        if page is None:
            return
        versions, contents = dict[RowKey, int | None](), dict[RowKey, str]()
        started_at, asked, repetition = page.as_of, set[str](), Repetition()
        while True:
            if page.gap:
                self.outcome.gap(at_path["path"], page.gap)
            is_over = repetition.take(row["display_id"] for row in page.rows)
            for row in page.rows:
                record = {"schema_id": schema_id} | row
                key, instant = key_of(self.primary_key, record), changed_at(record, self.cursor_field)
                if instant is not None and not cursor.is_settled(instant, as_of=started_at):
                    contents[key] = content_of(row)
                if instant is None or cursor.is_unseen(key, instant, row):
                    yield record
                versions[key] = instant
            if is_over and page.next is not None:
                self.lists.warn_of_endless(at_path["path"])
            if page.next is None or is_over:
                break
            query = urlencode(page.next)
            if query in asked:
                raise _astray(at_path["path"])
            asked.add(query)
            page = self.fetch(at_path, page.next)
        if not self.outcome.may_checkpoint:
            return
        cursor.commit_pass(versions, started_at, contents=contents)
        self._states[str(schema_id)] = cursor.state(as_of=started_at, complete=True)
        watermark = min(state[self.cursor_field] for state in self._states.values())
        self.checkpoint({self.cursor_field: watermark, "schemas": dict(self._states)})

    def _first_or_none(self, at_path: Mapping[str, str], since: int) -> Page | None:
        """The first page of a schema, if it is there."""
        first = self.access.confirm(partial(self._first_of_schema, at_path, since))
        if not isinstance(first, ResourceUnavailable):
            self._is_answered = True
            return first
        if first.status == requests.codes.bad_request:
            raise first
        if first.status == requests.codes.not_found:
            self.logger.info(
                f"Stream {self.name}: {at_path['path']} is skipped, because its parent was deleted since it was listed."
            )
        else:
            self._refused[at_path["path"]] = first
        return None

    def _first_of_schema(self, at_path: Mapping[str, str], since: int) -> Page:
        """The first page of what changed since an instant, or of everything where Freshdesk does not filter."""
        query: dict[str, Any] = {"page_size": PAGE_SIZE}
        if since > instants.EPOCH:
            asked_from = instants.to_api(since - 1).replace("Z", ".000Z")
            try:
                return self.fetch(at_path, query | {"updated_time[gte]": asked_from})
            except ResourceUnavailable as refused:
                if refused.status != requests.codes.bad_request:
                    raise
                self.logger.warning(f"{refused} All of {at_path['path']} is read; only what changed is emitted.")
        return self.fetch(at_path, query)

    def page_of(self, response: requests.Response, rows: list[Row]) -> Page:
        """The page; the link to the next one is inside the response."""
        return replace(super().page_of(response, rows), next=self._next_query(response))

    def _next_query(self, response: requests.Response) -> Mapping[str, str] | None:
        """The query of the link inside the response, which is relative to the custom objects' path."""
        body = parsed_body(response)
        link = (body.get("_links") or {}).get("next") if isinstance(body, dict) else None
        href = link.get("href") if isinstance(link, dict) else link
        if not href:
            return None
        here, there = urlsplit(response.request.url or ""), urlsplit(href)
        if not here.path.endswith(there.path) or there.netloc not in ("", here.netloc):
            raise _astray(here.path)
        return dict(parse_qsl(there.query, keep_blank_values=True))


def _astray(path: str) -> AirbyteTracedException:
    return system_error(f"Freshdesk's link to the next records of {path} does not lead on; it was not followed.")
