"""What all streams share."""

import logging
from typing import Any

import pytest
import requests_mock
from airbyte_cdk.models import FailureType
from airbyte_cdk.sources.streams import Stream
from airbyte_cdk.sources.streams.http import HttpStream
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_freshdesk.api.client import Account
from source_freshdesk.api.errors import Refused
from source_freshdesk.streams.agents import Agents
from source_freshdesk.streams.base import FreshdeskStream, IncrementalStream
from source_freshdesk.streams.companies import Companies
from source_freshdesk.streams.conforming import Conforming
from source_freshdesk.streams.contacts import Contacts
from source_freshdesk.streams.tickets import Conversations, Tickets
from source_freshdesk.streams.unordered import UnorderedIncrementalStream
from unit_tests.support import API, NOW, SimulatedClock, answer, ids, queries, records, refusal

ROLES = f"{API}roles"
ME = f"{API}agents/me"
AGENT = answer({"id": 7, "ticket_scope": 1})

OWN_CLASSES = (
    *(FreshdeskStream, IncrementalStream, UnorderedIncrementalStream),
    *(Tickets, Conversations, Contacts, Companies, Agents),
)


class Roles(FreshdeskStream):
    """A plain list."""

    resource = "roles"

    _conforming = Conforming({"properties": {"id": {"type": ["null", "integer"]}}})


@pytest.fixture
def roles(account: Account) -> Roles:
    return Roles(account)


def followed(*rows: dict[str, Any], by: int) -> dict[str, Any]:
    """An answer with these rows, and a link to that page."""
    return answer(list(rows), Link=f'<{ROLES}?per_page=100&page={by}>; rel="next"')


def test_a_list_is_read_page_after_page_and_once_more(api: requests_mock.Mocker, roles: Roles) -> None:
    api.get(
        ROLES,
        [followed({"id": 1}, by=2), followed({"id": 2}, {"id": 3}, by=3), answer([{"id": 4}])] * 2,
    )
    assert ids(records(roles)) == [1, 2, 3, 4]
    assert queries(api, "roles") == 2 * [
        {"per_page": ["100"]},
        {"per_page": ["100"], "page": ["2"]},
        {"per_page": ["100"], "page": ["3"]},
    ]


def test_a_row_that_slipped_over_the_page_boundary_is_found(api: requests_mock.Mocker, roles: Roles) -> None:
    api.get(
        ROLES,
        [
            *(followed({"id": 1}, {"id": 2}, by=2), answer([{"id": 4}])),
            *(followed({"id": 2}, {"id": 3}, by=2), answer([{"id": 4}])) * 2,
        ],
    )
    assert ids(records(roles)) == [1, 2, 4, 3]
    assert api.call_count == 6


def test_a_list_of_one_page_is_read_once(api: requests_mock.Mocker, roles: Roles) -> None:
    api.get(ROLES, [answer([{"id": 1}])])
    assert ids(records(roles)) == [1]
    assert api.call_count == 1


def test_a_full_page_without_a_link_is_not_the_last(api: requests_mock.Mocker, roles: Roles) -> None:
    full = answer([{"id": number} for number in range(1, 101)])
    api.get(ROLES, [full, answer([{"id": 101}])] * 2)
    assert ids(records(roles)) == list(range(1, 102))
    assert queries(api, "roles")[1] == {"per_page": ["100"], "page": ["2"]}


def test_an_empty_page_with_a_next_one_is_not_the_end(api: requests_mock.Mocker, roles: Roles) -> None:
    api.get(ROLES, [followed(by=2), answer([{"id": 4}])])
    assert ids(records(roles)) == [4]


def test_an_empty_list_has_no_records(api: requests_mock.Mocker, roles: Roles) -> None:
    api.get(ROLES, [answer([])])
    assert records(roles) == []


def test_records_are_of_the_declared_types(api: requests_mock.Mocker, roles: Roles) -> None:
    api.get(ROLES, [answer([{"id": "1", "name": "Admin"}])])
    assert records(roles) == [{"id": 1, "name": "Admin"}]


@pytest.mark.parametrize(("status", "code"), [(403, "require_feature"), (403, "access_denied"), (404, None)])
def test_a_list_that_is_not_there_for_a_good_key_is_skipped_aloud(
    api: requests_mock.Mocker, roles: Roles, caplog: pytest.LogCaptureFixture, status: int, code: str | None
) -> None:
    api.get(ROLES, [refusal(status, code)])
    api.get(ME, [AGENT])
    with caplog.at_level(logging.WARNING):
        assert records(roles) == []
    (warning,) = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert warning.startswith("Stream roles is skipped.")
    assert len(queries(api, "roles")) == 2, "a refusal is believed when it is said twice"


def test_a_refusal_that_does_not_last_skips_nothing(api: requests_mock.Mocker, roles: Roles) -> None:
    api.get(ROLES, [refusal(403, "access_denied"), answer([{"id": 1}])])
    api.get(ME, [AGENT])
    assert ids(records(roles)) == [1]


@pytest.mark.parametrize(("status", "code"), [(401, None), (403, "access_denied"), (404, None)])
def test_when_the_key_itself_is_refused_no_list_is_skipped(
    api: requests_mock.Mocker, roles: Roles, status: int, code: str | None
) -> None:
    api.get(ROLES, [refusal(404)])
    api.get(ME, [refusal(status, code)])
    with pytest.raises(AirbyteTracedException) as caught:
        records(roles)
    assert caught.value.failure_type is FailureType.config_error


def test_a_list_that_is_gone_on_the_way_is_an_error(api: requests_mock.Mocker, roles: Roles) -> None:
    api.get(ROLES, [followed({"id": 1}, by=2), refusal(404)])
    with pytest.raises(Refused):
        records(roles)


def test_a_link_that_leads_away_is_an_error(api: requests_mock.Mocker, roles: Roles) -> None:
    api.get(ROLES, [answer([{"id": 1}], Link='<https://evil.com/api/v2/roles?page=2>; rel="next"')])
    with pytest.raises(AirbyteTracedException, match="leads away"):
        records(roles)


def test_the_time_of_a_page_is_freshdesks(api: requests_mock.Mocker, roles: Roles, clock: SimulatedClock) -> None:
    clock.sleep(1_000)
    api.get(ROLES, [answer([])])
    assert roles.fetch().as_of == NOW


def test_without_a_date_the_time_of_a_page_is_our_own(
    api: requests_mock.Mocker, roles: Roles, clock: SimulatedClock
) -> None:
    clock.sleep(1_000)
    api.get(ROLES, [answer([], Date="")])
    assert roles.fetch().as_of == NOW + 1_000


def test_calls_are_counted_with_retries_and_single_views(api: requests_mock.Mocker, roles: Roles) -> None:
    api.get(ROLES, [refusal(500), answer([{"id": 1}])])
    api.get(f"{ROLES}/1", [answer({"id": 1})])
    records(roles)
    roles.view("roles/1")
    assert roles.calls == 3


def test_a_view_that_is_not_there_is_refused(api: requests_mock.Mocker, roles: Roles) -> None:
    api.get(f"{ROLES}/1", [refusal(404)])
    with pytest.raises(Refused) as caught:
        roles.view("roles/1")
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


def test_the_deprecated_hook_for_state_is_the_cdks_own(account: Account) -> None:
    for stream in (Tickets(account, 0), Conversations(account, 0), Companies(account, 0)):
        assert type(stream).get_updated_state is Stream.get_updated_state


def test_a_stream_that_is_read_whole_is_not_resumed(account: Account) -> None:
    """The CDK's resumable full refresh never ends for a stream that reads its own pages."""
    described = Agents(account).as_airbyte_stream()
    assert described.is_resumable is False
    assert Agents(account).cursor is None


def test_an_incremental_stream_says_how(account: Account) -> None:
    described = Tickets(account, 0).as_airbyte_stream()
    assert described.default_cursor_field == ["updated_at"]
    assert described.source_defined_cursor
    assert described.source_defined_primary_key == [["id"]]


class TestAgents:
    """The list of agents leaves out memberships."""

    def test_an_agent_comes_with_its_memberships(self, api: requests_mock.Mocker, account: Account) -> None:
        api.get(f"{API}agents", [answer([{"id": 1, "type": "support_agent"}])])
        api.get(f"{API}agents/1", [answer({"id": 1, "group_ids": [5], "role_ids": [6]})])
        assert records(Agents(account)) == [{"id": 1, "type": "support_agent", "group_ids": [5], "role_ids": [6]}]

    def test_an_agent_that_is_gone_meanwhile_goes_without(self, api: requests_mock.Mocker, account: Account) -> None:
        api.get(f"{API}agents", [answer([{"id": 1}])])
        api.get(f"{API}agents/1", [refusal(404)])
        assert ids(records(Agents(account))) == [1]

    def test_an_agent_that_may_not_be_seen_is_an_error(self, api: requests_mock.Mocker, account: Account) -> None:
        api.get(f"{API}agents", [answer([{"id": 1}])])
        api.get(f"{API}agents/1", [refusal(403, "access_denied")])
        with pytest.raises(Refused):
            records(Agents(account))
