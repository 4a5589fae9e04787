"""Whether what fails for good are single elements, which are left out, or Freshdesk as a whole."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

Value = TypeVar("Value")

ALWAYS_TOLERATED = 3
TOLERATED_SHARE = 0.03


@dataclass(frozen=True)
class Failed:
    """A call that failed for good."""

    error: AirbyteTracedException

    @property
    def why(self) -> str:
        """A sentence."""
        return str(self.error)


class FewFailures:
    """Counts the calls of one stream that are made for single elements, and those that failed. From any thread.

    always_tolerated: so many failures, however few calls there are.
    """

    def __init__(self, always_tolerated: int = ALWAYS_TOLERATED) -> None:
        self._always_tolerated = always_tolerated
        self._lock = threading.Lock()
        self._calls = 0
        self._failed = 0

    def tolerate(self, call: Callable[[], Value]) -> "Value | Failed":
        """What the call returns; its failure, if Freshdesk failed every attempt, and failed few others: not
        more than are tolerated always, or than `TOLERATED_SHARE` of all. Raises any other failure.
        """
        try:
            value = call()
        except AirbyteTracedException as failure:
            if failure.failure_type is not FailureType.transient_error or not self._is_among_few():
                raise
            return Failed(failure.with_traceback(None))
        with self._lock:
            self._calls += 1
        return value

    def _is_among_few(self) -> bool:
        with self._lock:
            self._calls += 1
            self._failed += 1
            return self._failed <= max(self._always_tolerated, TOLERATED_SHARE * self._calls)
