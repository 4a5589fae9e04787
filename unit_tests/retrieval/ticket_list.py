"""A list of tickets that changes while it is walked."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from random import Random

from hypothesis import strategies as st

from source_freshdesk import instants
from source_freshdesk.retrieval import ticket_walk
from source_freshdesk.retrieval.ticket_run import TicketVersion
from source_freshdesk.retrieval.ticket_walk import PageRequest, TicketLookup, TicketWalk

START = instants.from_api("2024-01-31T00:00:00Z")


@dataclass
class TicketList:
    """The list of tickets as Freshdesk shows it.

    is_inclusive: whether `updated_since` means >= or >.
    shuffle: with it, tickets with the same key come in another order at each request.
    """

    places: dict[int, TicketVersion]
    is_inclusive: bool = True
    page_size: int = 100
    shuffle: Random | None = None
    now: int = START + 1_000
    asked: list[PageRequest] = field(default_factory=list)
    lookups: list[TicketLookup] = field(default_factory=list)

    def page(self, request: PageRequest) -> tuple[list[TicketVersion], bool]:
        """The rows of a page, and whether there is another one."""
        assert 1 <= request.page <= ticket_walk.LAST_PAGE, "Freshdesk refuses pages after the last one"
        self.asked.append(request)
        since = request.updated_since if self.is_inclusive else request.updated_since + 1
        rows = sorted((place for place in self.places.values() if place.updated_at >= since), key=lambda row: row.id)
        if self.shuffle is not None and request.order_by == "updated_at":
            self.shuffle.shuffle(rows)
        rows.sort(key=lambda row: getattr(row, request.order_by), reverse=request.order_type == "desc")
        begin = (request.page - 1) * self.page_size
        return rows[begin : begin + self.page_size], len(rows) > begin + self.page_size

    def touch(self, ticket_id: int) -> None:
        """Update a ticket, which moves it to the end."""
        if ticket_id in self.places:
            self.places[ticket_id] = self.places[ticket_id]._replace(updated_at=self.now)

    def create(self) -> None:
        """Add a ticket."""
        new = max(self.places, default=0) + 1
        self.places[new] = TicketVersion(new, self.now, self.now + new)

    def delete(self, ticket_id: int) -> None:
        """Take a ticket away."""
        self.places.pop(ticket_id, None)

    def is_wanted(self, place: TicketVersion, since: int) -> bool:
        """Whether a walk since an instant is to give this version of a ticket."""
        return place.updated_at >= since and self.places.get(place.id) == place


def tickets(*updated_at: int) -> dict[int, TicketVersion]:
    """Tickets 1, 2, 3, … that were updated these many seconds after START; each was created at a time of its own."""
    return {
        number: TicketVersion(number, START + after, START - 1_000 + number)
        for number, after in enumerate(updated_at, 1)
    }


Change = Callable[[TicketList], None]


def walked(
    listed: TicketList, since: int = START, changes: Iterable[Change] = (), limit: int = 5_000
) -> set[TicketVersion]:
    """What a walk gives. After each page the next of the changes happens; the mark is watched all the way.

    What changes while the walk is under way may join a run that is being read; the look-back of the state is for that.
    """
    walk, began = TicketWalk(since), listed.now
    given: set[TicketVersion] = set()
    coming = iter(changes)
    while not walk.is_over:
        if walk.lookup is not None:
            since_then, through, met = walk.lookup.since, walk.lookup.through, walk.lookup.met
            given.update(
                place
                for place in listed.places.values()
                if since_then <= place.updated_at <= through and place.id not in met
            )
            listed.lookups.append(walk.lookup)
            walk.resume()
            continue
        assert walk.request is not None
        assert len(listed.asked) < limit, "the walk does not end"
        rows, has_next = listed.page(walk.request)
        walk.take(rows, has_next)
        given.update(rows)
        before_mark = [place for place in listed.places.values() if since <= place.updated_at < walk.watermark]
        missed = [place for place in before_mark if place.updated_at < began]
        assert set(missed) <= given, "the mark is ahead of what was given"
        change = next(coming, None)
        if change is not None:
            change(listed)
    return given


def touching(*ticket_ids: int) -> Change:
    """Somebody updates these tickets."""

    def touch(listed: TicketList) -> None:
        for ticket_id in ticket_ids:
            listed.touch(ticket_id)

    return touch


def deleting(*ticket_ids: int) -> Change:
    """Somebody deletes these tickets."""

    def delete(listed: TicketList) -> None:
        for ticket_id in ticket_ids:
            listed.delete(ticket_id)

    return delete


def nothing(_listed: TicketList) -> None:
    """Nobody does anything."""


@st.composite
def changes_of_a_walk(draw: st.DrawFn) -> list[Change]:
    """What happens between the requests of a walk: a few tickets change, appear and vanish, and time goes on."""

    def change(touched: Sequence[int], created: int, deleted: Sequence[int], seconds: int) -> Change:
        def happen(listed: TicketList) -> None:
            listed.now += seconds
            for ticket_id in touched:
                listed.touch(ticket_id)
            for _ in range(created):
                listed.create()
            for ticket_id in deleted:
                listed.delete(ticket_id)

        return happen

    ids = st.lists(st.integers(1, 30), max_size=4)
    one = st.builds(change, ids, st.integers(0, 3), st.lists(st.integers(1, 30), max_size=2), st.integers(0, 2))
    return draw(st.lists(one, max_size=15))
