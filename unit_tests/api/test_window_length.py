"""Whether a limit is one by the minute or by the hour."""

from source_freshdesk.api.limit_meter import HOUR_SECONDS, MINUTE_SECONDS
from source_freshdesk.api.window_length import PROBES, WindowLength


def unsure() -> WindowLength:
    """Of an account with 3,000 calls."""
    length = WindowLength()
    length.note_total(3_000, 0)
    return length


def test_most_limits_are_by_the_minute() -> None:
    length = WindowLength()
    length.note_total(4_000, 0)
    assert (length.seconds, length.reserve, length.seconds_until_probe(0)) == (MINUTE_SECONDS, 0, None)


def test_a_limit_of_old_plans_is_by_the_hour_until_the_contrary_is_proven() -> None:
    length = unsure()
    assert length.seconds == HOUR_SECONDS
    assert length.reserve > 0
    assert length.seconds_until_probe(20) == 40


def test_what_is_renewed_in_two_minutes_proves_the_minute() -> None:
    length = unsure()
    length.note_renewed(150, 3_000, 100)
    length.note_renewed(2_000, 3_000, 110)
    assert length.seconds == HOUR_SECONDS, "the end of an hour looks the same"
    length.note_renewed(150, 3_000, 170)
    assert length.seconds == MINUTE_SECONDS
    length.note_total(3_000, 180)
    assert length.seconds == MINUTE_SECONDS


def test_the_ends_of_two_hours_prove_nothing() -> None:
    length = unsure()
    for number in range(5):
        length.note_renewed(2_000, 3_000, 100 + number * HOUR_SECONDS)
    assert length.seconds == HOUR_SECONDS


def test_probes_in_vain_prove_the_hour() -> None:
    length = unsure()
    for number in range(PROBES + 1):
        assert length.seconds_until_probe(60 * (number + 1)) == 0
        length.note_probe(60 * (number + 1))
    assert length.seconds_until_probe(1_000) is None
    assert (length.seconds, length.reserve) == (HOUR_SECONDS, 0)


def test_a_long_refusal_proves_the_hour() -> None:
    length = unsure()
    length.note_renewed(2_000, 3_000, 100)
    length.note_refused(1_200)
    length.note_renewed(2_000, 3_000, 200)
    assert length.seconds == HOUR_SECONDS
