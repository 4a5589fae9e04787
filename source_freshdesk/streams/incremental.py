"""Streams that start where their state ends."""

import logging
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping, MutableMapping
from typing import Any, ClassVar

from airbyte_cdk.models import (
    AirbyteEstimateTraceMessage,
    AirbyteMessage,
    AirbyteStateBlob,
    AirbyteStateMessage,
    AirbyteStateType,
    AirbyteStreamState,
    AirbyteTraceMessage,
    ConfiguredAirbyteStream,
    EstimateType,
    StreamDescriptor,
    SyncMode,
    TraceType,
    Type,
)
from airbyte_cdk.sources.streams.checkpoint.checkpoint_reader import FULL_REFRESH_COMPLETE_STATE
from airbyte_cdk.sources.streams.core import StreamData

from source_freshdesk import instants
from source_freshdesk.api.errors import config_error
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.api.response import Row
from source_freshdesk.api.search import Search
from source_freshdesk.records.versions import changed_at
from source_freshdesk.retrieval.page import Page
from source_freshdesk.retrieval.stable_list import StableList
from source_freshdesk.retrieval.time_filter import FilteredBy, TimeFilter
from source_freshdesk.state.emitted_versions import RowKey
from source_freshdesk.state.updated_at_cursor import UpdatedAtCursor
from source_freshdesk.streams.base import FreshdeskStream


class IncrementalStream(FreshdeskStream, ABC):
    """A stream that starts where its state ends. A leaf decides what the state holds."""

    cursor_field = "updated_at"
    is_resumable = True

    def __init__(self, api: FreshdeskApi, *parents: FreshdeskStream, **kwargs: Any) -> None:
        self._state: MutableMapping[str, Any] = {}
        super().__init__(api, *parents, **kwargs)
        self._search = Search(api, self.name, self.logger)

    def read(
        self,
        configured_stream: ConfiguredAirbyteStream,
        logger: logging.Logger,
        slice_logger: Any,
        stream_state: Any,
        state_manager: Any,
        internal_config: Any,
    ) -> Iterable[StreamData]:
        """As for all streams. The last state of a complete full refresh says that it is complete: the next one that
        gets it starts anew. One that was interrupted continues.
        """
        yield from super().read(configured_stream, logger, slice_logger, stream_state, state_manager, internal_config)
        if configured_stream.sync_mode is SyncMode.full_refresh and self.outcome.may_checkpoint:
            yield self.checkpoint(dict(FULL_REFRESH_COMPLETE_STATE))

    @abstractmethod
    def load_state(self, state: Mapping[str, Any]) -> None:
        """Continue from a saved state; an empty one means the start. Raises any error if it cannot be read."""

    def checkpoint(self, state: MutableMapping[str, Any]) -> AirbyteMessage:
        """Save a state: all records that it covers were yielded before. The only writer of the stream's state.

        The state that this saved last is the truth about the stream's state: the CDK asks for it at the end of each
        slice and emits it then. Cursors and sets in other objects are what the next one is made of.

        The message is for a leaf to yield between the records of a slice, where the CDK emits no state.
        """
        self._state = state
        return AirbyteMessage(
            type=Type.STATE,
            state=AirbyteStateMessage(
                type=AirbyteStateType.STREAM,
                stream=AirbyteStreamState(
                    stream_descriptor=StreamDescriptor(name=self.name), stream_state=AirbyteStateBlob(state)
                ),
            ),
        )

    @property
    def state(self) -> MutableMapping[str, Any]:
        """The state that was saved last: see `checkpoint`."""
        return self._state

    @state.setter
    def state(self, value: MutableMapping[str, Any]) -> None:
        """Set by the CDK before the stream is read. Raises `AirbyteTracedException` if it cannot be read."""
        try:
            self.load_state(value)
        except (TypeError, ValueError, AttributeError, KeyError, OverflowError) as error:
            raise config_error(
                f"The saved state of {self.name} cannot be read ({error}). Clear the stream's state in Airbyte, or the "
                "state file: the next sync then reads all of it again."
            ) from error
        self._state = dict(value)

    def warn_of_state_ahead(self) -> None:
        """The saved state lies after Freshdesk's time, and was pulled back to it."""
        self.logger.warning(
            f"The saved state of {self.name} is later than Freshdesk's clock. The sync continues from Freshdesk's time."
        )

    def warn_of_rows_without_times(self, keys: Collection[RowKey]) -> None:
        """These rows hold no valid time: they are emitted in each sync and move no state."""
        if keys:
            some = ", ".join(sorted(map(str, keys))[:10])
            self.logger.warning(
                f"{len(keys):,} rows of {self.name} have no valid time of their last change and are emitted in each "
                f"sync (keys {some})."
            )

    def prefetch_first_page(self) -> None:
        """Nothing: which page is the first depends on the state."""

    def estimate(self, counted: str, since: int, rows_each: float = 1.0) -> Iterator[AirbyteMessage]:
        """A message with about how many records there will be, so that a platform can show progress; none if Freshdesk
        does not answer the question.

        counted: the resource that Freshdesk counts. rows_each: how many records there are for each of its rows.
        """
        count = self._search.count(counted, since)
        if count is not None:
            yield AirbyteMessage(
                type=Type.TRACE,
                trace=AirbyteTraceMessage(
                    type=TraceType.ESTIMATE,
                    emitted_at=self.api.clock.now() * 1000,
                    estimate=AirbyteEstimateTraceMessage(
                        name=self.name, type=EstimateType.STREAM, row_estimate=round(count * rows_each)
                    ),
                ),
            )


class IncrementalList(IncrementalStream, ABC):
    """A list whose rows carry `updated_at` but are not ordered by it. A row without it is emitted each time.

    Nothing is known of any instant until all pages were read, so the state advances only then.
    """

    filtered_by: ClassVar[FilteredBy | None] = None
    """The filter by time; None if Freshdesk has none for this list. Then it is read completely and only what changed
    is emitted."""
    counted_as: ClassVar[str] = ""
    """The resource by which Freshdesk's search counts the rows; empty if it does not."""

    def __init__(
        self,
        api: FreshdeskApi,
        *parents: FreshdeskStream,
        start: int = instants.EPOCH,
        filter_lookback_seconds: int = 0,
        **kwargs: Any,
    ) -> None:
        """start: the earliest `updated_at` that is wanted, in epoch seconds.
        filter_lookback_seconds: how much earlier than the state the filter asks, for changes that it cannot see.
        """
        self._cursor = UpdatedAtCursor(start)
        super().__init__(api, *parents, **kwargs)
        self._filter = (
            TimeFilter(self.filtered_by, filter_lookback_seconds, self.name, self.logger) if self.filtered_by else None
        )

    def load_state(self, state: Mapping[str, Any]) -> None:
        self._cursor.load(state, now=int(self.api.clock.now()))

    def read_slice(self, stream_slice: Mapping[str, Any] | None) -> Iterator[StreamData]:
        """The records that are new or changed. The state advances when all of them were emitted."""
        listed = self.new_list()
        since, is_estimated = self._cursor.read_from, not self.counted_as
        for record in self.records(row for row in self.cache.read(listed) if self._is_unseen(row, listed)):
            listed.note_emitted(record)
            yield record
            if listed.has_more_pages and not is_estimated:
                yield from self.estimate(self.counted_as, since)
                is_estimated = True
        without_times = {key for key, instant in listed.versions.items() if instant is None}
        if len(without_times) < len(listed.versions):
            self.warn_of_rows_without_times(without_times)
        if listed.started_at is not None and self.outcome.may_checkpoint:
            self._cursor.commit_pass(
                listed.versions,
                listed.started_at,
                contents=listed.contents,
                is_whole_list=self._reads_whole_list,
            )
            if not self.outcome.lacks_lists or self._cursor.knows_whole_list:
                self.checkpoint(self._cursor.state(as_of=listed.started_at, complete=True))

    def prefetch_first_page(self) -> None:
        """Have the first page fetched, if it is the same whatever the state."""
        if self._filter is None:
            FreshdeskStream.prefetch_first_page(self)

    def first_page(self, variant: int) -> Page:
        """The first page of what changed since the state."""
        if self._filter is None:
            return super().first_page(variant)
        page = self._filtered_page(self._filter, variant)
        return self._filtered_page(self._filter, variant) if self._is_pulled_back(page.as_of) else page

    @property
    def _reads_whole_list(self) -> bool:
        return self._filter is None or not self._filter.is_known

    def _filtered_page(self, time_filter: TimeFilter, variant: int) -> Page:
        return time_filter.first_page(
            self._cursor.read_from,
            fetch_filtered=lambda query: self.fetch(None, self.query_of(query)),
            fetch_all=lambda: super(IncrementalList, self).first_page(variant),
        )

    def _is_pulled_back(self, as_of: int) -> bool:
        is_ahead = self._cursor.pull_back(as_of)
        if is_ahead:
            self.warn_of_state_ahead()
        return is_ahead

    def _is_unseen(self, row: Row, listed: StableList) -> bool:
        instant = changed_at(row)
        if listed.started_at is not None:
            self._is_pulled_back(listed.started_at)
        return instant is None or self._cursor.is_unseen(listed.key_of(row), instant, row)
