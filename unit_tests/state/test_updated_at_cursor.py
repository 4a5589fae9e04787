"""How far a stream has come."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from source_freshdesk import instants
from source_freshdesk.state.updated_at_cursor import (
    LOOKBACK_SECONDS,
    REMEMBERED_ROWS,
    SETTLING_SECONDS,
    UpdatedAtCursor,
)

T = instants.from_api("2024-01-31T00:00:00Z")
LATER = T + 10_000


def cursor(start: int = T, state: dict[str, Any] | None = None) -> UpdatedAtCursor:
    made = UpdatedAtCursor(start)
    made.load(state or {})
    return made


def saved(of: UpdatedAtCursor, *, as_of: int = LATER, complete: bool = True) -> dict[str, Any]:
    """A state as it comes back from Airbyte."""
    loaded: dict[str, Any] = json.loads(json.dumps(of.state(as_of=as_of, complete=complete)))
    return loaded


def at(seconds: int) -> str:
    return instants.to_api(T + seconds)


def test_without_a_state_all_from_the_start_is_news() -> None:
    fresh = cursor()
    assert fresh.read_from == T
    assert fresh.is_unseen(1, T)
    assert not fresh.is_unseen(1, T - 1)


def test_a_version_of_a_row_is_news_once() -> None:
    it = cursor()
    assert it.is_unseen(1, T)
    assert it.is_unseen(1, T), "asking is not taking"
    it.remember(1, T, as_of=LATER)
    assert not it.is_unseen(1, T)
    assert it.is_unseen(1, T + 1)
    assert it.is_unseen(2, T)


@pytest.mark.parametrize(
    ("watermark", "read_from"),
    [(T - 5, T), (T, T), (T + 1, T), (T + LOOKBACK_SECONDS, T), (T + LOOKBACK_SECONDS + 7, T + 7)],
)
def test_the_last_minutes_before_the_mark_are_read_again(watermark: int, read_from: int) -> None:
    it = cursor()
    it.advance(watermark)
    assert it.read_from == read_from


def test_a_state_names_the_mark_and_where_to_read_from_and_what_is_known_there() -> None:
    it = cursor()
    it.remember(23, T + 900, as_of=LATER)
    it.remember(17, T + 900, as_of=LATER)
    it.remember(5, T + 1_000, as_of=LATER)
    it.advance(T + 1_000)
    assert saved(it) == {
        "updated_at": at(1_000),
        "read_from": at(1_000 - LOOKBACK_SECONDS),
        "emitted": {at(900): [17, 23], at(1_000): [5]},
    }


def test_keys_may_be_texts_and_numbers_which_are_not_the_same() -> None:
    it = cursor()
    for key in ("23", 17, "de:5", 23):
        it.remember(key, T + 900, as_of=LATER)
    it.advance(T + 1_000)
    state = saved(it)
    assert state["emitted"] == {at(900): [17, 23, "23", "de:5"]}
    again = cursor(state=state)
    assert not any(again.is_unseen(key, T + 900) for key in (17, 23, "23", "de:5"))
    assert again.is_unseen("17", T + 900)
    assert saved(again) == state


def test_rows_and_state_may_name_their_time_otherwise() -> None:
    it = UpdatedAtCursor(T, "performed_at")
    it.load({"performed_at": at(1_000), "updated_at": at(5_000)})
    assert it.watermark == T + 1_000
    assert set(saved(it)) == {"performed_at", "read_from", "emitted"}


class TestSettling:
    """A whole list was read, in no order of time."""

    def test_the_mark_moves_to_the_newest_row(self) -> None:
        it = cursor()
        it.commit_pass({1: T + 900, 2: T + 500}, LATER)
        assert it.watermark == T + 900
        assert saved(it)["emitted"] == {at(900): [1]}

    def test_rows_that_the_next_sync_reads_again_are_remembered(self) -> None:
        it = cursor()
        it.commit_pass({1: T + 900, 2: T + 900 - LOOKBACK_SECONDS, 3: T + 899 - LOOKBACK_SECONDS}, LATER)
        assert not it.is_unseen(1, T + 900)
        assert not it.is_unseen(2, T + 900 - LOOKBACK_SECONDS)
        assert saved(it)["emitted"] == {at(900 - LOOKBACK_SECONDS): [2], at(900): [1]}

    def test_the_mark_does_not_pass_the_beginning_of_the_reading(self) -> None:
        it = cursor()
        it.commit_pass({1: T + 5_000}, T + 1_000)
        assert it.watermark == T + 1_000

    def test_what_changed_since_the_reading_began_is_left_to_the_next_sync(self) -> None:
        it = cursor()
        it.commit_pass({1: T + 1_000, 2: T + 1_001, 3: T + 500}, T + 1_000)
        assert it.is_unseen(1, T + 1_000)
        assert it.is_unseen(2, T + 1_001)

    def test_rows_that_tell_no_time_move_nothing(self) -> None:
        it = cursor()
        before = saved(it)
        it.commit_pass({1: None}, LATER)
        it.commit_pass({}, LATER)
        assert saved(it) == before

    def test_the_mark_never_moves_back(self) -> None:
        it = cursor(state={"updated_at": at(1_000)})
        it.commit_pass({1: T + 5}, LATER)
        assert it.watermark == T + 1_000


def test_rows_before_what_is_read_again_are_forgotten() -> None:
    it = cursor()
    it.remember(1, T + 1, as_of=LATER)
    it.advance(T + LOOKBACK_SECONDS + 2)
    assert saved(it)["emitted"] == {}
    assert not it.is_unseen(2, T + 1)


@pytest.mark.parametrize(
    ("seconds_ago", "is_known"),
    [
        *((0, False), (SETTLING_SECONDS, False), (SETTLING_SECONDS + 1, True)),
        # Freshdesk's clock and the one that dates its rows need not agree to the second.
        *((-SETTLING_SECONDS, False), (-SETTLING_SECONDS - 1, True)),
    ],
)
def test_a_row_that_can_change_within_its_second_is_not_taken_as_known(seconds_ago: int, is_known: bool) -> None:
    it = cursor()
    it.remember(1, LATER - seconds_ago, as_of=LATER)
    it.advance(LATER - seconds_ago)
    assert cursor(state=saved(it)).is_unseen(1, LATER - seconds_ago) is not is_known


def test_what_was_read_too_early_is_read_again_however_late_the_state_is_saved() -> None:
    it = cursor()
    it.remember(1, T + 1_000, as_of=T + 1_000)
    it.remember(2, T + 1_000, as_of=T + 1_003)
    it.advance(T + 1_000)
    again = cursor(state=saved(it, as_of=LATER))
    assert again.is_unseen(1, T + 1_000)
    assert not again.is_unseen(2, T + 1_000)


def test_what_was_settled_when_it_was_read_stays_known_though_the_state_is_saved_at_once() -> None:
    it = cursor()
    it.remember(1, T + 1_000, as_of=LATER)
    it.advance(T + 1_000)
    assert not cursor(state=saved(it, as_of=T + 1_000)).is_unseen(1, T + 1_000)


@pytest.mark.parametrize("earlier", [T - 1_000_000, T, T + 999])
def test_a_state_never_moves_back(earlier: int) -> None:
    it = cursor()
    it.advance(T + 1_000)
    before = saved(it)
    it.advance(earlier)
    assert saved(it) == before


def test_each_state_is_a_new_object() -> None:
    it = cursor()
    it.remember(1, T, as_of=LATER)
    one = it.state(as_of=LATER, complete=True)
    before = json.dumps(one)
    it.remember(2, T, as_of=LATER)
    it.remember(3, T + 1, as_of=LATER)
    it.advance(T + 1)
    assert it.state(as_of=LATER, complete=True) is not one
    assert json.dumps(one) == before


def test_a_loaded_state_is_left_as_it_is() -> None:
    state = {"updated_at": at(5), "read_from": at(0), "emitted": {at(1): [1]}}
    before = json.dumps(state)
    it = cursor(state=state)
    it.remember(2, T + 1, as_of=LATER)
    it.advance(T + 9)
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
        {"updated_at": at(1), "emitted": {at(1): "17"}},
        {"updated_at": at(1), "emitted": {at(1): [1.5]}},
        {"updated_at": at(1), "emitted": {at(1): [None]}},
    ],
)
def test_a_state_of_no_meaning_is_refused(state: dict[str, Any]) -> None:
    with pytest.raises((TypeError, ValueError, AttributeError)):
        cursor(state=state)


rows_of_a_sync = st.lists(st.tuples(st.integers(1, 50), st.integers(0, 2_000)), max_size=60)


@given(rows=rows_of_a_sync, as_of=st.integers(0, 3_000), complete=st.booleans(), memory=st.integers(0, 10))
def test_what_was_emitted_stays_known_and_what_was_not_stays_news(
    rows: list[tuple[int, int]], as_of: int, complete: bool, memory: int
) -> None:
    """After a walk through rows in order of time and a round trip of the state."""
    it = cursor()
    emitted = {(row_id, T + after) for row_id, after in rows}
    for row_id, updated_at in sorted(emitted, key=lambda row: row[1]):
        assert it.is_unseen(row_id, updated_at)
        it.remember(row_id, updated_at, as_of=T + as_of)
        it.advance(updated_at)
    watermark = max((updated_at for _, updated_at in emitted), default=T)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("source_freshdesk.state.updated_at_cursor.REMEMBERED_ROWS", memory)
        state = saved(it, as_of=T + as_of, complete=complete)
    again = cursor(state=state)
    known = sum(map(len, state["emitted"].values()))
    assert known <= memory
    # Nothing at or after the mark is lost: neither rows of later times, nor others of the mark's second if it is open.
    assert again.is_unseen(99, watermark + 1)
    assert complete or again.is_unseen(99, watermark)
    # Rows that settled are not emitted again, unless there is no room for them at the open end.
    for row_id, updated_at in emitted:
        if updated_at < T + as_of - SETTLING_SECONDS and (complete or updated_at < watermark):
            assert not again.is_unseen(row_id, updated_at)
    # A row that came too early to be sure is always read again.
    for row_id, updated_at in emitted:
        if abs(updated_at - T - as_of) <= SETTLING_SECONDS and updated_at >= watermark - LOOKBACK_SECONDS:
            assert again.is_unseen(row_id, updated_at)


@given(rows=rows_of_a_sync, as_of=st.integers(0, 3_000), complete=st.booleans())
def test_a_state_that_is_loaded_and_saved_again_says_the_same(
    rows: list[tuple[int, int]], as_of: int, complete: bool
) -> None:
    it = cursor()
    for row_id, after in sorted(rows, key=lambda row: row[1]):
        it.remember(row_id, T + after, as_of=T + as_of)
        it.advance(T + after)
    state = saved(it, as_of=T + as_of, complete=complete)
    assert saved(cursor(state=state), as_of=T + as_of, complete=complete) == state


@pytest.mark.parametrize("complete", [True, False])
@pytest.mark.parametrize("rows", [REMEMBERED_ROWS, REMEMBERED_ROWS + 1, 5_000])
def test_the_state_has_a_bound_when_thousands_of_rows_share_a_second(rows: int, complete: bool) -> None:
    it = cursor()
    for row_id in range(rows):
        it.remember(row_id, T + 1_000, as_of=LATER)
    it.advance(T + 1_000)
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
    it.advance(T + 1_019)
    state = saved(it)
    assert list(state["emitted"]) == [at(1_000 + second) for second in range(10, 20)]
    assert state["read_from"] == at(1_010)
    assert not any(cursor(state=state).is_unseen(row_id, T + 1_000 + row_id // 100) for row_id in range(2_000))
