"""The state that a cursor saves and continues from."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from source_freshdesk.state.emitted_versions import MAX_REMEMBERED_ROWS, REMEMBERED_ROWS
from source_freshdesk.state.updated_at_cursor import LOOKBACK_SECONDS, UpdatedAtCursor
from unit_tests.state.cursors import LATER, T, at, cursor, rows_of_a_sync, saved


def test_without_a_state_all_from_the_start_is_new() -> None:
    fresh = cursor()
    assert fresh.read_from == T
    assert fresh.is_unseen(1, T)
    assert not fresh.is_unseen(1, T - 1)


def test_a_state_names_the_watermark_and_where_to_read_from_and_what_is_known_there() -> None:
    it = cursor()
    it.remember(23, T + 900, as_of=LATER)
    it.remember(17, T + 900, as_of=LATER)
    it.remember(5, T + 1_000, as_of=LATER)
    it.advance(T + 1_000, as_of=LATER)
    assert saved(it) == {
        "updated_at": at(1_000),
        "read_from": at(1_000 - LOOKBACK_SECONDS),
        "emitted": {at(900): [17, 23], at(1_000): [5]},
        "start_date": at(0),
    }


def test_rows_and_state_may_name_their_time_otherwise() -> None:
    it = UpdatedAtCursor(T, "performed_at")
    it.load({"performed_at": at(1_000), "updated_at": at(5_000)})
    assert it.watermark == T + 1_000
    assert set(saved(it)) == {"performed_at", "read_from", "emitted", "start_date"}


def test_rows_before_what_is_read_again_are_forgotten() -> None:
    it = cursor()
    it.remember(1, T + 1, as_of=LATER)
    it.advance(T + LOOKBACK_SECONDS + 2, as_of=LATER)
    assert saved(it)["emitted"] == {}
    assert not it.is_unseen(2, T + 1)


def test_what_was_read_too_early_is_read_again_however_late_the_state_is_saved() -> None:
    it = cursor()
    it.remember(1, T + 1_000, as_of=T + 1_000)
    it.remember(2, T + 1_000, as_of=T + 1_003)
    it.advance(T + 1_000, as_of=LATER)
    again = cursor(state=saved(it, as_of=LATER))
    assert again.is_unseen(1, T + 1_000)
    assert not again.is_unseen(2, T + 1_000)


def test_what_was_settled_when_it_was_read_stays_known_though_the_state_is_saved_at_once() -> None:
    it = cursor()
    it.remember(1, T + 1_000, as_of=LATER)
    it.advance(T + 1_000, as_of=LATER)
    assert not cursor(state=saved(it, as_of=T + 1_000)).is_unseen(1, T + 1_000)


@pytest.mark.parametrize("earlier", [T - 1_000_000, T, T + 999])
def test_a_state_never_moves_back(earlier: int) -> None:
    it = cursor()
    it.advance(T + 1_000, as_of=LATER)
    before = saved(it)
    it.advance(earlier, as_of=LATER)
    assert saved(it) == before


def test_each_state_is_a_new_object() -> None:
    it = cursor()
    it.remember(1, T, as_of=LATER)
    one = it.state(as_of=LATER, complete=True)
    before = json.dumps(one)
    it.remember(2, T, as_of=LATER)
    it.remember(3, T + 1, as_of=LATER)
    it.advance(T + 1, as_of=LATER)
    assert it.state(as_of=LATER, complete=True) is not one
    assert json.dumps(one) == before


def test_a_loaded_state_is_left_as_it_is() -> None:
    state = {"updated_at": at(5), "read_from": at(0), "emitted": {at(1): [1]}}
    before = json.dumps(state)
    it = cursor(state=state)
    it.remember(2, T + 1, as_of=LATER)
    it.advance(T + 9, as_of=LATER)
    assert json.dumps(state) == before


def test_the_plain_state_of_airbytes_own_connector_is_understood() -> None:
    it = cursor(start=0, state={"updated_at": at(1_000)})
    assert it.read_from == T + 1_000 - LOOKBACK_SECONDS
    assert it.is_unseen(1, T + 1_000)
    assert saved(it)["updated_at"] == at(1_000)


def test_a_state_of_airbytes_own_connector_that_lies_ahead_is_the_start() -> None:
    """It follows the newest row, whatever that is dated."""
    it = UpdatedAtCursor(T)
    it.load({"updated_at": at(1_000_000)}, now=T + 1_000)
    assert it.read_from == T
    it.load({"updated_at": at(1_000)}, now=T + 1_000)
    assert it.read_from == T + 1_000 - LOOKBACK_SECONDS


def test_a_state_of_this_connector_may_lie_ahead_of_a_clock_that_is_behind() -> None:
    it = UpdatedAtCursor(T)
    it.load({"updated_at": at(1_000_000), "read_from": at(900_000), "emitted": {}}, now=T + 1_000)
    assert it.read_from == T + 900_000


def test_a_later_start_date_beats_an_older_state() -> None:
    it = cursor(start=T + 500, state={"updated_at": at(10), "read_from": at(0), "emitted": {at(5): [1]}})
    assert it.read_from == T + 500
    assert saved(it)["updated_at"] == at(500)


def test_an_earlier_start_date_does_not_move_a_state_back() -> None:
    it = cursor(start=0, state={"updated_at": at(1_000), "read_from": at(700), "emitted": {}})
    assert it.read_from == T + 700


@pytest.mark.parametrize("state", [{}, {"updated_at": None}, {"updated_at": ""}])
def test_an_empty_state_is_the_start(state: dict[str, Any]) -> None:
    it = cursor(state={"updated_at": at(1_000)})
    it.load(state)
    assert it.read_from == T


@pytest.mark.parametrize(
    "state",
    [
        {"updated_at": "yesterday"},
        {"updated_at": 1706659200},
        {"updated_at": ["2024-01-31T00:00:00Z"]},
        {"updated_at": "P1D"},
        {"updated_at": at(1), "read_from": None},
        {"updated_at": at(1), "read_from": 5},
        {"updated_at": at(1), "read_from": "soon"},
        {"updated_at": at(1), "emitted": None},
        {"updated_at": at(1), "emitted": [1]},
        {"updated_at": at(1), "emitted": {"soon": [1]}},
        {"updated_at": at(1), "emitted": {at(1): None}},
        {"updated_at": at(1), "emitted": {at(1): 5}},
        {"updated_at": at(1), "emitted": {at(1): [[1]]}},
        {"updated_at": at(1), "emitted": {at(1): "seventeen"}},
        {"updated_at": at(1), "emitted": {at(1): [1.5]}},
        {"updated_at": at(1), "emitted": {at(1): [None]}},
    ],
)
def test_a_state_that_cannot_be_read_is_refused(state: dict[str, Any]) -> None:
    with pytest.raises((TypeError, ValueError, AttributeError)):
        cursor(state=state)


@given(rows=rows_of_a_sync, as_of=st.integers(0, 3_000), complete=st.booleans())
def test_a_state_that_is_loaded_and_saved_again_says_the_same(
    rows: list[tuple[int, int]], as_of: int, complete: bool
) -> None:
    it = cursor()
    for row_id, after in sorted(rows, key=lambda row: row[1]):
        it.remember(row_id, T + after, as_of=T + as_of)
        it.advance(T + after, as_of=LATER)
    state = saved(it, as_of=T + as_of, complete=complete)
    assert saved(cursor(state=state), as_of=T + as_of, complete=complete) == state


@pytest.mark.parametrize("complete", [True, False])
@pytest.mark.parametrize("rows", [REMEMBERED_ROWS, REMEMBERED_ROWS + 1, 5_000])
def test_the_state_has_a_bound_when_thousands_of_rows_share_a_second(rows: int, complete: bool) -> None:
    it = cursor()
    for row_id in range(rows):
        it.remember(row_id, T + 1_000, as_of=LATER)
    it.advance(T + 1_000, as_of=LATER)
    state = saved(it, complete=complete)
    assert len(json.dumps(state)) < 20_000
    again = cursor(state=state)
    assert again.is_unseen(rows + 1, T + 1_001)
    if complete:
        assert not any(again.is_unseen(row_id, T + 1_000) for row_id in range(rows))
    else:
        assert again.is_unseen(rows + 1, T + 1_000), "the rest of the second is still to come"


def test_the_oldest_rows_are_forgotten_first() -> None:
    it = cursor()
    for row_id in range(2_000):
        it.remember(row_id, T + 1_000 + row_id // 100, as_of=LATER)
    it.advance(T + 1_019, as_of=LATER)
    state = saved(it)
    assert list(state["emitted"]) == [at(1_000 + second) for second in range(10, 20)]
    assert state["read_from"] == at(1_010)
    assert not any(cursor(state=state).is_unseen(row_id, T + 1_000 + row_id // 100) for row_id in range(2_000))


def test_many_ids_of_a_second_are_saved_as_ranges() -> None:
    it = cursor()
    for row_id in [*range(1, 201), 300]:
        it.remember(row_id, T + 1_000, as_of=T + 1_010)
    it.advance(T + 1_000, as_of=T + 1_010)
    state = saved(it, as_of=T + 1_010)
    assert state["emitted"] == {at(1_000): "1-200,300"}
    assert not any(cursor(state=state).is_unseen(row_id, T + 1_000) for row_id in [*range(1, 201), 300])
    assert cursor(state=state).is_unseen(201, T + 1_000)


def test_rows_that_become_visible_late_are_new_after_a_bulk_update_of_any_size() -> None:
    """What is not settled is not forgotten: 5,000 rows of a second are read at once, one becomes visible later."""
    it = cursor()
    for row_id in range(5_000):
        it.remember(row_id, T + 1_000, as_of=T + 1_005)
    it.advance(T + 1_000, as_of=T + 1_005)
    state = saved(it, as_of=T + 1_005)
    assert len(json.dumps(state)) < 1_000
    again = cursor(state=state)
    assert again.is_unseen(5_000, T + 1_000)
    assert not any(again.is_unseen(row_id, T + 1_000) for row_id in range(5_000))


def test_no_state_holds_more_than_its_bound_and_what_is_forgotten_is_emitted_again() -> None:
    it = cursor()
    for row_id in range(MAX_REMEMBERED_ROWS + 1):
        it.remember(row_id, T + 1_000 + row_id % 2, as_of=T + 1_005)
    it.advance(T + 1_001, as_of=T + 1_005)
    again = cursor(state=saved(it, as_of=T + 1_005))
    assert all(again.is_unseen(row_id, T + 1_000) for row_id in range(0, MAX_REMEMBERED_ROWS, 2))
    assert not any(again.is_unseen(row_id, T + 1_001) for row_id in range(1, MAX_REMEMBERED_ROWS, 2))
