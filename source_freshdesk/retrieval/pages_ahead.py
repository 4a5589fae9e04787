"""The first page of a stream that is read soon, fetched while another stream is emitted."""

import logging
from collections.abc import Callable

from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.api.prefetch import Job
from source_freshdesk.retrieval.page import Page

MAX_AGE_SECONDS = 300
"""A page that was fetched earlier than that is fetched again."""


class FirstPagePrefetch:
    """Fetches the first page of a list at most once before it is needed. Used by the consuming thread only."""

    def __init__(self, api: FreshdeskApi, fetch: Callable[[], Page], logger: logging.Logger) -> None:
        self._api = api
        self._fetch = fetch
        self._logger = logger
        self._job: Job[tuple[float, Page]] | None = None
        self._is_needless = False

    def start(self) -> None:
        """Have the page fetched by another thread, unless it was asked for already."""
        if not self._is_needless:
            self._is_needless = True
            self._job = self._api.prefetcher.submit(self._timed, self._api.prefetcher.cancellation())

    def take(self) -> Page | None:
        """The page, None if it was not fetched before, is too old, or could not be fetched."""
        self._is_needless = True
        job, self._job = self._job, None
        if job is None:
            return None
        try:
            fetched_at, page = job.result()
        except AirbyteTracedException:
            self._logger.debug("The prefetched page has failed. It is fetched again.")
            return None
        return page if self._api.clock.monotonic() - fetched_at < MAX_AGE_SECONDS else None

    def _timed(self) -> tuple[float, Page]:
        # By our own clock: Freshdesk's may be minutes apart.
        return self._api.clock.monotonic(), self._fetch()
