"""A client of the fake, and what tests of it share."""

import itertools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests

from integration_tests.fake_freshdesk import (
    Account,
    FakeFreshdesk,
    Plan,
    RateLimit,
    fake_with,
)

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
AN_HOUR_AGO = "2026-06-01T11:00:00Z"
LONG_AGO = "2024-01-01T00:00:00Z"
TICKETS, CONTACTS, AGENTS = "/api/v2/tickets", "/api/v2/contacts", "/api/v2/agents"
KEY = "test-key"
RECORDED = Path(__file__).parents[3] / "unit_tests" / "recorded"


class Client:
    """Someone with a key."""

    def __init__(self, fake: FakeFreshdesk) -> None:
        self.fake = fake
        self.session = requests.Session()
        self.session.auth = (KEY, "X")

    def get(self, path: str, **params: Any) -> requests.Response:
        url = f"{self.fake.url}/api/v2/{path}"
        return self.session.get(url, params=params, timeout=10, allow_redirects=False)

    def rows(self, path: str, **params: Any) -> Any:
        response = self.get(path, **params)
        assert response.status_code == 200, response.text
        return response.json()

    def ids(self, path: str, **params: Any) -> list[int]:
        return [row["id"] for row in self.rows(path, **params)]

    def walk(self, path: str, **params: Any) -> list[list[int]]:
        """The ids of each page, following the links."""
        response = self.get(path, **params)
        pages = [[row["id"] for row in response.json()]]
        while "next" in response.links:
            response = self.session.get(response.links["next"]["url"], timeout=10)
            pages.append([row["id"] for row in response.json()])
        return pages

    def problem(self, path: str, **params: Any) -> tuple[str, str]:
        """The field and the code of a refused request."""
        response = self.get(path, **params)
        assert response.status_code == 400, response.text
        answer = response.json()
        assert answer["description"] == "Validation failed"
        return answer["errors"][0]["field"], answer["errors"][0]["code"]


@contextmanager
def serving(account: Account, **settings: Any) -> Iterator[Client]:
    with fake_with(account, KEY, **settings) as fake:
        client = Client(fake)
        with client.session:
            yield client


def recorded_keys(name: str) -> tuple[set[str], set[str]]:
    """The keys every recorded record has, and those any has."""
    keys = [set(record) for record in json.loads((RECORDED / f"{name}.json").read_text())]
    return set.intersection(*keys), set.union(*keys)


def allowed(limit: RateLimit, path: str = AGENTS, cost: int = 1) -> int:
    """How many such calls are allowed at this moment."""
    return sum(1 for _ in itertools.takewhile(lambda _: not limit.charge(path, cost).refused, itertools.count()))


TEN = Plan(10)


class Clock:
    """Stands still until it is set."""

    def __init__(self, at: float = 0.0) -> None:
        self.at = at

    def __call__(self) -> float:
        return self.at
