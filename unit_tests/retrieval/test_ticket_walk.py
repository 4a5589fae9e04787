"""No ticket is missed while tickets change."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from source_freshdesk import instants
from source_freshdesk.retrieval.ticket_run import TicketVersion
from source_freshdesk.retrieval.ticket_walk import PageRequest, TicketWalk
from unit_tests.retrieval.ticket_list import START, Change, TicketList, changes_of_a_walk, tickets, touching, walked


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


def test_the_watermark_stands_at_the_start_before_anything_was_read() -> None:
    assert TicketWalk(START).watermark == START


@pytest.mark.parametrize("is_inclusive", [True, False])
def test_the_watermark_ends_at_the_newest_ticket(is_inclusive: bool) -> None:
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


def test_two_rows_that_keep_their_order_by_chance_do_not_end_a_run() -> None:
    """Rows of the same time come in another order at each request, and two of them change meanwhile."""
    listed = TicketList(tickets(0, 0, 0, 0, -1, 0, 0), is_inclusive=False, page_size=1, shuffle=Random(0))
    staying = [place for place in listed.places.values() if place.id not in (1, 5, 6)]
    assert set(staying) <= walked(listed, changes=[lambda changed: changed.create(), touching(1, 6)])
