"""Lists of every resource."""

import json

import pytest

from integration_tests.fake_freshdesk import Account, FakeFreshdesk
from integration_tests.fake_freshdesk_tests.resources.requests_made import (
    PAGED,
    RECORDED,
    WHOLE,
    get,
    ids,
    problem,
    rows_sent,
    walk,
)


@pytest.mark.parametrize(("path", "resource"), PAGED.items())
def test_a_list_has_every_record(account: Account, fake: FakeFreshdesk, path: str, resource: str) -> None:
    truth = account.table(resource).rows
    sent = list(walk(fake, path))
    assert len(truth) > 1
    assert sorted(row["id"] for row in sent) == sorted(truth)
    for row in sent:
        assert row == {key: truth[row["id"]][key] for key in row}
        assert set(truth[row["id"]]) - set(row) <= {"agent_ids"}


@pytest.mark.parametrize(("path", "resource"), WHOLE.items())
def test_a_list_without_pages_comes_whole(account: Account, fake: FakeFreshdesk, path: str, resource: str) -> None:
    assert sorted(ids(fake, path)) == sorted(account.table(resource).rows)
    assert problem(fake, path, per_page=100) == ("per_page", "invalid_field")
    assert problem(fake, path, page=1) == ("page", "invalid_field")


@pytest.mark.parametrize("path", ["time_entries", "surveys/satisfaction_ratings"])
def test_a_long_list_has_a_second_page(fake: FakeFreshdesk, path: str) -> None:
    first = get(fake, path, per_page=100)
    assert len(first.json()) == 100
    assert "next" in first.links


@pytest.mark.parametrize(
    "recording",
    [
        path.stem
        for path in sorted(RECORDED.glob("20*.json"))
        if path.stem[5:] in {*PAGED.values(), "agents", "canned_responses", "settings"}
    ],
)
def test_every_set_of_keys_that_was_recorded_is_sent(fake: FakeFreshdesk, recording: str) -> None:
    recorded = {frozenset(record) for record in json.loads((RECORDED / f"{recording}.json").read_text())}
    assert recorded <= {frozenset(row) for row in rows_sent(fake, recording[5:])}
