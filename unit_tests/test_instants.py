"""Times as they come and go."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from source_freshdesk import instants


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("2015-01-19T02:00:00Z", 1_421_632_800),
        ("2015-01-19T02:00:00", 1_421_632_800),
        ("2015-01-19T02:00:00+00:00", 1_421_632_800),
        ("2015-01-19T07:30:00+05:30", 1_421_632_800),
        ("2015-01-19T02:00:00.999Z", 1_421_632_800),
        ("1969-12-31T23:59:59.500Z", -1),
        ("2015-01-19T02:00:00+0000", 1_421_632_800),
        ("2015-01-19 02:00:00 UTC", 1_421_632_800),
        ("2015-01-19 02:00:00 +0000", 1_421_632_800),
        ("2015-01-19T02:00Z", 1_421_632_800),
        ("19-01-2015 02:00:00 +0000", 1_421_632_800),
    ],
)
def test_a_time_of_the_api_is_a_second(text: str, instant: int) -> None:
    assert instants.from_api(text) == instant


@pytest.mark.parametrize(
    "value",
    [
        *(None, 20, "", "Z", "2015-01-19", "2015-01-19T02:00:00", "2015-01-19 02:00:00Z", "2015-01-19T02:00:00.5Z"),
        *("2015-01-19T02:00:00+00:00", "19-01-2015T02:00:00 Z"),
    ],
)
def test_only_times_that_sort_as_texts_are_plain(value: object) -> None:
    assert not instants.is_plain(value)


@given(st.lists(st.integers(0, 4_000_000_000)))
def test_plain_times_are_in_order_of_time_as_texts(seconds: list[int]) -> None:
    texts = list(map(instants.to_api, seconds))
    assert all(map(instants.is_plain, texts))
    assert sorted(texts) == list(map(instants.to_api, sorted(seconds)))


@pytest.mark.parametrize("text", ["", "yesterday", "2015-13-01T00:00:00Z"])
def test_what_is_no_time_of_the_api_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        instants.from_api(text)


@given(st.integers(0, 4_000_000_000))
def test_a_second_comes_back_as_it_was_sent(instant: int) -> None:
    assert instants.from_api(instants.to_api(instant)) == instant
    assert instants.parse(instants.to_api(instant)) == instant


@given(st.integers(0, 4_000_000_000), st.integers(0, 4_000_000_000))
def test_times_of_the_api_are_ordered_as_texts(one: int, other: int) -> None:
    assert (one < other) == (instants.to_api(one) < instants.to_api(other))


@pytest.mark.parametrize(
    ("text", "instant"),
    [("2015-01-19", 1_421_625_600), ("2015-01-19 02:00", 1_421_632_800), (" 2015-01-19T02:00:00.9Z\n", 1_421_632_800)],
)
def test_a_person_may_write_a_day_or_a_time(text: str, instant: int) -> None:
    assert instants.parse(text) == instant


@pytest.mark.parametrize("text", ["", "P1D", "2015-01-19/2015-01-20", "12:30:00 and a bit"])
def test_a_span_or_words_are_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        instants.parse(text)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("Mon, 19 Jan 2015 02:00:00 GMT", 1_421_632_800),
        ("Mon, 19 Jan 2015 02:00:00 +0000", 1_421_632_800),
        (None, None),
        ("", None),
        ("today", None),
        ("Mon, 99 Jan 2015 02:00:00 GMT", None),
        ("Mon, 19 Jan 2015 02:00:00 +123456789012345", None),
    ],
)
def test_the_date_of_an_answer_may_be_missing(text: str | None, instant: int | None) -> None:
    assert instants.from_http_date(text) == instant


@pytest.mark.parametrize(
    ("value", "text"),
    [
        # As almost all resources send it.
        ("2015-01-19T02:00:00Z", "2015-01-19T02:00:00Z"),
        ("2015-01-19T02:00:00.201Z", "2015-01-19T02:00:00.201Z"),
        ("2015-01-19T07:30:00+05:30", "2015-01-19T07:30:00+05:30"),
        # The fields of ticket forms.
        ("2015-01-19 02:00:00", "2015-01-19T02:00:00Z"),
        ("2015-01-19T02:00:00", "2015-01-19T02:00:00Z"),
        ("2015-01-19 07:30:00+05:30", "2015-01-19T02:00:00Z"),
        ("2015-01-19", "2015-01-19T00:00:00Z"),
        # The export of ticket activities.
        ("19-01-2015 02:00:00 +0000", "2015-01-19T02:00:00Z"),
        ("19-01-2015 07:30:00 +0530", "2015-01-19T02:00:00Z"),
        ("19-01-2015 02:00:00 UTC", "2015-01-19T02:00:00Z"),
        ("19-01-2015 02:00:00", "2015-01-19T02:00:00Z"),
        ("9-1-2015 02:00:00 +0000", "2015-01-09T02:00:00Z"),
        # Custom objects.
        (1_421_632_800_000, "2015-01-19T02:00:00Z"),
        (1_421_632_800_201, "2015-01-19T02:00:00.201Z"),
        (1_421_632_800_007, "2015-01-19T02:00:00.007Z"),
        (0, "1970-01-01T00:00:00Z"),
    ],
)
def test_a_time_in_any_form_comes_in_one(value: str | int, text: str) -> None:
    assert instants.normalised(value) == text


@pytest.mark.parametrize(
    "value", ["", "yesterday", "2015-13-01 00:00:00", "31-02-2015 02:00:00 +0000", "19-01-2015", "19-01-2015 2 pm"]
)
def test_what_is_no_time_in_any_form_is_a_value_error(value: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        instants.normalised(value)


@given(st.integers(0, 4_000_000_000))
def test_all_forms_of_an_instant_come_to_the_same(instant: int) -> None:
    text = instants.to_api(instant)
    day, time = text.removesuffix("Z").split("T")
    year, month, day_of_month = day.split("-")
    forms = (text, f"{day} {time}", f"{day_of_month}-{month}-{year} {time} +0000", instant * 1_000)
    assert {instants.normalised(form) for form in forms} == {text}


@given(st.integers(0, 4_000_000_000_000))
def test_what_was_brought_into_form_stays_as_it_is(milliseconds: int) -> None:
    once = instants.normalised(milliseconds)
    assert instants.normalised(once) == once
    assert instants.from_api(once) == milliseconds // 1_000
