"""The one call that every key may make: it shows whether the account and the key are valid."""

import logging
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from source_freshdesk.api.backoff import RetryAfterBackoff
from source_freshdesk.api.error_handler import FreshdeskErrorHandler
from source_freshdesk.api.errors import CURRENT_AGENT_RULES, ResourceUnavailable
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.api.http_client import REQUEST_KWARGS
from source_freshdesk.api.response import Row, SingleObject

Value = TypeVar("Value")

ATTEMPTS = 3
"""Fewer than for data: a person may be waiting for the result."""


class CurrentAgent:
    """The agent who owns the API key.

    name: of the stream or command on whose behalf the calls are made. attempts: how often a call is tried.
    """

    def __init__(self, api: FreshdeskApi, name: str, logger: logging.Logger, attempts: int = ATTEMPTS) -> None:
        self._url = f"{api.api_url}agents/me"
        self._error_handler = FreshdeskErrorHandler(SingleObject(), special=CURRENT_AGENT_RULES)
        self._new_client = partial(api.client, name, logger, self._error_handler, RetryAfterBackoff(attempts))
        self._is_valid = False

    def get(self) -> Row:
        """The agent: https://developers.freshdesk.com/api/#view_current_agent

        Raises `AirbyteTracedException` with a message for the user if the key, the account or the network fails.
        """
        _, response = self._new_client().send_request("GET", self._url, request_kwargs=REQUEST_KWARGS)
        (agent,) = self._error_handler.rows(response)
        self._is_valid = True
        return agent

    def confirm_unavailable(self, call: Callable[[], Value]) -> Value | ResourceUnavailable:
        """What a call returns; its error if it fails twice as unavailable, and the account and the key are valid.

        Refusals that come and go were seen on the ticket list (https://github.com/singer-io/tap-freshdesk/issues/28).
        Raises `AirbyteTracedException` when it is the account or the key that is refused.
        """
        try:
            return call()
        except ResourceUnavailable:
            if not self._is_valid:
                self.get()
        try:
            return call()
        except ResourceUnavailable as refused:
            # Many may be kept, and each traceback would keep its response alive.
            return refused.with_traceback(None)
