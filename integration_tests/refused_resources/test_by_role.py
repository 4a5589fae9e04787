"""What only administrators may read."""

from collections import Counter
from pathlib import Path
from typing import Any

from integration_tests.conftest import API_KEY
from integration_tests.fake_freshdesk import Account, FakeFreshdesk, Options
from integration_tests.refused_resources.refusals import (
    BY_ROLE,
    FOR_ADMINISTRATORS,
    STREAMS,
    WORDS,
    assert_all_came,
    assert_skipped,
    connector_for,
    other_than,
)


def test_a_key_that_is_no_administrators_skips_what_is_for_these(
    account: Account, keys: dict[str, Counter[Any]], tmp_path: Path
) -> None:
    with FakeFreshdesk(account, API_KEY, Options(admin=False)) as fake:
        run = connector_for(fake, tmp_path).read(*STREAMS)
    assert_skipped(run, FOR_ADMINISTRATORS, WORDS[BY_ROLE])
    assert_all_came(run, other_than(FOR_ADMINISTRATORS), keys)
