"""Which versions are new, and how the watermark moves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from source_freshdesk import instants
from source_freshdesk.state.updated_at_cursor import (
    LOOKBACK_SECONDS,
    SETTLING_SECONDS,
)
from unit_tests.state.cursors import LATER, T, at, cursor, rows_of_a_sync, saved


def test_a_version_of_a_row_is_new_once() -> None:
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
def test_the_last_minutes_before_the_watermark_are_read_again(watermark: int, read_from: int) -> None:
    it = cursor()
    it.advance(watermark, as_of=LATER)
    assert it.read_from == read_from


class TestUnsettledInstants:
    """An instant is settled when it was read at least the look-back after it."""

    def test_what_a_slow_sync_read_early_is_read_again_however_far_the_watermark_moves(self) -> None:
        it = cursor()
        it.advance(T + 1_000, as_of=T + 1_010)
        it.advance(T + 2_000, as_of=T + 2_010)
        assert it.read_from == T + 1_010 - LOOKBACK_SECONDS + 1
        assert cursor(state=saved(it, as_of=T + 2_010)).read_from == it.read_from

    def test_part_of_the_time_that_was_settled_before_is_not_read_again(self) -> None:
        it = cursor()
        it.advance(T + 1_000, as_of=T + 1_000 + LOOKBACK_SECONDS)
        it.advance(T + 2_000, as_of=T + 2_010)
        assert it.read_from == T + 2_000 - LOOKBACK_SECONDS

    def test_the_next_sync_settles_what_it_reads_again(self) -> None:
        it = cursor()
        it.advance(T + 1_000, as_of=T + 1_010)
        it.advance(T + 2_000, as_of=T + 2_010)
        again = cursor(state=saved(it, as_of=T + 2_010))
        again.advance(T + 2_000, as_of=LATER)
        again.advance(T + 5_000, as_of=LATER)
        assert again.read_from == T + 5_000 - LOOKBACK_SECONDS


def test_keys_may_be_texts_and_numbers_which_are_not_the_same() -> None:
    it = cursor()
    for key in ("23", 17, "de:5", 23):
        it.remember(key, T + 900, as_of=LATER)
    it.advance(T + 1_000, as_of=LATER)
    state = saved(it)
    assert state["emitted"] == {at(900): [17, 23, "23", "de:5"]}
    again = cursor(state=state)
    assert not any(again.is_unseen(key, T + 900) for key in (17, 23, "23", "de:5"))
    assert again.is_unseen("17", T + 900)
    assert saved(again) == state


class TestSettling:
    """A whole list was read, in no order of time."""

    def test_the_watermark_moves_to_the_newest_row(self) -> None:
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

    def test_the_watermark_does_not_pass_the_beginning_of_the_pass(self) -> None:
        it = cursor()
        it.commit_pass({1: T + 5_000}, T + 1_000)
        assert it.watermark == T + 1_000

    def test_what_changed_since_the_first_pass_started_is_left_to_the_next_sync(self) -> None:
        it = cursor()
        it.commit_pass({1: T + 1_000, 2: T + 1_001, 3: T + 500}, T + 1_000)
        assert it.is_unseen(1, T + 1_000)
        assert it.is_unseen(2, T + 1_001)

    def test_rows_that_carry_no_time_move_nothing(self) -> None:
        it = cursor()
        before = saved(it)
        it.commit_pass({1: None}, LATER)
        it.commit_pass({}, LATER)
        assert saved(it) == before

    def test_the_watermark_never_moves_back(self) -> None:
        it = cursor(state={"updated_at": at(1_000)})
        it.commit_pass({1: T + 5}, LATER)
        assert it.watermark == T + 1_000


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
    it.advance(LATER - seconds_ago, as_of=LATER)
    assert not it.is_unseen(1, LATER - seconds_ago), "this sync knows it in any case"
    assert cursor(state=saved(it)).is_unseen(1, LATER - seconds_ago) is not is_known


@given(rows=rows_of_a_sync, as_of=st.integers(0, 3_000), complete=st.booleans(), memory=st.integers(0, 10))
def test_what_was_emitted_stays_known_and_what_was_not_stays_new(
    rows: list[tuple[int, int]], as_of: int, complete: bool, memory: int
) -> None:
    """After a walk through rows in order of time and a round trip of the state."""
    it = cursor()
    emitted = {(row_id, T + after) for row_id, after in rows}
    for row_id, updated_at in sorted(emitted, key=lambda row: row[1]):
        assert it.is_unseen(row_id, updated_at)
        it.remember(row_id, updated_at, as_of=T + as_of)
        it.advance(updated_at, as_of=T + as_of)
    watermark = max((updated_at for _, updated_at in emitted), default=T)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("source_freshdesk.state.emitted_versions.REMEMBERED_ROWS", memory)
        state = saved(it, as_of=T + as_of, complete=complete)
    again = cursor(state=state)
    known = [instants.from_api(instant) - T for instant, ids in state["emitted"].items() for _ in ids]
    assert len(known) <= memory or min(known) >= as_of - LOOKBACK_SECONDS or min(known) >= watermark - T
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
