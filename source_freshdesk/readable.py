"""What a key can read, for `check`."""

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence

from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_freshdesk.api.errors import FEATURE_IS_MISSING, ROLE_IS_MISSING, ResourceUnavailable, config_error
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.retrieval.parent_rows import root_of
from source_freshdesk.streams.base import FreshdeskStream

GLOBAL_SCOPE = 1
"""An agent's `ticket_scope` when it may see all tickets: https://developers.freshdesk.com/api/#agents"""


def report_readable(api: FreshdeskApi, streams: Sequence[FreshdeskStream], logger: logging.Logger) -> None:
    """Say in the log what the key can read, and in a line for each reason what it cannot. One list is tried for all
    streams that need the same role and the same feature; that of the tickets is one of them.

    Raises `AirbyteTracedException` if the key can read nothing, or if tickets cannot be read for another reason than
    the plan of the account or the role of the agent.
    """
    tried: dict[tuple[str, str], FreshdeskStream] = {}
    for root in map(root_of, streams):
        tried.setdefault(_needs(root), root)
    errors = dict(zip(tried, api.prefetcher.map(_probed, tried.values()), strict=True))
    error_of = {stream.name: errors[_needs(root_of(stream))] for stream in streams}
    tickets = error_of.get("tickets")
    if tickets is not None and not _is_denied(tickets):
        raise tickets
    readable = [name for name, error in error_of.items() if error is None]
    unreadable = _by_reason(streams, error_of)
    if not readable:
        raise config_error(f"This key can read no stream. {next(iter(unreadable))}")
    how_many = f"all {len(streams)}" if len(readable) == len(streams) else f"{len(readable)} of {len(streams)}"
    logger.info(f"This key can read {how_many} streams: {', '.join(readable)}.")
    for reason, names in unreadable.items():
        logger.warning(f"Not readable: {', '.join(names)}. {reason}")


def warn_of_scope(agent: Mapping[str, object], logger: logging.Logger) -> None:
    """Warn if this agent, the one who owns the key, does not see all tickets."""
    scope = agent.get("ticket_scope")
    if scope not in (GLOBAL_SCOPE, None):
        logger.warning(
            f"The agent who owns the API key does not see all tickets (ticket scope {scope}, global is "
            f"{GLOBAL_SCOPE}). Tickets outside its scope are left out "
            "without notice. Use the key of an agent with global ticket access to sync all of them."
        )


def _needs(root: FreshdeskStream) -> tuple[str, str]:
    return root.role, root.feature


def _by_reason(
    streams: Sequence[FreshdeskStream], error_of: Mapping[str, AirbyteTracedException | None]
) -> Mapping[str, list[str]]:
    """The streams that cannot be read, by the reason."""
    unreadable = defaultdict[str, list[str]](list)
    for stream in streams:
        error = error_of[stream.name]
        if error is not None:
            unreadable[_reason(stream, error)].append(stream.name)
    return unreadable


def _is_denied(error: AirbyteTracedException) -> bool:
    """Whether the plan of the account or the role of the agent is the reason."""
    return isinstance(error, ResourceUnavailable) and error.code in (FEATURE_IS_MISSING, ROLE_IS_MISSING)


def _reason(stream: FreshdeskStream, error: AirbyteTracedException) -> str:
    if not isinstance(error, ResourceUnavailable):
        return str(error)
    return " ".join(filter(None, (error.rule.message, stream.access.need(error))))


def _probed(root: FreshdeskStream) -> AirbyteTracedException | None:
    """Why the list cannot be read; None if it can."""
    try:
        return root.probe()
    except AirbyteTracedException as failure:
        return failure
