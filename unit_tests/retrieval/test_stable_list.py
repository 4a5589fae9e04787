"""When a list of several pages was read completely."""

import pytest

from source_freshdesk.retrieval.stable_list import MAX_PASSES, StableList
from unit_tests.support import NOW, ago

Row = dict[str, object]


def row(row_id: int, seconds_ago: int | None = 500) -> Row:
    return {"id": row_id} if seconds_ago is None else {"id": row_id, "updated_at": ago(seconds_ago)}


def read(listing: StableList, *pages: list[Row], as_of: int = NOW, at_once: bool = False) -> list[object]:
    """The ids that a reading of these pages brings."""
    listing.begin_pass(at_once=at_once)
    first_seen = []
    for rows in pages:
        listing.begin_page(as_of)
        first_seen += [one["id"] for one in rows if listing.register(one)]
    listing.end_pass()
    return first_seen


def test_what_was_not_read_is_not_complete() -> None:
    listing = StableList()
    assert not listing.is_complete
    listing.begin_pass()
    listing.begin_page(NOW)
    assert not listing.is_complete


@pytest.mark.parametrize("pages", [[], [[]], [[row(1), row(2)]]])
def test_a_list_of_one_page_or_none_is_complete_at_once(pages: list[list[Row]]) -> None:
    listing = StableList()
    read(listing, *pages)
    assert listing.is_complete


@pytest.mark.parametrize("age", [500, None])
def test_a_list_of_pages_is_complete_when_a_later_pass_missed_nothing(age: int | None) -> None:
    listing = StableList()
    assert read(listing, [row(1, age)], [row(2, age)]) == [1, 2]
    assert not listing.is_complete
    assert read(listing, [row(1, age)], [row(2, age)]) == []
    assert listing.is_complete


@pytest.mark.parametrize("age", [500, None])
def test_a_row_that_was_missed_asks_for_one_more_pass(age: int | None) -> None:
    listing = StableList()
    read(listing, [row(1, age)], [row(3, age)])
    assert read(listing, [row(1, age)], [row(2, age), row(3, age)]) == [2]
    assert not listing.is_complete
    assert read(listing, [row(1, age)], [row(2, age), row(3, age)]) == []
    assert listing.is_complete


@pytest.mark.parametrize(("seconds_ago", "was_missed"), [(1, True), (0, False), (-5, False)])
def test_a_row_that_changed_since_the_first_pass_started_was_not_missed(seconds_ago: int, was_missed: bool) -> None:
    listing = StableList()
    read(listing, [row(1)], [row(2)])
    assert read(listing, [row(1)], [row(2), row(3, seconds_ago)], as_of=NOW + 60) == [3]
    assert listing.is_complete is not was_missed


def test_a_newer_version_is_first_seen_but_was_not_missed() -> None:
    listing = StableList()
    read(listing, [row(1, 500)], [row(2)])
    assert read(listing, [row(1, 400)], [row(2)]) == [1]
    assert listing.is_complete


def test_a_row_that_moved_within_a_pass_is_seen_once() -> None:
    assert read(StableList(), [row(1), row(2)], [row(2), row(3)]) == [1, 2, 3]


def test_a_row_that_slips_through_two_passes_is_found_since_others_left_both() -> None:
    """Row 1 is deleted in the first pass, row 0 comes and is deleted in the second: row 3 slips both times."""
    listing = StableList()
    assert read(listing, [row(1), row(2)], [row(4), row(5)]) == [1, 2, 4, 5]
    assert read(listing, [row(0, -5), row(2)], [row(4), row(5)]) == [0]
    assert not listing.is_complete
    assert read(listing, [row(2), row(3)], [row(4), row(5)]) == [3]
    assert read(listing, [row(2), row(3)], [row(4), row(5)]) == []
    assert listing.is_complete


def test_a_row_that_left_asks_for_one_more_pass() -> None:
    listing = StableList()
    read(listing, [row(1), row(2)], [row(3)])
    read(listing, [row(2)], [row(3)])
    assert not listing.is_complete
    read(listing, [row(2)], [row(3)])
    assert listing.is_complete


@pytest.mark.parametrize(
    ("then", "is_complete"),
    [
        ([[row(1), row(2, -5)], [row(3)]], True),
        ([[row(1), row(3)], [row(2, -5)]], False),
        ([[row(2, -5), row(1)], [row(3)]], False),
        ([[row(0, -9), row(1)], [row(2, -5), row(3)]], True),
    ],
)
def test_a_row_that_changed_asks_for_one_more_pass_if_it_moved(then: list[list[Row]], is_complete: bool) -> None:
    listing = StableList()
    read(listing, [row(1), row(2)], [row(3)])
    read(listing, *then)
    assert listing.is_complete is is_complete


def test_rows_in_an_order_that_is_another_each_time_are_complete_if_none_changed() -> None:
    listing = StableList()
    read(listing, [row(1), row(2)], [row(3)])
    read(listing, [row(3), row(1)], [row(2)])
    assert listing.is_complete


def test_a_list_that_shrinks_to_a_page_is_complete() -> None:
    listing = StableList()
    read(listing, [row(1)], [row(2)])
    read(listing, [row(1)])
    assert listing.is_complete


def test_a_list_that_changes_in_each_pass_is_not_read_without_end() -> None:
    listing = StableList()
    for number in range(MAX_PASSES):
        assert not listing.is_complete
        read(listing, [row(2 * number)], [row(2 * number + 1)])
    assert listing.is_complete
    assert not listing.is_stable


def test_the_first_pass_started_with_its_first_page() -> None:
    listing = StableList()
    assert listing.started_at is None
    read(listing, [row(1)], as_of=NOW)
    read(listing, [row(1)], as_of=NOW + 60)
    assert listing.started_at == NOW


def test_the_version_of_a_record_counts_where_it_is_newer_than_that_of_its_row() -> None:
    listing = StableList()
    read(listing, [row(1, 500)], [row(2)])
    listing.note_emitted(row(1, 400))
    assert read(listing, [row(1, 400)], [row(2)]) == []
    assert listing.versions == {1: NOW - 400, 2: NOW - 500}


class TestSeveralWays:
    """A list that is read in two ways, neither of which is known to show all rows."""

    def test_each_way_is_read_in_turn(self) -> None:
        listing = StableList(variants=2)
        assert listing.variant == 0
        read(listing, [row(1)])
        assert listing.variant == 1
        read(listing, [row(1)])
        assert listing.variant == 0

    def test_one_page_is_not_complete_until_each_way_was_read(self) -> None:
        listing = StableList(variants=2)
        read(listing, [row(1)])
        assert not listing.is_complete
        read(listing, [row(1)])
        assert listing.is_complete

    def test_an_empty_list_is_read_in_each_way(self) -> None:
        listing = StableList(variants=2)
        read(listing, [])
        assert not listing.is_complete
        read(listing, [])
        assert listing.is_complete

    def test_after_a_missed_row_each_way_has_to_bring_nothing_new(self) -> None:
        listing = StableList(variants=2)
        read(listing, [row(1)])
        assert read(listing, [row(1), row(2)]) == [2]
        read(listing, [row(1)])
        assert not listing.is_complete, "the other way may have more to tell"
        read(listing, [row(1), row(2)])
        assert listing.is_complete

    def test_rows_that_only_one_way_shows_are_each_seen_once(self) -> None:
        listing = StableList(variants=2)
        seen = []
        while not listing.is_complete:
            seen += read(listing, [row(1), row(2)] if listing.variant == 0 else [row(2), row(3)])
        assert seen == [1, 2, 3]

    def test_ways_that_never_agree_are_given_up(self) -> None:
        listing = StableList(variants=2)
        for number in range(MAX_PASSES):
            assert not listing.is_complete
            read(listing, [row(number)])
        assert listing.is_complete


class TestRepeatedPages:
    """A list that knows no pages gives the same rows whatever page it is asked for."""

    @pytest.mark.parametrize("rows", [[row(1), row(2)], [row(2)], [row(1, 5)], []])
    def test_a_page_of_rows_that_this_pass_had_in_any_version_has_none_new(self, rows: list[Row]) -> None:
        listing = StableList()
        read(listing, [row(1), row(2)])
        assert listing.has_none_new(rows)

    @pytest.mark.parametrize("rows", [[row(3)], [row(1), row(3)]])
    def test_a_page_with_another_row_has(self, rows: list[Row]) -> None:
        listing = StableList()
        read(listing, [row(1), row(2)])
        assert not listing.has_none_new(rows)

    def test_what_an_earlier_pass_had_does_not_count(self) -> None:
        listing = StableList()
        read(listing, [row(1)], [row(2)])
        listing.begin_pass()
        assert not listing.has_none_new([row(1)])


def test_rows_are_distinguished_by_whatever_key_and_time_they_have() -> None:
    listing = StableList(lambda one: f"{one['id']}:{one['language']}", lambda one: int(one["version"]))
    de, fr = {"id": 1, "language": "de", "version": 5}, {"id": 1, "language": "fr", "version": 5}
    listing.begin_pass()
    listing.begin_page(NOW)
    assert listing.register(de)
    assert listing.register(fr)
    assert not listing.register(de)
    assert listing.versions == {"1:de": 5, "1:fr": 5}
