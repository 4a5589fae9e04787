"""Lists that are not ordered by time, of which only what changed is emitted."""

import math
from abc import ABC
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any, ClassVar

from airbyte_cdk.models import AirbyteMessage
from airbyte_cdk.sources.streams.core import StreamData
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_freshdesk import instants
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.api.paginator import PAGE_SIZE
from source_freshdesk.api.rate_limit import Call
from source_freshdesk.api.response import Row
from source_freshdesk.records.versions import changed_at
from source_freshdesk.retrieval.held_rows import HeldRows
from source_freshdesk.retrieval.page import Page
from source_freshdesk.retrieval.pages_ahead import PagesAhead
from source_freshdesk.retrieval.stable_list import StableList
from source_freshdesk.retrieval.time_filter import FilteredBy, TimeFilter
from source_freshdesk.state.list_progress import PROGRESS
from source_freshdesk.state.list_section import ListSection
from source_freshdesk.streams.base import FreshdeskStream
from source_freshdesk.streams.incremental import ExpectedCalls, IncrementalStream

RECORDS_BETWEEN_STATES = 100
"""Where each record costs a call."""


class IncrementalList(IncrementalStream, ABC):
    """A list whose rows carry `updated_at` but are not ordered by it. A row without it is emitted each time.

    Nothing is known of any instant until all pages were read, so the state advances only then.
    """

    state_fields = frozenset({PROGRESS})
    filtered_by: ClassVar[FilteredBy | None] = None
    """The filter by time; None if Freshdesk has none for this list. Then it is read completely and only what changed
    is emitted."""
    counted_as: ClassVar[str] = ""
    """The resource by which Freshdesk's search counts the rows; empty if it does not."""
    sections: ClassVar[Mapping[str, Mapping[str, str]]] = {}
    """Further lists with rows that the first one leaves out: the query of each, by the field of a row that says whether
    it is in there. Each has a place of its own in the state."""

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
        self._first = ListSection("", {}, start)
        self._others = [ListSection(name, query, start) for name, query in self.sections.items()]
        self._selected = [self._first, *self._others]
        super().__init__(api, *parents, **kwargs)
        self._filter = (
            TimeFilter(self.filtered_by, filter_lookback_seconds, self.name, self.logger) if self.filtered_by else None
        )
        fetch = partial(self.fetch, None)
        self._ahead = {name: PagesAhead(api, fetch, self.logger, self.resource) for name in self.sections}
        self._ahead[self._first.name] = self.ahead

    def load_state(self, state: Mapping[str, Any]) -> None:
        now = int(self.api.clock.now())
        self._first.load({name: value for name, value in state.items() if name not in self.sections}, now=now)
        for section in self._others:
            section.load(state.get(section.name, {}), now=now)

    def select(self, columns: Mapping[str, Any]) -> None:
        """As for all streams. No further list is read if the field that it stands for is not selected."""
        super().select(columns)
        self._selected = [self._first, *(one for one in self._others if not columns or one.name in columns)]

    def read_slice(self, stream_slice: Mapping[str, Any] | None) -> Iterator[StreamData]:
        """The records that are new or changed. The state of each list advances when all of its were emitted."""
        for section in self._selected:
            if not self.outcome.is_skipped:
                yield from self._read_section(section)

    def in_section(self, row: Row, name: str) -> Row:
        """The row of a list, saying in which it is."""
        flagged = dict.fromkeys(self.sections, False) | row
        return flagged | {name: True} if name else flagged

    def _read_section(self, section: ListSection) -> Iterator[StreamData]:
        listed = self.new_list()
        since, is_estimated = section.cursor.list_from, section is not self._first or not self.counted_as
        unseen = (row for row in self._rows(section, listed) if self._is_unseen(row, section, listed))
        flagged = (self.in_section(row, section.name) for row in unseen)
        emit = self._in_order if self.details.are_needed else self._emitted
        for item in emit(flagged, section, listed):
            yield item
            if listed.has_more_pages and not is_estimated:
                yield from self.estimate(self.counted_as, since)
                is_estimated = True
        without_times = {key for key, instant in listed.versions.items() if instant is None}
        if len(without_times) < len(listed.versions):
            self.warn_of_rows_without_times(without_times)
        if listed.started_at is None or not self.outcome.may_checkpoint:
            return
        if self._reads_whole_list and not self.outcome.lacks_lists:
            self.tell_of_gone_rows(section.cursor.gone(listed.versions))
        section.cursor.commit_pass(
            listed.versions,
            listed.started_at,
            contents=listed.contents,
            is_whole_list=self._reads_whole_list,
        )
        if not self.outcome.lacks_lists or section.cursor.knows_whole_list:
            section.cursor.end_backfill()
            self._save(section, section.cursor.state(as_of=listed.started_at, complete=True))

    def _rows(self, section: ListSection, listed: StableList) -> Iterator[Row]:
        if section is self._first:
            return self.cache.read(listed)
        ahead = self._ahead[section.name]
        return self.lists.read(partial(self._first_page_of, section), ahead.page, listed, ahead.pages_at_once)

    def _save(self, section: ListSection, state: Mapping[str, Any]) -> AirbyteMessage:
        section.saved(dict(state))
        others = {one.name: one.state for one in self._others if one.state}
        return self.checkpoint({**self._first.state, **others})

    def _emitted(self, rows: Iterable[Row], _: ListSection, listed: StableList) -> Iterator[Row]:
        for record in self.records(rows):
            listed.note_emitted(record)
            yield record

    def _in_order(self, rows: Iterable[Row], section: ListSection, listed: StableList) -> Iterator[StreamData]:
        """The records of a list whose rows cost a call each. It is listed first; then its rows are emitted in the order
        of their keys, with a state now and then, so that an interrupted sync is continued.
        """
        held, before = HeldRows(), {name: value for name, value in section.state.items() if name != PROGRESS}
        for row in rows:
            held.put(listed.key_of(row), row)
        self.details.announce(len(held))
        records = self._emitted((row for _, row in held.in_order()), section, listed)
        for count, record in enumerate(records, start=1):
            yield record
            # A row that a list with gaps lacks would count as emitted once its key is passed.
            is_whole = self.outcome.may_checkpoint and not self.outcome.lacks_lists
            if is_whole and count % RECORDS_BETWEEN_STATES == 0 and listed.started_at is not None:
                progress = section.progress.after(listed.key_of(record), listed.started_at)
                yield self._save(section, before | progress)

    def expected_calls(self) -> ExpectedCalls | None:
        """Two for each page but the last, since a list of several is confirmed, and one for the details of each row."""
        count = self.count(self.counted_as, self._first.cursor.start) if self.counted_as else None
        if count is None:
            return None
        pages = math.ceil(count / PAGE_SIZE)
        return ExpectedCalls(max(2 * pages - 1, 1) + (count if self.details.are_needed else 0), Call())

    def prefetch(self, state: Mapping[str, Any]) -> None:
        """Have the first pages fetched of what changed since this state. Without one the rows are counted, if there are
        several pages.
        """
        if self._filter is None or self.child_of is not None:
            FreshdeskStream.prefetch(self, state)
        elif not self.ahead.is_begun:
            try:
                self.expect_state(state)
            except AirbyteTracedException:
                return  # It is raised when the stream is read.
            count = partial(self.search.begin, self.counted_as, self._first.cursor.start) if self.counted_as else None
            for section in self._selected:
                asked = self._filter.query_since(section.cursor.list_from)
                variants = self.list_variants if asked is None and section is self._first else [asked or {}]
                queries = [self.query_of({**section.query, **variant}) for variant in variants]
                is_new = section is self._first and not state
                self._ahead[section.name].start(queries, on_more=count if is_new else None)

    def first_page(self, variant: int) -> Page:
        """The first page of what changed since the state."""
        return super().first_page(variant) if self._filter is None else self._first_page_of(self._first, variant)

    @property
    def _reads_whole_list(self) -> bool:
        return self._filter is None or not self._filter.is_known

    def _first_page_of(self, section: ListSection, variant: int) -> Page:
        page = self._filtered_page(section, variant)
        return self._filtered_page(section, variant) if self._is_pulled_back(section, page.as_of) else page

    def _filtered_page(self, section: ListSection, variant: int) -> Page:
        def fetch(query: Mapping[str, str]) -> Page:
            return self._ahead[section.name].page(self.query_of({**section.query, **query}))

        def fetch_all() -> Page:
            return FreshdeskStream.first_page(self, variant) if section is self._first else fetch({})

        if self._filter is None:
            return fetch_all()
        return self._filter.first_page(section.cursor.list_from, fetch_filtered=fetch, fetch_all=fetch_all)

    def _is_pulled_back(self, section: ListSection, as_of: int) -> bool:
        is_ahead = section.cursor.pull_back(as_of)
        if is_ahead:
            self.warn_of_state_ahead()
        return is_ahead

    def _is_unseen(self, row: Row, section: ListSection, listed: StableList) -> bool:
        instant = changed_at(row)
        if listed.started_at is not None:
            self._is_pulled_back(section, listed.started_at)
        key = listed.key_of(row)
        if section.progress.is_emitted(key, instant):
            return False
        return instant is None or section.cursor.is_unseen(key, instant, row)
