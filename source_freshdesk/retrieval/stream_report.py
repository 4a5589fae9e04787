"""What a sync brings of one stream and what that costs, for the log."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from airbyte_cdk.models import AirbyteMessage
from airbyte_cdk.sources.streams.core import StreamData

from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.durations import short

MIN_SHOWN_WAIT_SECONDS = 0.5


class StreamReport:
    """Counts the records of a stream while it is read; its line says at the end how the read went."""

    def __init__(self, api: FreshdeskApi, name: str, logger: logging.Logger) -> None:
        self.name = name
        self.records = 0
        self.failure: BaseException | None = None
        """What ended the read early."""
        self._api = api
        self._logger = logger
        self._expected = 0
        self._started_at = 0.0

    @contextmanager
    def running(self, names: Sequence[str]) -> Iterator[None]:
        """The stream is read meanwhile. Its line counts the calls made under these names."""
        self._started_at, before = self._api.clock.monotonic(), self._api.rate_limiter.usage
        try:
            yield
            self._api.await_begun(names)
        except BaseException as failure:
            self.failure = failure
            raise
        finally:
            usage, waited = self._api.ledger.drain(names), self._api.rate_limiter.usage.since(before).waited_seconds
            self._logger.info(
                f"{self.name}: {_count(self.records, 'record')}, {_count(usage.calls, 'call')} "
                f"({_count(round(usage.credits), 'credit')}), {short(self._seconds())}{_waiting(waited)}"
            )

    def counted(self, items: Iterable[StreamData]) -> Iterator[StreamData]:
        """The items, of which those that are no messages are records."""
        for item in items:
            if not isinstance(item, AirbyteMessage):
                self.records += 1
            yield item

    def expect(self, records: int) -> None:
        """There will be about so many records."""
        self._expected = records

    def progress(self, otherwise: Callable[[], str] = str) -> str:
        """How far the read is. otherwise: what else shows it, if it is not known how many records to expect."""
        waiting = _waiting(self._api.rate_limiter.usage.waited_seconds, "; ")
        if 0 < self.records < self._expected:
            left = self._seconds() * (self._expected - self.records) / self.records
            percent = 100 * self.records / self._expected
            return (
                f"{self.name}: {self.records:,} of about {self._expected:,} ({percent:.0f} %), {short(left)} to "
                f"go{waiting}"
            )
        calls, more = self._api.ledger.used_by(self.name).calls, otherwise()
        return f"{self.name}: {self.records:,} records, {calls:,} calls so far{waiting}.{f' {more}' if more else ''}"

    def _seconds(self) -> float:
        return self._api.clock.monotonic() - self._started_at


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def _waiting(seconds: float, between: str = ", ") -> str:
    """What a log says of the time that the rate limit took; nothing if it took none."""
    return f"{between}{short(seconds)} waited for the rate limit" if seconds >= MIN_SHOWN_WAIT_SECONDS else ""
