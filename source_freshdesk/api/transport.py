"""The sockets under the HTTP client: how long an answer may take in all, and how large it may be."""

import http.client
import io
import socket
import time
from collections.abc import Iterator
from typing import Any
from weakref import WeakSet

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ReadTimeoutError
from urllib3.poolmanager import PoolManager

ANSWER_SECONDS = 180.0
"""So long an answer may take, from the end of the request to its last byte. The timeout of a socket is for each of its
reads: a server that sends a byte a second never exceeds it."""

MAX_ANSWER_BYTES = 256 * 1024 * 1024
"""So large an answer may be, decompressed: a small one can become very large."""

_CHUNK_BYTES = 256 * 1024


class AnswerTooLarge(requests.RequestException):
    """An answer has more than `MAX_ANSWER_BYTES`."""


def is_too_slow(failure: object) -> bool:
    """Whether a call failed since its answer, or the rest of it, did not come in time."""
    if isinstance(failure, requests.ReadTimeout):
        return True
    cause = failure.args[0] if isinstance(failure, requests.ConnectionError) and failure.args else None
    return isinstance(cause, ReadTimeoutError)


class _DeadlineReader(io.RawIOBase):
    """Reads from a socket until a deadline. Raises `TimeoutError` after it."""

    def __init__(self, connection: socket.socket, deadline: float) -> None:
        self._socket = connection
        self._deadline = deadline
        self._seconds = connection.gettimeout()
        self._raw = connection.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError(f"the answer takes longer than {ANSWER_SECONDS:.0f} seconds")
        self._socket.settimeout(left if self._seconds is None else min(left, self._seconds))
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _DeadlineSocket:
    """What `http.client.HTTPResponse` needs of a socket."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection

    def makefile(self, *_: Any, **__: Any) -> io.BufferedReader:
        """Reads the answer that comes now."""
        return io.BufferedReader(_DeadlineReader(self._socket, time.monotonic() + ANSWER_SECONDS))


class _Response(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(_DeadlineSocket(sock), *args, **kwargs)  # type: ignore[arg-type]


class _HTTPConnection(HTTPConnection):
    response_class = _Response


class _HTTPSConnection(HTTPSConnection):
    response_class = _Response


class _HTTPPool(HTTPConnectionPool):
    ConnectionCls = _HTTPConnection


class _HTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _HTTPSConnection


class _BoundedBody:
    """The body of an answer, as requests reads it. In one piece, so that no second copy of it is made."""

    def __init__(self, response: Any) -> None:
        self._response = response

    def __getattr__(self, name: str) -> Any:
        return getattr(self._response, name)

    def stream(self, _: int | None = None, decode_content: bool | None = None) -> Iterator[bytes]:
        """All of the body. Raises `AnswerTooLarge`."""
        size = self._response.length_remaining
        if size is not None and size <= MAX_ANSWER_BYTES and "Content-Encoding" not in self._response.headers:
            # It becomes as large as it says, so it need not be put together from chunks.
            yield self._response.read(decode_content=decode_content)
            return
        body = io.BytesIO()
        for chunk in self._response.stream(_CHUNK_BYTES, decode_content=decode_content):
            if body.tell() + len(chunk) > MAX_ANSWER_BYTES:
                self._response.close()
                raise AnswerTooLarge(f"more than {MAX_ANSWER_BYTES // 1024**2} MB")
            body.write(chunk)
        yield body.getvalue()


class BoundedAdapter(HTTPAdapter):
    """requests' adapter, with bounds for an answer's time and size. It looks for certificates on disk once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._verified: WeakSet[Any] = WeakSet()
        super().__init__(*args, **kwargs)

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        """As requests', once for each pool of connections: all of them use the same certificates."""
        if conn not in self._verified:
            super().cert_verify(conn, url, verify, cert)  # type: ignore[no-untyped-call]
            self._verified.add(conn)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """As requests', with connections that have a deadline."""
        super().init_poolmanager(*args, **kwargs)
        _with_deadline(self.poolmanager)

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        """As requests', with connections that have a deadline."""
        return _with_deadline(super().proxy_manager_for(*args, **kwargs))

    def build_response(self, req: requests.PreparedRequest, resp: Any) -> requests.Response:
        """As requests', of a body with a bound."""
        return super().build_response(req, _BoundedBody(resp))  # type: ignore[arg-type]


def _with_deadline(manager: PoolManager) -> PoolManager:
    manager.pool_classes_by_scheme = {"http": _HTTPPool, "https": _HTTPSPool}
    return manager
