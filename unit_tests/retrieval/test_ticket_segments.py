"""Time is cut without gaps, into pieces that grow and shrink with what was found."""

import math

from hypothesis import given
from hypothesis import strategies as st

from source_freshdesk.retrieval.ticket_segments import MAX_CHANGE, PAGES_PER_SEGMENT, Segment, SegmentPlan

START, NOW = 1_700_000_000, 1_760_000_000


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(-5, 10_000_000))), st.integers(0, 10_000_000))
def test_segments_follow_each_other_without_gaps_and_the_last_has_no_end(
    lessons: list[tuple[int, int]], seconds: int
) -> None:
    plan = SegmentPlan(START, NOW, pages=1, seconds=seconds)
    found: list[Segment] = []
    for pages, spent in lessons:
        segment = plan.next()
        if segment is None:
            break
        found.append(segment)
        plan.learn(pages, spent)
    assert [segment.end for segment in found[:-1]] == [segment.start for segment in found[1:]]
    assert all(segment.end > segment.start for segment in found)
    assert not found or found[0].start == START
    assert all(segment.end == math.inf for segment in found if segment.end >= NOW)


def test_a_segment_is_as_long_as_the_pages_read_last_suggest() -> None:
    plan = SegmentPlan(START, NOW, pages=2, seconds=2_000)
    assert plan.next() == Segment(START, START + 1_000 * PAGES_PER_SEGMENT)


def test_nothing_follows_the_segment_without_an_end() -> None:
    plan = SegmentPlan(NOW - 10, NOW, pages=1, seconds=1_000)
    assert plan.next() == Segment(NOW - 10)
    assert plan.next() is None
    assert plan.pages_to_come == 0


def test_a_guess_changes_by_a_bounded_factor() -> None:
    plan = SegmentPlan(START, NOW, pages=1, seconds=1_000)
    plan.learn(pages=1, seconds=10_000_000)
    segment = plan.next()
    assert segment is not None
    assert segment.end - segment.start == MAX_CHANGE * 1_000 * PAGES_PER_SEGMENT


def test_an_empty_piece_teaches_nothing() -> None:
    plan = SegmentPlan(START, NOW, pages=1, seconds=1_000)
    plan.learn(pages=1, seconds=0)
    assert plan.next() == Segment(START, START + 1_000 * PAGES_PER_SEGMENT)
