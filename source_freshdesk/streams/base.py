"""What all streams share: a call, a page, a record, and what happens when a resource is not there."""

from abc import ABC
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import requests
from airbyte_cdk.models import (
    AirbyteMessage,
    AirbyteStateBlob,
    AirbyteStateMessage,
    AirbyteStateType,
    AirbyteStreamState,
    StreamDescriptor,
    SyncMode,
    Type,
)
from airbyte_cdk.sources.streams.core import StreamData
from airbyte_cdk.sources.streams.http import HttpStream

from source_freshdesk import instants
from source_freshdesk.api.answers import Row, RowList, Shape, SingleObject
from source_freshdesk.api.backoff import RetryAfterBackoff
from source_freshdesk.api.client import REQUEST_KWARGS, Account
from source_freshdesk.api.door import Door
from source_freshdesk.api.errors import Meaning, Refused
from source_freshdesk.api.paging import PAGE_SIZE, next_page
from source_freshdesk.api.policy import AnswerPolicy
from source_freshdesk.api.prefetch import Job
from source_freshdesk.streams.conforming import Conforming
from source_freshdesk.streams.cursor import UpdatedAtCursor
from source_freshdesk.streams.listing import Listing


@dataclass(frozen=True)
class Page:
    """What one call brought.

    next: the query of the next page, None on the last one.
    as_of: Freshdesk's time when it answered, in epoch seconds.
    """

    rows: list[Row]
    next: Mapping[str, str] | None
    as_of: int


class FreshdeskStream(HttpStream, ABC):
    """A stream that is read whole, page after page. A leaf says its `resource` and how else it differs."""

    primary_key = "id"
    # The CDK's resumable full refresh saves page numbers, which lose rows when the list moves, and for a stream that
    # reads its own pages it never ends.
    is_resumable = False

    resource: ClassVar[str]
    """The path of the list below /api/v2/."""
    shape: ClassVar[Shape] = RowList()
    """What the list promises."""
    special_meanings: ClassVar[Sequence[Meaning]] = ()
    """What answers mean for this list other than for the rest."""

    def __init__(self, account: Account, **kwargs: Any) -> None:
        self._account = account
        self.followers: Sequence[FreshdeskStream] = ()
        """Streams that are read soon after this one. Their first pages are fetched while this one is emitted."""
        self._warm_page: Job[Page] | None = None
        self._policy = AnswerPolicy(self.shape, self.special_meanings)
        self._view_policy = AnswerPolicy(SingleObject())
        super().__init__(**kwargs)
        backoff = self.get_backoff_strategy()
        self._lists = self._http_client = account.client(self.name, self.logger, self._policy, backoff)
        self._views = account.client(self.name, self.logger, self._view_policy, backoff)
        self._door = Door(account, self.name, self.logger)

    # The CDK's hooks.

    @property
    def url_base(self) -> str:
        """Where the API is."""
        return self._account.api_url

    def get_error_handler(self) -> AnswerPolicy:
        """What answers mean."""
        return self._policy

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
        """The list's path below the API's."""
        return self.resource

    def request_params(
        self,
        stream_state: Mapping[str, Any] | None,
        stream_slice: Mapping[str, Any] | None = None,
        next_page_token: Mapping[str, Any] | None = None,
    ) -> MutableMapping[str, Any]:
        """The query of a page: that of the link which led to it, or the first page's."""
        return dict(next_page_token or {"per_page": PAGE_SIZE})

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
        """The rows of a page. Raises `Refused` if the resource is not there."""
        return self._policy.rows(response)

    def read(self, *args: Any, **kwargs: Any) -> Iterable[StreamData]:
        """Read the stream, and say what it cost."""
        before = self._account.budget.usage
        for follower in self.followers:
            follower.warm_up()
        try:
            yield from super().read(*args, **kwargs)
        finally:
            usage = self._account.budget.usage.since(before)
            self.logger.info(f"API calls for {self.name}: {self.calls:,} ({self._account.budget.in_words(usage)})")

    def read_records(
        self,
        sync_mode: SyncMode,
        cursor_field: list[str] | None = None,
        stream_slice: Mapping[str, Any] | None = None,
        stream_state: Mapping[str, Any] | None = None,
    ) -> Iterable[StreamData]:
        """The records of all pages."""
        yield from self.records(self.rows())

    def records(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The records that rows become, in their order."""
        return map(self.record, rows)

    # What the hooks above are made of, and what leaves use.

    @property
    def calls(self) -> int:
        """Calls made so far, retries included."""
        return self._lists.calls + self._views.calls + self._door.calls

    def fetch(self, stream_slice: Mapping[str, Any] | None = None, query: Mapping[str, Any] | None = None) -> Page:
        """One page. Raises `Refused` if the resource is not there."""
        _, response = self._fetch_next_page(stream_slice, None, query)
        rows = self.parse_response(response)
        self._account.progress.tell(self.logger, self.progress)
        return Page(rows, next_page(response, is_full=len(rows) == PAGE_SIZE), self._time_of(response))

    def rows(self, listing: Listing | None = None) -> Iterator[Row]:
        """All rows of the list, each version once; none if the list is not there for this key.

        listing: where the reading is written down.
        """
        return self._listed(listing or Listing(), lambda: self._unless_missing(self._first_page), None)

    def rows_of(self, stream_slice: Mapping[str, Any]) -> Iterator[Row]:
        """All rows of the list of a slice. Raises `Refused` if it is not there."""
        return self._listed(Listing(), lambda: self.fetch(stream_slice), stream_slice)

    def _listed(
        self, listing: Listing, first_call: Callable[[], Page | None], stream_slice: Mapping[str, Any] | None
    ) -> Iterator[Row]:
        while not listing.is_complete:
            listing.begin_reading()
            page = first_call()
            while page is not None:
                listing.begin_page(page.as_of)
                yield from filter(listing.is_first_seen, page.rows)
                page = self.fetch(stream_slice, page.next) if page.next is not None else None
            listing.end_reading()

    def _unless_missing(self, first_call: Callable[[], Page]) -> Page | None:
        """What the first call for a stream brings, None with a warning if its resource is not there for this key.

        A refusal is believed when the account and the key themselves are good and it is said twice: refusals that
        come and go were seen on the ticket list (https://github.com/singer-io/tap-freshdesk/issues/28). Raises
        `FreshdeskError` when it is the account or the key that is refused.
        """
        try:
            return first_call()
        except Refused:
            self._door.key_owner()
        try:
            return first_call()
        except Refused as refused:
            self.logger.warning(f"Stream {self.name} is skipped. {refused}")
            return None

    def view(self, path: str) -> Row:
        """The single object at `path` below the API's. Raises `Refused` if it is not there."""
        _, response = self._views.send_request("GET", self.url_base + path, request_kwargs=REQUEST_KWARGS)
        (row,) = self._view_policy.rows(response)
        return row

    def warm_up(self) -> None:
        """Have the first page fetched, since the stream is read soon."""
        if self._warm_page is None:
            self._warm_page = self._account.ahead.submit(self.fetch, self._account.ahead.cancellation())

    def _first_page(self) -> Page:
        page, self._warm_page = self._warm_page, None
        return self.fetch() if page is None else page.result()

    def with_details(self, row: Row, path: str) -> Row:
        """The row with what its own page adds. One that is gone meanwhile goes without."""
        try:
            return row | self.view(path)
        except Refused as refused:
            if refused.status != requests.codes.not_found:
                raise
            return row

    def progress(self) -> str:
        """How far the stream is, for the log."""
        return f"{self.name}: {self.calls:,} API calls so far."

    def record(self, row: Row) -> Row:
        """The record that a row becomes: the row, its values of the types that the schema declares."""
        return self._conforming(row)

    @cached_property
    def _conforming(self) -> Conforming:
        return Conforming(self.get_json_schema())

    def _time_of(self, response: requests.Response) -> int:
        """Freshdesk's clock, or our own where the answer does not tell."""
        told = instants.from_http_date(response.headers.get("Date"))
        return int(self._account.clock.now()) if told is None else told


class IncrementalStream(FreshdeskStream, ABC):
    """A stream whose rows carry `updated_at`, and which starts where its state ends."""

    cursor_field = "updated_at"
    is_resumable = True

    def __init__(self, account: Account, start: int, **kwargs: Any) -> None:
        self._updated_at = UpdatedAtCursor(start)
        self._saved_state: MutableMapping[str, Any] = {}
        super().__init__(account, **kwargs)

    @property
    def state(self) -> MutableMapping[str, Any]:
        """How far the records that were emitted go."""
        return self._saved_state

    @state.setter
    def state(self, value: MutableMapping[str, Any]) -> None:
        self._updated_at.load(value)
        self._saved_state = dict(value)

    def warm_up(self) -> None:
        """Nothing: which page is the first depends on the state."""

    def state_message(self) -> AirbyteMessage:
        """The state as a message, for a place in the stream of records where the CDK would not put one."""
        return AirbyteMessage(
            type=Type.STATE,
            state=AirbyteStateMessage(
                type=AirbyteStateType.STREAM,
                stream=AirbyteStreamState(
                    stream_descriptor=StreamDescriptor(name=self.name),
                    stream_state=AirbyteStateBlob(self._saved_state),
                ),
            ),
        )
