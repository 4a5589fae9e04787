"""What all streams share: a call, a page, a record, and what happens when a resource is not there."""

from abc import ABC
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, TypeVar

import requests
from airbyte_cdk.models import (
    SyncMode,
)
from airbyte_cdk.sources.streams.core import StreamData
from airbyte_cdk.sources.streams.http import HttpStream
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_freshdesk import instants
from source_freshdesk.api.backoff import RetryAfterBackoff
from source_freshdesk.api.current_agent import CurrentAgent
from source_freshdesk.api.error_handler import FreshdeskErrorHandler
from source_freshdesk.api.errors import (
    FEATURE_IS_MISSING,
    ROLE_IS_MISSING,
    AccessRevoked,
    ErrorRule,
    ResourceUnavailable,
)
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.api.http_client import REQUEST_KWARGS
from source_freshdesk.api.paginator import PAGE_SIZE, next_page
from source_freshdesk.api.prefetch import Job
from source_freshdesk.api.response import Row, RowList, Shape, SingleObject
from source_freshdesk.records.types import SchemaCaster
from source_freshdesk.retrieval.stable_list import RowKey, StableList, updated_at

ADMINISTRATOR = "an administrator"
"""The role that Freshdesk asks of a key for most of the configuration."""


Value = TypeVar("Value")

PREFETCHED_PAGE_SECONDS = 300
"""For how long a page that was fetched ahead is news."""


@dataclass(frozen=True)
class Page:
    """What one call brought.

    next: the query of the next page, None on the last one.
    as_of: Freshdesk's time when it answered, in epoch seconds.
    is_next_certain: whether Freshdesk itself says that there is a next page.
    """

    rows: list[Row]
    next: Mapping[str, str] | None
    as_of: int
    is_next_certain: bool = True


class FreshdeskStream(HttpStream, ABC):
    """A stream that is read whole, page after page. A leaf says its `resource` and how else it differs."""

    primary_key: str | list[str] | list[list[str]] | None = "id"
    # The CDK's resumable full refresh saves page numbers, which lose rows when the list moves, and for a stream that
    # reads its own pages it never ends.
    is_resumable = False
    # None for a list of which it is not known that it takes a page size.
    page_size: int | None = PAGE_SIZE

    resource: ClassVar[str]
    """The path of the list below /api/v2/. For lists of children, with `{id}` for the parent's."""
    details: str = ""
    """The path of a row's own page, with `{id}`, if the list leaves out part of the row."""
    list_variants: ClassVar[Sequence[Mapping[str, str]]] = ({},)
    """What the first page is asked for with, besides the page size. Several: the list is read in each of these ways,
    since it is not known whether either shows all rows."""
    shape: ClassVar[Shape] = RowList()
    """What the list promises."""
    error_rules: ClassVar[Sequence[ErrorRule]] = ()
    """What answers mean for this list other than for the rest."""
    feature: ClassVar[str] = ""
    """The feature that the account's plan must include, in Freshdesk's words; empty if every plan has it."""
    role: ClassVar[str] = ""
    """Who the agent must be whose key it is; empty if every agent may read it."""

    def __init__(self, api: FreshdeskApi, *, parents: Sequence["FreshdeskStream"] = (), **kwargs: Any) -> None:
        self._api = api
        self.parents = parents
        """Streams whose rows lead to those of this one."""
        self.upcoming: Sequence[FreshdeskStream] = ()
        """Streams that are read soon after this one. Their first pages are fetched while this one is emitted."""
        self.refusal: ResourceUnavailable | None = None
        """Why there is nothing to read, once that is known."""
        self.refused_by: FreshdeskStream = self
        """The stream whose list is refused: this one, or one that leads to it."""
        self.is_partial = False
        """Whether rows are known to be missing from what was read. Then no state may move."""
        self.unstable_paths: set[str] = set()
        """Paths of lists of `rows_of` that did not hold still, so that rows may be missing."""
        self.started_at: int | None = None
        """Freshdesk's time when the reading began, in epoch seconds."""
        self.has_more_pages = False
        """Whether the list goes on after the first page."""
        self._details_refused = False
        self._prefetched_page: Job[Page] | None = None
        self._retained_fields: set[str] = set()
        self._cached_rows: list[Row] | None = None
        self._drained_calls = 0
        self._error_handler = FreshdeskErrorHandler(self.shape, self.error_rules)
        self._view_error_handler = FreshdeskErrorHandler(SingleObject(), self.error_rules)
        super().__init__(**kwargs)
        backoff = self.get_backoff_strategy()
        self._lists = self._http_client = api.client(self.name, self.logger, self._error_handler, backoff)
        self._views = api.client(self.name, self.logger, self._view_error_handler, backoff)
        self._current_agent = CurrentAgent(api, self.name, self.logger)

    # The CDK's hooks.

    @property
    def url_base(self) -> str:
        """Where the API is."""
        return self._api.api_url

    def get_error_handler(self) -> FreshdeskErrorHandler:
        """What answers mean."""
        return self._error_handler

    def get_backoff_strategy(self) -> RetryAfterBackoff:
        """How long to wait before a call is made again."""
        return RetryAfterBackoff()

    def path(
        self,
        *,
        stream_state: Mapping[str, Any] | None = None,
        stream_slice: Mapping[str, Any] | None = None,
        next_page_token: Mapping[str, Any] | None = None,
    ) -> str:
        """The list's path below the API's: that of the slice, if there is one."""
        return self.resource if not stream_slice else str(stream_slice["path"])

    def request_params(
        self,
        stream_state: Mapping[str, Any] | None,
        stream_slice: Mapping[str, Any] | None = None,
        next_page_token: Mapping[str, Any] | None = None,
    ) -> MutableMapping[str, Any]:
        """The query of a page: that of the link which led to it, or the first page's."""
        return dict(next_page_token or self._variant_query(self.list_variants[0]))

    def request_kwargs(
        self,
        stream_state: Mapping[str, Any] | None,
        stream_slice: Mapping[str, Any] | None = None,
        next_page_token: Mapping[str, Any] | None = None,
    ) -> Mapping[str, Any]:
        """How calls are sent."""
        return REQUEST_KWARGS

    def next_page_token(self, response: requests.Response) -> Mapping[str, str] | None:
        """The query of the next page that the answer links to."""
        return next_page(response)

    def parse_response(
        self,
        response: requests.Response,
        *,
        stream_state: Mapping[str, Any] | None = None,
        stream_slice: Mapping[str, Any] | None = None,
        next_page_token: Mapping[str, Any] | None = None,
    ) -> list[Row]:
        """The rows of a page. Raises `ResourceUnavailable` if the resource is not there."""
        return self._error_handler.rows(response)

    def read(self, *args: Any, **kwargs: Any) -> Iterable[StreamData]:
        """Read the stream, and say what it cost."""
        before = self._api.rate_limiter.usage
        for upcoming_stream in self.upcoming:
            upcoming_stream.prefetch_first_page()
        try:
            yield from super().read(*args, **kwargs)
            if self.refusal is not None:
                self.logger.warning(f"Stream {self.name} is skipped. {self.refused_by.skip_reason(self.refusal)}")
        except AccessRevoked:
            self._api.is_access_revoked = self._is_key_refused()
            raise
        finally:
            usage = self._api.rate_limiter.summary(self._api.rate_limiter.usage.since(before))
            self.logger.info(f"API calls for {self.name}: {self.drain_call_count():,} ({usage})")

    def _is_key_refused(self) -> bool:
        """Whether it is the key or the account that is refused, and not this stream alone."""
        try:
            self._current_agent.get()
        except AccessRevoked:
            return True
        except AirbyteTracedException:
            return False
        return False

    def read_records(
        self,
        sync_mode: SyncMode,
        cursor_field: list[str] | None = None,
        stream_slice: Mapping[str, Any] | None = None,
        stream_state: Mapping[str, Any] | None = None,
    ) -> Iterable[StreamData]:
        """The records of a slice: see `read_slice`."""
        return self.read_slice(stream_slice)

    def read_slice(self, stream_slice: Mapping[str, Any] | None) -> Iterator[StreamData]:
        """The records of a slice, or of all there is, and messages that belong between them."""
        yield from self.records(self.rows())

    def records(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The records that rows become, in their order; several fetched at once if that takes a call for each."""
        return self._api.prefetcher.map(self.record, rows) if self.details else map(self.record, rows)

    # What the hooks above are made of, and what leaves use.

    @property
    def calls(self) -> int:
        """Calls made so far, retries included."""
        return self._lists.calls + self._views.calls + self._current_agent.calls

    def drain_call_count(self) -> int:
        """Calls made for this stream, parents included, that were not told before."""
        calls = self.calls - self._drained_calls
        self._drained_calls = self.calls
        return calls + sum(parent.drain_call_count() for parent in self.parents)

    def fetch(self, stream_slice: Mapping[str, Any] | None = None, query: Mapping[str, Any] | None = None) -> Page:
        """One page, its rows of the types that the schema declares.

        Raises `ResourceUnavailable` if the resource is not there.
        """
        _, response = self._fetch_next_page(stream_slice, None, query)
        rows = [self._cast(row) for row in self.parse_response(response)]
        self._api.progress_log.log(self.logger, self.progress)
        following = self._next_query(response, rows)
        return Page(rows, following, self._time_of(response), is_next_certain="next" in response.links)

    def rows(self, listing: StableList | None = None) -> Iterator[Row]:
        """All rows, each version once; none if they are not there for this key, and then `refusal` says why.

        listing: where the reading is written down.
        """
        retained: dict[RowKey, Row] = {}
        for row in self._rows(listing or self.listing()):
            if self._retained_fields:
                retained[self.key_of(row)] = {field: row.get(field) for field in self._retained_fields}
            yield row
        self._cached_rows = list(retained.values())

    def _rows(self, listing: StableList) -> Iterator[Row]:
        return self._listed(listing, lambda: self._unless_missing(lambda: self._first_page(listing.variant)), None)

    def rows_of(self, path: str) -> Iterator[Row]:
        """All rows of another list of the same shape. Raises `ResourceUnavailable` if it is not there."""
        stream_slice = {"path": path}
        return self._listed(self.listing(), lambda: self.fetch(stream_slice), stream_slice)

    def retain(self, *fields: str) -> None:
        """Have these fields of each row kept, for streams that need them of their parent."""
        self._retained_fields.update(fields)

    def cached_rows(self) -> list[Row]:
        """The kept fields of all rows as they were read in this sync; reads them if that was not done yet."""
        if self._cached_rows is None:
            deque(self.rows(), maxlen=0)
        assert self._cached_rows is not None
        return self._cached_rows

    def listing(self) -> StableList:
        """A reading of this stream's list, to begin with."""
        return StableList(self.key_of, self.changed_at, len(self.list_variants))

    def key_of(self, row: Row) -> RowKey:
        """The value of the primary key; of a key of several fields, these joined by a colon."""
        key = self.primary_key
        if isinstance(key, str):
            value: RowKey = row[key]
            return value
        return ":".join(str(row.get(field)) for field in key or () if isinstance(field, str))

    def changed_at(self, row: Row) -> int | None:
        """The instant of a row's version, None if it tells none."""
        return updated_at(row, "updated_at")

    def _listed(
        self, listing: StableList, first_call: Callable[[], Page | None], stream_slice: Mapping[str, Any] | None
    ) -> Iterator[Row]:
        while not listing.is_complete:
            listing.begin_pass()
            page = first_call()
            if page is None:
                return
            is_certain = True
            while page is not None and (is_certain or not listing.is_repeated(page.rows)):
                listing.begin_page(page.as_of)
                self.started_at = self.started_at or page.as_of
                self.has_more_pages = self.has_more_pages or page.next is not None
                yield from filter(listing.register, page.rows)
                is_certain = page.is_next_certain
                page = self.fetch(stream_slice, page.next) if page.next is not None else None
            listing.end_pass()
        if listing.is_given_up:
            if stream_slice is None:
                self.is_partial = True
            else:
                self.unstable_paths.add(stream_slice["path"])
            self.logger.warning(
                f"The list of {self.name} changed in each of several readings, so that some rows may be missing. The "
                "state stays where it is, and the next sync reads them again."
            )

    def _unless_missing(self, call: Callable[[], Value]) -> Value | None:
        """What the first call for a stream brings, None if its resource is not there for this key: see `refusal`."""
        outcome = self._current_agent.confirm_unavailable(call)
        if isinstance(outcome, ResourceUnavailable):
            self.refusal = outcome
            return None
        return outcome

    def _unless_feature_is_missing(self, call: Callable[[], object]) -> None:
        """Make a call before many like it; if the plan does not include what it asks for, `refusal` says so."""
        outcome = self._current_agent.confirm_unavailable(call)
        if isinstance(outcome, ResourceUnavailable) and outcome.code == FEATURE_IS_MISSING:
            self.refusal = outcome

    def _inherit_skip(self, parent: "FreshdeskStream") -> None:
        """If there is nothing to read of a parent, there is nothing to read here."""
        if parent.refusal is not None:
            self.refusal, self.refused_by = parent.refusal, parent.refused_by

    def skip_reason(self, refused: ResourceUnavailable) -> str:
        """Why the stream cannot be read, and what it needs."""
        if refused.code == ROLE_IS_MISSING and self.role:
            return f"{refused} It needs the key of {self.role}."
        if refused.code != ROLE_IS_MISSING and self.feature:
            return f"{refused} It needs the feature {self.feature}."
        return str(refused)

    @property
    def root(self) -> "FreshdeskStream":
        """The stream without parents that leads to this one."""
        return self.parents[0].root if self.parents else self

    def probe(self) -> ResourceUnavailable | None:
        """Whether this key can read the stream's own list, by one call as cheap as can be; why not, if it cannot."""
        query = self._variant_query(self.list_variants[0])
        try:
            self.fetch(query={**query, "per_page": 1} if "per_page" in query else query)
        except ResourceUnavailable as refused:
            return refused
        return None

    def view(self, path: str) -> Row:
        """The single object at `path` below the API's. Raises `ResourceUnavailable` if it is not there."""
        _, response = self._views.send_request("GET", self.url_base + path, request_kwargs=REQUEST_KWARGS)
        (row,) = self._view_error_handler.rows(response)
        return row

    def prefetch_first_page(self) -> None:
        """Have the first page fetched, since the stream is read soon."""
        if self._prefetched_page is None and self.started_at is None:
            self._prefetched_page = self._api.prefetcher.submit(self.fetch, self._api.prefetcher.cancellation())

    def _first_page(self, variant: int) -> Page:
        job, self._prefetched_page = self._prefetched_page, None
        if job is not None and variant == 0:
            try:
                page = job.result()
            except AirbyteTracedException:
                self.logger.debug("What was fetched ahead has failed. It is fetched again.")
            else:
                if self._api.clock.now() - page.as_of < PREFETCHED_PAGE_SECONDS:
                    return page
        return self.fetch(query=self._variant_query(self.list_variants[variant]))

    def _variant_query(self, query: Mapping[str, str]) -> MutableMapping[str, Any]:
        return dict(query) if self.page_size is None else {**query, "per_page": self.page_size}

    def _next_query(self, response: requests.Response, rows: Sequence[Row]) -> Mapping[str, str] | None:
        return next_page(response, is_full=len(rows) == self.page_size)

    def _with_details(self, row: Row) -> Row:
        """The row with what its own page adds; without, if it is gone meanwhile or the page is refused to this key."""
        if self._details_refused:
            return row
        details = self._current_agent.confirm_unavailable(lambda: self.view(self.details.format_map(row)))
        if not isinstance(details, ResourceUnavailable):
            return self._cast(row | details)
        if details.status != requests.codes.not_found and not self._details_refused:
            self._details_refused = True
            self.logger.warning(f"Stream {self.name} goes without what only the page of each row tells. {details}")
        return row

    def progress(self) -> str:
        """How far the stream is, for the log."""
        return f"{self.name}: {self.calls:,} API calls so far."

    def record(self, row: Row) -> Row:
        """The record that a row becomes: the row, with its details."""
        return self._with_details(row) if self.details else row

    @cached_property
    def _cast(self) -> SchemaCaster:
        return SchemaCaster(self.get_json_schema())

    def _time_of(self, response: requests.Response) -> int:
        """Freshdesk's clock, or our own where the answer does not tell."""
        told = instants.from_http_date(response.headers.get("Date"))
        return int(self._api.clock.now()) if told is None else told
