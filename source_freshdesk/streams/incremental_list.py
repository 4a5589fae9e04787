"""Lists that are not ordered by time, of which only what changed is emitted."""

from abc import ABC
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from airbyte_cdk.sources.streams.core import StreamData

from source_freshdesk import instants
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.api.response import Row
from source_freshdesk.records.versions import changed_at
from source_freshdesk.retrieval.held_rows import HeldRows
from source_freshdesk.retrieval.page import Page
from source_freshdesk.retrieval.stable_list import StableList
from source_freshdesk.retrieval.time_filter import FilteredBy, TimeFilter
from source_freshdesk.state.list_progress import PROGRESS, ListProgress
from source_freshdesk.state.updated_at_cursor import UpdatedAtCursor
from source_freshdesk.streams.base import FreshdeskStream
from source_freshdesk.streams.incremental import IncrementalStream

RECORDS_BETWEEN_STATES = 100
"""Where each record costs a call."""


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
        self._progress = ListProgress({})
        super().__init__(api, *parents, **kwargs)
        self._filter = (
            TimeFilter(self.filtered_by, filter_lookback_seconds, self.name, self.logger) if self.filtered_by else None
        )

    def load_state(self, state: Mapping[str, Any]) -> None:
        self._cursor.load(state, now=int(self.api.clock.now()))
        self._progress = ListProgress(state)

    def read_slice(self, stream_slice: Mapping[str, Any] | None) -> Iterator[StreamData]:
        """The records that are new or changed. The state advances when all of them were emitted."""
        listed = self.new_list()
        since, is_estimated = self._cursor.read_from, not self.counted_as
        unseen = (row for row in self.cache.read(listed) if self._is_unseen(row, listed))
        for item in self._in_order(unseen, listed) if self.details.are_needed else self._emitted(unseen, listed):
            yield item
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

    def _emitted(self, rows: Iterable[Row], listed: StableList) -> Iterator[Row]:
        for record in self.records(rows):
            listed.note_emitted(record)
            yield record

    def _in_order(self, rows: Iterable[Row], listed: StableList) -> Iterator[StreamData]:
        """The records of a list whose rows cost a call each. It is listed first; then its rows are emitted in the order
        of their keys, with a state now and then, so that an interrupted sync is continued.
        """
        held, before = HeldRows(), {name: value for name, value in self.state.items() if name != PROGRESS}
        for row in rows:
            held.put(listed.key_of(row), row)
        records = self._emitted((row for _, row in held.in_order()), listed)
        for count, record in enumerate(records, start=1):
            yield record
            # A row that a list with gaps lacks would count as emitted once its key is passed.
            is_whole = self.outcome.may_checkpoint and not self.outcome.lacks_lists
            if is_whole and count % RECORDS_BETWEEN_STATES == 0 and listed.started_at is not None:
                yield self.checkpoint(before | self._progress.after(listed.key_of(record), listed.started_at))

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
        key = listed.key_of(row)
        if self._progress.is_emitted(key, instant):
            return False
        return instant is None or self._cursor.is_unseen(key, instant, row)
