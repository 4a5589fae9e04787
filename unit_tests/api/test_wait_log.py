"""Waiting, as the log shows it."""

import logging
import threading

import pytest

from source_freshdesk.api.clock import Clock
from source_freshdesk.api.wait_log import ProgressLog, WaitLog
from unit_tests.support import LOGGER, SimulatedClock


@pytest.fixture
def said(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, logger=LOGGER.name)
    return caplog


@pytest.fixture
def wait_log(clock: SimulatedClock) -> WaitLog:
    return WaitLog(clock, LOGGER)


@pytest.mark.parametrize("seconds", [0.5, 1, 30, 30.5, 61, 3_600])
def test_a_pause_is_as_long_as_asked(wait_log: WaitLog, clock: SimulatedClock, seconds: float) -> None:
    wait_log.sleep(seconds, "Why.")
    assert clock.passed == pytest.approx(seconds)


def test_a_wait_says_why_and_until_when(wait_log: WaitLog, said: pytest.LogCaptureFixture) -> None:
    wait_log.sleep(90, "The account's API rate limit is reached.")
    assert said.messages[0] == "The account's API rate limit is reached. Continuing in 90 seconds, at 10:01:30 UTC."


def test_a_long_wait_is_never_silent_for_a_minute(
    wait_log: WaitLog, clock: SimulatedClock, said: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoken_at: list[float] = []
    monkeypatch.setattr(LOGGER, "info", lambda _message: spoken_at.append(clock.passed))
    wait_log.sleep(3_600, "Why.")
    silences = [later - before for before, later in zip(spoken_at, [*spoken_at[1:], clock.passed], strict=True)]
    assert spoken_at[0] == 0
    assert max(silences) <= 60


def test_the_same_wait_is_announced_once(
    wait_log: WaitLog, clock: SimulatedClock, said: pytest.LogCaptureFixture
) -> None:
    moment = clock.monotonic() + 20
    for later in (0, 0, 0.5):
        wait_log.announce(moment + later, "Why.")
    assert said.messages == ["Why. Continuing in 20 seconds, at 10:00:20 UTC."]


def test_a_wait_that_turns_out_longer_is_announced_again(
    wait_log: WaitLog, clock: SimulatedClock, said: pytest.LogCaptureFixture
) -> None:
    for seconds in (20, 40):
        wait_log.announce(clock.monotonic() + seconds, "Why.")
    assert len(said.messages) == 2


def test_the_next_wait_is_announced_again(wait_log: WaitLog, said: pytest.LogCaptureFixture) -> None:
    wait_log.sleep(20, "Why.")
    wait_log.sleep(20, "Why.")
    assert len(said.messages) == 2


def test_a_wait_that_goes_on_is_heard_of_every_half_minute(
    wait_log: WaitLog, clock: SimulatedClock, said: pytest.LogCaptureFixture
) -> None:
    wait_log.announce(clock.monotonic() + 95, "Why.")
    for _ in range(19):
        clock.sleep(5)
        wait_log.log_rest()
    assert said.messages[1:] == [f"Still waiting, {left} seconds left." for left in (65, 35, 5)]


def test_nothing_is_heard_of_a_wait_that_is_over_or_was_never_announced(
    wait_log: WaitLog, clock: SimulatedClock, said: pytest.LogCaptureFixture
) -> None:
    wait_log.log_rest()
    wait_log.announce(clock.monotonic() + 20, "Why.")
    clock.sleep(100)
    wait_log.log_rest()
    assert len(said.messages) == 1


@pytest.mark.parametrize("seconds", [0, -1])
def test_a_moment_that_has_passed_is_not_waited_for(wait_log: WaitLog, clock: SimulatedClock, seconds: float) -> None:
    wait_log.sleep(seconds, "Why.")
    assert clock.naps == []


def test_the_clock_of_the_machine_shows_time() -> None:
    clock = Clock()
    before = clock.monotonic()
    clock.sleep(0)
    assert clock.monotonic() >= before
    assert clock.now() > 1_700_000_000


def test_the_clock_of_the_machine_waits_for_a_notification_but_not_without_end() -> None:
    clock, condition = Clock(), threading.Condition()
    started_at = clock.monotonic()
    with condition:
        clock.wait(condition, 0.01)
    assert clock.monotonic() - started_at >= 0.009

    def notify() -> None:
        with condition:
            condition.notify_all()

    with condition:
        thread = threading.Thread(target=notify)
        thread.start()
        clock.wait(condition, 60)
    thread.join(timeout=10)
    assert clock.monotonic() - started_at < 30


def test_progress_is_reported_when_nothing_was_said_for_long(
    clock: SimulatedClock, said: pytest.LogCaptureFixture
) -> None:
    progress = ProgressLog(clock)
    for _ in range(100):
        progress.log(LOGGER, lambda: f"At {clock.passed:.0f}.")
        clock.passed += 1
    assert [record.getMessage() for record in said.records] == ["At 30.", "At 60.", "At 90."]
