"""Looks up the tickets of a run that its list does not reach, by their ids."""

import itertools
from collections.abc import Iterator

from source_freshdesk import instants
from source_freshdesk.api.prefetch import Prefetcher
from source_freshdesk.api.response import Row
from source_freshdesk.records.versions import changed_at
from source_freshdesk.retrieval.ticket_source import TicketSource
from source_freshdesk.retrieval.ticket_walk import TicketLookup

IDS_IN_A_PART = 100


def looked_up(lookup: TicketLookup, source: TicketSource, prefetcher: Prefetcher) -> Iterator[list[Row]]:
    """The tickets of the run that the list has not shown, in parts. One API call for each id, found or not.

    A bulk update or an import gives its tickets ids that lie close together. So all ids between those that were met are
    looked up, and further ones at both ends as long as they bring tickets of the run.
    """
    first, last = min(lookup.met, default=1), max(lookup.met, default=0)
    met = frozenset(lookup.met)
    between = [number for number in range(first, last) if number not in met]
    source.logger.warning(
        f"More tickets were updated at {instants.to_api(lookup.through)} than Freshdesk lists. About "
        f"{len(between) + 2 * IDS_IN_A_PART:,} are looked up one by one, with an API call each."
    )

    def found(numbers: range | list[int]) -> list[Row]:
        rows = prefetcher.map(source.ticket, numbers)
        return [row for row in rows if row is not None and lookup.since <= (changed_at(row) or 0) <= lookup.through]

    for begin in range(0, len(between), IDS_IN_A_PART):
        yield found(between[begin : begin + IDS_IN_A_PART])
    above = (range(begin, begin + IDS_IN_A_PART) for begin in itertools.count(last + 1, IDS_IN_A_PART))
    below = (range(max(end - IDS_IN_A_PART, 1), end) for end in range(first, 1, -IDS_IN_A_PART))
    for parts in (above, below):
        yield from itertools.takewhile(bool, map(found, parts))
