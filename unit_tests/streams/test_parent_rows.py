"""Rows that other streams need, and first pages that are prefetched."""

import pytest
import requests_mock

from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.retrieval.parent_rows import lineage
from source_freshdesk.streams.conversations import Conversations
from source_freshdesk.streams.tickets import Tickets
from unit_tests import support
from unit_tests.streams.any_list import AGENT, ME, ROLES, Roles, followed
from unit_tests.support import (
    API,
    answer,
    ids,
    queries,
    read,
    records,
    refusal,
)


class TestKeptRows:
    """What streams keep of their rows for the streams below them."""

    @pytest.fixture
    def retained(self, api: FreshdeskApi) -> Roles:
        return Roles(api, retain={"id", "name", "rank"})

    def test_the_fields_that_somebody_needs_are_kept(self, server: requests_mock.Mocker, retained: Roles) -> None:
        server.get(ROLES, [answer([{"id": 1, "name": "Admin", "description": "All of it"}])])
        assert retained.cache.kept().rows == [{"id": 1, "name": "Admin", "rank": None}]

    def test_rows_are_read_once_for_all_who_need_them(self, server: requests_mock.Mocker, retained: Roles) -> None:
        server.get(ROLES, [answer([{"id": 1}])])
        assert retained.cache.kept().rows == retained.cache.kept().rows
        assert server.call_count == 1

    def test_a_stream_that_was_read_is_not_read_for_its_rows_again(
        self, server: requests_mock.Mocker, retained: Roles
    ) -> None:
        server.get(ROLES, [answer([{"id": 1}, {"id": 2}])])
        read(retained)
        assert ids(retained.cache.kept().rows) == [1, 2]
        assert server.call_count == 1

    def test_of_a_row_that_came_twice_the_later_version_is_kept(
        self, server: requests_mock.Mocker, retained: Roles
    ) -> None:
        old, new = ({"id": 1, "name": name, "updated_at": support.ago(age)} for name, age in (("a", 500), ("b", 400)))
        server.get(ROLES, [followed(old, by=2), answer([{"id": 2}]), followed(new, by=2), answer([{"id": 2}])])
        assert [row["name"] for row in retained.cache.kept().rows] == ["b", None]

    def test_there_are_none_of_a_list_that_is_refused(self, server: requests_mock.Mocker, retained: Roles) -> None:
        server.get(ROLES, [refusal(404)])
        server.get(ME, [AGENT])
        assert retained.cache.kept().rows == []
        assert retained.outcome.is_skipped
        assert retained.cache.kept().rows == []
        assert len(queries(server, "roles")) == 2, "it is not asked for again"


class TestFollowers:
    """Streams that are read soon have their first page fetched while another is emitted."""

    def test_a_first_page_that_was_fetched_early_is_not_fetched_again(
        self, server: requests_mock.Mocker, roles: Roles
    ) -> None:
        server.get(ROLES, [answer([{"id": 1}])])
        roles.prefetch({})
        roles.prefetch({})
        assert ids(records(roles)) == [1]
        assert server.call_count == 1

    def test_it_is_used_whatever_freshdesks_clock_says(self, server: requests_mock.Mocker, roles: Roles) -> None:
        server.get(ROLES, [answer([{"id": 1}], Date="Thu, 01 Jan 2026 00:00:00 GMT")])
        roles.prefetch({})
        assert ids(records(roles)) == [1]
        assert server.call_count == 1

    def test_a_refusal_that_came_early_is_accepted_as_late_as_any(
        self, server: requests_mock.Mocker, roles: Roles
    ) -> None:
        server.get(ROLES, [refusal(403, "access_denied"), answer([{"id": 1}])])
        server.get(ME, [AGENT])
        roles.prefetch({})
        assert ids(records(roles)) == [1]

    def test_the_first_pages_of_those_that_follow_are_fetched(
        self, server: requests_mock.Mocker, api: FreshdeskApi, roles: Roles
    ) -> None:
        class Groups(Roles):
            """Comes next."""

            resource = "groups"

        server.get(ROLES, [answer([{"id": 1}])])
        server.get(f"{API}groups", [answer([{"id": 2}])])
        groups = Groups(api)
        groups.prefetch({})
        read(roles)
        assert ids(records(groups)) == [2]
        assert server.call_count == 2

    def test_a_stream_whose_first_page_depends_on_its_state_is_not_fetched_early(
        self, server: requests_mock.Mocker, api: FreshdeskApi
    ) -> None:
        for stream in (Tickets(api, start=0), Conversations(api, Tickets(api))):
            stream.prefetch({})
        assert api.prefetcher.submit(lambda: server.called, api.prefetcher.cancellation()).result() is False


def test_the_calls_of_a_stream_are_reported_once_and_with_those_for_its_parents(
    server: requests_mock.Mocker, api: FreshdeskApi, roles: Roles
) -> None:
    server.get(ROLES, [answer([{"id": 1}])])
    below = Roles(api, roles)
    records(roles)
    records(below)
    assert api.ledger.drain(lineage(below)).calls == 2
    assert api.ledger.drain(lineage(roles)).calls == 0
