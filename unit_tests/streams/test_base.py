"""What all streams share."""

import logging
from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest
import requests_mock
from airbyte_cdk.models import FailureType
from airbyte_cdk.sources.streams import Stream
from airbyte_cdk.sources.streams.http import HttpStream
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_freshdesk.api.errors import AccessRevoked, ResourceUnavailable
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.api.response import SingleObject
from source_freshdesk.catalog import all_streams
from source_freshdesk.config import Config
from source_freshdesk.retrieval.parent_rows import lineage
from source_freshdesk.streams.agents import Agents
from source_freshdesk.streams.archived_tickets import ArchiveStream
from source_freshdesk.streams.base import FreshdeskStream
from source_freshdesk.streams.conversations import Conversations
from source_freshdesk.streams.fields import FieldStream
from source_freshdesk.streams.incremental import IncrementalList, IncrementalStream
from source_freshdesk.streams.ticket_lookups import TicketLookup
from source_freshdesk.streams.ticket_substream import TicketSubstream
from source_freshdesk.streams.tickets import Tickets
from unit_tests import support
from unit_tests.support import (
    API,
    NOW,
    SimulatedClock,
    answer,
    ids,
    linked,
    queries,
    read,
    records,
    refusal,
    warnings,
)

ROLES = f"{API}roles"
ME = f"{API}agents/me"
AGENT = answer({"id": 7, "ticket_scope": 1})

BASES = (
    *(FreshdeskStream, IncrementalStream, IncrementalList, FieldStream),
    *(TicketSubstream, TicketLookup, ArchiveStream),
)
OWN_CLASSES = (*BASES, *(type(stream) for stream in all_streams(support.api(), Config(support.HOST, support.KEY))))


@cache
def schema_of_ids(_stream: Stream) -> Mapping[str, Any]:
    """The schema of a list that stands for any; as its method `get_json_schema`."""
    return {"properties": {"id": {"type": ["null", "integer"]}}}


class Roles(FreshdeskStream):
    """A plain list."""

    resource = "roles"
    feature = "Roles"
    role = "an administrator"

    get_json_schema = schema_of_ids


@pytest.fixture
def roles(api: FreshdeskApi) -> Roles:
    return Roles(api)


def followed(*rows: dict[str, Any], by: int) -> dict[str, Any]:
    """An answer with these rows, and a link to that page."""
    return linked(ROLES, *rows, to=by)


def test_a_list_is_read_page_after_page_and_once_more(server: requests_mock.Mocker, roles: Roles) -> None:
    server.get(
        ROLES,
        [followed({"id": 1}, by=2), followed({"id": 2}, {"id": 3}, by=3), answer([{"id": 4}])] * 2,
    )
    assert ids(records(roles)) == [1, 2, 3, 4]
    assert queries(server, "roles") == 2 * [
        {"per_page": ["100"]},
        {"per_page": ["100"], "page": ["2"]},
        {"per_page": ["100"], "page": ["3"]},
    ]


def test_a_row_that_slipped_over_the_page_boundary_is_found(server: requests_mock.Mocker, roles: Roles) -> None:
    server.get(
        ROLES,
        [
            *(followed({"id": 1}, {"id": 2}, by=2), answer([{"id": 4}])),
            *(followed({"id": 2}, {"id": 3}, by=2), answer([{"id": 4}])) * 2,
        ],
    )
    assert ids(records(roles)) == [1, 2, 4, 3]
    assert server.call_count == 6


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


def test_an_empty_list_has_no_records(server: requests_mock.Mocker, roles: Roles) -> None:
    server.get(ROLES, [answer([])])
    assert records(roles) == []


def test_rows_are_of_the_declared_types(server: requests_mock.Mocker, roles: Roles) -> None:
    server.get(ROLES, [answer([{"id": "1", "name": "Admin"}])])
    assert roles.fetch().rows == [{"id": 1, "name": "Admin"}]
    assert records(roles) == [{"id": 1, "name": "Admin"}]


@pytest.mark.parametrize(("status", "code"), [(403, "require_feature"), (403, "access_denied"), (404, None)])
def test_a_list_that_is_not_there_for_a_good_key_is_skipped_aloud(
    server: requests_mock.Mocker, roles: Roles, caplog: pytest.LogCaptureFixture, status: int, code: str | None
) -> None:
    server.get(ROLES, [refusal(status, code)])
    server.get(ME, [AGENT])
    with caplog.at_level(logging.WARNING):
        assert read(roles) == []
    (warning,) = warnings(caplog)
    assert warning.startswith("Stream roles is skipped.")
    assert len(queries(server, "roles")) == 2, "a refusal is believed when it is said twice"


def test_a_refusal_that_does_not_last_skips_nothing(server: requests_mock.Mocker, roles: Roles) -> None:
    server.get(ROLES, [refusal(403, "access_denied"), answer([{"id": 1}])])
    server.get(ME, [AGENT])
    assert ids(records(roles)) == [1]


@pytest.mark.parametrize(("status", "code"), [(401, None), (403, "access_denied"), (404, None)])
def test_when_the_key_itself_is_refused_no_list_is_skipped(
    server: requests_mock.Mocker, roles: Roles, status: int, code: str | None
) -> None:
    server.get(ROLES, [refusal(404)])
    server.get(ME, [refusal(status, code)])
    with pytest.raises(AirbyteTracedException) as caught:
        records(roles)
    assert caught.value.failure_type is FailureType.config_error


def test_a_list_that_is_gone_on_the_way_is_an_error(server: requests_mock.Mocker, roles: Roles) -> None:
    server.get(ROLES, [followed({"id": 1}, by=2), refusal(404)])
    with pytest.raises(ResourceUnavailable):
        records(roles)


def test_a_link_that_leads_away_is_an_error(server: requests_mock.Mocker, roles: Roles) -> None:
    server.get(ROLES, [answer([{"id": 1}], Link='<https://evil.com/api/v2/roles?page=2>; rel="next"')])
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


def test_calls_are_counted_with_retries_and_single_views(server: requests_mock.Mocker, roles: Roles) -> None:
    server.get(ROLES, [refusal(500), answer([{"id": 1}])])
    server.get(f"{ROLES}/1", [answer({"id": 1})])
    records(roles)
    roles.objects.read("roles/1")
    assert roles.api.calls_of("roles") == 3


def test_a_view_that_is_not_there_is_refused(server: requests_mock.Mocker, roles: Roles) -> None:
    server.get(f"{ROLES}/1", [refusal(404)])
    with pytest.raises(ResourceUnavailable) as caught:
        roles.objects.read("roles/1")
    assert caught.value.status == 404


@pytest.mark.parametrize("own", OWN_CLASSES, ids=lambda own: own.__name__)
@pytest.mark.parametrize(
    "hook",
    [
        *("should_retry", "backoff_time", "max_retries", "max_time", "retry_factor", "raise_on_http_errors"),
        *(
            "error_message",
            "get_updated_state",
            "use_cache",
            "authenticator",
            "request_session",
            "state_checkpoint_interval",
        ),
    ],
)
def test_no_deprecated_hook_of_the_cdk_is_in_use(own: type[HttpStream], hook: str) -> None:
    assert hook not in vars(own)


def test_the_deprecated_hook_for_state_is_the_cdks_own(api: FreshdeskApi) -> None:
    for stream in all_streams(api, Config(support.HOST, support.KEY)):
        assert type(stream).get_updated_state is Stream.get_updated_state


def test_a_stream_that_is_read_whole_is_not_resumed(api: FreshdeskApi) -> None:
    """The CDK's resumable full refresh never ends for a stream that reads its own pages."""
    described = Agents(api).as_airbyte_stream()
    assert described.is_resumable is False
    assert Agents(api).cursor is None


def test_an_incremental_stream_says_how(api: FreshdeskApi) -> None:
    described = Tickets(api, start=0).as_airbyte_stream()
    assert described.default_cursor_field == ["updated_at"]
    assert described.source_defined_cursor
    assert described.source_defined_primary_key == [["id"]]


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


class TestSkipping:
    """A list that is not there for this key."""

    @pytest.mark.parametrize(
        ("status", "code", "need"),
        [
            (403, "require_feature", "It needs the feature Roles."),
            (403, "access_denied", "It needs the key of an administrator."),
            (404, None, "It needs the feature Roles."),
        ],
    )
    def test_the_user_is_told_what_the_stream_needs(
        self,
        server: requests_mock.Mocker,
        roles: Roles,
        caplog: pytest.LogCaptureFixture,
        status: int,
        code: str | None,
        need: str,
    ) -> None:
        server.get(ROLES, [refusal(status, code)])
        server.get(ME, [AGENT])
        with caplog.at_level(logging.WARNING):
            read(roles)
        (warning,) = warnings(caplog)
        assert warning.endswith(need)

    def test_a_list_that_is_there_is_not_called_skipped(
        self, server: requests_mock.Mocker, roles: Roles, caplog: pytest.LogCaptureFixture
    ) -> None:
        server.get(ROLES, [answer([])])
        with caplog.at_level(logging.WARNING):
            assert read(roles) == []
        assert warnings(caplog) == []

    def test_the_words_of_freshdesk_are_kept(self, server: requests_mock.Mocker, roles: Roles) -> None:
        server.get(ROLES, [refusal(403, "require_feature")])
        server.get(ME, [AGENT])
        records(roles)
        assert roles.outcome.is_skipped
        assert "GET /api/v2/roles -> 403: Words of Freshdesk" in roles.outcome.skip_reason


@pytest.mark.parametrize(("status", "code"), [(401, None), (403, "account_suspended")])
def test_a_stream_that_finds_the_account_closed_tells_the_others(
    server: requests_mock.Mocker, roles: Roles, api: FreshdeskApi, status: int, code: str | None
) -> None:
    server.get(ROLES, [refusal(status, code)])
    server.get(ME, [refusal(status, code)])
    with pytest.raises(AccessRevoked):
        read(roles)
    assert api.is_access_revoked


def test_a_stream_to_which_alone_the_key_is_refused_closes_nothing(
    server: requests_mock.Mocker, roles: Roles, api: FreshdeskApi
) -> None:
    server.get(ROLES, [refusal(401)])
    server.get(ME, [AGENT])
    with pytest.raises(AccessRevoked):
        read(roles)
    assert not api.is_access_revoked


def test_a_stream_that_fails_otherwise_closes_nothing(
    server: requests_mock.Mocker, roles: Roles, api: FreshdeskApi
) -> None:
    server.get(ROLES, [refusal(400)])
    with pytest.raises(AirbyteTracedException):
        read(roles)
    assert not api.is_access_revoked


class TestProbing:
    """Whether a key can read a stream."""

    def test_one_row_is_asked_for(self, server: requests_mock.Mocker, roles: Roles) -> None:
        server.get(ROLES, [followed({"id": 1}, by=2)])
        assert roles.probe() is None
        assert queries(server, "roles") == [{"per_page": ["1"]}]

    def test_a_list_that_takes_no_size_is_asked_as_it_is_read(
        self, server: requests_mock.Mocker, api: FreshdeskApi
    ) -> None:
        class Unsized(Roles):
            """With a query of its own."""

            page_size = None
            list_variants = ({"include": "section"},)

        server.get(ROLES, [answer([])])
        assert Unsized(api).probe() is None
        assert queries(server, "roles") == [{"include": ["section"]}]

    def test_a_refusal_is_told_and_not_asked_about_again(self, server: requests_mock.Mocker, roles: Roles) -> None:
        server.get(ROLES, [refusal(403, "access_denied")])
        refused = roles.probe()
        assert refused is not None
        assert refused.code == "access_denied"
        assert server.call_count == 1


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
        roles.prefetch_first_page()
        roles.prefetch_first_page()
        assert ids(records(roles)) == [1]
        assert server.call_count == 1

    def test_a_refusal_that_came_early_is_believed_as_late_as_any(
        self, server: requests_mock.Mocker, roles: Roles
    ) -> None:
        server.get(ROLES, [refusal(403, "access_denied"), answer([{"id": 1}])])
        server.get(ME, [AGENT])
        roles.prefetch_first_page()
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
        groups.prefetch_first_page()
        read(roles)
        assert ids(records(groups)) == [2]
        assert server.call_count == 2

    def test_a_stream_whose_first_page_depends_on_its_state_is_not_fetched_early(
        self, server: requests_mock.Mocker, api: FreshdeskApi
    ) -> None:
        for stream in (Tickets(api, start=0), Conversations(api, Tickets(api))):
            stream.prefetch_first_page()
        assert api.prefetcher.submit(lambda: server.called, api.prefetcher.cancellation()).result() is False


def test_the_calls_of_a_stream_are_told_once_and_with_those_for_its_parents(
    server: requests_mock.Mocker, api: FreshdeskApi, roles: Roles
) -> None:
    server.get(ROLES, [answer([{"id": 1}])])
    below = Roles(api, roles)
    records(roles)
    records(below)
    assert api.drain_call_count(lineage(below)) == 2
    assert api.drain_call_count(lineage(roles)) == 0


def test_a_key_of_several_fields_is_told_as_one(api: FreshdeskApi) -> None:
    class Pairs(Roles):
        """Rows that only two fields tell apart."""

        primary_key = ["id", "language"]  # noqa: RUF012 - the CDK asks for a list

    assert Pairs(api).new_list().key_of({"id": 5, "language": "de"}) == "5:de"
    assert Roles(api).new_list().key_of({"id": 5, "language": "de"}) == 5


def test_a_single_object_is_a_list_of_one(server: requests_mock.Mocker, api: FreshdeskApi) -> None:
    class Settings(Roles):
        """One object, which has no id."""

        primary_key = "language"
        resource = "settings"
        shape = SingleObject(("language",))
        page_size = None

    server.get(f"{API}settings", [answer({"language": "en"})])
    assert records(Settings(api)) == [{"language": "en"}]
    assert server.call_count == 1


class TestAgents:
    """The list of agents leaves out memberships."""

    def test_an_agent_comes_with_its_memberships(self, server: requests_mock.Mocker, api: FreshdeskApi) -> None:
        server.get(f"{API}agents", [answer([{"id": 1, "type": "support_agent"}])])
        server.get(f"{API}agents/1", [answer({"id": 1, "group_ids": [5], "role_ids": [6]})])
        assert records(Agents(api)) == [{"id": 1, "type": "support_agent", "group_ids": [5], "role_ids": [6]}]

    def test_an_agent_that_was_deleted_meanwhile_comes_as_the_list_has_it(
        self, server: requests_mock.Mocker, api: FreshdeskApi
    ) -> None:
        server.get(f"{API}agents", [answer([{"id": 1}])])
        server.get(f"{API}agents/1", [refusal(404)])
        assert ids(records(Agents(api))) == [1]

    def test_agents_whose_pages_are_refused_come_as_the_list_has_them(
        self, server: requests_mock.Mocker, api: FreshdeskApi, caplog: pytest.LogCaptureFixture
    ) -> None:
        server.get(f"{API}agents", [answer([{"id": number} for number in range(1, 101)])])
        for number in range(1, 101):
            server.get(f"{API}agents/{number}", [refusal(403, "access_denied")])
        with caplog.at_level(logging.WARNING):
            assert ids(records(Agents(api))) == list(range(1, 101))
        (warning,) = [entry.getMessage() for entry in caplog.records if "lacks" in entry.getMessage()]
        assert warning.startswith("Stream agents lacks the fields that only the page of each row contains.")
