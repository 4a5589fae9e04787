"""The filter by time of a list, whose name and effect differ from account to account."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from airbyte_cdk.models import FailureType

from source_freshdesk import instants
from source_freshdesk.api.errors import Action, ErrorRule, FreshdeskError, ResourceUnavailable, rule_for, system_error
from source_freshdesk.records.versions import changed_at
from source_freshdesk.retrieval.page import Page

UNKNOWN_PARAMETER = ErrorRule(
    400, "invalid_field", Action.SKIP, FailureType.system_error, "Freshdesk does not know this filter."
)
"""Among the rules of every list that is filtered: https://developers.freshdesk.com/api/#errors"""


@dataclass(frozen=True)
class FilteredBy:
    """The declaration that Freshdesk filters a list by time.

    names: under which Freshdesk may know the filter, the most likely first.
    field: of the rows, which the filter compares.
    lists_only_recent: whether the list, unfiltered, may leave out old rows, so that a filter is required.
    """

    names: tuple[str, ...]
    field: str = "updated_at"
    lists_only_recent: bool = False


class TimeFilter:
    """Asks for what changed, by the first filter that Freshdesk knows and applies.

    lookback_seconds: how much earlier the filter asks, for changes that it cannot see.
    Used by the consuming thread only.
    """

    def __init__(self, declared: FilteredBy, lookback_seconds: int, name: str, logger: logging.Logger) -> None:
        self._declared = declared
        self._lookback_seconds = lookback_seconds
        self._names = list(declared.names)
        self._name = name
        self._logger = logger

    @property
    def is_known(self) -> bool:
        """False as soon as Freshdesk has refused or ignored all of them."""
        return bool(self._names)

    def query_since(self, since: int) -> Mapping[str, str] | None:
        """The query with which what changed since an instant is asked for first; None if all rows are."""
        asked_from = self._asked_from(since)
        return None if asked_from is None else self._query(asked_from)

    def _asked_from(self, since: int) -> int | None:
        """From which instant the filter asks for what changed since one; None if all rows are asked for."""
        since -= self._lookback_seconds
        is_filtered = self._names and (since > instants.EPOCH or self._declared.lists_only_recent)
        return max(since - 1, instants.EPOCH) if is_filtered else None

    def _query(self, since: int) -> Mapping[str, str]:
        return {self._names[0]: instants.to_api(since)}

    def first_page(
        self, since: int, fetch_filtered: Callable[[Mapping[str, str]], Page], fetch_all: Callable[[], Page]
    ) -> Page:
        """The first page of what changed since an instant; of all rows, where that is asked or nothing else works.

        Raises `AirbyteTracedException` if no filter works and the whole list may leave out old rows.
        """
        asked_from = self._asked_from(since)
        if asked_from is not None:
            page = self._filtered_page(asked_from, fetch_filtered)
            if page is not None:
                return page
        try:
            return fetch_all()
        except ResourceUnavailable as refused:
            if refused.code == UNKNOWN_PARAMETER.code:
                raise FreshdeskError(rule_for(refused.status, None), str(refused)) from refused
            raise

    def _filtered_page(self, since: int, fetch_filtered: Callable[[Mapping[str, str]], Page]) -> Page | None:
        while self._names:
            try:
                page = fetch_filtered(self._query(since))
            except ResourceUnavailable as refused:
                if refused.code != UNKNOWN_PARAMETER.code:
                    raise
            else:
                if all((changed_at(row, self._declared.field) or since) >= since for row in page.rows):
                    return page
            del self._names[0]
            if not self._names:
                self._report()
        return None

    def _report(self) -> None:
        if self._declared.lists_only_recent:
            raise system_error(
                f"Freshdesk does not filter its list of {self._name} by time for this account, so it is not known "
                "whether the list is complete."
            )
        self._logger.warning(
            f"Freshdesk does not filter its list of {self._name} by time for this account. Each sync reads the whole "
            "list and emits only what changed."
        )
