"""An endpoint to call."""

from typing import Any

import pytest
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_freshdesk.api.backoff import RetryAfterBackoff
from source_freshdesk.api.error_handler import FreshdeskErrorHandler
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.api.http_client import REQUEST_KWARGS, FreshdeskHttpClient
from source_freshdesk.api.response import RowList
from unit_tests.support import API, KEY, LOGGER, answer, dated

TICKETS = f"{API}tickets"


class Endpoint:
    """A list as a stream reads it."""

    def __init__(self, api: FreshdeskApi) -> None:
        self.error_handler = FreshdeskErrorHandler(RowList())
        self.client: FreshdeskHttpClient = api.client("tickets", LOGGER, self.error_handler, RetryAfterBackoff())

    def get(self, url: str = TICKETS) -> list[dict[str, Any]]:
        _, response = self.client.send_request("GET", url, request_kwargs=REQUEST_KWARGS)
        return self.error_handler.rows(response)

    def failure(self) -> AirbyteTracedException:
        with pytest.raises(AirbyteTracedException) as caught:
            self.get()
        assert KEY not in f"{caught.value.message}{caught.value.internal_message}"
        return caught.value


INVALID_RESPONSE: dict[str, dict[str, Any]] = {
    "cut": {"content": b'[{"id": 1}, {"i', "headers": dated()},
    "empty": {"content": b"", "headers": dated()},
    "a page of HTML": {"text": "<html>Maintenance</html>", "headers": {"Content-Type": "text/html"}},
    "HTML that is called JSON": {"text": "<html>Maintenance</html>", "headers": dated()},
    "another shape": answer({"message": "Oops"}),
    "rows without id": answer([{"name": "x"}]),
}
