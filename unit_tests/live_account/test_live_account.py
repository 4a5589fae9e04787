"""A live account is read completely, whatever happens: `make reliability` tries more seeds."""

import pytest

from unit_tests.live_account.check import KINDS


@pytest.mark.parametrize("part", range(4))
@pytest.mark.parametrize("kind", KINDS)
def test_after_a_last_quiet_sync_all_rows_are_there_as_they_are(kind: str, part: int) -> None:
    wrong = {seed: found for number in range(40) if (found := KINDS[kind](seed := f"{part}.{number}"))}
    assert wrong == {}
