"""Answers API calls from prepared bytes, in a process of its own, so that the client is what is measured.

python -m benchmarks.service '{"tickets": 20000, "latency_seconds": 0.1}'

Prints its URL. Tickets and their conversations are texts with other numbers and times in them, made by joining bytes;
every other answer is what the simulated Freshdesk says to the first such call, and kept.
"""

import asyncio
import json
import sys
from dataclasses import asdict, dataclass
from http import HTTPStatus
from urllib.parse import parse_qsl, urlsplit

from benchmarks.many_tickets import ManyTickets, Page
from integration_tests.fake_freshdesk import Account
from integration_tests.fake_freshdesk.endpoints.answers import Refusal
from integration_tests.fake_freshdesk.endpoints.options import Options
from integration_tests.fake_freshdesk.endpoints.request import Request
from integration_tests.fake_freshdesk.sections.everything import fill_every_resource
from integration_tests.fake_freshdesk.service.plans import GENEROUS
from integration_tests.fake_freshdesk.service.routes import ROUTES
from integration_tests.filling import TODAY, add_tickets

COUNTS = "/counts"
"""Tells what was asked for since the last time."""


@dataclass(frozen=True)
class Served:
    """What is served.

    tickets: how many, of about `text_bytes` each, with so many conversations each; 0: those of a small account with
    some of every resource. latency_seconds: of each answer.
    """

    tickets: int = 0
    text_bytes: int = 2_000
    conversations: int = 2
    latency_seconds: float = 0.0

    def as_json(self) -> str:
        """For the command line."""
        return json.dumps(asdict(self))


class Prepared:
    """The answers, ready to be sent."""

    def __init__(self, served: Served) -> None:
        self._account = Account(now=TODAY)
        self._many = ManyTickets(served.tickets, served.text_bytes, served.conversations) if served.tickets else None
        if not served.tickets:
            add_tickets(self._account, 150)
            for number in range(120):
                self._account.add_company(name=f"Company {number:03}")
                self._account.add_contact(name=f"Contact {number:03}")
            self._account.add_agent()
            fill_every_resource(self._account)
        self._answers: dict[str, tuple[bytes, int]] = {}
        self.calls, self.credits = 0, 0

    def answer(self, target: str, base_url: str) -> bytes:
        """The whole answer to GET."""
        if target == COUNTS:
            counts = {"calls": self.calls, "credits": self.credits}
            self.calls, self.credits = 0, 0
            return _response(200, json.dumps(counts).encode(), None)
        found = self._answers.get(target)
        if found is None:
            found = self._made(target, base_url)
            if self._many is None:
                self._answers[target] = found
        self.calls += 1
        self.credits += found[1]
        return found[0]

    def _made(self, target: str, base_url: str) -> tuple[bytes, int]:
        url = urlsplit(target)
        params = dict(parse_qsl(url.query))
        endpoint, named = ROUTES.find(url.path) or (None, {})
        if endpoint is None:
            return _response(404, b"", None), 1
        cost = endpoint.cost(params)
        request = Request(self._account, Options(), base_url, url.path, params, named, 0, base_url)
        page = self._many.page(url.path, params) if self._many else None
        if page is None:
            try:
                answer = endpoint.answer(request)
            except Refusal as refusal:
                answer = refusal.answer
            return _response(answer.status, answer.body, answer.headers.get("link"), cost), cost
        return _response(200, page.body, _next(page, request), cost), cost


def _next(page: Page, request: Request) -> str | None:
    return f'<{request.url_of_page(request.page + 1)}>; rel="next"' if page.has_next else None


def _response(status: int, body: bytes, link: str | None, credits_used: int = 1) -> bytes:
    lines = [
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
        "content-type: application/json; charset=utf-8",
        f"content-length: {len(body)}",
        f"x-ratelimit-total: {GENEROUS.total}",
        f"x-ratelimit-remaining: {GENEROUS.total}",
        f"x-ratelimit-used-currentrequest: {credits_used}",
        *([f"link: {link}"] if link else []),
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


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
