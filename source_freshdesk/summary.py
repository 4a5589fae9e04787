"""The end of a sync's log: what it brought, what it cost, and what is not complete."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.durations import short
from source_freshdesk.streams.base import FreshdeskStream


def log_summary(api: FreshdeskApi, streams: Sequence[FreshdeskStream], unread: Iterable[str], seconds: float) -> None:
    """Log it as a table. streams: those that were read. unread: the names of those that were not begun."""
    logger = logging.getLogger("airbyte")
    usage = api.rate_limiter.usage
    records = sum(stream.report.records for stream in streams)
    share = api.rate_limiter.rate_limit.spent_share
    rows = [
        ("records", f"{records:,} of {len(streams):,} streams in {short(seconds)}"),
        ("API calls", f"{usage.calls:,} ({usage.credits:,.0f} credits)"),
        ("waited", f"{short(usage.waited_seconds)} for the rate limit"),
    ]
    if share is not None:
        rows.append(("quota", f"{100 * share:.0f} % of {api.rate_limiter.rate_limit.limit} used at present"))
    logger.info("Summary of this sync:")
    for head, text in [*rows, *_troubles(streams, unread)]:
        logger.info(f"  {head:<10} {text}")


def _troubles(streams: Sequence[FreshdeskStream], unread: Iterable[str]) -> Iterator[tuple[str, str]]:
    """What is not as it should be, and the streams of which that is true for the same reason."""
    named: dict[tuple[str, str], list[str]] = defaultdict(list)
    for stream in streams:
        if stream.report.failure is not None:
            named["failed", str(stream.report.failure)].append(stream.name)
        elif stream.outcome.is_skipped:
            named["skipped", stream.outcome.skip_reason].append(stream.name)
        elif stream.outcome.what_is_missing:
            named["incomplete", stream.outcome.what_is_missing].append(stream.name)
    for (head, reason), names in named.items():
        yield head, f"{', '.join(names)}: {reason}"
    if left := ", ".join(unread):
        yield "not read", left
