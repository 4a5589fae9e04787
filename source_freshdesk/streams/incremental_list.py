"""Incremental streams over lists that come in no order of time.

Most lists are sorted by name or in an order of their own. Some can be filtered by when rows were updated; the others
are read whole, and this side tells what is news. In both cases nothing is known of any instant until all pages were
read, and the state moves only then.
"""

from abc import ABC
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from airbyte_cdk.models import FailureType
from airbyte_cdk.sources.streams.core import StreamData

from source_freshdesk import instants
from source_freshdesk.api.errors import Action, ErrorRule, FreshdeskError, ResourceUnavailable, rule_for, system_error
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.api.response import Row, RowList
from source_freshdesk.retrieval.stable_list import updated_at
from source_freshdesk.streams.base import FreshdeskStream, Page
from source_freshdesk.streams.incremental import IncrementalStream

UNKNOWN_PARAMETER = ErrorRule(
    400, "invalid_field", Action.SKIP, FailureType.system_error, "Freshdesk does not know this filter."
)


class IncrementalList(IncrementalStream, ABC):
    """A list whose rows carry `updated_at` but are not ordered by it. A row without it is always news."""

    update_filters: ClassVar[tuple[str, ...]] = ()
    """Names under which Freshdesk may know a filter by time, the likeliest first; none if it has no such filter."""
    filtered_on: ClassVar[str] = "updated_at"
    """What the filter looks at."""
    lists_recent_rows_unasked: ClassVar[bool] = False
    """Whether the list, unfiltered, may leave out old rows."""

    def __init__(
        self, api: FreshdeskApi, start: int = instants.EPOCH, *, filter_lookback_seconds: int = 0, **kwargs: Any
    ) -> None:
        """filter_lookback_seconds: how much earlier than the state the filter asks from, for changes it cannot see."""
        self._filters = list(self.update_filters)
        self._filter_lookback = filter_lookback_seconds
        super().__init__(api, start, **kwargs)

    def read_slice(self, stream_slice: Mapping[str, Any] | None) -> Iterator[StreamData]:
        """The records that are news. The state moves when all of them were emitted."""
        listing = self.listing()
        news = (row for row in self.rows(listing) if self._is_news(row))
        for record in self.records(news):
            listing.emitted(record)
            yield record
        if listing.started_at is not None and self.refusal is None and not self.is_partial:
            self._cursor.commit_pass(listing.versions, listing.started_at)
            self._saved_state = self._cursor.state(as_of=listing.started_at, complete=True)

    def prefetch_first_page(self) -> None:
        """Have the first page fetched, if it is the same whatever the state."""
        if not self.update_filters:
            FreshdeskStream.prefetch_first_page(self)

    def _is_news(self, row: Row) -> bool:
        changed_at = self.changed_at(row)
        return changed_at is None or self._cursor.is_unseen(self.key_of(row), changed_at)

    def _first_page(self, variant: int) -> Page:
        """The first page of what changed since the state, by the first filter that Freshdesk knows and heeds."""
        since = self._cursor.read_from - self._filter_lookback
        if not self.update_filters or (since <= instants.EPOCH and not self.lists_recent_rows_unasked):
            return self._fetch_all(variant)
        asked_from = max(since - 1, instants.EPOCH)
        while self._filters:
            name = self._filters[0]
            try:
                page = self.fetch(query=self._variant_query({name: instants.to_api(asked_from)}))
            except ResourceUnavailable as refused:
                if refused.code != UNKNOWN_PARAMETER.code:
                    raise
            else:
                if all((updated_at(row, self.filtered_on) or asked_from) >= asked_from for row in page.rows):
                    return page
            del self._filters[0]
            if not self._filters and self.lists_recent_rows_unasked:
                raise system_error(
                    f"Freshdesk does not filter its list of {self.name} by time for this account, so that it cannot be "
                    "told whether it is complete."
                )
            if not self._filters:
                self.logger.warning(
                    f"Freshdesk does not filter its list of {self.name} by time for this account. The whole list is "
                    "read; only what changed is emitted."
                )
        return self._fetch_all(variant)

    def _fetch_all(self, variant: int) -> Page:
        try:
            return super()._first_page(variant)
        except ResourceUnavailable as refused:
            if refused.code == UNKNOWN_PARAMETER.code:
                raise FreshdeskError(rule_for(refused.status, None), str(refused)) from refused
            raise


class FilteredList(IncrementalList, ABC):
    """An incremental list that Freshdesk filters by time, for most accounts."""

    shape = RowList(required=("id", "updated_at"))
    error_rules = (UNKNOWN_PARAMETER,)
