"""HTTP/1.1 on a free port of this machine: reads requests, sends answers, knows nothing of Freshdesk."""

import gzip
import socket
import socketserver
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any

from integration_tests.fake_freshdesk.endpoints.answers import Answer

_HOST = "127.0.0.1"


@dataclass(frozen=True)
class Incoming:
    """What came over the wire. `target` is the path with its query."""

    method: str
    target: str
    authorization: str | None
    accept: str | None
    host: str | None = None


class HttpServer(ThreadingHTTPServer):
    """Serves in the background until closed. Connections live as long as both sides want; none outlives `close`."""

    request_queue_size = 128

    def __init__(self, port: int, reply: Callable[[Incoming], Answer], *, compresses: bool) -> None:
        super().__init__((_HOST, port), _Handler)
        self.reply = reply
        self.compresses = compresses
        self._open: set[socket.socket] = set()
        self._open_lock = Lock()
        self._thread = Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def url(self) -> str:
        return f"http://{_HOST}:{self.server_address[1]}"

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self.shutdown()
        self.server_close()
        with self._open_lock:
            for connection in self._open:
                _hang_up(connection)
        self._thread.join()

    def server_bind(self) -> None:
        # HTTPServer's own also asks the resolver for the host's name, which can take seconds and is of no use here.
        socketserver.TCPServer.server_bind(self)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._open_lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._open_lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Only a client that went away gets here, and tests let clients go away on purpose."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: HttpServer

    def answer(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        answer = self.server.reply(
            Incoming(
                self.command,
                self.path,
                self.headers.get("authorization"),
                self.headers.get("accept"),
                self.headers.get("host"),
            )
        )
        if answer.hangs_up:
            self.close_connection = True
            return
        body, headers = answer.body, {"content-type": answer.content_type, **answer.headers}
        if self.server.compresses and "gzip" in self.headers.get("accept-encoding", ""):
            body, headers["content-encoding"] = gzip.compress(body, compresslevel=1), "gzip"
        delivered = body[: answer.delivered]
        if len(delivered) < len(body):
            self.close_connection = True
        head = _head(answer.status, {**headers, "content-length": str(len(body))})
        # One send for the whole answer: two would wait for each other's acknowledgement.
        self.wfile.write(head if self.command == "HEAD" else head + delivered)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer  # noqa: N815 - named by the base

    def log_message(self, *_: Any) -> None:
        """Quiet: the journal has it all."""


def _head(status: int, headers: dict[str, str]) -> bytes:
    always = {"date": _date(int(time.time())), "server": "fake-freshdesk", "x-request-id": str(uuid.uuid4())}
    lines = [
        f"HTTP/1.1 {status} {_reason(status)}",
        *(f"{name}: {value}" for name, value in (always | headers).items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


@lru_cache(maxsize=2)
def _date(second: int) -> str:
    return formatdate(second, usegmt=True)


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def _hang_up(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        # Already gone.
        return
