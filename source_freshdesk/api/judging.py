"""The guard around the use of an answer."""

from collections.abc import Iterator
from contextlib import contextmanager

from source_freshdesk.api.errors import INVALID_RESPONSE, FreshdeskError
from source_freshdesk.api.response import USE_ERRORS, kind_of


@contextmanager
def judged(what: str) -> Iterator[None]:
    """A response is used inside. If a value in it is of another kind than it should be, the response is invalid.

    what: which response, for the message. Raises `FreshdeskError`.
    """
    try:
        yield
    except USE_ERRORS as error:
        raise FreshdeskError(INVALID_RESPONSE, what, kind_of(error)) from error
