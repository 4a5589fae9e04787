"""What a stream declares, and the CDK's hooks."""

from abc import ABC
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, MutableMapping, Sequence
from functools import cached_property, partial
from typing import Any, ClassVar
from urllib.parse import urlsplit

import requests
from airbyte_cdk.models import ConfiguredAirbyteStream, SyncMode
from airbyte_cdk.sources.streams.core import StreamData
from airbyte_cdk.sources.streams.http import HttpClient, HttpStream
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_freshdesk.api.backoff import RetryAfterBackoff
from source_freshdesk.api.error_handler import FreshdeskErrorHandler
from source_freshdesk.api.errors import ErrorRule, ResourceUnavailable
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.api.http_client import REQUEST_KWARGS
from source_freshdesk.api.judging import judged
from source_freshdesk.api.paginator import PAGE_SIZE, next_page
from source_freshdesk.api.response import Row, RowList, Shape
from source_freshdesk.records.types import DeferredCaster
from source_freshdesk.records.versions import changed_at, key_of
from source_freshdesk.retrieval.access import StreamAccess
from source_freshdesk.retrieval.child_lists import ChildListRetriever, ChildLists, ChildOf
from source_freshdesk.retrieval.list_retriever import ListRetriever
from source_freshdesk.retrieval.outcome import Outcome, is_overwritten
from source_freshdesk.retrieval.page import Page, page_of
from source_freshdesk.retrieval.page_salvage import PIECE_ATTEMPTS, PageSalvage
from source_freshdesk.retrieval.pages_ahead import PagesAhead
from source_freshdesk.retrieval.parent_rows import KeptRows, RowCache, RowsOf, lineage, read_parent, root_of
from source_freshdesk.retrieval.single_objects import DetailFetcher, ObjectRetriever
from source_freshdesk.retrieval.stable_list import StableList
from source_freshdesk.retrieval.stream_report import StreamReport
from source_freshdesk.retrieval.whole_slices import WholeSlices


class FreshdeskStream(HttpStream, ABC):
    """A stream that is read completely in each sync. A leaf declares its `resource` and how else it differs."""

    primary_key: str | list[str] | list[list[str]] | None = "id"
    is_resumable = False  # The CDK's way saves page numbers, which lose rows when the list moves.
    page_size: int | None = PAGE_SIZE  # None for a list of which it is not known that it takes one.

    resource: ClassVar[str]
    """The path of the list below /api/v2/. For lists of children, with fields of the parent in braces."""
    child_of: ClassVar[ChildOf | None] = None
    """The parent, if there is one list for each of its rows."""
    needs: ClassVar[Sequence[RowsOf]] = ()
    """Other streams whose rows this one needs."""
    detail_path: ClassVar[str] = ""
    """The path of a row's own page, with `{id}`, if the list leaves out part of the row."""
    detail_fields: ClassVar[Collection[str]] = ()
    """The fields that only this page contains."""
    list_variants: ClassVar[Sequence[Mapping[str, str]]] = ({},)
    """The query of the first page, besides the page size. Several: the list is read in each variant."""
    shape: ClassVar[Shape] = RowList()
    """What the list promises."""
    error_rules: ClassVar[Sequence[ErrorRule]] = ()
    """What responses mean for this list, before the rules for every call."""
    feature: ClassVar[str] = ""
    """The feature that the account's plan must include, as Freshdesk names it; empty if every plan has it."""
    role: ClassVar[str] = ""
    """Who the agent must be whose key it is; empty if every agent may read it."""

    def __init__(
        self,
        api: FreshdeskApi,
        *parents: "FreshdeskStream",
        retain: Collection[str] = (),
        fetch_details: bool = True,
        skip_refused: bool = False,
        **kwargs: Any,
    ) -> None:
        """parents: of the types of `rows_needed`. retain: fields of each row that other streams need. fetch_details:
        whether rows are completed by their own pages. skip_refused: it is no failure if a role refuses it."""
        self.api, self._skip_refused = api, skip_refused
        self.parents, self._error_handler = parents, FreshdeskErrorHandler(self.shape, self.error_rules)
        super().__init__(**kwargs)
        self._http_client = api.client(self.name, self.logger, self._error_handler, self.get_backoff_strategy())
        of_pieces = api.client(self.name, self.logger, self._error_handler, RetryAfterBackoff(PIECE_ATTEMPTS))
        fetch, fetch_piece = partial(self._fetch_by, self._http_client), partial(self._fetch_by, of_pieces)
        self._pages = PageSalvage(self.name, fetch, fetch_piece, self.logger)
        self.access = StreamAccess(api, self.name, self.logger, self.role, self.feature)
        self.outcome, self.report = Outcome(self.name, self.logger), StreamReport(api, self.name, self.logger)
        self.objects = ObjectRetriever(api, self.name, self.logger, self.error_rules)
        self.ahead = PagesAhead(api, partial(self.fetch, None), self.logger, self.resource)
        self.lists = ListRetriever(self.fetch, self.new_list, self.resource, self.access, self.outcome, self.logger)
        self.children = ChildListRetriever(api, self.lists, self.access, self.outcome, self.logger)
        self.cast = DeferredCaster(self.get_json_schema)
        path = self.detail_path if fetch_details else ""
        self.details = DetailFetcher(path, self.detail_fields, self.objects, self.access, self.cast)
        self.cache, self._slices = RowCache(retain, self.list_rows, self.new_list), WholeSlices()

    @classmethod
    def rows_needed(cls) -> tuple[RowsOf, ...]:
        """What the stream needs of its parents, in the order in which its constructor takes these."""
        return (*((cls.child_of.rows,) if cls.child_of else ()), *cls.needs)

    @property
    def read_after(self) -> "Sequence[FreshdeskStream]":
        """The streams whose rows this one uses, which are to be read before it."""
        return self.parents

    @cached_property
    def name(self) -> str:
        """The class name in snake case, worked out once."""
        return super().name

    @property
    def url_base(self) -> str:
        """Where the API is."""
        return self.api.api_url

    def get_error_handler(self) -> FreshdeskErrorHandler:
        """What responses mean."""
        return self._error_handler

    def get_backoff_strategy(self) -> RetryAfterBackoff:
        """How long to wait before a call is repeated."""
        return RetryAfterBackoff()

    def path(self, *, stream_slice: Mapping[str, Any] | None = None, **_: Any) -> str:
        """The list's path below the API's: that of the slice, if any."""
        return self.resource if not stream_slice else str(stream_slice["path"])

    def request_params(
        self,
        stream_state: Mapping[str, Any] | None,
        stream_slice: Mapping[str, Any] | None = None,
        next_page_token: Mapping[str, Any] | None = None,
    ) -> MutableMapping[str, Any]:
        """The query of a page: that of the link to it, or the first page's."""
        return dict(next_page_token or self.query_of(self.list_variants[0]))

    def next_page_token(self, response: requests.Response) -> Mapping[str, str] | None:
        """The query of the next page that the response links to."""
        return next_page(response)

    def parse_response(self, response: requests.Response, **_: Any) -> list[Row]:
        """The rows of a page. Raises `ResourceUnavailable` if the resource is not there."""
        return self._error_handler.rows(response)

    def read(self, configured_stream: ConfiguredAirbyteStream, *rest: Any, **more: Any) -> Iterable[StreamData]:
        """Read the stream as the catalog configures it. The log says whether it was skipped and what it cost."""
        self.select(configured_stream.stream.json_schema.get("properties", {}))
        read = self._slices.opened(super().read(configured_stream, *rest, **more), [*rest, *more.values()])
        with self.report.running(lineage(self)):
            try:
                with judged(f"stream {self.name}"):
                    yield from self.report.counted(read)
            except AirbyteTracedException as failure:
                self.access.note_if_out_of_reach(failure)
                raise
            self.cast.report(self.name, self.logger)
            self.outcome.report_skip(is_failure=not self._skip_refused and is_overwritten(configured_stream))

    def read_records(
        self,
        sync_mode: SyncMode,
        cursor_field: list[str] | None = None,
        stream_slice: Mapping[str, Any] | None = None,
        stream_state: Mapping[str, Any] | None = None,
    ) -> Iterable[StreamData]:
        """The records of a slice: see `read_slice`."""
        return self._slices.handed_over(self.read_slice(stream_slice))

    # Hooks of our own, for leaves that differ.

    def select(self, columns: Mapping[str, Any]) -> None:
        """The catalog selects these columns, by name; none: all are wanted. Called before the first row is read."""
        self.details.select(columns)
        self.cast.refine(columns)

    def read_slice(self, stream_slice: Mapping[str, Any] | None) -> Iterator[StreamData]:
        """The records of a slice, or of all there is, and messages that belong between them."""
        yield from self.records(self.details.announced(self.cache.read(self.new_list())))

    def list_rows(self, listed: StableList) -> Iterator[Row]:
        """All rows, each version once, recorded in `listed`; none if they are not available, as `outcome` then says."""
        lists = self.child_lists()
        if lists is not None:
            return self.children.read(lists, listed)
        return self.lists.read(self.first_page, self.ahead.page, listed, self.ahead.pages_at_once)

    def child_lists(self) -> ChildLists | None:
        """The lists that the stream consists of; None if it has one of its own."""
        return None if self.child_of is None else self.child_of.lists(self.resource, self.parent_rows())

    def parent_rows(self) -> KeptRows:
        """The rows of the first parent; none if they are not available, as `outcome` then says."""
        return read_parent(self.parents[0], self.outcome)

    def first_page(self, variant: int) -> Page:
        """The first page of the list. Raises `ResourceUnavailable` if it is not available."""
        return self.ahead.page(self.query_of(self.list_variants[variant]))

    def page_of(self, response: requests.Response, rows: list[Row]) -> Page:
        """The page that a response holds."""
        return page_of(response, rows, self.page_size, self.api.clock, self._error_handler.flaw(response))

    def record(self, row: Row) -> Row:
        """The record that a row becomes: the row, with its details."""
        return self.details.complete(row)

    def probe(self) -> ResourceUnavailable | None:
        """Why this key cannot read the stream's own list, by the cheapest call; None if it can."""
        query = self.query_of(self.list_variants[0])
        return self.access.probe(lambda: self.fetch(None, {**query, **({"per_page": 1} if self.page_size else {})}))

    def prefetch(self, state: Mapping[str, Any]) -> None:
        """Have the first pages fetched by other threads, as the stream is read soon. state: with which it will be."""
        root_of(self).prefetch({}) if self.parents else self.ahead.start(list(map(self.query_of, self.list_variants)))

    def progress(self) -> str:
        """How far the stream is, for the log."""
        return self.report.progress()

    def fetch(
        self,
        stream_slice: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        *,
        progress: Callable[[], str] | None = None,
    ) -> Page:
        """One page, its rows of the declared types. May be called from any thread. progress: for the log, if not this
        stream's. Raises `ResourceUnavailable` if the resource is not there.
        """
        page = self._pages.page(stream_slice, self.request_params(None, stream_slice, query))
        self.api.progress_log.log(self.logger, progress or self.progress)
        return page

    def _fetch_by(self, client: HttpClient, stream_slice: Mapping[str, Any] | None, query: Mapping[str, Any]) -> Page:
        url = self.api.api_url + self.path(stream_slice=stream_slice)
        _, response = client.send_request("GET", url, params=dict(query), request_kwargs=REQUEST_KWARGS)
        with judged(f"GET {urlsplit(url).path}"):
            return self.page_of(response, [self.cast(row) for row in self.parse_response(response)])

    def records(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The records that rows become, in their order; several are fetched at once if that takes a call for each."""
        return self.api.prefetcher.map(self.record, rows) if self.details.are_needed else map(self.record, rows)

    def new_list(self) -> StableList:
        """What a read of this stream's list is recorded in."""
        return StableList(partial(key_of, self.primary_key), changed_at, len(self.list_variants))

    def query_of(self, variant: Mapping[str, str]) -> MutableMapping[str, Any]:
        """The query of the first page in a variant."""
        return dict(variant) if self.page_size is None else {**variant, "per_page": self.page_size}
