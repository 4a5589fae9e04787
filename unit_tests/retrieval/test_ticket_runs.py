"""Runs of tickets of one time, as bulk updates make."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from source_freshdesk.retrieval import ticket_walk
from source_freshdesk.retrieval.ticket_run import MAX_PASSES, TicketVersion
from source_freshdesk.retrieval.ticket_walk import PageRequest, TicketWalk
from unit_tests.retrieval.ticket_list import START, Change, TicketList, deleting, nothing, tickets, touching, walked


def run_of(count: int, *, after: int = 0) -> list[int]:
    """That many tickets of one second."""
    return [after] * count


@settings(deadline=None, max_examples=200)
@given(
    updated_at=st.lists(st.integers(0, 3), max_size=40),
    changes=st.lists(
        st.lists(st.integers(1, 40), max_size=3).flatmap(lambda ids: st.sampled_from([touching(*ids), deleting(*ids)])),
        max_size=15,
    ),
    is_inclusive=st.booleans(),
    page_size=st.integers(2, 4),
)
def test_a_run_of_any_length_is_given(
    updated_at: list[int], changes: list[Change], is_inclusive: bool, page_size: int
) -> None:
    listed = TicketList(tickets(*updated_at), is_inclusive, page_size)
    before = list(listed.places.values())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ticket_walk, "LAST_PAGE", 3)
        given_places = walked(listed, START, changes)
    assert {place for place in before if listed.is_wanted(place, START)} <= given_places


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


def test_tickets_that_leave_a_run_in_two_passes_hide_none() -> None:
    """Three of six leave while they are read, so that ticket 5 slips over a boundary in both readings."""
    listed = TicketList(tickets(*run_of(6)), is_inclusive=False, page_size=2)
    hidden = listed.places[5]
    assert hidden in walked(listed, changes=[nothing, touching(3), nothing, touching(1, 2)])


def test_tickets_that_left_a_run_do_not_make_up_for_one_that_was_never_seen() -> None:
    """Among equals the order is not promised, so the second pass can meet only tickets that the first one met."""
    one, two, three, _four = tickets(*run_of(4)).values()
    later = TicketVersion(1, START + 50, one.created_at)
    walk = TicketWalk(START)
    walk.take([one, two], has_next=True)
    walk.take([two, three], has_next=False)
    walk.take([three, later], has_next=False)
    walk.take([two, three], has_next=True)
    assert walk.request == PageRequest(START - 1, page=2), "ticket 4 was never seen, so the run is to be read again"


@pytest.mark.parametrize("is_inclusive", [True, False])
@pytest.mark.parametrize("leaving", [1, 3, 10])
def test_a_run_whose_tickets_are_being_worked_on_is_read_in_two_passes(is_inclusive: bool, leaving: int) -> None:
    """5,000 tickets of a second, of which some change after every few pages."""
    listed = TicketList(tickets(*run_of(5_000, after=5)), is_inclusive)
    before = list(listed.places.values())
    draw = Random(7)

    def work(of: TicketList) -> None:
        of.now += 1
        for ticket_id in draw.sample(range(1, 5_001), leaving):
            of.touch(ticket_id)

    given_places = walked(listed, changes=[nothing, nothing, nothing, nothing, work] * 20)
    assert {place for place in before if listed.is_wanted(place, START)} <= given_places
    assert len(listed.asked) < 110


@pytest.mark.parametrize("is_inclusive", [True, False])
def test_a_run_longer_than_the_last_page_is_read_by_creation_from_both_ends(
    monkeypatch: pytest.MonkeyPatch, is_inclusive: bool
) -> None:
    monkeypatch.setattr(ticket_walk, "LAST_PAGE", 4)
    listed = TicketList(tickets(*run_of(35, after=5), 9, 10), is_inclusive, page_size=5)
    assert walked(listed) == set(listed.places.values())
    by_creation = [request for request in listed.asked if request.order_by == "created_at"]
    assert [request.page for request in by_creation] == [1, 2, 3, 4] * 4
    assert [request.order_type for request in by_creation] == (["asc"] * 4 + ["desc"] * 4) * 2


@pytest.mark.parametrize("is_inclusive", [True, False])
@pytest.mark.parametrize("deleted_at", range(14))
def test_a_ticket_that_is_deleted_hides_none_of_a_run_read_by_creation(
    monkeypatch: pytest.MonkeyPatch, is_inclusive: bool, deleted_at: int
) -> None:
    """The others move over a page boundary, in either half."""
    monkeypatch.setattr(ticket_walk, "LAST_PAGE", 4)
    listed = TicketList(tickets(*run_of(35, after=5)), is_inclusive, page_size=5)

    def delete_two(of: TicketList) -> None:
        of.delete(1)
        of.delete(35)

    given_places = walked(listed, changes=[*[nothing] * deleted_at, delete_two])
    assert {place for place in listed.places.values() if listed.is_wanted(place, START)} <= given_places


def test_tickets_made_and_changed_meanwhile_hide_none_of_a_run_read_by_creation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ticket_walk, "LAST_PAGE", 4)
    listed = TicketList(tickets(*run_of(30, after=5)), page_size=5)
    before = list(listed.places.values())
    changes = [nothing] * 5 + [touching(1, 2), TicketList.create, touching(7), nothing, touching(30), TicketList.create]
    assert {place for place in before if listed.is_wanted(place, START)} <= walked(listed, changes=changes)


@pytest.mark.parametrize("is_inclusive", [True, False])
def test_of_a_run_longer_than_both_ends_reach_the_rest_is_looked_up(
    monkeypatch: pytest.MonkeyPatch, is_inclusive: bool
) -> None:
    monkeypatch.setattr(ticket_walk, "LAST_PAGE", 4)
    listed = TicketList(tickets(*run_of(60, after=5), 9), is_inclusive, page_size=5)
    assert walked(listed) == set(listed.places.values())
    (lookup,) = listed.lookups
    assert set(range(1, 61)) - set(lookup.met) == set(range(21, 42))


def test_of_a_run_that_was_created_in_the_same_second_the_rest_is_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """As an import makes it. Both ends may then show the same tickets."""
    monkeypatch.setattr(ticket_walk, "LAST_PAGE", 4)
    places = {number: TicketVersion(number, START + 5, START) for number in range(1, 24)}
    listed = TicketList(places, page_size=5)
    assert walked(listed) == set(listed.places.values())
    assert len(listed.lookups) == 1


def test_a_run_that_never_comes_to_rest_is_read_by_creation() -> None:
    walk, orders = TicketWalk(START), list[str]()
    while walk.request is not None and walk.request.updated_since < START:
        orders.append(walk.request.order_by)
        walk.take([TicketVersion(1, START, START), TicketVersion(2, START, START)], has_next=walk.request.page == 1)
    assert orders == ["updated_at"] * 2 * MAX_PASSES + ["created_at"] * 4


@pytest.mark.parametrize("is_inclusive", [True, False])
def test_the_tickets_of_a_run_before_the_start_are_not_walked_through(is_inclusive: bool) -> None:
    listed = TicketList(tickets(*run_of(950, after=-1), 0, 1), is_inclusive)
    assert set(list(listed.places.values())[-2:]) <= walked(listed)
    assert len(listed.asked) <= 3
