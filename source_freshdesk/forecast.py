"""How long a sync will take that turns out to be a long one, said when that is known."""

import logging
from collections.abc import Iterable, Iterator

from airbyte_cdk.models import AirbyteMessage, Type

from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.durations import short
from source_freshdesk.streams.base import FreshdeskStream
from source_freshdesk.streams.incremental import IncrementalStream

MIN_SECONDS = 60
"""A sync that is over sooner is worth no forecast."""


def with_forecast(
    messages: Iterator[AirbyteMessage], api: FreshdeskApi, streams: Iterable[FreshdeskStream], logger: logging.Logger
) -> Iterator[AirbyteMessage]:
    """The messages of a sync. After the first estimate of records, which only a long sync gives, the log says what is
    expected of those of the streams whose rows Freshdesk counts, if the rate limit is known.

    streams: those that are read for the first time.
    """
    for message in messages:
        yield message
        if message.type is Type.TRACE and message.trace is not None and message.trace.estimate is not None:
            _log(api, streams, logger)
            break
    yield from messages


def _log(api: FreshdeskApi, streams: Iterable[FreshdeskStream], logger: logging.Logger) -> None:
    rate_limit = api.rate_limiter.rate_limit
    if not rate_limit.limit:
        return
    incremental = [stream for stream in streams if isinstance(stream, IncrementalStream)]
    expected = [(stream.name, calls) for stream in incremental if (calls := stream.expected_calls()) is not None]
    seconds = {name: calls.count / rate_limit.allowed_per_second(calls.each) for name, calls in expected}
    if sum(seconds.values()) < MIN_SECONDS:
        return
    logger.info(f"This is a long sync. What is expected at the limit of {rate_limit.limit}:")
    for name, calls in expected:
        logger.info(f"{name}: {calls.count:,} API calls, about {short(seconds[name])}.")
