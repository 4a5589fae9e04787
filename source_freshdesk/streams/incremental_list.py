"""Incremental streams over lists that come in no order of time: contacts and companies.

Such a list can be filtered by when rows were updated, but is sorted by name. So nothing is known of any instant until
all pages were read, and the state moves only then.
"""

from abc import ABC
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from airbyte_cdk.models import FailureType, SyncMode
from airbyte_cdk.sources.streams.core import StreamData

from source_freshdesk import instants
from source_freshdesk.api.answers import Row, RowList
from source_freshdesk.api.client import Account
from source_freshdesk.api.errors import Action, FreshdeskError, Meaning, Refused, meaning_of
from source_freshdesk.api.paging import PAGE_SIZE
from source_freshdesk.streams.base import IncrementalStream, Page
from source_freshdesk.streams.listing import Listing

UNKNOWN_PARAMETER = Meaning(
    400, "invalid_field", Action.SKIP, FailureType.system_error, "Freshdesk does not know this filter."
)


class UnorderedIncrementalStream(IncrementalStream, ABC):
    """A list whose rows carry `updated_at` but are not ordered by it."""

    shape = RowList(required=("id", "updated_at"))
    special_meanings = (UNKNOWN_PARAMETER,)

    update_filters: ClassVar[tuple[str, ...]]
    """Names under which Freshdesk may know the filter on `updated_at`, the likeliest first."""

    def __init__(self, account: Account, start: int) -> None:
        self._filters = list(self.update_filters)
        self._is_unfiltered = False
        super().__init__(account, start)

    def read_records(
        self,
        sync_mode: SyncMode,
        cursor_field: list[str] | None = None,
        stream_slice: Mapping[str, Any] | None = None,
        stream_state: Mapping[str, Any] | None = None,
    ) -> Iterable[StreamData]:
        """The records that are news. The state moves when all of them were emitted."""
        listing = Listing()
        rows = self.rows(listing)
        for record in self.records(row for row in rows if self._is_news(row)):
            listing.emitted(record)
            yield record
        if listing.began is not None:
            self._save_state(listing, listing.began)

    def _is_news(self, row: Row) -> bool:
        return self._updated_at.is_news(row["id"], instants.from_api(row["updated_at"]))

    def _save_state(self, listing: Listing, began: int) -> None:
        """The mark moves to the newest row, at most to when the reading began, whatever a clock says. What changed
        since, or so shortly before that it can have changed once more, is left to the next sync.
        """
        cursor = self._updated_at
        versions = {row_id: at for row_id, at in listing.versions.items() if at is not None}
        if versions:
            cursor.advance(min(max(versions.values()), began))
        for row_id, updated_at in versions.items():
            if cursor.read_from <= updated_at < began:
                cursor.remember(row_id, updated_at, as_of=began)
        self._saved_state = cursor.state(as_of=began, complete=True)

    def _first_page(self) -> Page:
        """The first page of what changed since the state, by the first filter that Freshdesk knows and heeds."""
        since = self._updated_at.read_from
        if since <= instants.EPOCH:
            return self._fetch_all()
        asked_from = max(since - 1, instants.EPOCH)
        while self._filters:
            name = self._filters[0]
            try:
                page = self.fetch(query={name: instants.to_api(asked_from), "per_page": PAGE_SIZE})
            except Refused as refused:
                if refused.code != UNKNOWN_PARAMETER.code:
                    raise
            else:
                if all(instants.from_api(row["updated_at"]) >= asked_from for row in page.rows):
                    return page
            del self._filters[0]
        if not self._is_unfiltered:
            self._is_unfiltered = True
            self.logger.warning(
                f"Freshdesk does not filter its list of {self.name} by time for this account. The whole list is read; "
                "only what changed is emitted."
            )
        return self._fetch_all()

    def _fetch_all(self) -> Page:
        try:
            return self.fetch()
        except Refused as refused:
            if refused.code == UNKNOWN_PARAMETER.code:
                raise FreshdeskError(meaning_of(refused.status, None), str(refused)) from refused
            raise
