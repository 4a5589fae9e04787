"""How many rows there are, by Freshdesk's search. It cannot read them: it returns at most 300."""

import logging
import threading
from datetime import UTC, datetime
from functools import partial

from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_freshdesk.api.backoff import RetryAfterBackoff
from source_freshdesk.api.error_handler import FreshdeskErrorHandler
from source_freshdesk.api.errors import Action, ErrorRule
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.api.http_client import REQUEST_KWARGS
from source_freshdesk.api.prefetch import Job
from source_freshdesk.api.response import SingleObject

UNKNOWN = tuple(
    ErrorRule(status, None, Action.SKIP, FailureType.transient_error, "Freshdesk does not say how many there are.")
    for status in (400, 403, 404)
)


class Search:
    """Counts rows on behalf of a stream. Each count costs one call in a sync."""

    def __init__(self, api: FreshdeskApi, name: str, logger: logging.Logger) -> None:
        self._api = api
        self._error_handler = FreshdeskErrorHandler(SingleObject(required=("total",)), UNKNOWN)
        self._new_client = partial(api.client, name, logger, self._error_handler, RetryAfterBackoff(max_attempts=1))

    def count(self, resource: str, since: int) -> int | None:
        """How many tickets or contacts changed since the day of an instant; None if Freshdesk does not say.

        https://developers.freshdesk.com/api/#filter_tickets
        """
        job = self._new_job(resource, since)
        if job is not None:
            job.run()
        return self._api.counts[resource, _day_of(since)].result()

    def begin(self, resource: str, since: int) -> None:
        """Have them counted by another thread, since somebody will ask soon. May be called from any thread."""
        job = self._new_job(resource, since)
        if job is not None:
            self._api.prefetcher.submit(job.run, self._api.prefetcher.cancellation())

    def _new_job(self, resource: str, since: int) -> Job[int | None] | None:
        """The job that counts them, for whoever calls this to run; None if there is one already."""
        day = _day_of(since)
        job = Job(partial(self._asked, resource, day), threading.Event())
        return job if self._api.counts.setdefault((resource, day), job) is job else None

    def _asked(self, resource: str, day: str) -> int | None:
        try:
            _, response = self._new_client().send_request(
                "GET",
                f"{self._api.api_url}search/{resource}",
                params={"query": f"\"updated_at:>'{day}'\""},
                request_kwargs=REQUEST_KWARGS,
            )
            (found,) = self._error_handler.rows(response)
        except AirbyteTracedException:
            return None
        return found["total"] if isinstance(found["total"], int) else None


def _day_of(instant: int) -> str:
    return f"{datetime.fromtimestamp(instant, UTC):%Y-%m-%d}"
