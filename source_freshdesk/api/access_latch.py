"""Holds back calls once Freshdesk has refused the key or the account: an account can be locked for many such calls."""

import threading
from urllib.parse import urlsplit

import requests

from source_freshdesk.api.errors import AccessRevoked, Action, rule_for
from source_freshdesk.api.response import error_code

CONFIRMING_PATH = "/agents/me"
"""The end of the path of the one call that shows what a refusal means."""


class AccessLatch:
    """Closed by a response that refuses the key or the account, opened when the key is found to be good. Used from
    several threads.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._refusal: tuple[int, str | None, str] | None = None

    def check(self, request: requests.PreparedRequest) -> None:
        """Raises `AccessRevoked` if the latch is closed and this call is not the one that confirms the refusal."""
        with self._lock:
            refusal = self._refusal
        if refusal is not None and not _is_confirming(request):
            status, code, words = refusal
            raise AccessRevoked(rule_for(status, code), f"not sent, since an earlier call -> {status}", words)

    def note(self, request: requests.PreparedRequest, response: requests.Response) -> None:
        """Learn from a response."""
        if response.status_code == requests.codes.ok:
            if self._refusal is not None and _is_confirming(request):
                with self._lock:
                    self._refusal = None
        elif response.status_code in (requests.codes.unauthorized, requests.codes.forbidden):
            code, words = error_code(response)
            if rule_for(response.status_code, code).action is Action.STOP:
                with self._lock:
                    self._refusal = response.status_code, code, words


def _is_confirming(request: requests.PreparedRequest) -> bool:
    return urlsplit(request.url or "").path.endswith(CONFIRMING_PATH)
