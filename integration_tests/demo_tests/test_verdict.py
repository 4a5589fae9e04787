"""Each difference between what arrived and what is there is found."""

import json
from datetime import timedelta

import pytest

from integration_tests.connector import Run
from integration_tests.demo.commands import Finished
from integration_tests.demo.results import StreamResult
from integration_tests.demo.truth import FOLLOWING_TICKETS, Due, Snapshot, Versions, differences
from integration_tests.demo.verdict import Sync, problems
from integration_tests.demo_tests.finished_demo import INCREMENTAL, NEW, OLD, READ, FinishedDemo
from integration_tests.fake_freshdesk import Account


class TestTheVerdict:
    def test_nothing_to_say_about_what_arrived_as_it_is(self) -> None:
        assert differences("tickets", Due({1: OLD, 2: NEW}), [(2, NEW), (1, OLD)]) == []

    @pytest.mark.parametrize(
        ("expected", "said"),
        [
            ({1: OLD, 2: NEW}, "tickets: 1 missing (key 2)"),
            ({}, "tickets: 1 not expected (key 1)"),
            ({1: NEW}, "tickets: 1 in another version (key 1)"),
        ],
    )
    def test_each_difference_is_said(self, expected: Versions, said: str) -> None:
        assert differences("tickets", Due(expected), [(1, OLD)]) == [said]

    def test_a_record_that_came_twice_is_said(self) -> None:
        for due in (Due({1: OLD}), Due({}, {1: OLD})):
            assert differences("tickets", due, [(1, OLD), (1, OLD)]) == ["tickets: 1 more than once (key 1)"]

    def test_what_may_come_again_need_not(self) -> None:
        due = Due({}, allowed={1: OLD})
        assert differences("conversations", due, []) == differences("conversations", due, [(1, OLD)]) == []
        assert differences("conversations", due, [(1, NEW)]) == ["conversations: 1 in another version (key 1)"]

    def test_what_came_again_is_counted(self) -> None:
        records = [{"stream": "ticket_watchers", "data": {"ticket_id": number}} for number in (1, 2)]
        output = "\n".join(json.dumps({"type": "RECORD", "record": record}) for record in records)
        due = {"ticket_watchers": Due({1: None}, allowed={2: None, 3: None})}
        assert Sync(Finished(Run(0, output, ""), 1.0, calls=0), {}, due).repeated() == 1

    @pytest.mark.parametrize("stream", READ)
    def test_each_difference_is_found_in_every_stream(self, finished: FinishedDemo, stream: str) -> None:
        due, came = finished.before.all_due(stream), finished.arrived_first(stream)
        key, at = came[0]
        wrong = {
            "missing": came[1:],
            "not expected": [*came, ("unknown", None)],
            "more than once": [*came, came[0]],
            "in another version": [(key, NEW if at is None else at + timedelta(seconds=1)), *came[1:]],
        }
        assert differences(stream, due, came) == []
        for kind, records in wrong.items():
            (said,) = differences(stream, due, records)
            assert said.startswith(f"{stream}: 1 {kind} (key ")

    def test_versions_are_compared_where_there_are_any(self, finished: FinishedDemo) -> None:
        timeless = {stream for stream in READ if not any(at for _, at in finished.arrived_first(stream))}
        assert timeless & {*INCREMENTAL} == {"ticket_activities"}

    def test_many_keys_are_cut_short(self) -> None:
        (said,) = differences("tickets", Due(dict.fromkeys(range(1, 6))), [])
        assert said == "tickets: 5 missing (key 1, 2, 3, ...)"

    def test_a_call_that_was_not_counted_is_a_problem(self) -> None:
        sync = Sync(Finished(Run(0, "", ""), 1.0, calls=4), {"tickets": StreamResult(0, 3, 1.0)}, {"tickets": Due({})})
        assert problems("first", sync) == [
            "The connector counts 3 API calls in the first sync, but the account has seen 4."
        ]

    def test_all_that_belongs_to_a_changed_ticket_is_due(self) -> None:
        account = Account(now=NEW)
        changed, unchanged, trashed = (account.add_ticket(created_at=OLD)["id"] for _ in range(3))
        for ticket_id in (changed, unchanged, trashed):
            account.add_conversation(ticket_id, created_at=OLD)
        before = Snapshot.of(account, ["conversations", "ticket_watchers"])
        account.add_conversation(changed)
        account.delete_ticket(trashed)
        after = Snapshot.of(account, ["conversations", "ticket_watchers"])
        due = after.due_since(before, "conversations")
        assert [after.ticket_of[conversation_id] for conversation_id in due.required] == [changed, changed]
        assert due.allowed == {}
        assert after.due_since(before, "ticket_watchers") == Due({changed: NEW})
        assert after.gone_since(before, "ticket_watchers") == {trashed}

    @pytest.mark.parametrize("stream", sorted(FOLLOWING_TICKETS))
    def test_what_belongs_to_a_ticket_that_had_just_changed_may_come_again(self, stream: str) -> None:
        account = Account(now=NEW)
        for minutes in (4, 6):
            at = NEW - timedelta(minutes=minutes)
            ticket = account.add_ticket(created_at=at, association_type=1)
            account.add("ticket_summaries", ticket_id=ticket["id"], created_at=OLD, updated_at=OLD)
            account.add_conversation(ticket["id"], created_at=OLD, touch=False)
        before = Snapshot.of(account, [stream])
        account.advance(timedelta(days=1))
        due = Snapshot.of(account, [stream]).due_since(before, stream)
        assert due.required == {}
        assert len(due.allowed) == 1
        first_key = min(before.listed[stream])
        assert list(due.allowed) == [first_key]

    def test_a_ticket_itself_does_not_come_again(self) -> None:
        account = Account(now=NEW)
        account.add_ticket(created_at=NEW - timedelta(minutes=1))
        before = Snapshot.of(account, [])
        assert Snapshot.of(account, []).due_since(before, "tickets") == Due({})
