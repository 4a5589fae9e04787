"""How long an answer may take in all, and how large it may be."""

import gzip
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import requests

from source_freshdesk.api import transport
from source_freshdesk.api.transport import AnswerTooLarge, BoundedAdapter, is_too_slow

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
Send = Callable[[bytes], None]


@contextmanager
def server(*answers: Callable[[Send], None]) -> Iterator[str]:
    """Gives the URL of a server that answers each request on one connection by the next of these."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with listener, listener.accept()[0] as connection:
            for answer in answers:
                try:
                    connection.recv(65_536)
                    answer(connection.sendall)
                except OSError:
                    return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    thread.join()


def whole(body: bytes) -> Callable[[Send], None]:
    return lambda send: send(HEAD + b"content-length: %d\r\n\r\n%s" % (len(body), body))


def drops(begin: bytes, drop: bytes) -> Callable[[Send], None]:
    """Sends drop after drop, each in time, until nobody reads."""

    def answer(send: Send) -> None:
        pause = threading.Event()
        send(begin)
        while not pause.wait(0.01):
            send(drop)

    return answer


@pytest.fixture
def session() -> requests.Session:
    session = requests.Session()
    session.mount("http://", BoundedAdapter())
    session.trust_env = False
    return session


def test_an_answer_is_read_whole_and_the_connection_used_again(session: requests.Session) -> None:
    compressed = gzip.compress(b"[2]")
    in_gzip = HEAD + b"content-encoding: gzip\r\ncontent-length: %d\r\n\r\n%s" % (len(compressed), compressed)
    with server(whole(b"[1]"), lambda send: send(in_gzip), whole(b"")) as url:
        assert [session.get(url, timeout=5).content for _ in range(3)] == [b"[1]", b"[2]", b""]


@pytest.mark.parametrize(
    "drip",
    [drops(HEAD + b"content-length: 100000\r\n\r\n", b" "), drops(HEAD, b"x-more: 1\r\n"), drops(b"HTTP", b"0")],
    ids=["body", "headers", "first line"],
)
def test_an_answer_that_comes_byte_by_byte_ends_at_the_deadline(
    session: requests.Session, monkeypatch: pytest.MonkeyPatch, drip: Callable[[Send], None]
) -> None:
    monkeypatch.setattr(transport, "ANSWER_SECONDS", 0.1)
    with server(drip) as url, pytest.raises(requests.RequestException) as caught:
        session.get(url, timeout=5)
    assert is_too_slow(caught.value)
    session.close()


def test_an_answer_that_does_not_come_is_too_slow(session: requests.Session) -> None:
    is_over = threading.Event()

    def keeps_silent(_: Send) -> None:
        is_over.wait()

    with server(keeps_silent) as url:
        with pytest.raises(requests.ReadTimeout) as caught:
            session.get(url, timeout=0.01)
        is_over.set()
    assert is_too_slow(caught.value)


def test_a_small_answer_that_becomes_large_is_not_read_to_its_end(
    session: requests.Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "MAX_ANSWER_BYTES", 1_000_000)
    bomb = gzip.compress(bytes(50_000_000))
    answer = HEAD + b"content-encoding: gzip\r\ncontent-length: %d\r\n\r\n%s" % (len(bomb), bomb)
    with server(lambda send: send(answer)) as url, pytest.raises(AnswerTooLarge):
        session.get(url, timeout=5)


def test_an_answer_that_says_it_is_too_large_is_not_read(
    session: requests.Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "MAX_ANSWER_BYTES", 1_000_000)
    with server(whole(bytes(1_000_001))) as url, pytest.raises(AnswerTooLarge):
        session.get(url, timeout=5)


@pytest.mark.parametrize("size", [100, 3_000_000])
def test_an_answer_that_ends_before_its_length_fails(session: requests.Session, size: int) -> None:
    truncated = HEAD + b"content-length: %d\r\n\r\n%s" % (size + 1, bytes(size))
    with server(lambda send: send(truncated)) as url, pytest.raises(requests.RequestException):
        session.get(url, timeout=5)


@pytest.mark.parametrize("failure", [requests.ConnectionError("refused"), requests.ConnectTimeout(), None, "text"])
def test_what_has_no_answer_for_another_reason_is_not_too_slow(failure: object) -> None:
    assert not is_too_slow(failure)
