"""The pages of a list that is read soon, fetched while another stream is emitted."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_freshdesk.api.freshdesk_api import API_PATH, FreshdeskApi
from source_freshdesk.api.prefetch import Job
from source_freshdesk.api.rate_limit import Call
from source_freshdesk.api.rate_limiter import LISTS_WITH_LIMITS_OF_THEIR_OWN
from source_freshdesk.retrieval.page import Page

MAX_AGE_SECONDS = 300
"""A page that was fetched earlier than that is fetched again."""

MAX_PAGES = 4
"""So many pages of a list are fetched ahead: most lists have fewer, and then nothing of them is waited for."""

MAX_BYTES = 1_500_000
"""No more is fetched of a list whose pages take more than that."""

Query = Mapping[str, Any]


@dataclass(frozen=True)
class Step:
    """Which page is read: by its query, the number of the pass, counted from 0, and its place in the pass, from 1."""

    query: Query
    pass_number: int = 0
    page_number: int = 1

    def after(self, page: Page, first_queries: Sequence[Query]) -> "Step | None":
        """What is read after this page; None if nothing is, or if the reader has more pages fetched at once.

        A list of several pages is read twice, and one with several first queries once for each: see `StableList`.
        """
        if page.next is not None:
            is_second_pass = self.pass_number > 0 and len(first_queries) == 1
            return None if is_second_pass else Step(page.next, self.pass_number, self.page_number + 1)
        following = self.pass_number + 1
        if following == max(len(first_queries), 2) or (self.page_number == 1 and len(first_queries) == 1):
            return None
        return Step(first_queries[following % len(first_queries)], following)


@dataclass(frozen=True)
class _Fetched:
    at: float
    query: Query
    page: Page
    following: "Job[_Fetched] | None"


class PagesAhead:
    """Fetches the first pages of a list at most once before they are needed. Called by the consuming thread only.

    fetch: fetches the page with a query, in any thread. path: of the list, below the API's.
    """

    def __init__(self, api: FreshdeskApi, fetch: Callable[[Query], Page], logger: logging.Logger, path: str) -> None:
        self._api = api
        self._fetch = fetch
        self._logger = logger
        self._path = path
        self._job: Job[_Fetched] | None = None
        self._cancellation = api.prefetcher.cancellation()
        self.is_begun = False
        """Whether the list was read, or pages of it were asked for."""

    def start(
        self, first_queries: Sequence[Query], *, pages: int = MAX_PAGES, on_more: Callable[[], None] | None = None
    ) -> None:
        """Have so many pages fetched by other threads, one after another, unless the list was begun already.

        first_queries: of the first page of each variant in which it is read. on_more: called once, in another thread,
        when it turns out that there is a second page.
        """
        if not self.is_begun:
            self.is_begun = True
            self._job = self._submit(Step(first_queries[0]), first_queries, pages, on_more)

    def page(self, query: Query) -> Page:
        """The page with this query: the one that was fetched ahead, if it was and is not too old."""
        self.is_begun = True
        job, self._job = self._job, None
        if job is None:
            return self._fetch(query)
        try:
            fetched = job.result()
        except AirbyteTracedException:
            self._logger.debug("The prefetched page has failed. It is fetched again.")
            return self._fetch(query)
        if fetched.query != query or self._api.clock.monotonic() - fetched.at >= MAX_AGE_SECONDS:
            self._cancellation.cancel()
            return self._fetch(query)
        self._job = fetched.following
        return fetched.page

    def pages_at_once(self, queries: Sequence[Query]) -> Iterator[Page] | None:
        """The pages with these queries, in their order, several of which are fetched at once; None if one call at
        a time is as fast.
        """
        call = Call(list_name=LISTS_WITH_LIMITS_OF_THEIR_OWN.get(f"{API_PATH}{self._path}"))
        return self._api.prefetcher.map(self._fetch, queries) if self._api.useful_calls_at_once(call) > 1 else None

    def _submit(
        self, step: Step, first_queries: Sequence[Query], pages: int, on_more: Callable[[], None] | None
    ) -> "Job[_Fetched]":
        def work() -> _Fetched:
            # By our own clock: Freshdesk's may be minutes apart.
            at, page = self._api.clock.monotonic(), self._fetch(step.query)
            if on_more is not None and page.next is not None:
                on_more()
            following = step.after(page, first_queries) if pages > 1 and page.size <= MAX_BYTES else None
            job = None if following is None else self._submit(following, first_queries, pages - 1, None)
            return _Fetched(at, step.query, page, job)

        return self._api.prefetcher.submit(work, self._cancellation)
