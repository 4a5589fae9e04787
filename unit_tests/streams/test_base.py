"""What all streams share."""

import pytest
import requests_mock
from airbyte_cdk.sources.streams import Stream
from airbyte_cdk.sources.streams.http import HttpStream

from source_freshdesk.api.errors import ResourceUnavailable
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.api.response import SingleObject
from source_freshdesk.catalog import all_streams
from source_freshdesk.config import Config
from source_freshdesk.streams.agents import AgentAvailability
from source_freshdesk.streams.tickets import Tickets
from unit_tests import support
from unit_tests.streams.any_list import OWN_CLASSES, ROLES, Roles
from unit_tests.support import (
    API,
    answer,
    records,
    refusal,
)


def test_calls_are_counted_with_retries_and_single_views(server: requests_mock.Mocker, roles: Roles) -> None:
    server.get(ROLES, [refusal(500), answer([{"id": 1}])])
    server.get(f"{ROLES}/1", [answer({"id": 1})])
    records(roles)
    roles.objects.read("roles/1")
    assert roles.api.ledger.used_by("roles").calls == 3


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
    described = AgentAvailability(api).as_airbyte_stream()
    assert described.is_resumable is False
    assert AgentAvailability(api).cursor is None


def test_an_incremental_stream_says_how(api: FreshdeskApi) -> None:
    described = Tickets(api, start=0).as_airbyte_stream()
    assert described.default_cursor_field == ["updated_at"]
    assert described.source_defined_cursor
    assert described.source_defined_primary_key == [["id"]]


def test_a_key_of_several_fields_is_joined(api: FreshdeskApi) -> None:
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
