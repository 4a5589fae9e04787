"""A sync from the first message to the last."""

import json
import logging

import pytest
import requests_mock
from airbyte_cdk.models import (
    AirbyteMessage,
    AirbyteStreamStatus,
    FailureType,
    SyncMode,
)
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_freshdesk import SourceFreshdesk
from unit_tests.a_source import AGENTS, COMPANIES, CONFIG, ME, TICKETS, catalog, declared, synced
from unit_tests.support import API, LOGGER, SimulatedClock, a_page, a_ticket, ago, answer, refusal, warnings


class TestRead:
    def test_no_state_is_ahead_of_its_records(self, server: requests_mock.Mocker, source: SourceFreshdesk) -> None:
        server.get(
            TICKETS,
            [
                a_page(a_ticket(1, 3_000), a_ticket(2, 2_500), more=True),
                a_page(a_ticket(2, 2_500), a_ticket(3, 2_000), more=True),
                a_page(a_ticket(3, 2_000), a_ticket(4, 1_500)),
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
        server.get(TICKETS, [a_page(a_ticket(1, 3_000))])
        assert [kind for kind, _ in synced(source, "tickets")] == ["record", "state"]

    def test_states_that_were_said_do_not_change_afterwards(
        self, server: requests_mock.Mocker, source: SourceFreshdesk
    ) -> None:
        server.get(TICKETS, [a_page(a_ticket(1, 3_000), a_ticket(2, 2_500), more=True), a_page(a_ticket(3, 2_000))])
        retained, when_said = [], []
        for kind, what in declared(source.read(LOGGER, CONFIG, catalog(source, "tickets"), [])):
            if kind == "state":
                retained.append(what)
                when_said.append(json.dumps(what))
        assert [json.dumps(state) for state in retained] == when_said

    def test_a_second_sync_from_the_last_state_gives_nothing_twice(
        self, server: requests_mock.Mocker, clock: SimulatedClock
    ) -> None:
        server.get(TICKETS, [a_page(a_ticket(1, 1_100), a_ticket(2, 1_000))])
        (*_, (_, state)) = synced(SourceFreshdesk(clock), "tickets")
        assert synced(SourceFreshdesk(clock), "tickets", state=state) == [("state", state)]

    def test_the_conversations_of_a_batch_come_before_its_state(
        self, server: requests_mock.Mocker, source: SourceFreshdesk
    ) -> None:
        server.get(TICKETS, [a_page(a_ticket(1, 3_000), a_ticket(2, 2_500), more=True), a_page(a_ticket(3, 2_000))])
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
        server.get(TICKETS, [a_page(a_ticket(1, 3_000))])
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
        said = declared(source.read(LOGGER, CONFIG, catalog(source, "agents", mode=mode), []))
        assert [what for kind, what in said if kind == "record"] == [1, 2]
        assert server.call_count == 5, "two pages, the first one confirmed, and each agent's own"

    @pytest.mark.parametrize("name", ["tickets", "companies"])
    def test_an_incremental_list_can_be_read_whole_too(
        self, server: requests_mock.Mocker, source: SourceFreshdesk, name: str
    ) -> None:
        server.get(f"{API}{name}", [answer([a_ticket(1, 3_000)])])
        said = declared(source.read(LOGGER, CONFIG, catalog(source, name, mode=SyncMode.full_refresh), []))
        assert [what for kind, what in said if kind == "record"] == [1]

    def test_a_spent_rate_limit_never_ends_a_sync(
        self, server: requests_mock.Mocker, source: SourceFreshdesk, clock: SimulatedClock
    ) -> None:
        server.get(COMPANIES, [refusal(429, Retry_After="600")] * 30 + [answer([a_ticket(1, 3_000)])])
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
        server.get(TICKETS, [a_page(a_ticket(1, 3_000))])
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
        assert error.message.startswith("Freshdesk rejected the request")

    @pytest.mark.parametrize(
        ("status", "code"),
        [(401, None), (401, "password_expired"), (403, "account_suspended"), (403, "password_lockout")],
    )
    def test_when_the_account_is_closed_the_streams_that_are_left_are_not_read(
        self, server: requests_mock.Mocker, source: SourceFreshdesk, status: int, code: str | None
    ) -> None:
        server.get(TICKETS, [a_page(a_ticket(1, 3_000), a_ticket(2, 2_500), more=True), refusal(status, code)])
        server.get(ME, [answer({"id": 7}), refusal(status, code)])
        messages: list[AirbyteMessage] = []
        with pytest.raises(AirbyteTracedException) as caught:  # noqa: PT012 - what came before the end is the claim
            for message in source.read(LOGGER, CONFIG, catalog(source, "tickets", "companies", "agents"), []):
                messages.append(message)  # noqa: PERF402
        assert caught.value.failure_type is FailureType.config_error
        assert [message.record.data["id"] for message in messages if message.record] == [1, 2]
        called = {request.path for request in server.request_history}
        assert "/api/v2/agents/1" not in called, "the first pages of lists may have been fetched ahead"
        assert not [message for message in messages if message.record and message.record.stream != "tickets"]
        states = [state for kind, state in declared(iter(messages)) if kind == "state"]
        assert [state["updated_at"] for state in states][-1] == ago(2_500), "what was emitted is kept"

    def test_a_list_that_is_refused_leaves_the_other_streams_to_be_read(
        self, server: requests_mock.Mocker, source: SourceFreshdesk, caplog: pytest.LogCaptureFixture
    ) -> None:
        server.get(TICKETS, [refusal(403, "access_denied")])
        server.get(ME, [answer({"id": 7})])
        server.get(COMPANIES, [answer([a_ticket(1, 3_000)])])
        with caplog.at_level(logging.WARNING):
            assert [what for kind, what in synced(source, "tickets", "companies") if kind == "record"] == [1]
        (warning,) = warnings(caplog)
        assert warning.startswith("Stream tickets is skipped.")

    def test_parents_are_read_before_their_children_in_whatever_order_they_are_asked_for(
        self, server: requests_mock.Mocker, source: SourceFreshdesk
    ) -> None:
        topics = f"{API}discussions/forums/2/topics"
        server.get(f"{API}discussions/categories", [answer([a_ticket(1, 3_000)])])
        server.get(f"{API}discussions/categories/1/forums", [answer([{"id": 2, "topics_count": 1}])])
        server.get(topics, [answer([a_ticket(3, 3_000)])])
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
        server.get(f"{API}canned_response_folders/1/responses", [answer([a_ticket(5, 3_000)])])
        assert [what for kind, what in synced(source, "canned_responses") if kind == "record"] == [5]

    def test_a_state_that_cannot_be_read_is_the_users_to_clear(self, source: SourceFreshdesk) -> None:
        with pytest.raises(AirbyteTracedException, match="saved state of tickets cannot be read"):
            synced(source, "tickets", state={"updated_at": "yesterday"})

    def test_the_cost_of_each_stream_is_said(
        self, server: requests_mock.Mocker, source: SourceFreshdesk, caplog: pytest.LogCaptureFixture
    ) -> None:
        server.get(TICKETS, [a_page(a_ticket(1, 3_000))])
        with caplog.at_level(logging.INFO):
            synced(source, "tickets")
        assert "tickets: 1 record, 5 calls (11 credits), 0 s" in caplog.messages

    def test_the_cost_of_the_sync_is_said_at_the_end(
        self, server: requests_mock.Mocker, source: SourceFreshdesk, caplog: pytest.LogCaptureFixture
    ) -> None:
        server.get(TICKETS, [a_page(a_ticket(1, 3_000))])
        server.get(COMPANIES, [answer([a_ticket(1, 3_000)])])
        with caplog.at_level(logging.INFO):
            synced(source, "tickets", "companies")
        assert caplog.messages[-4:] == [
            "Summary of this sync:",
            "  records    2 of 2 streams in 0 s",
            "  API calls  6 (12 credits)",
            "  waited     0 s for the rate limit",
        ]
