"""The connector as Airbyte drives it."""

import json
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
import requests_mock
from airbyte_cdk.models import (
    AirbyteMessage,
    AirbyteStateBlob,
    AirbyteStateMessage,
    AirbyteStateType,
    AirbyteStreamState,
    AirbyteStreamStatus,
    ConfiguredAirbyteCatalog,
    ConfiguredAirbyteStream,
    DestinationSyncMode,
    FailureType,
    Status,
    StreamDescriptor,
    SyncMode,
    Type,
)
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_freshdesk import SourceFreshdesk
from unit_tests.support import API, KEY, LOGGER, SimulatedClock, ago, answer, refusal, warnings

CONFIG = {"domain": "acme", "api_key": KEY, "contact_details": False}
API_PATHS = re.compile(f"^{API}")
ME, TICKETS, AGENTS, COMPANIES = f"{API}agents/me", f"{API}tickets", f"{API}agents", f"{API}companies"


@pytest.fixture
def source(clock: SimulatedClock) -> SourceFreshdesk:
    return SourceFreshdesk(clock)


def catalog(source: SourceFreshdesk, *names: str, mode: SyncMode = SyncMode.incremental) -> ConfiguredAirbyteCatalog:
    found = {stream.name: stream for stream in source.discover(LOGGER, CONFIG).streams}
    return ConfiguredAirbyteCatalog(
        streams=[
            ConfiguredAirbyteStream(
                stream=found[name], sync_mode=mode, destination_sync_mode=DestinationSyncMode.append
            )
            for name in names
        ]
    )


def state_of(name: str, state: dict[str, Any]) -> AirbyteStateMessage:
    return AirbyteStateMessage(
        type=AirbyteStateType.STREAM,
        stream=AirbyteStreamState(stream_descriptor=StreamDescriptor(name=name), stream_state=AirbyteStateBlob(state)),
    )


def told(messages: Iterator[AirbyteMessage]) -> Iterator[tuple[str, Any]]:
    """Records and states of a sync in their order: ("record", id), ("state", the state)."""
    for message in messages:
        if message.type is Type.RECORD and message.record is not None:
            yield "record", message.record.data["id"]
        elif message.type is Type.STATE and message.state is not None and message.state.stream is not None:
            assert message.state.stream.stream_state is not None
            yield "state", dict(vars(message.state.stream.stream_state))


def synced(source: SourceFreshdesk, *names: str, state: dict[str, Any] | None = None) -> list[tuple[str, Any]]:
    states = [state_of(names[0], state)] if state else []
    return list(told(source.read(LOGGER, CONFIG, catalog(source, *names), states)))


def ticket(ticket_id: int, seconds_ago: int) -> dict[str, Any]:
    return {"id": ticket_id, "updated_at": ago(seconds_ago), "created_at": ago(90_000)}


def page(*rows: dict[str, Any], more: bool = False) -> dict[str, Any]:
    return answer(list(rows), Link=f'<{TICKETS}?page=2>; rel="next"') if more else answer(list(rows))


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
        ("status", "words"), [(401, "does not accept the API key"), (403, "refuses this API key"), (404, "'domain'")]
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
        server.get(f"{API}roles", [refusal(403, "access_denied")])
        server.get(f"{API}surveys", [refusal(403, "require_feature")])
        with caplog.at_level(logging.INFO, logger=LOGGER.name):
            assert source.check(LOGGER, CONFIG).status is Status.SUCCEEDED
        count = len(source.streams(CONFIG))
        (line,) = [message for message in caplog.messages if message.startswith("This key can read")]
        assert line.startswith(f"This key can read {count - 2} of {count} streams: tickets, conversations, ")
        assert " roles," not in line
        surveys, roles = warnings(caplog)
        assert surveys.startswith("Not readable: surveys. The plan of this Freshdesk account does not include it.")
        assert surveys.endswith("It needs the feature Surveys.")
        assert roles.startswith("Not readable: roles. The agent whose API key this is may not read it")
        assert roles.endswith("It needs the key of an administrator.")

    def test_a_stream_that_fails_fails_no_check(
        self, server: requests_mock.Mocker, source: SourceFreshdesk, caplog: pytest.LogCaptureFixture
    ) -> None:
        server.get(ME, [answer({"id": 7, "ticket_scope": 1})])
        server.get(f"{API}roles", [refusal(400)])
        with caplog.at_level(logging.WARNING, logger=LOGGER.name):
            assert source.check(LOGGER, CONFIG).status is Status.SUCCEEDED
        (warning,) = warnings(caplog)
        assert warning.startswith("Not readable: roles. Freshdesk does not accept the call")

    def test_a_parent_that_cannot_be_read_makes_its_children_unreadable(
        self, server: requests_mock.Mocker, source: SourceFreshdesk, caplog: pytest.LogCaptureFixture
    ) -> None:
        server.get(ME, [answer({"id": 7, "ticket_scope": 1})])
        server.get(f"{API}discussions/categories", [refusal(403, "require_feature")])
        with caplog.at_level(logging.WARNING, logger=LOGGER.name):
            source.check(LOGGER, CONFIG)
        assert [warning.split(".")[0] for warning in warnings(caplog)] == [
            "Not readable: discussion_categories",
            "Not readable: discussion_forums",
            "Not readable: discussion_topics",
            "Not readable: discussion_comments",
        ]

    def test_each_stream_costs_at_most_one_call(self, server: requests_mock.Mocker, source: SourceFreshdesk) -> None:
        server.get(ME, [answer({"id": 7, "ticket_scope": 1})])
        source.check(LOGGER, CONFIG)
        assert server.call_count <= 1 + len(source.streams(CONFIG))
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


class TestDiscover:
    def test_each_stream_is_described_without_a_call(
        self, server: requests_mock.Mocker, source: SourceFreshdesk
    ) -> None:
        streams = {stream.name: stream for stream in source.discover(LOGGER, CONFIG).streams}
        assert not server.called
        assert {"tickets", "conversations", "contacts", "companies", "agents"} <= streams.keys()
        for name, stream in streams.items():
            assert stream.source_defined_primary_key, name
            for field in stream.source_defined_primary_key:
                assert field[0] in stream.json_schema["properties"], name
        assert streams["tickets"].source_defined_primary_key == [["id"]]
        assert streams["solution_article_translations"].source_defined_primary_key == [["id"], ["language"]]

    def test_a_stream_is_incremental_exactly_if_it_has_a_cursor(self, source: SourceFreshdesk) -> None:
        for stream in source.discover(LOGGER, CONFIG).streams:
            is_incremental = SyncMode.incremental in (stream.supported_sync_modes or [])
            assert is_incremental is bool(stream.default_cursor_field), stream.name
            assert is_incremental is stream.is_resumable, stream.name
            assert stream.source_defined_cursor or not is_incremental, stream.name

    def test_the_main_streams_come_first(self, source: SourceFreshdesk) -> None:
        names = [stream.name for stream in source.discover(LOGGER, CONFIG).streams]
        assert names[:5] == ["tickets", "conversations", "contacts", "companies", "agents"]
        assert len(names) == len(set(names)) == 49


class TestRead:
    def test_no_state_is_ahead_of_its_records(self, server: requests_mock.Mocker, source: SourceFreshdesk) -> None:
        server.get(
            TICKETS,
            [
                page(ticket(1, 3_000), ticket(2, 2_500), more=True),
                page(ticket(2, 2_500), ticket(3, 2_000), more=True),
                page(ticket(3, 2_000), ticket(4, 1_500)),
            ],
        )
        said = synced(source, "tickets")
        updated_at = {1: ago(3_000), 2: ago(2_500), 3: ago(2_000), 4: ago(1_500)}
        given: set[int] = set()
        for kind, what in said:
            if kind == "record":
                given.add(what)
            else:
                assert {row_id for row_id, at in updated_at.items() if at <= what["updated_at"]} <= given
        assert [kind for kind, _ in said] == ["record"] * 2 + ["state", "record"] * 2 + ["state"]
        assert said[-1][1]["updated_at"] == ago(1_500)

    def test_the_last_state_is_said_once(self, server: requests_mock.Mocker, source: SourceFreshdesk) -> None:
        server.get(TICKETS, [page(ticket(1, 3_000))])
        assert [kind for kind, _ in synced(source, "tickets")] == ["record", "state"]

    def test_states_that_were_said_do_not_change_afterwards(
        self, server: requests_mock.Mocker, source: SourceFreshdesk
    ) -> None:
        server.get(TICKETS, [page(ticket(1, 3_000), ticket(2, 2_500), more=True), page(ticket(3, 2_000))])
        retained, when_said = [], []
        for kind, what in told(source.read(LOGGER, CONFIG, catalog(source, "tickets"), [])):
            if kind == "state":
                retained.append(what)
                when_said.append(json.dumps(what))
        assert [json.dumps(state) for state in retained] == when_said

    def test_a_second_sync_from_the_last_state_gives_nothing_twice(
        self, server: requests_mock.Mocker, clock: SimulatedClock
    ) -> None:
        server.get(TICKETS, [page(ticket(1, 1_100), ticket(2, 1_000))])
        (*_, (_, state)) = synced(SourceFreshdesk(clock), "tickets")
        assert synced(SourceFreshdesk(clock), "tickets", state=state) == [("state", state)]

    def test_the_conversations_of_a_batch_come_before_its_state(
        self, server: requests_mock.Mocker, source: SourceFreshdesk
    ) -> None:
        server.get(TICKETS, [page(ticket(1, 3_000), ticket(2, 2_500), more=True), page(ticket(3, 2_000))])
        for ticket_id in (1, 2, 3):
            server.get(f"{TICKETS}/{ticket_id}/conversations", [answer([{"id": ticket_id * 10}])])
        said = synced(source, "conversations")
        assert [what if kind == "record" else what["updated_at"] for kind, what in said] == [
            *(10, 20, ago(2_500)),
            *(30, ago(2_000)),
        ]

    def test_tickets_and_conversations_of_one_sync_do_not_share_their_place(
        self, server: requests_mock.Mocker, source: SourceFreshdesk
    ) -> None:
        server.get(TICKETS, [page(ticket(1, 3_000))])
        server.get(f"{TICKETS}/1/conversations", [answer([{"id": 10}])])
        said = synced(source, "tickets", "conversations")
        assert [what for kind, what in said if kind == "record"] == [1, 10]

    @pytest.mark.parametrize("mode", [SyncMode.full_refresh, SyncMode.incremental])
    def test_a_list_that_is_read_whole_comes_to_an_end(
        self, server: requests_mock.Mocker, source: SourceFreshdesk, mode: SyncMode
    ) -> None:
        link = f'<{AGENTS}?per_page=100&page=2>; rel="next"'
        server.get(AGENTS, [answer([{"id": 1}], Link=link), answer([{"id": 2}])] * 2)
        for agent_id in (1, 2):
            server.get(f"{AGENTS}/{agent_id}", [answer({"id": agent_id})])
        said = told(source.read(LOGGER, CONFIG, catalog(source, "agents", mode=mode), []))
        assert [what for kind, what in said if kind == "record"] == [1, 2]
        assert server.call_count == 6, "two pages twice, and each agent's own once"

    @pytest.mark.parametrize("name", ["tickets", "companies"])
    def test_an_incremental_list_can_be_read_whole_too(
        self, server: requests_mock.Mocker, source: SourceFreshdesk, name: str
    ) -> None:
        server.get(f"{API}{name}", [answer([ticket(1, 3_000)])])
        said = told(source.read(LOGGER, CONFIG, catalog(source, name, mode=SyncMode.full_refresh), []))
        assert [what for kind, what in said if kind == "record"] == [1]

    def test_a_spent_quota_never_ends_a_sync(
        self, server: requests_mock.Mocker, source: SourceFreshdesk, clock: SimulatedClock
    ) -> None:
        server.get(COMPANIES, [refusal(429, Retry_After="600")] * 30 + [answer([ticket(1, 3_000)])])
        assert [kind for kind, _ in synced(source, "companies")] == ["record", "state"]
        assert clock.passed == pytest.approx(30 * 600)

    def test_a_stream_that_is_not_there_fails_instead_of_being_left_out(self, source: SourceFreshdesk) -> None:
        unknown = catalog(source, "tickets")
        unknown.streams[0].stream.name = "faxes"
        with pytest.raises(AirbyteTracedException, match="faxes"):
            list(source.read(LOGGER, CONFIG, unknown, []))

    def test_a_stream_that_fails_does_not_keep_others_back_and_fails_the_sync(
        self, server: requests_mock.Mocker, source: SourceFreshdesk
    ) -> None:
        server.get(COMPANIES, [refusal(400)])
        server.get(TICKETS, [page(ticket(1, 3_000))])
        messages: list[AirbyteMessage] = []
        with pytest.raises(AirbyteTracedException):  # noqa: PT012 - what came before the end is the claim
            for message in source.read(LOGGER, CONFIG, catalog(source, "companies", "tickets"), []):
                messages.append(message)  # noqa: PERF402
        assert [message.record.data["id"] for message in messages if message.record] == [1]
        statuses = [
            (status.stream_descriptor.name, status.status)
            for message in messages
            if message.trace and (status := message.trace.stream_status)
        ]
        assert ("companies", AirbyteStreamStatus.INCOMPLETE) in statuses
        assert ("tickets", AirbyteStreamStatus.COMPLETE) in statuses
        (error,) = [message.trace.error for message in messages if message.trace and message.trace.error]
        assert error.failure_type is FailureType.system_error
        assert error.message.startswith("Freshdesk does not accept the call")

    @pytest.mark.parametrize(
        ("status", "code"),
        [(401, None), (401, "password_expired"), (403, "account_suspended"), (403, "password_lockout")],
    )
    def test_when_the_account_is_closed_the_streams_that_are_left_are_not_read(
        self, server: requests_mock.Mocker, source: SourceFreshdesk, status: int, code: str | None
    ) -> None:
        server.get(TICKETS, [page(ticket(1, 3_000), ticket(2, 2_500), more=True), refusal(status, code)])
        server.get(ME, [refusal(status, code)])
        messages: list[AirbyteMessage] = []
        with pytest.raises(AirbyteTracedException) as caught:  # noqa: PT012 - what came before the end is the claim
            for message in source.read(LOGGER, CONFIG, catalog(source, "tickets", "companies", "agents"), []):
                messages.append(message)  # noqa: PERF402
        assert caught.value.failure_type is FailureType.config_error
        assert [message.record.data["id"] for message in messages if message.record] == [1, 2]
        called = {request.path for request in server.request_history}
        assert not {"/api/v2/companies", "/api/v2/agents/1"} & called
        states = [state for kind, state in told(iter(messages)) if kind == "state"]
        assert [state["updated_at"] for state in states][-1] == ago(2_500), "what was emitted is kept"

    def test_a_list_that_is_refused_leaves_the_other_streams_to_be_read(
        self, server: requests_mock.Mocker, source: SourceFreshdesk, caplog: pytest.LogCaptureFixture
    ) -> None:
        server.get(TICKETS, [refusal(403, "access_denied")])
        server.get(ME, [answer({"id": 7})])
        server.get(COMPANIES, [answer([ticket(1, 3_000)])])
        with caplog.at_level(logging.WARNING):
            assert [what for kind, what in synced(source, "tickets", "companies") if kind == "record"] == [1]
        (warning,) = warnings(caplog)
        assert warning.startswith("Stream tickets is skipped.")

    def test_parents_are_read_before_their_children_in_whatever_order_they_are_asked_for(
        self, server: requests_mock.Mocker, source: SourceFreshdesk
    ) -> None:
        topics = f"{API}discussions/forums/2/topics"
        server.get(f"{API}discussions/categories", [answer([ticket(1, 3_000)])])
        server.get(f"{API}discussions/categories/1/forums", [answer([{"id": 2, "topics_count": 1}])])
        server.get(topics, [answer([ticket(3, 3_000)])])
        said = synced(source, "discussion_topics", "discussion_forums", "discussion_categories")
        assert [what for kind, what in said if kind == "record"] == [1, 2, 3]
        assert [request.path.removeprefix("/api/v2/") for request in server.request_history] == [
            "discussions/categories",
            "discussions/categories/1/forums",
            "discussions/forums/2/topics",
        ], "each list is read once, for its own stream and for those below"

    def test_a_stream_is_read_without_those_that_lead_to_it(
        self, server: requests_mock.Mocker, source: SourceFreshdesk
    ) -> None:
        server.get(f"{API}canned_response_folders", [answer([{"id": 1, "responses_count": 1}])])
        server.get(f"{API}canned_response_folders/1/responses", [answer([ticket(5, 3_000)])])
        assert [what for kind, what in synced(source, "canned_responses") if kind == "record"] == [5]

    def test_a_state_of_no_meaning_is_the_users_to_clear(self, source: SourceFreshdesk) -> None:
        with pytest.raises(AirbyteTracedException, match="saved state of tickets cannot be read"):
            synced(source, "tickets", state={"updated_at": "yesterday"})

    def test_the_cost_of_each_stream_is_said(
        self, server: requests_mock.Mocker, source: SourceFreshdesk, caplog: pytest.LogCaptureFixture
    ) -> None:
        server.get(TICKETS, [page(ticket(1, 3_000))])
        with caplog.at_level(logging.INFO):
            synced(source, "tickets")
        assert "API calls for tickets: 1 (7 credits, waited 0 seconds for the limit)" in caplog.messages

    def test_the_cost_of_the_sync_is_said_at_the_end(
        self, server: requests_mock.Mocker, source: SourceFreshdesk, caplog: pytest.LogCaptureFixture
    ) -> None:
        server.get(TICKETS, [page(ticket(1, 3_000))])
        server.get(COMPANIES, [answer([ticket(1, 3_000)])])
        with caplog.at_level(logging.INFO):
            synced(source, "tickets", "companies")
        assert caplog.messages[-1] == "API calls of this sync: 2 (8 credits, waited 0 seconds for the limit)"


def test_the_settings_are_not_checked_against_the_spec_since_that_names_no_field(source: SourceFreshdesk) -> None:
    assert source.check_config_against_spec is False


def test_the_spec_marks_the_key_as_secret(source: SourceFreshdesk) -> None:
    spec = source.spec(LOGGER).connectionSpecification
    assert [name for name, one in spec["properties"].items() if one.get("airbyte_secret")] == ["api_key"]
    assert spec["required"] == ["domain", "api_key"]
    assert spec["additionalProperties"] is True
