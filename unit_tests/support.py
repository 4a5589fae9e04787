"""What tests build with: a clock that nobody waits for, an account, answers."""

import logging
import math
import threading
from collections.abc import Callable, Iterable, Mapping
from email.utils import formatdate
from functools import cache
from typing import Any

import pytest
import requests
import requests_mock
from airbyte_cdk.models import ConfiguredAirbyteStream, DestinationSyncMode, SyncMode
from airbyte_cdk.sources.connector_state_manager import ConnectorStateManager
from airbyte_cdk.sources.streams import Stream
from airbyte_cdk.sources.utils.schema_helpers import InternalConfig
from airbyte_cdk.sources.utils.slice_logger import DebugSliceLogger
from requests_mock.response import create_response

from source_freshdesk import catalog, instants
from source_freshdesk.api.clock import Clock
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.api.rate_limit import RateLimit

NOW = instants.from_api("2026-11-23T10:00:00Z")
KEY = "aSecretKey123"
HOST = "https://acme.freshdesk.com"
API = f"{HOST}/api/v2/"
LOGGER = logging.getLogger("airbyte.tests")


class SimulatedClock(Clock):
    """Time passes only by waiting for it, and then at once. `naps`: how far each wait that ended by time moved it.

    Of several threads that wait, the one that is due first moves the time.
    """

    GRACE_SECONDS = 0.005
    """How long another thread may take, on the clock of the machine, to end a wait by a notification."""

    def __init__(self) -> None:
        self.passed = 0.0
        self.naps: list[float] = []
        self._lock = threading.Lock()
        self._due: list[float] = []

    def now(self) -> float:
        return NOW + self.passed

    def monotonic(self) -> float:
        return 5_000.0 + self.passed

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        with self._lock:
            self.naps.append(seconds)
            self.passed += seconds

    def wait(self, condition: threading.Condition, seconds: float) -> None:
        assert seconds > 0
        moment = self.passed + seconds
        with self._lock:
            self._due.append(moment)
        try:
            while self.passed < moment and not condition.wait(self.GRACE_SECONDS):
                self._pass_until(moment)
        finally:
            with self._lock:
                self._due.remove(moment)

    def _pass_until(self, moment: float) -> None:
        with self._lock:
            if math.isfinite(moment) and moment == min(self._due) and moment > self.passed:
                self.naps.append(moment - self.passed)
                self.passed = moment


def api(
    clock: Clock | None = None, *, rate_limit: RateLimit | None = None, num_workers: int | None = 4
) -> FreshdeskApi:
    """An account at HOST."""
    return FreshdeskApi(
        HOST,
        KEY,
        rate_limit=rate_limit or RateLimit(),
        num_workers=num_workers,
        clock=clock or SimulatedClock(),
        logger=LOGGER,
    )


def ago(seconds: int) -> str:
    """A time before NOW as the API writes it."""
    return instants.to_api(NOW - seconds)


def dated(**headers: str) -> dict[str, str]:
    """Headers of an answer that Freshdesk gives at NOW; an underscore in a name stands for a hyphen."""
    return {"Content-Type": "application/json; charset=utf-8", "Date": formatdate(NOW, usegmt=True)} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }


def answer(body: Any = None, status: int = 200, **headers: str) -> dict[str, Any]:
    """An answer for `requests_mock`."""
    return {"json": body, "status_code": status, "headers": dated(**headers)}


def refusal(status: int, code: str | None = None, **headers: str) -> dict[str, Any]:
    """An answer that is no success, for `requests_mock`."""
    return answer({} if code is None else {"code": code, "message": "Words of Freshdesk"}, status, **headers)


def response(
    status: int = 200, content: bytes = b"[]", url: str = f"{API}tickets", headers: Mapping[str, str] | None = None
) -> requests.Response:
    """A response as requests hands it over."""
    request = requests.Request("GET", url).prepare()
    made: requests.Response = create_response(
        request,
        status_code=status,
        content=content,
        headers={"Content-Type": "application/json"} if headers is None else headers,
    )
    made.request = request
    return made


def together(*work: Callable[[], object]) -> None:
    """Do all of the work, each in a thread of its own, and return when all are done."""
    threads = [threading.Thread(target=one) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=10)
        assert not thread.is_alive()


def records(stream: Stream, **how: Any) -> list[dict[str, Any]]:
    """What a stream reads in one go, without the messages between the records."""
    read = stream.read_records(SyncMode.incremental, **how)
    return [dict(row) for row in read if isinstance(row, Mapping)]


@cache
def no_schema(_stream: Stream) -> Mapping[str, Any]:
    """The schema of a stream that stands for any; as its method `get_json_schema`."""
    return {}


def read(stream: Stream, *columns: str) -> list[dict[str, Any]]:
    """What a stream gives as Airbyte drives it, slice by slice, without the messages between the records.

    columns: those that the catalog selects; none: all.
    """
    described = stream.as_airbyte_stream()
    if columns:
        fields = {name: field for name, field in described.json_schema["properties"].items() if name in columns}
        described.json_schema = {**described.json_schema, "properties": fields}
    mode = (described.supported_sync_modes or [])[-1]
    configured = ConfiguredAirbyteStream(
        stream=described, sync_mode=mode, destination_sync_mode=DestinationSyncMode.append
    )
    manager = ConnectorStateManager([])
    unlimited = InternalConfig()  # type: ignore[call-arg]
    given = stream.read(configured, LOGGER, DebugSliceLogger(), {}, manager, unlimited)
    return [dict(row) for row in given if isinstance(row, Mapping)]


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    """The warnings that were given."""
    return [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]


def a_ticket(ticket_id: int, seconds_ago: int = 1_000, **fields: Any) -> dict[str, Any]:
    """A row of the list of tickets; each was created at a time of its own."""
    return {"id": ticket_id, "updated_at": ago(seconds_ago), "created_at": ago(90_000 - ticket_id)} | fields


def a_page(*rows: dict[str, Any], more: bool = False) -> dict[str, Any]:
    """An answer with these tickets; more: with a link to another page."""
    return linked(f"{API}tickets", *rows, to=2) if more else answer(list(rows))


def linked(url: str, *rows: Mapping[str, Any], to: int) -> dict[str, Any]:
    """An answer with these rows of the list at `url`, and a link to the page that follows."""
    return answer([dict(row) for row in rows], Link=f'<{url}?per_page=100&page={to}>; rel="next"')


def ids(rows: Iterable[Mapping[str, Any]]) -> list[Any]:
    """The ids of rows."""
    return [row["id"] for row in rows]


def queries(server: requests_mock.Mocker, path: str, *, hidden: bool = False) -> list[dict[str, list[str]]]:
    """The queries with which a path was asked for, texts in lower case as `requests_mock` keeps them.

    hidden: those for tickets and contacts besides the default list too.
    """
    asked = [request.qs for request in server.request_history if request.path == f"/api/v2/{path}"]
    others = {"tickets": "filter", "contacts": "state"}
    return [query for query in asked if hidden or others.get(path) not in query]


def built(api: FreshdeskApi, *kinds: type[Any], **options: Mapping[str, Any]) -> list[Any]:
    """A stream of each kind, as the catalog makes them. options: further arguments, by the name of the class."""
    return list(catalog.build(api, kinds, {kind: options.get(kind.__name__, {}) for kind in kinds}).values())
