"""Reads a list, page after page and pass after pass, until it holds still."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from source_freshdesk.api.errors import ResourceUnavailable
from source_freshdesk.api.response import Row
from source_freshdesk.retrieval.access import StreamAccess
from source_freshdesk.retrieval.outcome import Outcome
from source_freshdesk.retrieval.page import FetchPage, Page
from source_freshdesk.retrieval.repetition import Repetition
from source_freshdesk.retrieval.stable_list import MAX_PASSES, StableList

FetchFirstPage = Callable[[int], Page | ResourceUnavailable]
"""Fetches the first page of the list in a variant; the error if the list is not available to this key."""
Query = Mapping[str, str]
FetchNextPage = Callable[[Query], Page]
FetchPages = Callable[[Sequence[Query]], Iterator[Page] | None]
"""Fetches pages by their queries, several at once, and gives them in their order; None if that saves no time."""


def one_by_one(_: Sequence[Query]) -> None:
    """A `FetchPages` that never does."""


@dataclass
class Retrieval:
    """One read of one list. Iterate over it once, for each version of each row; then it says how the read went.

    listed: the versions that were found, when the read started, how many pages it took.
    unavailable: why there is no list for this key; None if there is one.
    gaps: why rows may be missing, a reason each. is_endless: it links to further pages, but these bring no new rows.
    """

    listed: StableList
    _first_page: FetchFirstPage
    _next_page: FetchNextPage
    _fetch_at_once: FetchPages = one_by_one
    unavailable: ResourceUnavailable | None = None
    gaps: list[str] = field(default_factory=list)
    is_endless: bool = False

    def __iter__(self) -> Iterator[Row]:
        """Raises what a call raises, also `ResourceUnavailable` for a later page than the first."""
        known: Sequence[Query] = ()
        while not self.listed.is_complete:
            at_once = self._fetch_at_once(known) if known and self.listed.may_be_read_at_once else None
            following = _FollowingPages(self._next_page, known, at_once)
            self.listed.begin_pass(at_once=at_once is not None)
            first = self._first_page(self.listed.variant)
            if isinstance(first, ResourceUnavailable):
                self.unavailable = first
                return
            is_over_early = False
            for page in self._pages(first, following):
                self.listed.begin_page(page.as_of, has_next=page.next is not None)
                if page.gap and page.gap not in self.gaps:
                    self.gaps.append(page.gap)
                yield from filter(self.listed.register, page.rows)
                is_over_early = not self.gaps and self.listed.is_as_before()
                if is_over_early:
                    break
            self.listed.end_pass(early=is_over_early)
            # The last page is left out: a pass that holds still ends before it.
            known = following.queries[:-1]
        if not self.listed.is_stable:
            self.gaps.append(f"The list kept changing while it was read ({MAX_PASSES} passes).")

    def _pages(self, first: Page, following: "_FollowingPages") -> Iterator[Page]:
        """The pages of a pass. One that nobody but us takes for a page, and that holds nothing new, ends it."""
        page: Page = first
        is_certain, repetition = True, Repetition()
        while True:
            has_new = not self.listed.has_none_new(page.rows)
            if page.rows and not has_new and not is_certain:
                return
            yield page
            if page.next is None:
                return
            if repetition.note(has_new=has_new):
                self.is_endless = True
                return
            is_certain = page.is_next_certain
            page = following.page(page.next)


class _FollowingPages:
    """The pages of a pass after its first. queries: what was asked for.

    fetch: fetches one. known: the queries of those that are fetched at once. at_once: gives these pages; None: there
    are none.
    """

    def __init__(self, fetch: FetchNextPage, known: Sequence[Query], at_once: Iterator[Page] | None) -> None:
        self.queries: list[Query] = []
        self._fetch = fetch
        self._known = known
        self._at_once = at_once

    def page(self, query: Query) -> Page:
        """The page with this query."""
        number = len(self.queries)
        self.queries.append(query)
        if self._at_once is not None and number < len(self._known) and self._known[number] == query:
            return next(self._at_once)
        # These were all, or the list links to other pages than it did before.
        self._at_once = None
        return self._fetch(query)


@dataclass(frozen=True)
class ReadList:
    """A list that was read to its end. gaps: why rows may be missing, a reason each."""

    rows: list[Row]
    gaps: Sequence[str] = ()


class ListRetriever:
    """Reads lists by the calls of one stream.

    fetch: fetches a page. new_list: gives what a read of a list is recorded in. Both are used from several threads.
    path: of the stream's own list. access, outcome, logger: the stream's.
    """

    def __init__(
        self,
        fetch: FetchPage,
        new_list: Callable[[], StableList],
        path: str,
        access: StreamAccess,
        outcome: Outcome,
        logger: logging.Logger,
    ) -> None:
        self._fetch = fetch
        self._new_list = new_list
        self._path = path
        self._access = access
        self._outcome = outcome
        self._logger = logger

    def read(
        self,
        first_page: Callable[[int], Page],
        next_page: FetchNextPage,
        listed: StableList,
        fetch_at_once: FetchPages = one_by_one,
    ) -> Iterator[Row]:
        """The rows of the stream's own list. What is missing of it, or that there is none, goes to the outcome.

        first_page: fetches the first page in a variant. next_page: fetches any other by its query. listed: records
        what is listed. fetch_at_once: fetches several.
        """
        retrieval = Retrieval(
            listed,
            lambda variant: self._access.confirm(lambda: first_page(variant)),
            next_page,
            fetch_at_once,
        )
        yield from retrieval
        if retrieval.is_endless:
            self.warn_of_endless(self._path)
        if retrieval.unavailable is not None:
            self._outcome.skip(retrieval.unavailable, self._access)
        for why in retrieval.gaps:
            self._outcome.gap(self._path, why)

    def read_path(self, path: str) -> ReadList:
        """All rows of another list of the same shape. Raises `ResourceUnavailable` if it is not available."""
        at_path: Mapping[str, Any] = {"path": path}
        retrieval = Retrieval(
            self._new_list(), lambda _: self._fetch(at_path, None), lambda query: self._fetch(at_path, query)
        )
        rows = list(retrieval)
        if retrieval.is_endless:
            self.warn_of_endless(path)
        return ReadList(rows, retrieval.gaps)

    def warn_of_endless(self, path: str) -> None:
        """The list at `path` links on, and was taken for ended."""
        self._logger.warning(
            f"Stream {self._outcome.name}: {path} links to page after page without new rows. It was read up to there."
        )
