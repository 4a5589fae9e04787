"""Pages of tickets, as they are read and as they are given."""

from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any

from source_freshdesk.api.response import Row
from source_freshdesk.retrieval.ticket_run import TicketVersion


@dataclass(frozen=True)
class TicketPage:
    """The tickets of a page that were not given before, and the state once they have been emitted.

    is_last: whether no page follows. Whoever has emitted the rows may empty the list, or they stay in memory until the
    next page was read.
    """

    rows: list[Row]
    state: MutableMapping[str, Any]
    is_last: bool


@dataclass(frozen=True)
class WalkedPage:
    """A page of a walk. Every ticket of the walk before `watermark` was on it or on the pages before it.

    versions: of each row, None if it has no valid times.
    lacks_from: tickets that changed at this instant or later are missing from it, and may come; None if none are.
    size: how much memory it takes, in bytes, about.
    """

    rows: list[Row]
    versions: Sequence[TicketVersion | None]
    watermark: int
    as_of: int
    is_last: bool
    lacks_from: int | None = None
    size: int = 0
