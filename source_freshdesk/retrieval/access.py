"""Whether this API key can read a stream, and why not."""

import logging
from collections.abc import Callable
from typing import TypeVar

from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_freshdesk.api.current_agent import CurrentAgent
from source_freshdesk.api.errors import ROLE_IS_MISSING, AccessRevoked, ResourceUnavailable
from source_freshdesk.api.freshdesk_api import FreshdeskApi

Value = TypeVar("Value")

ADMINISTRATOR = "an administrator"
"""The role that Freshdesk asks of a key for most of the configuration."""


class StreamAccess:
    """What a stream needs of the account and of the key.

    role: who the agent must be whose key it is, empty if every agent may read the stream.
    feature: the feature that the account's plan must include, empty if every plan has it.
    """

    def __init__(self, api: FreshdeskApi, name: str, logger: logging.Logger, role: str, feature: str) -> None:
        """name: of the stream on whose behalf calls are made."""
        self._api = api
        self._current_agent = CurrentAgent(api, name, logger)
        self._role = role
        self._feature = feature

    def confirm(self, call: Callable[[], Value]) -> Value | ResourceUnavailable:
        """What the call returns; the error if Freshdesk says twice that it is unavailable, and the key is valid.

        Raises `AirbyteTracedException` if the key or the account is refused.
        """
        return self._current_agent.confirm_unavailable(call)

    def probe(self, call: Callable[[], object]) -> ResourceUnavailable | None:
        """Why one call is refused; None if it is not."""
        try:
            call()
        except ResourceUnavailable as refused:
            return refused
        return None

    def note_if_out_of_reach(self, failure: AirbyteTracedException) -> None:
        """A stream has failed so. If it is the key or the account that is refused, or if Freshdesk does not answer
        another question either, no other stream can be read.
        """
        if not _may_be_of_all(failure):
            return
        try:
            self._current_agent.get()
        except AirbyteTracedException as confirmed:
            if _may_be_of_all(confirmed):
                self._api.note_out_of_reach()

    def skip_reason(self, error: ResourceUnavailable) -> str:
        """Why the stream cannot be read, and what it needs."""
        return " ".join(filter(None, (str(error), self.need(error))))

    def need(self, error: ResourceUnavailable) -> str:
        """What the stream needs of the key or the plan, as a sentence; empty if that is not known."""
        if error.code == ROLE_IS_MISSING and self._role:
            return f"It needs the key of {self._role}."
        if error.code != ROLE_IS_MISSING and self._feature:
            return f"It needs the feature {self._feature}."
        return ""


def _may_be_of_all(failure: AirbyteTracedException) -> bool:
    return isinstance(failure, AccessRevoked) or failure.failure_type is FailureType.transient_error
