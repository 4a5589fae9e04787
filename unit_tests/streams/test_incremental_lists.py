"""Lists whose rows are not ordered by time."""

import logging

import pytest
import requests_mock
from airbyte_cdk.models import SyncMode
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_freshdesk.retrieval.stable_list import MAX_PASSES
from source_freshdesk.state.updated_at_cursor import LOOKBACK_SECONDS
from source_freshdesk.streams.companies import Companies
from unit_tests.streams.filtered_lists import COMPANIES, STATE, page, row
from unit_tests.support import API, ago, answer, ids, queries, records, refusal, warnings


def test_the_state_is_the_newest_row_and_where_to_read_on(server: requests_mock.Mocker, companies: Companies) -> None:
    server.get(COMPANIES, [page(row(1, 900), row(2, 500), row(3, 700))])
    records(companies)
    assert companies.state == {
        "updated_at": ago(500),
        "read_from": ago(500 + LOOKBACK_SECONDS),
        "emitted": {ago(700): [3], ago(500): [2]},
    }


def test_a_sync_reads_on_from_the_state_and_gives_only_what_is_new(
    server: requests_mock.Mocker, companies: Companies
) -> None:
    companies.state = {"updated_at": ago(1_000), "read_from": ago(1_300), "emitted": {ago(1_000): [1]}}
    server.get(COMPANIES, [page(row(1, 1_000), row(2, 1_000), row(3, 10))])
    assert ids(records(companies)) == [2, 3]
    assert queries(server, "companies") == [{"updated_since": [ago(1_301).lower()], "per_page": ["100"]}]


def test_the_state_moves_only_when_all_records_were_given(server: requests_mock.Mocker, companies: Companies) -> None:
    companies.state = STATE
    server.get(COMPANIES, [page(row(1), row(2))])
    for _ in companies.read_records(SyncMode.incremental):
        assert companies.state == STATE
    assert companies.state["updated_at"] == ago(500)


def test_a_sync_that_breaks_leaves_the_state(server: requests_mock.Mocker, companies: Companies) -> None:
    companies.state = STATE
    server.get(COMPANIES, [page(row(1), more=2), refusal(401)])
    with pytest.raises(AirbyteTracedException):
        records(companies)
    assert companies.state == STATE


def test_a_row_from_a_clock_that_is_ahead_does_not_carry_the_state_along(
    server: requests_mock.Mocker, companies: Companies
) -> None:
    server.get(COMPANIES, [page(row(1, -5_000))])
    assert ids(records(companies)) == [1]
    assert companies.state["updated_at"] == ago(0)


def test_a_sync_without_changes_keeps_its_place(server: requests_mock.Mocker, companies: Companies) -> None:
    companies.state = STATE
    server.get(COMPANIES, [page()])
    assert records(companies) == []
    assert companies.state == STATE


def test_a_single_page_is_read_once(server: requests_mock.Mocker, companies: Companies) -> None:
    server.get(COMPANIES, [page(row(1))])
    records(companies)
    assert server.call_count == 1


def test_a_list_of_pages_is_read_until_a_pass_brings_nothing_new(
    server: requests_mock.Mocker, companies: Companies
) -> None:
    server.get(COMPANIES, [page(row(1), more=2), page(row(2)), page(row(1), more=2), page(row(2))])
    assert ids(records(companies)) == [1, 2]
    assert server.call_count == 3, "the last page is not read again"


def test_a_row_that_slipped_over_the_page_boundary_is_found(server: requests_mock.Mocker, companies: Companies) -> None:
    server.get(
        COMPANIES,
        # 1 is renamed between the pages: 3 moves up to page 1, which was read already.
        [
            *(page(row(1), row(2), more=2), page(row(4))),
            *(page(row(2), row(3), more=2), page(row(4), row(1, 0))),
            *(page(row(2), row(3), more=2), page(row(4), row(1, 0))),
        ],
    )
    assert ids(records(companies)) == [1, 2, 4, 3, 1]
    assert server.call_count == 5


def test_what_changes_while_it_is_read_does_not_prolong_the_pass(
    server: requests_mock.Mocker, companies: Companies
) -> None:
    first, second = page(row(1), more=2), page(row(2))
    server.get(COMPANIES, [first, second, page(row(3, 0), row(1), more=2), page(row(2))])
    assert ids(records(companies)) == [1, 2, 3]
    assert server.call_count == 4


def test_a_list_that_never_comes_to_rest_is_not_read_without_end(
    server: requests_mock.Mocker, companies: Companies
) -> None:
    pages = [[page(row(2 * headers), more=2), page(row(2 * headers + 1))] for headers in range(MAX_PASSES + 1)]
    server.get(COMPANIES, [one for headers in pages for one in headers])
    assert len(records(companies)) == 2 * MAX_PASSES
    assert server.call_count == 2 * MAX_PASSES


def test_a_list_that_is_not_there_keeps_the_state(server: requests_mock.Mocker, companies: Companies) -> None:
    companies.state = STATE
    server.get(COMPANIES, [refusal(403, "access_denied")])
    server.get(f"{API}agents/me", [answer({"id": 7})])
    assert records(companies) == []
    assert companies.state == STATE


def test_a_state_in_the_future_is_pulled_back_with_a_warning(
    server: requests_mock.Mocker, companies: Companies, caplog: pytest.LogCaptureFixture
) -> None:
    companies.state = {"updated_at": ago(-3_600), "read_from": ago(-3_300), "emitted": {}}
    server.get(COMPANIES, [page(), page(row(1, 100))])
    with caplog.at_level(logging.WARNING):
        assert ids(records(companies)) == [1]
    assert [one for one in warnings(caplog) if "later than Freshdesk's clock" in one]
    assert companies.state["updated_at"] == ago(0)


def test_a_row_without_a_time_comes_with_the_others_and_moves_no_state(
    server: requests_mock.Mocker, companies: Companies, caplog: pytest.LogCaptureFixture
) -> None:
    server.get(COMPANIES, [page(row(1, 500), row(2) | {"updated_at": None}, row(3, 400))])
    with caplog.at_level(logging.WARNING):
        assert ids(records(companies)) == [1, 2, 3]
    (warning,) = warnings(caplog)
    assert "1 rows of companies have no valid time of their last change" in warning
    assert "(keys 2)" in warning
    assert companies.state["updated_at"] == ago(400)
