"""Filters by time, and lists without one."""

import logging
from typing import Any

import pytest
import requests_mock
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_freshdesk import instants
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.streams.companies import Companies
from source_freshdesk.streams.contacts import Contacts
from source_freshdesk.streams.surveys import SatisfactionRatings
from source_freshdesk.streams.time_entries import TimeEntries
from unit_tests.streams.filtered_lists import COMPANIES, CONTACTS, RATINGS, STATE, TERMS, UNKNOWN, Terms, page, row
from unit_tests.support import API, ago, answer, ids, queries, read, records, refusal, warnings
from unit_tests.support import api as make_api


def test_all_history_is_asked_for_without_a_filter(server: requests_mock.Mocker, companies: Companies) -> None:
    server.get(COMPANIES, [page(row(1))])
    assert ids(records(companies)) == [1]
    assert queries(server, "companies") == [{"per_page": ["100"]}]


def test_the_first_filter_that_freshdesk_knows_is_used(server: requests_mock.Mocker, contacts: Contacts) -> None:
    contacts.state = STATE
    server.get(CONTACTS, [UNKNOWN, page(row(1), of="contacts")])
    assert ids(records(contacts)) == [1]
    assert [next(iter(query)) for query in queries(server, "contacts")] == ["_updated_since", "updated_since"]


def test_a_filter_that_is_not_applied_is_not_accepted(
    server: requests_mock.Mocker, companies: Companies, caplog: pytest.LogCaptureFixture
) -> None:
    companies.state = STATE
    server.get(COMPANIES, [page(row(1, 90_000), row(2))])
    with caplog.at_level(logging.WARNING):
        assert ids(records(companies)) == [2]
    assert queries(server, "companies")[-1] == {"per_page": ["100"]}
    assert sum("does not filter its list of companies" in message for message in caplog.messages) == 1


def test_a_filter_that_failed_once_is_not_tried_again(
    server: requests_mock.Mocker, companies: Companies, caplog: pytest.LogCaptureFixture
) -> None:
    companies.state = STATE
    server.get(COMPANIES, [UNKNOWN, page(row(1), more=2), page(row(2)), page(row(1), more=2), page(row(2))])
    with caplog.at_level(logging.WARNING):
        assert ids(records(companies)) == [1, 2]
    assert sum("updated_since" in query for query in queries(server, "companies")) == 1
    assert sum("does not filter" in message for message in caplog.messages) == 1


class TestWithoutFilter:
    """A list that is read whole each time; this side decides what is new."""

    @pytest.fixture
    def terms(self, api: FreshdeskApi) -> Terms:
        return Terms(api)

    def test_it_is_asked_for_in_the_same_way_whatever_the_state(
        self, server: requests_mock.Mocker, terms: Terms
    ) -> None:
        terms.state = STATE
        server.get(TERMS, [page(row(1, 2_000), row(2, 500))])
        assert ids(records(terms)) == [2]
        assert queries(server, "terms") == [{"per_page": ["100"]}]
        assert terms.state["updated_at"] == ago(500)

    def test_a_row_that_was_never_listed_is_new_however_old_it_is(
        self, server: requests_mock.Mocker, terms: Terms
    ) -> None:
        server.get(TERMS, [page(row(1, 90_000), row(2, 500))])
        records(terms)
        for new in ([3], []):
            terms.state = terms.state
            server.get(TERMS, [page(row(1, 90_000), row(2, 500), row(3, 80_000))])
            assert ids(records(terms)) == new

    def test_a_row_that_returns_to_an_older_version_is_new(self, server: requests_mock.Mocker, terms: Terms) -> None:
        server.get(TERMS, [page(row(1, 90_000), row(2, 500))])
        records(terms)
        terms.state = terms.state
        server.get(TERMS, [page(row(1, 95_000), row(2, 500))])
        assert ids(records(terms)) == [1]

    def test_a_list_that_is_too_long_to_be_remembered_moves_its_state_all_the_same(
        self, server: requests_mock.Mocker, terms: Terms, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("source_freshdesk.state.updated_at_cursor.MAX_VERSIONS", 1)
        server.get(TERMS, [page(row(1, 90_000), row(2, 500))])
        records(terms)
        assert terms.state["updated_at"] == ago(500)
        assert "older" not in terms.state
        assert ids(records(terms)) == []

    def test_a_row_that_carries_no_time_is_always_new(self, server: requests_mock.Mocker, terms: Terms) -> None:
        server.get(TERMS, [page({"id": 1}, {"id": 2, "updated_at": None}, row(3, 500))])
        assert ids(records(terms)) == [1, 2, 3]
        assert ids(records(terms)) == [1, 2]
        assert terms.state["emitted"] == {ago(500): [3]}

    def test_rows_that_carry_no_time_move_no_state(self, server: requests_mock.Mocker, terms: Terms) -> None:
        terms.state = STATE
        server.get(TERMS, [page({"id": 1})])
        assert ids(records(terms)) == [1]
        assert terms.state == STATE | {"listed": terms.state["listed"]}

    def test_its_first_page_may_be_fetched_early(self, server: requests_mock.Mocker, terms: Terms) -> None:
        server.get(TERMS, [page(row(1))])
        terms.prefetch({})
        assert ids(records(terms)) == [1]
        assert server.call_count == 1

    def test_that_it_is_not_filtered_is_no_surprise(
        self, server: requests_mock.Mocker, terms: Terms, caplog: pytest.LogCaptureFixture
    ) -> None:
        terms.state = STATE
        server.get(TERMS, [page(row(1, 90_000))])
        with caplog.at_level(logging.WARNING):
            assert records(terms) == []
        assert warnings(caplog) == []

    def test_an_unknown_field_is_an_error_where_none_was_sent(self, server: requests_mock.Mocker, terms: Terms) -> None:
        server.get(TERMS, [UNKNOWN])
        with pytest.raises(AirbyteTracedException, match="rejected the request"):
            records(terms)


class TestFilterByAnotherTime:
    """Ratings can be asked for by when they were given, not by when they were changed."""

    @pytest.fixture
    def ratings(self, api: FreshdeskApi) -> SatisfactionRatings:
        return SatisfactionRatings(api, start=instants.EPOCH, lookback_days=14)

    def rating(self, rating_id: int, changed: int, given: int) -> dict[str, Any]:
        return row(rating_id, changed) | {"created_at": ago(given)}

    def test_all_history_is_asked_for_since_the_list_may_leave_it_out_unasked(
        self, server: requests_mock.Mocker, ratings: SatisfactionRatings
    ) -> None:
        server.get(RATINGS, [page(self.rating(1, 500, 500))])
        assert ids(records(ratings)) == [1]
        (query,) = queries(server, "surveys/satisfaction_ratings")
        assert query["created_since"] == ["1970-01-01t00:00:00z"]

    def test_a_sync_looks_back_for_ratings_that_were_changed_since(
        self, server: requests_mock.Mocker, ratings: SatisfactionRatings
    ) -> None:
        ratings.state = STATE
        server.get(RATINGS, [page(self.rating(1, 90_000, 90_000), self.rating(2, 100, 90_000), self.rating(3, 50, 50))])
        assert ids(records(ratings)) == [2, 3]
        (query,) = queries(server, "surveys/satisfaction_ratings")
        assert query["created_since"] == [ago(1_300 + 14 * 86_400 + 1).lower()]

    def test_without_a_lookback_only_new_ratings_are_asked_for(
        self, server: requests_mock.Mocker, api: FreshdeskApi
    ) -> None:
        ratings = SatisfactionRatings(api, start=instants.EPOCH, lookback_days=0)
        ratings.state = STATE
        server.get(RATINGS, [page()])
        records(ratings)
        assert queries(server, "surveys/satisfaction_ratings")[0]["created_since"] == [ago(1_301).lower()]

    def test_a_rating_changed_before_the_start_date_is_not_given(
        self, server: requests_mock.Mocker, api: FreshdeskApi
    ) -> None:
        ratings = SatisfactionRatings(api, start=instants.from_api(ago(1_000)), lookback_days=14)
        server.get(RATINGS, [page(self.rating(1, 2_000, 3_000), self.rating(2, 500, 3_000))])
        assert ids(records(ratings)) == [2]

    @pytest.mark.parametrize("heeded", [UNKNOWN, None])
    def test_without_its_filter_it_is_an_error_since_the_list_may_leave_rows_out(
        self, server: requests_mock.Mocker, ratings: SatisfactionRatings, heeded: dict[str, Any] | None
    ) -> None:
        """That it is not heeded shows in the time that the filter looks at."""
        ratings.state = STATE
        server.get(RATINGS, [heeded or page(self.rating(1, 100, 90 * 86_400))])
        with pytest.raises(AirbyteTracedException, match="does not filter its list of satisfaction_ratings"):
            records(ratings)
        assert ratings.state == STATE

    def test_a_refusal_of_the_feature_skips_the_stream(
        self, server: requests_mock.Mocker, ratings: SatisfactionRatings, caplog: pytest.LogCaptureFixture
    ) -> None:
        server.get(RATINGS, [refusal(403, "require_feature")])
        server.get(f"{API}agents/me", [answer({"id": 7})])
        with caplog.at_level(logging.WARNING):
            assert read(ratings) == []
        (warning,) = warnings(caplog)
        assert warning.endswith("It needs the feature Surveys.")
        assert ratings.state == {}


class TestTimeEntries:
    """It is not known whether the list goes back for ever unasked, nor what a filter leaves out."""

    def test_they_are_read_both_ways(self, server: requests_mock.Mocker, api: FreshdeskApi) -> None:
        server.get(f"{API}time_entries", [page(row(1), row(2))])
        server.get(f"{API}time_entries?executed_after=1970-01-01T00:00:00Z", [page(row(2), row(3, 90_000))])
        assert ids(records(TimeEntries(api))) == [1, 2, 3]

    def test_the_state_covers_both_ways(self, server: requests_mock.Mocker, api: FreshdeskApi) -> None:
        entries = TimeEntries(api)
        server.get(f"{API}time_entries", [page(row(1, 900))])
        server.get(f"{API}time_entries?executed_after=1970-01-01T00:00:00Z", [page(row(3, 700))])
        records(entries)
        assert entries.state["updated_at"] == ago(700)
        again = TimeEntries(api)
        again.state = entries.state
        assert records(again) == []

    def test_a_refusal_of_one_way_keeps_the_state(self, server: requests_mock.Mocker, api: FreshdeskApi) -> None:
        entries = TimeEntries(api)
        server.get(f"{API}time_entries", [page(row(1))])
        server.get(f"{API}time_entries?executed_after=1970-01-01T00:00:00Z", [refusal(403, "access_denied")])
        server.get(f"{API}agents/me", [answer({"id": 7})])
        records(entries)
        assert entries.state == {}


@pytest.mark.parametrize(("stream", "lists"), [(Companies, 1), (Contacts, 3)])
def test_a_filtered_list_is_fetched_early_by_its_state(
    server: requests_mock.Mocker, stream: type[Companies] | type[Contacts], lists: int
) -> None:
    api = make_api(num_workers=1)
    made = Companies(api, start=0) if stream is Companies else Contacts(api, start=0, fetch_details=False)
    server.get(f"{API}{made.resource}", [page(row(1))])
    made.prefetch(STATE)
    made.prefetch(STATE)
    assert calls_so_far(api, server) == lists
    made.state = STATE
    assert ids(records(made)) == [1]
    assert server.call_count == lists, "none is asked for again"


def test_a_state_that_cannot_be_read_fetches_nothing_early(server: requests_mock.Mocker) -> None:
    api = make_api(num_workers=1)
    Companies(api, start=0).prefetch({"updated_at": 7})
    assert calls_so_far(api, server) == 0


def calls_so_far(api: FreshdeskApi, server: requests_mock.Mocker) -> int:
    """How many calls the jobs made that were submitted so far. The one worker does them in their order."""
    return api.prefetcher.submit(lambda: server.call_count, api.prefetcher.cancellation()).result()
