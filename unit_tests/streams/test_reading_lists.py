"""A list is read page after page, until it holds still."""

import logging

import pytest
import requests_mock
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_freshdesk.api.errors import ResourceUnavailable
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from unit_tests.streams.any_list import AGENT, ME, ROLES, Roles, followed
from unit_tests.support import (
    NOW,
    SimulatedClock,
    answer,
    ids,
    queries,
    read,
    records,
    refusal,
    warnings,
)


def test_a_list_is_read_page_after_page_and_all_but_the_last_once_more(
    server: requests_mock.Mocker, roles: Roles
) -> None:
    server.get(
        ROLES,
        [followed({"id": 1}, by=2), followed({"id": 2}, {"id": 3}, by=3), answer([{"id": 4}])] * 2,
    )
    assert ids(records(roles)) == [1, 2, 3, 4]
    pages = [{"per_page": ["100"]}, *({"per_page": ["100"], "page": [number]} for number in ("2", "3"))]
    assert queries(server, "roles") == [*pages, *pages[:2]]


def test_a_row_that_slipped_over_the_page_boundary_is_found(server: requests_mock.Mocker, roles: Roles) -> None:
    server.get(
        ROLES,
        [
            *(followed({"id": 1}, {"id": 2}, by=2), answer([{"id": 4}])),
            *(followed({"id": 2}, {"id": 3}, by=2), answer([{"id": 4}])) * 2,
        ],
    )
    assert ids(records(roles)) == [1, 2, 4, 3]
    assert server.call_count == 5


def test_a_list_of_one_page_is_read_once(server: requests_mock.Mocker, roles: Roles) -> None:
    server.get(ROLES, [answer([{"id": 1}])])
    assert ids(records(roles)) == [1]
    assert server.call_count == 1


def test_a_full_page_without_a_link_is_not_the_last(server: requests_mock.Mocker, roles: Roles) -> None:
    full = answer([{"id": number} for number in range(1, 101)])
    server.get(ROLES, [full, answer([{"id": 101}])] * 2)
    assert ids(records(roles)) == list(range(1, 102))
    assert queries(server, "roles")[1] == {"per_page": ["100"], "page": ["2"]}


def test_an_empty_page_with_a_next_one_is_not_the_end(server: requests_mock.Mocker, roles: Roles) -> None:
    server.get(ROLES, [followed(by=2), answer([{"id": 4}])])
    assert ids(records(roles)) == [4]


@pytest.mark.parametrize("rows", [[], [{"id": 1}]])
def test_a_list_that_links_on_for_ever_ends_with_a_warning(
    server: requests_mock.Mocker, roles: Roles, caplog: pytest.LogCaptureFixture, rows: list[dict[str, int]]
) -> None:
    server.get(ROLES, [followed({"id": 1}, by=2), *(followed(*rows, by=number) for number in range(3, 6))] * 2)
    with caplog.at_level(logging.WARNING):
        assert ids(records(roles)) == [1]
    assert server.call_count == 4 + 1
    (warning,) = warnings(caplog)
    assert warning == "Stream roles: roles links to page after page without new rows. It was read up to there."
    assert roles.outcome.may_checkpoint


def test_two_pages_without_new_rows_are_not_the_end(server: requests_mock.Mocker, roles: Roles) -> None:
    server.get(
        ROLES,
        [followed({"id": 1}, by=2), followed({"id": 1}, by=3), followed({"id": 1}, by=4), answer([{"id": 2}])] * 2,
    )
    assert ids(records(roles)) == [1, 2]


def test_an_empty_list_has_no_records(server: requests_mock.Mocker, roles: Roles) -> None:
    server.get(ROLES, [answer([])])
    assert records(roles) == []


def test_rows_are_of_the_declared_types(server: requests_mock.Mocker, roles: Roles) -> None:
    server.get(ROLES, [answer([{"id": "1", "name": "Admin"}])])
    assert roles.fetch().rows == [{"id": 1, "name": "Admin"}]
    assert records(roles) == [{"id": 1, "name": "Admin"}]


@pytest.mark.parametrize(("status", "code"), [(403, "require_feature"), (403, "access_denied"), (404, None)])
def test_a_list_that_is_not_there_for_a_valid_key_is_skipped_with_a_warning(
    server: requests_mock.Mocker, roles: Roles, caplog: pytest.LogCaptureFixture, status: int, code: str | None
) -> None:
    server.get(ROLES, [refusal(status, code)])
    server.get(ME, [AGENT])
    with caplog.at_level(logging.WARNING):
        assert read(roles) == []
    (warning,) = warnings(caplog)
    assert warning.startswith("Stream roles is skipped.")
    assert len(queries(server, "roles")) == 2, "a refusal counts when it comes twice"


def test_a_list_that_was_deleted_on_the_way_is_an_error(server: requests_mock.Mocker, roles: Roles) -> None:
    server.get(ROLES, [followed({"id": 1}, by=2), refusal(404)])
    with pytest.raises(ResourceUnavailable):
        records(roles)


def test_a_link_that_leads_away_is_an_error(server: requests_mock.Mocker, roles: Roles) -> None:
    server.get(ROLES, [answer([{"id": 1}], Link='</api/v2/agents?page=2>; rel="next"')])
    with pytest.raises(AirbyteTracedException, match="leads away"):
        records(roles)


def test_the_time_of_a_page_is_freshdesks(server: requests_mock.Mocker, roles: Roles, clock: SimulatedClock) -> None:
    clock.sleep(1_000)
    server.get(ROLES, [answer([])])
    assert roles.fetch().as_of == NOW


def test_without_a_date_the_time_of_a_page_is_our_own(
    server: requests_mock.Mocker, roles: Roles, clock: SimulatedClock
) -> None:
    clock.sleep(1_000)
    server.get(ROLES, [answer([], Date="")])
    assert roles.fetch().as_of == NOW + 1_000


def test_a_list_that_takes_no_size_ends_where_no_link_leads_on(server: requests_mock.Mocker, api: FreshdeskApi) -> None:
    class Unsized(Roles):
        """It is not known whether it takes a page size, nor how many rows make a page."""

        name = "roles"
        page_size = None

    server.get(ROLES, [answer([{"id": number} for number in range(1, 31)])])
    assert ids(records(Unsized(api))) == list(range(1, 31))
    assert queries(server, "roles") == [{}]


def test_a_list_that_knows_no_pages_comes_to_an_end(server: requests_mock.Mocker, roles: Roles) -> None:
    """One of the size of a page gives all of it whatever page it is asked for."""
    server.get(ROLES, [answer([{"id": number} for number in range(100)])])
    assert len(records(roles)) == 100
    assert server.call_count == 2


class TestSeveralWays:
    """A list of which no way to ask for it is known to show all."""

    class BothWays(Roles):
        """Asked for plainly and with a filter."""

        name = "roles"
        list_variants = ({}, {"state": "any"})

    @pytest.fixture
    def both(self, api: FreshdeskApi) -> Roles:
        return self.BothWays(api)

    def test_a_list_is_read_in_each_way(self, server: requests_mock.Mocker, both: Roles) -> None:
        server.get(ROLES, [answer([{"id": 1}])])
        assert ids(records(both)) == [1]
        assert queries(server, "roles") == [{"per_page": ["100"]}, {"state": ["any"], "per_page": ["100"]}]

    def test_what_only_one_way_shows_is_given_too(self, server: requests_mock.Mocker, both: Roles) -> None:
        server.get(ROLES, [answer([{"id": 1}, {"id": 2}])])
        server.get(f"{ROLES}?state=any", [answer([{"id": 2}, {"id": 3}])])
        assert ids(records(both)) == [1, 2, 3]
        assert server.call_count == 4, "each way has to bring nothing new"

    def test_each_way_is_read_page_after_page(self, server: requests_mock.Mocker, both: Roles) -> None:
        server.get(ROLES, [followed({"id": 1}, by=2), answer([{"id": 2}])])
        server.get(f"{ROLES}?state=any", [answer([{"id": 2}]), answer([{"id": 1}, {"id": 2}])])
        assert ids(records(both)) == [1, 2]

    def test_a_refusal_of_one_way_is_not_the_end_of_the_list_in_silence(
        self, server: requests_mock.Mocker, both: Roles
    ) -> None:
        server.get(ROLES, [answer([{"id": 1}])])
        server.get(f"{ROLES}?state=any", [refusal(403, "access_denied")])
        server.get(ME, [AGENT])
        records(both)
        assert both.outcome.is_skipped
