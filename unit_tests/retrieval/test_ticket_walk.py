"""The walk over the ticket list, against a list in memory that changes while it is read."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from random import Random

import pytest
from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from hypothesis import given, settings
from hypothesis import strategies as st

from source_freshdesk import instants
from source_freshdesk.retrieval import ticket_walk
from source_freshdesk.retrieval.ticket_walk import PageRequest, TicketVersion, TicketWalk

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
            self.places[ticket_id] = replace(self.places[ticket_id], updated_at=self.now)

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


def run_of(count: int, *, after: int = 0) -> list[int]:
    """That many tickets of one second."""
    return [after] * count


Change = Callable[[TicketList], None]


def walked(
    listed: TicketList, since: int = START, changes: Iterable[Change] = (), limit: int = 5_000
) -> set[TicketVersion]:
    """What a walk gives. After each page the next of the changes happens; the mark is watched all the way."""
    walk = TicketWalk(since)
    given: set[TicketVersion] = set()
    coming = iter(changes)
    while walk.request is not None:
        assert len(listed.asked) < limit, "the walk does not end"
        rows, has_next = listed.page(walk.request)
        walk.take(rows, has_next)
        given.update(rows)
        missed = [place for place in listed.places.values() if since <= place.updated_at < walk.watermark]
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


@settings(deadline=None, max_examples=400)
@given(
    updated_at=st.lists(st.integers(-3, 6), max_size=30),
    changes=changes_of_a_walk(),
    is_inclusive=st.booleans(),
    page_size=st.integers(1, 5),
    seed=st.none() | st.integers(0, 1_000),
)
def test_each_ticket_that_stays_as_it_is_is_given_whatever_happens_to_the_others(
    updated_at: list[int], changes: list[Change], is_inclusive: bool, page_size: int, seed: int | None
) -> None:
    listed = TicketList(tickets(*updated_at), is_inclusive, page_size, None if seed is None else Random(seed))
    before = list(listed.places.values())
    given_places = walked(listed, START, changes)
    assert {place for place in before if listed.is_wanted(place, START)} <= given_places


@settings(deadline=None, max_examples=200)
@given(
    updated_at=st.lists(st.integers(0, 3), max_size=40),
    changes=st.lists(st.lists(st.integers(1, 40), max_size=3).map(lambda ids: touching(*ids)), max_size=15),
    is_inclusive=st.booleans(),
    page_size=st.integers(2, 4),
)
def test_a_run_of_any_length_is_given_or_refused_aloud(
    updated_at: list[int], changes: list[Change], is_inclusive: bool, page_size: int
) -> None:
    listed = TicketList(tickets(*updated_at), is_inclusive, page_size)
    before = list(listed.places.values())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ticket_walk, "LAST_PAGE", 3)
        try:
            given_places = walked(listed, START, changes)
        except AirbyteTracedException as refused:
            how_refused, given_places = str(refused), set(before)
        else:
            how_refused = ""
    assert {place for place in before if listed.is_wanted(place, START)} <= given_places
    assert not how_refused or "cannot be read completely" in how_refused


@pytest.mark.parametrize("is_inclusive", [True, False])
def test_an_empty_list_is_one_request(is_inclusive: bool) -> None:
    listed = TicketList({}, is_inclusive)
    assert walked(listed) == set()
    assert len(listed.asked) == 1


@pytest.mark.parametrize("is_inclusive", [True, False])
def test_the_ticket_at_the_very_start_is_given(is_inclusive: bool) -> None:
    listed = TicketList(tickets(0), is_inclusive)
    assert walked(listed) == set(listed.places.values())


def test_all_history_is_asked_for_from_the_epoch() -> None:
    assert TicketWalk(instants.EPOCH).request == PageRequest(instants.EPOCH)


@pytest.mark.parametrize("is_inclusive", [True, False])
def test_a_ticket_that_slips_over_the_page_boundary_is_given(is_inclusive: bool) -> None:
    listed = TicketList(tickets(*range(250)), is_inclusive)
    slipping = listed.places[101]
    assert slipping in walked(listed, changes=[touching(*range(1, 51))])


@pytest.mark.parametrize("is_inclusive", [True, False])
def test_a_quiet_list_costs_hardly_more_than_its_pages(is_inclusive: bool) -> None:
    listed = TicketList(tickets(*range(0, 2_000, 2)), is_inclusive, now=START + 5_000)
    assert walked(listed) == set(listed.places.values())
    assert len(listed.asked) <= 12


@pytest.mark.parametrize("is_inclusive", [True, False])
def test_by_key_page_numbers_are_not_used(is_inclusive: bool) -> None:
    listed = TicketList(tickets(*range(450)), is_inclusive)
    walked(listed)
    assert {request.page for request in listed.asked} == {1}


@pytest.mark.parametrize("is_inclusive", [True, False])
@pytest.mark.parametrize("seed", [None, 1, 2, 3])
def test_a_bulk_update_of_150_tickets_in_one_second_is_given(is_inclusive: bool, seed: int | None) -> None:
    shuffle = None if seed is None else Random(seed)
    listed = TicketList(tickets(-1, 0, 1, *run_of(150, after=5), 6, 7), is_inclusive, shuffle=shuffle)
    assert {place for place in listed.places.values() if place.updated_at >= START} <= walked(listed)


@pytest.mark.parametrize("is_inclusive", [True, False])
def test_a_quiet_run_is_read_twice(is_inclusive: bool) -> None:
    listed = TicketList(tickets(*run_of(250, after=5)), is_inclusive)
    assert walked(listed) == set(listed.places.values())
    assert len(listed.asked) <= 9


def test_tickets_that_leave_a_run_in_two_readings_hide_none() -> None:
    """Three of six leave while they are read, so that ticket 5 slips over a boundary in both readings."""
    listed = TicketList(tickets(*run_of(6)), is_inclusive=False, page_size=2)
    hidden = listed.places[5]
    assert hidden in walked(listed, changes=[nothing, touching(3), nothing, touching(1, 2)])


def test_tickets_that_left_a_run_do_not_make_up_for_one_that_was_never_seen() -> None:
    """Among equals the order is not promised, so the second reading can meet only tickets that the first one met."""
    one, two, three, _four = tickets(*run_of(4)).values()
    later = TicketVersion(1, START + 50, one.created_at)
    walk = TicketWalk(START)
    walk.take([one, two], has_next=True)
    walk.take([two, three], has_next=False)
    walk.take([two, three], has_next=True)
    walk.take([three, later], has_next=False)
    assert walk.request == PageRequest(START - 1), "ticket 4 was never seen, so the run is to be read again"


@pytest.mark.parametrize("is_inclusive", [True, False])
def test_a_run_longer_than_the_last_page_is_read_by_creation_from_both_ends(
    monkeypatch: pytest.MonkeyPatch, is_inclusive: bool
) -> None:
    monkeypatch.setattr(ticket_walk, "LAST_PAGE", 4)
    listed = TicketList(tickets(*run_of(35, after=5), 9, 10), is_inclusive, page_size=5)
    assert walked(listed) == set(listed.places.values())
    by_creation = [request for request in listed.asked if request.order_by == "created_at"]
    assert [request.page for request in by_creation] == [1, 2, 3, 4] * 2
    assert [request.order_type for request in by_creation] == ["asc"] * 4 + ["desc"] * 4


def test_tickets_made_and_changed_meanwhile_hide_none_of_a_run_read_by_creation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ticket_walk, "LAST_PAGE", 4)
    listed = TicketList(tickets(*run_of(30, after=5)), page_size=5)
    before = list(listed.places.values())
    changes = [nothing] * 5 + [touching(1, 2), TicketList.create, touching(7), nothing, touching(30), TicketList.create]
    assert {place for place in before if listed.is_wanted(place, START)} <= walked(listed, changes=changes)


def test_a_run_longer_than_both_ends_reach_is_an_error_that_names_the_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ticket_walk, "LAST_PAGE", 4)
    listed = TicketList(tickets(*run_of(60, after=5)), page_size=5)
    with pytest.raises(AirbyteTracedException, match="2024-01-31T00:00:05Z") as caught:
        walked(listed)
    assert "start_date" in str(caught.value)
    assert caught.value.failure_type is FailureType.system_error


def test_a_run_that_never_comes_to_rest_is_an_error_that_names_the_second() -> None:
    walk = TicketWalk(START)

    def read_for_ever() -> None:
        for _ in range(10_000):
            assert walk.request is not None
            walk.take([TicketVersion(1, START, START), TicketVersion(2, START, START)], has_next=walk.request.page == 1)

    with pytest.raises(AirbyteTracedException, match="2024-01-31T00:00:00Z") as caught:
        read_for_ever()
    assert "keep changing places" in str(caught.value)


@pytest.mark.parametrize("is_inclusive", [True, False])
def test_the_tickets_of_a_run_before_the_start_are_not_walked_through(is_inclusive: bool) -> None:
    listed = TicketList(tickets(*run_of(950, after=-1), 0, 1), is_inclusive)
    assert set(list(listed.places.values())[-2:]) <= walked(listed)
    assert len(listed.asked) <= 3


def test_the_mark_stands_at_the_start_before_anything_was_read() -> None:
    assert TicketWalk(START).watermark == START


@pytest.mark.parametrize("is_inclusive", [True, False])
def test_the_mark_ends_at_the_newest_ticket(is_inclusive: bool) -> None:
    listed = TicketList(tickets(*range(0, 500, 2)), is_inclusive)
    walk = TicketWalk(START)
    while walk.request is not None:
        walk.take(*listed.page(walk.request))
    assert walk.watermark == START + 498


def test_a_walk_that_is_over_takes_no_more() -> None:
    walk = TicketWalk(START)
    walk.take([], has_next=False)
    with pytest.raises(ValueError, match="over"):
        walk.take([], has_next=False)


def test_a_page_without_rows_that_is_not_the_last_is_stepped_over() -> None:
    """Freshdesk takes rows out of a page that the key's agent may not see; the link still leads on."""
    walk = TicketWalk(START)
    walk.take([], has_next=True)
    assert walk.request == PageRequest(START - 1, page=2)
    walk.take([TicketVersion(1, START + 5, START)], has_next=False)
    while walk.request is not None:
        walk.take([TicketVersion(1, START + 5, START)], has_next=False)
    assert walk.watermark >= START
