"""When faults strike."""

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from threading import Lock

from integration_tests.fake_freshdesk.endpoints.answers import Answer
from integration_tests.fake_freshdesk.service.faults import Fault, Honest


@dataclass
class _Rule:
    fault: Fault
    path: str
    times: int | None
    after: int
    params: Mapping[str, str]
    matched: int = 0

    def strikes(self, path: str, params: Mapping[str, str]) -> bool:
        """Whether the call that has come in is one to spoil; counts it if it is for this path with these parameters."""
        if path != self.path and not fnmatchcase(path, self.path):
            return False
        if not self.params.items() <= params.items():
            return False
        self.matched += 1
        return self.matched > self.after and (self.times is None or self.matched <= self.after + self.times)


class Misbehaviour:
    """The faults in force. Where several strike the same call, a later one spoils what the earlier ones left."""

    def __init__(self) -> None:
        self._rules: list[_Rule] = []
        self._lock = Lock()

    def add(self, fault: Fault, path: str, times: int | None, after: int, params: Mapping[str, str]) -> None:
        with self._lock:
            self._rules.append(_Rule(fault, path, times, after, params))

    def clear(self) -> None:
        with self._lock:
            self._rules.clear()

    def apply(self, path: str, params: Mapping[str, str], honest: Honest, next_url: str) -> Answer:
        with self._lock:
            striking = [rule.fault for rule in self._rules if rule.strikes(path, params)]
        answer = honest
        for fault in striking:
            answer = _spoiled(fault, answer, next_url)
        return answer()


def _spoiled(fault: Fault, honest: Honest, next_url: str) -> Honest:
    return lambda: fault.spoil(honest, next_url)
