"""Rows that become visible late: another version of the same second, or a row with an old time."""

from typing import Any

import pytest

from source_freshdesk.records.versions import content_of
from source_freshdesk.state.updated_at_cursor import LOOKBACK_SECONDS
from unit_tests.state.cursors import LATER, T, at, cursor, saved


def test_a_second_change_within_a_second_is_new() -> None:
    """Until it is settled, a version is known by its content."""
    it, read_at, row = cursor(), T + 1_005, {"id": 1, "subject": "First"}
    it.remember(1, T + 1_000, as_of=read_at, content=content_of(row))
    it.advance(T + 1_000, as_of=read_at)
    again = cursor(state=saved(it, as_of=read_at))
    assert not again.is_unseen(1, T + 1_000, row)
    assert again.is_unseen(1, T + 1_000, row | {"subject": "Second"})
    assert again.is_unseen(2, T + 1_000, row)
    again.remember(1, T + 1_000, as_of=T + 1_000 + LOOKBACK_SECONDS, content=content_of(row))
    settled = saved(again)
    assert "unsettled" not in settled
    assert settled["emitted"] == {at(1_000): [1]}


def test_what_is_known_by_content_stays_known_though_the_next_sync_ends_before_it_reads_that() -> None:
    it, read_at, row = cursor(), T + 1_005, {"id": 1}
    it.remember(1, T + 1_000, as_of=read_at, content=content_of(row))
    it.advance(T + 1_000, as_of=read_at)
    interrupted = saved(cursor(state=saved(it, as_of=read_at)), complete=False)
    assert not cursor(state=interrupted).is_unseen(1, T + 1_000, row)


def test_a_content_that_comes_back_after_another_one_is_new() -> None:
    """A replica can show an older version once more, also to a sync that is then interrupted."""
    first, second = ({"id": 1, "subject": subject} for subject in ("First", "Second"))
    state: dict[str, Any] = {}
    for row, read_at in ((second, T + 1_005), (first, T + 1_010)):
        it = cursor(state=state)
        assert it.is_unseen(1, T + 1_000, row)
        it.remember(1, T + 1_000, as_of=read_at, content=content_of(row))
        assert not it.is_unseen(1, T + 1_000, row)
        it.advance(T + 1_000, as_of=read_at)
        state = saved(it, as_of=read_at, complete=False)
    assert it.is_unseen(1, T + 1_000, second)
    assert cursor(state=state).is_unseen(1, T + 1_000, second)


class TestWholeLists:
    """Every sync reads the list completely."""

    def test_a_row_that_was_never_listed_is_new_however_old_it_is(self) -> None:
        it = cursor()
        it.commit_pass({1: T + 5, 2: T + 9_000, "de:3": T + 6}, LATER, is_whole_list=True)
        again = cursor(state=saved(it))
        assert not any(again.is_unseen(key, T + after) for key, after in ((1, 5), ("de:3", 6), (2, 9_000)))
        assert again.is_unseen(4, T + 5)
        assert again.is_unseen(1, T + 4)

    def test_rows_before_the_start_date_are_not_wanted_until_it_is_moved_back(self) -> None:
        it = cursor(start=T + 100)
        it.commit_pass({1: T + 5, 2: T + 9_000}, LATER, is_whole_list=True)
        state = saved(it)
        assert not cursor(start=T + 100, state=state).is_unseen(1, T + 5)
        assert cursor(start=T, state=state).is_unseen(1, T + 5)

    def test_what_a_bulk_update_pushes_out_of_the_memory_is_still_known(self) -> None:
        rows: dict[int | str, int | None] = {number: T + 9_000 + number % 10 for number in range(2_000)}
        it = cursor()
        it.commit_pass(rows, LATER, is_whole_list=True)
        again = cursor(state=saved(it))
        assert not any(again.is_unseen(number, T + 9_000 + number % 10) for number in range(2_000))

    @pytest.mark.parametrize("older", ["!", "AAA=", 5, None])
    def test_a_state_that_cannot_be_read_is_refused(self, older: Any) -> None:
        with pytest.raises((TypeError, ValueError)):
            cursor(state={"updated_at": at(1), "older": older})
