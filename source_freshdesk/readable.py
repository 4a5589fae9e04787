"""What a key can read, for `check`."""

import logging
from collections import defaultdict
from collections.abc import Sequence

from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_freshdesk.api.errors import FEATURE_IS_MISSING, ROLE_IS_MISSING, ResourceUnavailable, config_error
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.retrieval.parent_rows import root_of
from source_freshdesk.streams.base import FreshdeskStream


def report_readable(api: FreshdeskApi, streams: Sequence[FreshdeskStream], logger: logging.Logger) -> None:
    """Say in the log what the key can read, and in a line for each reason what it cannot.

    Raises `AirbyteTracedException` if it can read nothing, or if tickets cannot be read for another reason than the
    plan of the account or the role of the agent.
    """
    roots = {_list_of(root): root for root in map(root_of, streams)}
    errors = dict(zip(roots, api.prefetcher.map(_probed, roots.values()), strict=True))
    error_of = {stream.name: errors[_list_of(root_of(stream))] for stream in streams}
    tickets = error_of.get("tickets")
    if tickets is not None and not _is_denied(tickets):
        raise tickets
    readable = [name for name, error in error_of.items() if error is None]
    unreadable = defaultdict[str, list[str]](list)
    for stream in streams:
        error = error_of[stream.name]
        if error is not None:
            unreadable[_reason(stream, error)].append(stream.name)
    if not readable:
        raise config_error(f"This key can read no stream. {next(iter(unreadable))}")
    how_many = f"all {len(streams)}" if len(readable) == len(streams) else f"{len(readable)} of {len(streams)}"
    logger.info(f"This key can read {how_many} streams: {', '.join(readable)}.")
    for reason, names in unreadable.items():
        logger.warning(f"Not readable: {', '.join(names)}. {reason}")


def _is_denied(error: AirbyteTracedException) -> bool:
    """Whether the plan of the account or the role of the agent is the reason."""
    return isinstance(error, ResourceUnavailable) and error.code in (FEATURE_IS_MISSING, ROLE_IS_MISSING)


def _reason(stream: FreshdeskStream, error: AirbyteTracedException) -> str:
    if not isinstance(error, ResourceUnavailable):
        return str(error)
    return " ".join(filter(None, (error.rule.message, stream.access.need(error))))


def _list_of(root: FreshdeskStream) -> str:
    """Which list a stream reads; some streams read the same."""
    return f"{root.resource} {root.list_variants}"


def _probed(root: FreshdeskStream) -> AirbyteTracedException | None:
    """Why the list cannot be read; None if it can."""
    try:
        return root.probe()
    except AirbyteTracedException as failure:
        return failure
