"""When a list of several pages was read completely."""

import pytest

from source_freshdesk.streams.listing import MAX_READINGS, Listing
from unit_tests.support import NOW, ago

Row = dict[str, object]


def row(row_id: int, seconds_ago: int | None = 500) -> Row:
    return {"id": row_id} if seconds_ago is None else {"id": row_id, "updated_at": ago(seconds_ago)}


def read(listing: Listing, *pages: list[Row], as_of: int = NOW) -> list[object]:
    """The ids that a reading of these pages brings."""
    listing.begin_reading()
    first_seen = []
    for rows in pages:
        listing.begin_page(as_of)
        first_seen += [one["id"] for one in rows if listing.is_first_seen(one)]
    listing.end_reading()
    return first_seen


def test_what_was_not_read_is_not_complete() -> None:
    listing = Listing()
    assert not listing.is_complete
    listing.begin_reading()
    listing.begin_page(NOW)
    assert not listing.is_complete


@pytest.mark.parametrize("pages", [[], [[]], [[row(1), row(2)]]])
def test_a_list_of_one_page_or_none_is_complete_at_once(pages: list[list[Row]]) -> None:
    listing = Listing()
    read(listing, *pages)
    assert listing.is_complete


@pytest.mark.parametrize("age", [500, None])
def test_a_list_of_pages_is_complete_when_a_later_reading_missed_nothing(age: int | None) -> None:
    listing = Listing()
    assert read(listing, [row(1, age)], [row(2, age)]) == [1, 2]
    assert not listing.is_complete
    assert read(listing, [row(1, age)], [row(2, age)]) == []
    assert listing.is_complete


@pytest.mark.parametrize("age", [500, None])
def test_a_row_that_was_missed_asks_for_one_more_reading(age: int | None) -> None:
    listing = Listing()
    read(listing, [row(1, age)], [row(3, age)])
    assert read(listing, [row(1, age)], [row(2, age), row(3, age)]) == [2]
    assert not listing.is_complete
    assert read(listing, [row(1, age)], [row(2, age), row(3, age)]) == []
    assert listing.is_complete


@pytest.mark.parametrize(("seconds_ago", "was_missed"), [(1, True), (0, False), (-5, False)])
def test_a_row_that_changed_since_the_reading_began_was_not_missed(seconds_ago: int, was_missed: bool) -> None:
    listing = Listing()
    read(listing, [row(1)], [row(2)])
    assert read(listing, [row(1)], [row(2), row(3, seconds_ago)], as_of=NOW + 60) == [3]
    assert listing.is_complete is not was_missed


def test_a_newer_version_is_first_seen_but_was_not_missed() -> None:
    listing = Listing()
    read(listing, [row(1, 500)], [row(2)])
    assert read(listing, [row(1, 400)], [row(2)]) == [1]
    assert listing.is_complete


def test_a_row_that_moved_within_a_reading_is_seen_once() -> None:
    assert read(Listing(), [row(1), row(2)], [row(2), row(3)]) == [1, 2, 3]


def test_a_list_that_shrinks_to_a_page_is_complete() -> None:
    listing = Listing()
    read(listing, [row(1)], [row(2)])
    read(listing, [row(1)])
    assert listing.is_complete


def test_a_list_that_never_comes_to_rest_is_given_up() -> None:
    listing = Listing()
    for reading in range(MAX_READINGS):
        assert not listing.is_complete
        read(listing, [row(2 * reading)], [row(2 * reading + 1)])
    assert listing.is_complete


def test_the_reading_began_with_its_first_page() -> None:
    listing = Listing()
    assert listing.began is None
    read(listing, [row(1)], as_of=NOW)
    read(listing, [row(1)], as_of=NOW + 60)
    assert listing.began == NOW


def test_the_version_of_a_record_counts_where_it_is_newer_than_that_of_its_row() -> None:
    listing = Listing()
    read(listing, [row(1, 500)], [row(2)])
    listing.emitted(row(1, 400))
    assert read(listing, [row(1, 400)], [row(2)]) == []
    assert listing.versions == {1: NOW - 400, 2: NOW - 500}
