"""Answers API calls from prepared bytes, in a process of its own, so that the client is what is measured.

python -m benchmarks.service '{"tickets": 20000, "latency_seconds": 0.1}'

Prints its URL. Tickets and their conversations are texts with other numbers and times in them, made by joining bytes;
every other answer is what the simulated Freshdesk says to the first such call, and kept.
"""

import asyncio
import json
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http import HTTPStatus
from urllib.parse import parse_qsl, urlsplit

from benchmarks.many_tickets import ManyTickets
from integration_tests.fake_freshdesk import Account
from integration_tests.fake_freshdesk.endpoints.answers import Refusal, not_found
from integration_tests.fake_freshdesk.endpoints.endpoint import Endpoint
from integration_tests.fake_freshdesk.endpoints.options import Options
from integration_tests.fake_freshdesk.endpoints.request import Request
from integration_tests.fake_freshdesk.sections.everything import fill_every_resource
from integration_tests.fake_freshdesk.sections.ticket_activities import FILES, FileStore
from integration_tests.fake_freshdesk.service.plans import GENEROUS, Plan
from integration_tests.fake_freshdesk.service.rate_limit import RateLimit
from integration_tests.fake_freshdesk.service.routes import ROUTES
from integration_tests.filling import add_tickets

COUNTS = "/counts"
"""Tells what was asked for since the last time, and the seconds of the CPU that the answers took."""


Made = tuple[int, bytes, str | None]
"""The status, the body and the link to the next page."""


@dataclass(frozen=True)
class Served:
    """What is served.

    tickets: how many, of about `text_bytes` each, with so many conversations each; 0: those of a small account with
    some of every resource. latency_seconds: of each answer. limits: of the account, of the list of tickets and of that
    of contacts, in calls a minute; None: practically none. speed: how many times as fast the minutes of these pass.
    """

    tickets: int = 0
    text_bytes: int = 2_000
    conversations: int = 2
    latency_seconds: float = 0.0
    limits: tuple[float, float, float] | None = None
    speed: float = 1.0

    def as_json(self) -> str:
        """For the command line."""
        return json.dumps(asdict(self))


class Prepared:
    """The answers, ready to be sent."""

    def __init__(self, served: Served) -> None:
        now = datetime.now(UTC).replace(microsecond=0)
        self._account = Account(now=now)
        self._many = (
            ManyTickets(served.tickets, served.text_bytes, served.conversations, now) if served.tickets else None
        )
        if not served.tickets:
            add_tickets(self._account, 150, now - timedelta(days=365), timedelta(hours=58))
            for number in range(120):
                made_at = now - timedelta(days=3 * number + 1)
                self._account.add_company(name=f"Company {number:03}", created_at=made_at, updated_at=made_at)
                self._account.add_contact(name=f"Contact {number:03}", created_at=made_at, updated_at=made_at)
            self._account.add_agent()
            fill_every_resource(self._account)
        self._answers: dict[str, Made] = {}
        self._files = FileStore()
        self._limit = RateLimit(Plan(*served.limits) if served.limits else GENEROUS, clock=_clock(served.speed))
        self._counts, self._counted_from = _no_counts(), time.process_time()

    def answer(self, target: str, base_url: str) -> bytes:
        """The whole answer to GET."""
        if target == COUNTS:
            counts = self._counts | {"cpu": time.process_time() - self._counted_from}
            self._counts, self._counted_from = _no_counts(), time.process_time()
            body = json.dumps(counts).encode()
            return _with_body(200, {}, body)
        url = urlsplit(target)
        params = dict(parse_qsl(url.query))
        if url.path.startswith(FILES):
            return self._file(target, url.path, params, base_url)
        endpoint, named = ROUTES.find(url.path) or (None, {})
        charge = self._limit.charge(url.path, endpoint.cost(params) if endpoint else 1)
        self._counts["calls"] += 1
        self._counts["credits"] += charge.used
        headers = dict(charge.headers)
        if charge.refused:
            self._counts["refused"] += 1
            return _response(429, headers | {"retry-after": str(charge.retry_after)})
        made = self._answers.get(target)
        if made is None:
            request = Request(self._account, Options(), base_url, url.path, params, named, 0, base_url)
            made = self._made(request, endpoint)
            if self._many is None:
                self._answers[target] = made
        status, body, link = made
        return _with_body(status, headers | ({"link": link} if link else {}), body)

    def _file(self, target: str, path: str, params: Mapping[str, str], base_url: str) -> bytes:
        """An exported file. What it costs is no call of the API."""
        made = self._answers.get(target)
        if made is None:
            request = Request(self._account, Options(), base_url, path, params, {}, 0, base_url)
            answer = self._files.answer(request, "GET", None)
            made = self._answers[target] = answer.status, answer.body, None
        return _with_body(made[0], {}, made[1])

    def _made(self, request: Request, endpoint: Endpoint | None) -> Made:
        page = self._many.page(request.path, request.params) if self._many else None
        if page is not None:
            link = f'<{request.url_of_page(request.page + 1)}>; rel="next"' if page.has_next else None
            return 200, page.body, link
        try:
            answer = endpoint.answer(request) if endpoint else not_found()
        except Refusal as refusal:
            answer = refusal.answer
        return answer.status, answer.body, answer.headers.get("link")


def _no_counts() -> dict[str, float]:
    return {"calls": 0, "credits": 0, "refused": 0}


def _clock(speed: float) -> Callable[[], float]:
    return lambda: time.monotonic() * speed


def _with_body(status: int, headers: Mapping[str, str], body: bytes) -> bytes:
    return _response(status, {**headers, "content-length": str(len(body))}) + body


def _response(status: int, headers: Mapping[str, str]) -> bytes:
    always = {
        "content-type": "application/json; charset=utf-8",
        "date": format_datetime(datetime.now(UTC), usegmt=True),
        "content-length": "0",
    }
    lines = [f"{name}: {value}" for name, value in (always | dict(headers)).items()]
    return "\r\n".join([f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", *lines, "", ""]).encode()


class _Connection(asyncio.Protocol):
    def __init__(self, prepared: Prepared, latency_seconds: float) -> None:
        self._prepared = prepared
        self._latency_seconds = latency_seconds
        self._received = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while b"\r\n\r\n" in self._received and self._transport:
            head, _, self._received = self._received.partition(b"\r\n\r\n")
            target = head.split(b" ", 2)[1].decode()
            host = next(line for line in head.split(b"\r\n") if line.lower().startswith(b"host:"))
            answer = self._prepared.answer(target, f"http://{host.partition(b':')[2].strip().decode()}")
            if self._latency_seconds and target != COUNTS:
                asyncio.get_running_loop().call_later(self._latency_seconds, self._transport.write, answer)
            else:
                self._transport.write(answer)


async def serve(served: Served) -> None:
    """Until the process is ended."""
    prepared = Prepared(served)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(prepared, served.latency_seconds), "127.0.0.1", 0)
    sys.stdout.write(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(Served(**json.loads(sys.argv[1]))))
