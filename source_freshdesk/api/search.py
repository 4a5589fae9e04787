"""How many rows there are, by Freshdesk's search. It is no way to read them: it gives 300 of them at most."""

import logging
from datetime import UTC, datetime

from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_freshdesk.api.answers import SingleObject
from source_freshdesk.api.backoff import RetryAfterBackoff
from source_freshdesk.api.client import REQUEST_KWARGS, Account
from source_freshdesk.api.errors import Action, Meaning
from source_freshdesk.api.policy import AnswerPolicy

UNKNOWN = tuple(
    Meaning(status, None, Action.SKIP, FailureType.transient_error, "Freshdesk does not tell how many there are.")
    for status in (400, 403, 404)
)


class Search:
    """Counts on behalf of a stream. Each count is asked for once in a sync."""

    def __init__(self, account: Account, name: str, logger: logging.Logger) -> None:
        self._account = account
        self._policy = AnswerPolicy(SingleObject(required=("total",)), UNKNOWN)
        self._client = account.client(name, logger, self._policy, RetryAfterBackoff(max_attempts=1))

    @property
    def calls(self) -> int:
        """Calls made so far, retries included."""
        return self._client.calls

    def count(self, resource: str, since: int) -> int | None:
        """How many tickets or contacts changed since the day of an instant; None if Freshdesk does not tell.

        https://developers.freshdesk.com/api/#filter_tickets
        """
        day = f"{datetime.fromtimestamp(since, UTC):%Y-%m-%d}"
        known = self._account.counts
        if (resource, day) not in known:
            known[resource, day] = self._asked(resource, day)
        return known[resource, day]

    def _asked(self, resource: str, day: str) -> int | None:
        try:
            _, response = self._client.send_request(
                "GET",
                f"{self._account.api_url}search/{resource}",
                params={"query": f"\"updated_at:>'{day}'\""},
                request_kwargs=REQUEST_KWARGS,
            )
            (found,) = self._policy.rows(response)
        except AirbyteTracedException:
            return None
        return found["total"] if isinstance(found["total"], int) else None
