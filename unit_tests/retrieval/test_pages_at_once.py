"""A second pass whose pages come in any order, so that rows that join can push others out of sight."""

import pytest

from source_freshdesk.retrieval.stable_list import StableList
from unit_tests.retrieval.test_stable_list import Row, read, row


def test_a_second_pass_at_once_that_is_quiet_ends_it() -> None:
    listing = StableList()
    read(listing, [row(1)], [row(2)])
    assert listing.may_be_read_at_once
    read(listing, [row(1)], [row(2)], at_once=True)
    assert listing.is_complete


@pytest.mark.parametrize("joined", [[row(9, 0)], [row(1, 0)]])
def test_after_one_that_is_not_and_that_a_row_joined_two_have_to_be_quiet(joined: list[Row]) -> None:
    listing = StableList()
    read(listing, [row(1), row(7)], [row(2)])
    then = [*joined, *([row(1)] if joined[0]["id"] != 1 else []), row(2)]
    read(listing, then, [row(3)], at_once=True)
    assert not listing.may_be_read_at_once
    read(listing, then, [row(3)])
    assert not listing.is_complete
    read(listing, then, [row(3)])
    assert listing.is_complete


def test_after_one_that_is_not_and_that_rows_only_left_one_has_to_be_quiet() -> None:
    listing = StableList()
    read(listing, [row(1), row(7)], [row(2)])
    read(listing, [row(1)], [row(2)], at_once=True)
    read(listing, [row(1)], [row(2)])
    assert listing.is_complete


def test_several_variants_are_read_one_page_after_another() -> None:
    listing = StableList(variants=2)
    read(listing, [row(1)], [row(2)])
    assert not listing.may_be_read_at_once
