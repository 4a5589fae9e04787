"""What an endpoint is, and how the one that a path means is found."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from integration_tests.fake_freshdesk.endpoints.answers import Answer
from integration_tests.fake_freshdesk.endpoints.options import Options
from integration_tests.fake_freshdesk.endpoints.request import Request

API_ROOT = "/api/v2/"


def one_credit(params: Mapping[str, str]) -> int:  # noqa: ARG001 - the shape of every cost
    return 1


def no_parameters(options: Options) -> frozenset[str]:  # noqa: ARG001 - the shape of every such rule
    return frozenset()


@dataclass(frozen=True)
class Endpoint:
    """A path below /api/v2/ and what it answers to GET.

    path: with placeholders, such as "tickets/{ticket_id}"; a placeholder stands for one segment.
    parameters: the query parameters it takes; any other is refused.
    more_parameters: those it takes depending on the options.
    admin: whether the page keeps it for administrators.
    feature: what a plan must include for it; accounts without it are refused.
    cost: how many credits of the rate limit it uses.
    """

    path: str
    answer: Callable[[Request], Answer]
    parameters: frozenset[str] = frozenset()
    more_parameters: Callable[[Options], frozenset[str]] = no_parameters
    admin: bool = False
    feature: str | None = None
    cost: Callable[[Mapping[str, str]], int] = one_credit

    def unexpected(self, params: Iterable[str], options: Options) -> list[str]:
        allowed = self.parameters | self.more_parameters(options)
        return [name for name in params if name not in allowed]


@dataclass(frozen=True)
class Routes:
    """A table of endpoints. A path written out is preferred to one with placeholders: `agents/me` to `agents/{id}`."""

    endpoints: Iterable[Endpoint] = field(default_factory=tuple)

    def find(self, path: str) -> tuple[Endpoint, dict[str, str]] | None:
        """The endpoint and what its placeholders stand for."""
        for pattern, endpoint in self._patterns:
            if found := pattern.fullmatch(path):
                return endpoint, found.groupdict()
        return None

    @cached_property
    def _patterns(self) -> list[tuple[re.Pattern[str], Endpoint]]:
        plainest_first = sorted(self.endpoints, key=lambda endpoint: endpoint.path.count("{"))
        return [(_pattern(endpoint.path), endpoint) for endpoint in plainest_first]


def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", API_ROOT + path)
    texts, names = parts[::2], [*parts[1::2], None]
    segments = [
        re.escape(text) + (f"(?P<{name}>[^/]+)" if name else "") for text, name in zip(texts, names, strict=True)
    ]
    return re.compile("".join(segments))
