"""A list that this key cannot read is skipped with a reason."""

import logging

import pytest
import requests_mock
from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_freshdesk.api.errors import AccessRevoked
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from unit_tests.streams.any_list import AGENT, ME, ROLES, Roles, followed
from unit_tests.support import (
    answer,
    ids,
    queries,
    read,
    records,
    refusal,
    warnings,
)


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
    def test_the_log_says_what_the_stream_needs(
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
def test_a_stream_that_finds_the_access_revoked_ends_the_sync(
    server: requests_mock.Mocker, roles: Roles, api: FreshdeskApi, status: int, code: str | None
) -> None:
    server.get(ROLES, [refusal(status, code)])
    server.get(ME, [refusal(status, code)])
    with pytest.raises(AccessRevoked):
        read(roles)
    assert api.is_out_of_reach


def test_a_stream_to_which_alone_the_key_is_refused_closes_nothing(
    server: requests_mock.Mocker, roles: Roles, api: FreshdeskApi
) -> None:
    server.get(ROLES, [refusal(401)])
    server.get(ME, [AGENT])
    with pytest.raises(AccessRevoked):
        read(roles)
    assert not api.is_out_of_reach


def test_a_stream_that_fails_otherwise_closes_nothing(
    server: requests_mock.Mocker, roles: Roles, api: FreshdeskApi
) -> None:
    server.get(ROLES, [refusal(400)])
    with pytest.raises(AirbyteTracedException):
        read(roles)
    assert not api.is_out_of_reach


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

    def test_a_refusal_is_reported_and_not_asked_about_again(self, server: requests_mock.Mocker, roles: Roles) -> None:
        server.get(ROLES, [refusal(403, "access_denied")])
        refused = roles.probe()
        assert refused is not None
        assert refused.code == "access_denied"
        assert server.call_count == 1
