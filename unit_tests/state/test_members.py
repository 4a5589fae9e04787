"""The rows that a list shows, as a text of a state."""

import random

import pytest

from source_freshdesk.state.members import Members

MANY = 10_000
SMALL_STATE = 64 * 1024


def members_of(versions: dict[int, int | None]) -> Members:
    members = Members()
    for row_id, changed_at in versions.items():
        members.put(row_id, changed_at)
    return members


@pytest.mark.parametrize(
    "versions", [{}, {1: 5}, {7: None, 300: 9, 158_017_609_801: 10}, dict.fromkeys(range(1, 400), 1_700_000_000)]
)
def test_a_text_gives_the_same_rows(versions: dict[int, int | None]) -> None:
    text = members_of(versions).to_text()
    again = Members.from_text(text)
    assert set(again.ids) == set(versions)
    assert all(again.knows(row_id, changed_at) for row_id, changed_at in versions.items())
    assert again.to_text() == text


def test_another_version_and_another_row_are_not_known() -> None:
    members = members_of({7: 100})
    assert not members.knows(7, 101)
    assert not members.knows(8, 100)
    members.discard(7)
    assert not members.knows(7, 100)
    assert 7 not in members


def test_ten_thousand_scattered_rows_fit_into_a_small_state() -> None:
    ids = random.Random(3).sample(range(1, 2_000_000), MANY)
    assert len(members_of({row_id: row_id for row_id in ids}).to_text()) < SMALL_STATE * 9 // 10


@pytest.mark.parametrize("text", ["", "?", "AAAA", "eJwDAAAAAAE=", members_of({1: 1, 2: 2}).to_text()[:-4]])
def test_a_text_that_is_no_such_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="the state holds"):
        Members.from_text(text)
