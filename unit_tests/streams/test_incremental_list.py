"""Lists that come in no order of time, some of which can be filtered by it."""

import logging
from typing import Any

import pytest
import requests_mock
from airbyte_cdk.models import SyncMode
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_freshdesk import instants
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.retrieval.stable_list import MAX_PASSES
from source_freshdesk.state.updated_at_cursor import LOOKBACK_SECONDS
from source_freshdesk.streams.companies import Companies
from source_freshdesk.streams.contacts import Contacts
from source_freshdesk.streams.incremental import IncrementalList
from source_freshdesk.streams.surveys import SatisfactionRatings
from source_freshdesk.streams.time_entries import TimeEntries
from unit_tests.support import API, ago, answer, ids, no_schema, queries, read, records, refusal, warnings

COMPANIES, CONTACTS = f"{API}companies", f"{API}contacts"
TERMS, RATINGS = f"{API}terms", f"{API}surveys/satisfaction_ratings"
UNKNOWN = {"json": {"errors": [{"field": "f", "code": "invalid_field"}]}, "status_code": 400}
STATE = {"updated_at": ago(1_000), "read_from": ago(1_300), "emitted": {}}


def row(row_id: int, seconds_ago: int = 500) -> dict[str, Any]:
    return {"id": row_id, "updated_at": ago(seconds_ago)}


def page(*rows: dict[str, Any], more: int | None = None, of: str = "companies") -> dict[str, Any]:
    """An answer with these rows; `more` is the page that its link leads to."""
    if more is None:
        return answer(list(rows))
    return answer(list(rows), Link=f'<{API}{of}?per_page=100&page={more}>; rel="next"')


@pytest.fixture
def companies(api: FreshdeskApi) -> Companies:
    return Companies(api, start=instants.EPOCH)


@pytest.fixture
def contacts(api: FreshdeskApi) -> Contacts:
    return Contacts(api, start=instants.EPOCH, fetch_details=False)


def test_all_history_is_asked_for_without_a_filter(server: requests_mock.Mocker, companies: Companies) -> None:
    server.get(COMPANIES, [page(row(1))])
    assert ids(records(companies)) == [1]
    assert queries(server, "companies") == [{"per_page": ["100"]}]


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


def test_a_sync_without_news_keeps_its_place(server: requests_mock.Mocker, companies: Companies) -> None:
    companies.state = STATE
    server.get(COMPANIES, [page()])
    assert records(companies) == []
    assert companies.state == STATE


def test_a_single_page_is_read_once(server: requests_mock.Mocker, companies: Companies) -> None:
    server.get(COMPANIES, [page(row(1))])
    records(companies)
    assert server.call_count == 1


def test_a_list_of_pages_is_read_until_a_reading_brings_nothing_new(
    server: requests_mock.Mocker, companies: Companies
) -> None:
    server.get(COMPANIES, [page(row(1), more=2), page(row(2)), page(row(1), more=2), page(row(2))])
    assert ids(records(companies)) == [1, 2]
    assert server.call_count == 4


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
    assert server.call_count == 6


def test_what_changes_while_it_is_read_does_not_prolong_the_reading(
    server: requests_mock.Mocker, companies: Companies
) -> None:
    server.get(COMPANIES, [page(row(1), more=2), page(row(2)), page(row(1), more=2), page(row(2), row(3, 0))])
    assert ids(records(companies)) == [1, 2, 3]
    assert server.call_count == 4


def test_a_list_that_never_comes_to_rest_is_not_read_for_ever(
    server: requests_mock.Mocker, companies: Companies
) -> None:
    pages = [[page(row(2 * headers), more=2), page(row(2 * headers + 1))] for headers in range(MAX_PASSES + 1)]
    server.get(COMPANIES, [one for headers in pages for one in headers])
    assert len(records(companies)) == 2 * MAX_PASSES
    assert server.call_count == 2 * MAX_PASSES


def test_the_first_filter_that_freshdesk_knows_is_used(server: requests_mock.Mocker, contacts: Contacts) -> None:
    contacts.state = STATE
    server.get(CONTACTS, [UNKNOWN, page(row(1), of="contacts")])
    assert ids(records(contacts)) == [1]
    assert [next(iter(query)) for query in queries(server, "contacts")] == ["_updated_since", "updated_since"]


def test_a_filter_that_is_not_heeded_is_not_believed(
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


def test_a_list_that_is_not_there_keeps_the_state(server: requests_mock.Mocker, companies: Companies) -> None:
    companies.state = STATE
    server.get(COMPANIES, [refusal(403, "access_denied")])
    server.get(f"{API}agents/me", [answer({"id": 7})])
    assert records(companies) == []
    assert companies.state == STATE


class TestDetails:
    """Each contact is fetched singly for what its list leaves out."""

    @pytest.fixture
    def detailed(self, api: FreshdeskApi) -> Contacts:
        return Contacts(api, start=instants.EPOCH, fetch_details=True)

    def test_a_contact_comes_with_its_details(self, server: requests_mock.Mocker, detailed: Contacts) -> None:
        server.get(CONTACTS, [page(row(1), of="contacts")])
        server.get(f"{CONTACTS}/1", [answer({"id": 1, "updated_at": ago(500), "tags": ["vip"]})])
        (record,) = records(detailed)
        assert record == {"id": 1, "updated_at": ago(500), "tags": ["vip"], "blocked": False, "deleted": False}

    def test_a_contact_that_is_gone_meanwhile_goes_without(
        self, server: requests_mock.Mocker, detailed: Contacts
    ) -> None:
        server.get(CONTACTS, [page(row(1), of="contacts")])
        server.get(f"{CONTACTS}/1", [refusal(404)])
        assert ids(records(detailed)) == [1]

    def test_a_contact_whose_page_may_not_be_seen_goes_without_its_details(
        self, server: requests_mock.Mocker, detailed: Contacts
    ) -> None:
        server.get(CONTACTS, [page(row(1), of="contacts")])
        server.get(f"{CONTACTS}/1", [refusal(403, "access_denied")])
        assert ids(records(detailed)) == [1]

    def test_a_contact_that_is_known_costs_no_call(self, server: requests_mock.Mocker, detailed: Contacts) -> None:
        detailed.state = {"updated_at": ago(500), "read_from": ago(800), "emitted": {ago(500): [1]}}
        server.get(CONTACTS, [page(row(1), of="contacts")])
        assert records(detailed) == []
        assert server.call_count == 1

    def test_without_details_no_contact_is_fetched_singly(
        self, server: requests_mock.Mocker, contacts: Contacts
    ) -> None:
        server.get(CONTACTS, [page(row(1), of="contacts")])
        assert ids(records(contacts)) == [1]
        assert server.call_count == 1

    def test_a_change_between_list_and_details_is_given_once_and_none_is_lost(
        self, server: requests_mock.Mocker, api: FreshdeskApi
    ) -> None:
        """The version that came with the details is remembered, not the list's."""
        contacts = Contacts(api, start=instants.EPOCH, fetch_details=True)
        server.get(CONTACTS, [page(row(1, age), of="contacts") for age in (500, 400, 300)])
        server.get(f"{CONTACTS}/1", [answer({"id": 1, "updated_at": ago(age)}) for age in (400, 300)])
        assert [one["updated_at"] for one in records(contacts)] == [ago(400)]
        assert contacts.state["emitted"] == {ago(400): [1]}
        assert records(contacts) == []
        assert [one["updated_at"] for one in records(contacts)] == [ago(300)]


class Terms(IncrementalList):
    """A list without a filter, of which some rows tell no time."""

    resource = "terms"

    get_json_schema = no_schema


class TestWithoutFilter:
    """A list that is read whole each time; this side tells what is news."""

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

    def test_a_row_that_tells_no_time_is_always_news(self, server: requests_mock.Mocker, terms: Terms) -> None:
        server.get(TERMS, [page({"id": 1}, {"id": 2, "updated_at": None}, row(3, 500))])
        assert ids(records(terms)) == [1, 2, 3]
        assert ids(records(terms)) == [1, 2]
        assert terms.state["emitted"] == {ago(500): [3]}

    def test_rows_that_tell_no_time_move_no_state(self, server: requests_mock.Mocker, terms: Terms) -> None:
        terms.state = STATE
        server.get(TERMS, [page({"id": 1})])
        assert ids(records(terms)) == [1]
        assert terms.state == STATE

    def test_its_first_page_may_be_fetched_early(self, server: requests_mock.Mocker, terms: Terms) -> None:
        server.get(TERMS, [page(row(1))])
        terms.prefetch_first_page()
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
        with pytest.raises(AirbyteTracedException, match="does not accept the call"):
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
        """That it is not heeded is told by the time that the filter looks at."""
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


@pytest.mark.parametrize("stream", [Companies, Contacts])
def test_a_filtered_list_is_not_fetched_before_its_state_is_known(
    server: requests_mock.Mocker, api: FreshdeskApi, stream: type[Companies] | type[Contacts]
) -> None:
    made = Companies(api, start=0) if stream is Companies else Contacts(api, start=0, fetch_details=False)
    made.prefetch_first_page()
    assert api.prefetcher.submit(lambda: server.called, api.prefetcher.cancellation()).result() is False
