"""The check says what the key can read."""

import logging
from typing import Any

import pytest
import requests_mock
from airbyte_cdk.models import (
    FailureType,
    Status,
)

from source_freshdesk import SourceFreshdesk
from unit_tests.a_source import API_PATHS, CONFIG, ME
from unit_tests.support import API, KEY, LOGGER, answer, refusal, warnings


class TestCheck:
    @pytest.fixture(autouse=True)
    def _everything_is_there(self, server: requests_mock.Mocker) -> None:
        """Every list and every object of the account."""
        everything = {"id": 1, "account_id": 1, "primary_language": "en", "export": [], "rules": [], "skills": []}
        server.get(API_PATHS, [answer([])])
        for path in ("account", "settings/helpdesk", "export/ticket_activities"):
            server.get(f"{API}{path}", [answer(everything)])

    def test_a_good_account_passes(self, server: requests_mock.Mocker, source: SourceFreshdesk) -> None:
        server.get(ME, [answer({"id": 7, "ticket_scope": 1})])
        assert source.check(LOGGER, CONFIG).status is Status.SUCCEEDED

    def test_an_agent_that_does_not_see_all_tickets_is_warned_of(
        self, server: requests_mock.Mocker, source: SourceFreshdesk, caplog: pytest.LogCaptureFixture
    ) -> None:
        server.get(ME, [answer({"id": 7, "ticket_scope": 2})])
        with caplog.at_level(logging.WARNING, logger=LOGGER.name):
            assert source.check(LOGGER, CONFIG).status is Status.SUCCEEDED
        assert any("does not see all tickets (ticket scope 2" in message for message in caplog.messages)

    @pytest.mark.parametrize("agent", [{"id": 7, "ticket_scope": 1}, {"id": 7, "ticket_scope": None}, {"id": 7}])
    def test_an_agent_that_is_not_known_to_see_less_is_not_warned_of(
        self,
        server: requests_mock.Mocker,
        source: SourceFreshdesk,
        caplog: pytest.LogCaptureFixture,
        agent: dict[str, Any],
    ) -> None:
        server.get(ME, [answer(agent)])
        with caplog.at_level(logging.WARNING, logger=LOGGER.name):
            assert source.check(LOGGER, CONFIG).status is Status.SUCCEEDED
        assert caplog.messages == []

    @pytest.mark.parametrize(
        ("status", "words"), [(401, "rejected the API key"), (403, "refuses this API key"), (404, "'domain'")]
    )
    def test_a_refused_key_is_the_users_to_fix(
        self, server: requests_mock.Mocker, source: SourceFreshdesk, status: int, words: str
    ) -> None:
        server.get(ME, [refusal(status)])
        outcome = source.check(LOGGER, CONFIG)
        assert outcome.status is Status.FAILED
        assert outcome.message is not None
        assert words in outcome.message
        assert KEY not in outcome.message

    def test_a_failure_comes_with_its_type_and_no_stack(
        self, server: requests_mock.Mocker, source: SourceFreshdesk
    ) -> None:
        server.get(ME, [refusal(401)])
        source.check(LOGGER, CONFIG)
        (message,) = source.message_repository.consume_queue()
        assert message.trace is not None
        assert message.trace.error is not None
        assert message.trace.error.failure_type is FailureType.config_error
        assert message.trace.error.stack_trace is None

    def test_what_the_key_can_read_is_said_in_one_line(
        self, server: requests_mock.Mocker, source: SourceFreshdesk, caplog: pytest.LogCaptureFixture
    ) -> None:
        server.get(ME, [answer({"id": 7, "ticket_scope": 1})])
        with caplog.at_level(logging.INFO, logger=LOGGER.name):
            source.check(LOGGER, CONFIG)
        (line,) = [message for message in caplog.messages if message.startswith("This key can read")]
        names = [stream.name for stream in source.streams(CONFIG)]
        assert line == f"This key can read all {len(names)} streams: {', '.join(names)}."
        assert warnings(caplog) == []

    def test_a_stream_that_the_key_cannot_read_is_named_with_what_it_needs(
        self, server: requests_mock.Mocker, source: SourceFreshdesk, caplog: pytest.LogCaptureFixture
    ) -> None:
        server.get(ME, [answer({"id": 7, "ticket_scope": 1})])
        server.get(f"{API}agents", [refusal(403, "access_denied")])
        server.get(f"{API}surveys", [refusal(403, "require_feature")])
        with caplog.at_level(logging.INFO, logger=LOGGER.name):
            assert source.check(LOGGER, CONFIG).status is Status.SUCCEEDED
        count = len(source.streams(CONFIG))
        (line,) = [message for message in caplog.messages if message.startswith("This key can read")]
        assert line.startswith(f"This key can read {count - 19} of {count} streams: tickets, conversations, ")
        assert " roles," not in line
        administrators, surveys = warnings(caplog)
        names, _, why = administrators.partition(". ")
        assert names.startswith("Not readable: agents, ")
        assert all(name in names for name in ("roles", "products", "groups"))
        assert why.startswith("The agent who owns the API key may not read this resource")
        assert why.endswith("It needs the key of an administrator.")
        assert surveys.startswith(
            "Not readable: surveys, satisfaction_ratings. The plan of this Freshdesk account does not include this "
            "resource."
        )
        assert surveys.endswith("It needs the feature Surveys.")

    @pytest.mark.parametrize(
        ("status", "code", "is_failure"), [(400, None, True), (404, None, True), (403, "access_denied", False)]
    )
    def test_a_check_fails_if_tickets_cannot_be_read_for_another_reason_than_plan_or_role(
        self, server: requests_mock.Mocker, source: SourceFreshdesk, status: int, code: str | None, is_failure: bool
    ) -> None:
        server.get(ME, [answer({"id": 7, "ticket_scope": 1})])
        server.get(f"{API}tickets", [refusal(status, code)])
        assert source.check(LOGGER, CONFIG).status is (Status.FAILED if is_failure else Status.SUCCEEDED)

    def test_a_check_fails_if_nothing_can_be_read(self, server: requests_mock.Mocker, source: SourceFreshdesk) -> None:
        server.get(requests_mock.ANY, [refusal(403, "access_denied")])
        server.get(ME, [answer({"id": 7, "ticket_scope": 1})])
        outcome = source.check(LOGGER, CONFIG)
        assert outcome.status is Status.FAILED
        assert outcome.message is not None
        assert outcome.message.startswith("This key can read no stream. ")

    def test_a_stream_that_fails_fails_no_check(
        self, server: requests_mock.Mocker, source: SourceFreshdesk, caplog: pytest.LogCaptureFixture
    ) -> None:
        server.get(ME, [answer({"id": 7, "ticket_scope": 1})])
        server.get(f"{API}time_entries", [refusal(400)])
        with caplog.at_level(logging.WARNING, logger=LOGGER.name):
            assert source.check(LOGGER, CONFIG).status is Status.SUCCEEDED
        (warning,) = warnings(caplog)
        assert warning.startswith("Not readable: time_entries. Freshdesk rejected the request")

    def test_a_parent_that_cannot_be_read_makes_its_children_unreadable(
        self, server: requests_mock.Mocker, source: SourceFreshdesk, caplog: pytest.LogCaptureFixture
    ) -> None:
        server.get(ME, [answer({"id": 7, "ticket_scope": 1})])
        server.get(f"{API}discussions/categories", [refusal(403, "require_feature")])
        with caplog.at_level(logging.WARNING, logger=LOGGER.name):
            source.check(LOGGER, CONFIG)
        (warning,) = warnings(caplog)
        names = "discussion_categories, discussion_forums, discussion_topics, discussion_comments"
        assert warning.startswith(f"Not readable: {names}. ")

    def test_one_list_is_tried_for_all_streams_that_need_the_same(
        self, server: requests_mock.Mocker, source: SourceFreshdesk
    ) -> None:
        server.get(ME, [answer({"id": 7, "ticket_scope": 1})])
        source.check(LOGGER, CONFIG)
        assert server.call_count == 10
        assert not [request.url for request in server.request_history if request.qs.get("per_page") == ["100"]]

    def test_a_key_that_is_refused_is_not_tried_on_every_stream(
        self, server: requests_mock.Mocker, source: SourceFreshdesk
    ) -> None:
        server.get(ME, [refusal(401)])
        source.check(LOGGER, CONFIG)
        assert server.call_count == 1

    @pytest.mark.parametrize("wrong", [{"domain": "acme.org"}, {"api_key": ""}, {"start_date": "soon"}])
    def test_a_setting_that_is_wrong_is_named_without_a_call(
        self, server: requests_mock.Mocker, source: SourceFreshdesk, wrong: dict[str, str]
    ) -> None:
        outcome = source.check(LOGGER, CONFIG | wrong)
        assert outcome.status is Status.FAILED
        assert f"'{next(iter(wrong))}'" in str(outcome.message)
        assert not server.called

    def test_a_message_with_the_key_in_it_is_masked(
        self, server: requests_mock.Mocker, source: SourceFreshdesk
    ) -> None:
        server.get(ME, [answer({"code": "invalid_credentials", "message": f"{KEY} is unknown"}, 401)])
        assert KEY not in str(source.check(LOGGER, CONFIG).message)
