"""Which of several paths an account knows a list by."""

import threading
from collections.abc import Callable, Sequence

import requests

from source_freshdesk.api.errors import ResourceUnavailable
from source_freshdesk.retrieval.page import Page


class KnownPath:
    """Tries paths in their order until one is found, and stays with that. Used from several threads."""

    def __init__(self, paths: Sequence[str]) -> None:
        self._paths = list(paths)
        self._lock = threading.Lock()

    def fetch(self, fetch: Callable[[str], Page]) -> Page:
        """The page at the first path that the account knows. Raises `ResourceUnavailable` if it knows none."""
        while True:
            with self._lock:
                path, is_last = self._paths[0], len(self._paths) == 1
            try:
                return fetch(path)
            except ResourceUnavailable as refused:
                if refused.status != requests.codes.not_found or is_last:
                    raise
            with self._lock:
                if self._paths[0] == path:
                    del self._paths[0]
