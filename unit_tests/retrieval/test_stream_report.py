"""What the log says of a stream while it is read, and at its end."""

import logging

import pytest

from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.retrieval.stream_report import StreamReport
from unit_tests.support import LOGGER, SimulatedClock


@pytest.fixture
def report(api: FreshdeskApi) -> StreamReport:
    return StreamReport(api, "conversations", LOGGER)


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [message for message in caplog.messages if message.startswith("conversations:")]


def test_a_line_at_the_end_says_what_came_and_what_it_cost(
    api: FreshdeskApi, report: StreamReport, clock: SimulatedClock, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger=LOGGER.name), report.running(["conversations", "tickets"]):
        list(report.counted([{"id": 1}, {"id": 2}]))
        for name in ("conversations", "tickets", "contacts"):
            with api.ledger.on_behalf_of(name):
                api.ledger.add_call(7)
        clock.passed += 754
        api.ledger.add_wait(720)
    assert lines(caplog) == ["conversations: 2 records, 2 calls (14 credits), 13 min, 12 min waited for the rate limit"]


def test_a_failure_is_kept_and_the_line_comes_all_the_same(
    report: StreamReport, caplog: pytest.LogCaptureFixture
) -> None:
    failure = ValueError("no")
    with (
        caplog.at_level(logging.INFO, logger=LOGGER.name),
        pytest.raises(ValueError, match="no"),
        report.running(["conversations"]),
    ):
        raise failure
    assert report.failure is failure
    assert lines(caplog) == ["conversations: 0 records, 0 calls (0 credits), 0 s"]


def test_the_progress_says_which_part_is_done_and_how_long_the_rest_takes(
    api: FreshdeskApi, report: StreamReport, clock: SimulatedClock
) -> None:
    with report.running(["conversations"]):
        report.expect(78_000)
        list(report.counted([{}] * 12_400))
        clock.passed += 465
        assert report.progress() == "conversations: 12,400 of about 78,000 (16 %), 41 min to go"
        api.ledger.add_wait(720)
        assert report.progress().endswith("41 min to go; 12 min waited for the rate limit")


@pytest.mark.parametrize("expected", [0, 2])
def test_where_it_is_not_known_how_many_there_are_the_progress_says_so_much(
    report: StreamReport, expected: int
) -> None:
    report.expect(expected)
    list(report.counted([{}] * 3))
    assert report.progress() == "conversations: 3 records, 0 calls so far."
    assert report.progress(lambda: "More.") == "conversations: 3 records, 0 calls so far. More."
