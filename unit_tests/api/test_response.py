"""When an answer is accepted."""

from typing import Any, ClassVar

import orjson
import pytest

from source_freshdesk.api.response import (
    InvalidResponse,
    Row,
    RowList,
    Shape,
    SingleObject,
    UnusableRows,
    error_code,
    validated_rows,
)
from unit_tests.support import API, response

LIST, ONE = RowList(), SingleObject()
WRAPPED = RowList(under="rules")
TICKETS = RowList(("id", "updated_at"))
TIME = b"2024-01-31T00:00:00Z"
ASCENDING = f"{API}tickets?order_by=updated_at&order_type=asc"
DESCENDING = f"{API}tickets?order_by=updated_at&order_type=desc"


@pytest.mark.parametrize(
    ("content", "shape", "rows"),
    [
        (b"[]", LIST, []),
        (b'[{"id": 1}, {"id": 2, "x": null}]', LIST, [{"id": 1}, {"id": 2, "x": None}]),
        (b'[{"id": 0}]', LIST, [{"id": 0}]),
        (b'[{"id": 1, "updated_at": "%s"}]' % TIME, TICKETS, [{"id": 1, "updated_at": TIME.decode()}]),
        (b'{"id": 1}', ONE, [{"id": 1}]),
        (b'{"key": false}', SingleObject(("key",)), [{"key": False}]),
        (b'{"rules": [{"id": 1}], "meta": {"count": 1}}', WRAPPED, [{"id": 1}]),
        (b'{"rules": []}', WRAPPED, []),
        (b'[{"id": 1}]', WRAPPED, [{"id": 1}]),
    ],
)
def test_a_whole_answer_of_the_promised_shape_is_accepted(content: bytes, shape: Shape, rows: list[Any]) -> None:
    assert validated_rows(response(content=content), shape) == rows


@pytest.mark.parametrize(
    ("content", "shape", "flaw"),
    [
        (b"", LIST, "0 bytes that is truncated or not JSON"),
        (b'[{"id": 1}, {"id"', LIST, "17 bytes that is truncated or not JSON"),
        (b'[{"id": "\xff"}', LIST, "12 bytes that is truncated or not JSON"),
        (b'[{"id": NaN}]', LIST, "an object without 'id'"),
        (b'[{"id": [1]}]', LIST, "an object whose 'id' is a list"),
        (b'[{"id": {"value": 1}}]', LIST, "an object whose 'id' is an object"),
        (b"<html>Sorry</html>", LIST, "truncated or not JSON"),
        (b'{"description": "Oops"}', LIST, "an object instead of a list"),
        (b'"secret words"', LIST, "a text instead of a list"),
        (b"null", LIST, "null instead of a list"),
        (b"1", LIST, "a value instead of a list"),
        (b"[[]]", LIST, "a list instead of an object"),
        (b"[null]", LIST, "null instead of an object"),
        (b'[{"id": 1}, {"code": "x"}]', LIST, "an object without 'id'"),
        (b'[{"id": null}]', LIST, "an object without 'id'"),
        (b'[{"id": 1, "updated_at": null}]', TICKETS, "an object without 'updated_at'"),
        (b"[]", ONE, "a list instead of an object"),
        (b"{}", WRAPPED, "null instead of a list"),
        (b'{"rules": null}', WRAPPED, "null instead of a list"),
        (b'{"rules": {"id": 1}}', WRAPPED, "an object instead of a list"),
        (b'{"rules": [{"name": "x"}]}', WRAPPED, "an object without 'id'"),
        (b'{"id": 1}', LIST, "an object instead of a list"),
        (b"{}", ONE, "an object without 'id'"),
    ],
)
def test_an_answer_that_is_not_what_was_promised_is_not_accepted(content: bytes, shape: Shape, flaw: str) -> None:
    with pytest.raises(InvalidResponse) as caught:
        validated_rows(response(content=content), shape)
    assert flaw in str(caught.value)


@pytest.mark.parametrize(
    ("headers", "flaw"),
    [
        ({"Content-Type": "text/html; charset=utf-8"}, "text/html instead of JSON"),
        ({}, "a body without a content type"),
    ],
)
def test_an_answer_that_is_not_called_json_is_not_accepted(headers: dict[str, str], flaw: str) -> None:
    with pytest.raises(InvalidResponse, match=flaw):
        validated_rows(response(headers=headers), LIST)


class FromAnywhere(SingleObject):
    """A file of an object store."""

    content_type: ClassVar[str | None] = None


@pytest.mark.parametrize("headers", [{}, {"Content-Type": "binary/octet-stream"}, {"Content-Type": "text/plain"}])
def test_a_file_may_be_of_any_type_where_that_is_promised(headers: dict[str, str]) -> None:
    assert validated_rows(response(content=b'{"id": 1}', headers=headers), FromAnywhere()) == [{"id": 1}]
    with pytest.raises(InvalidResponse):
        validated_rows(response(content=b"<html>", headers=headers), FromAnywhere())


@pytest.mark.parametrize("kind", ["APPLICATION/JSON", "Application/Json; Charset=UTF-8", "application/problem+json"])
def test_json_may_be_called_so_in_any_case(kind: str) -> None:
    assert validated_rows(response(headers={"Content-Type": kind}), LIST) == []


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (b"a\xff", "a\ufffd"),
        (b"a\xe2\x82", "a\ufffd"),
        (rb"a\ud83d", "a?"),
        (rb"\ude00\u00e9", "?\u00e9"),
        (b"a\x00\tb", "a\x00\tb"),
    ],
)
def test_an_invalid_character_in_a_text_does_not_keep_the_rest_from_being_read(text: bytes, read: str) -> None:
    content = b'[{"id": 1, "subject": "%s"}, {"id": 2, "subject": "\xc3\xa9"}]' % text
    assert validated_rows(response(content=content), LIST) == [
        {"id": 1, "subject": read},
        {"id": 2, "subject": "\u00e9"},
    ]


def test_a_number_that_is_none_does_not_keep_the_rest_from_being_read() -> None:
    content = b'[{"id": 1, "rating": NaN}, {"id": 2, "rating": -Infinity}]'
    assert validated_rows(response(content=content), LIST) == [{"id": 1, "rating": None}, {"id": 2, "rating": None}]


@pytest.mark.parametrize("bad", [{"name": "x"}, {"id": None}, {"id": [1]}, {"id": {}}, None, "text", 5, []])
def test_a_few_unusable_rows_are_told_apart_from_the_others(bad: object) -> None:
    good = [{"id": number} for number in range(3)]
    with pytest.raises(UnusableRows) as caught:
        validated_rows(response(content=orjson.dumps([good[0], bad, *good[1:]])), LIST)
    assert (caught.value.usable, caught.value.unusable) == (good, [bad])


@pytest.mark.parametrize(("good", "bad", "are_few"), [(1, 1, True), (50, 3, True), (50, 4, False), (196, 6, True)])
def test_more_than_a_few_unusable_rows_make_a_list_unusable(good: int, bad: int, are_few: bool) -> None:
    content = orjson.dumps([{"id": number} for number in range(good)] + [{}] * bad)
    with pytest.raises(InvalidResponse) as caught:
        validated_rows(response(content=content), LIST)
    assert isinstance(caught.value, UnusableRows) == are_few


def test_what_a_shape_cannot_use_is_not_accepted_and_named() -> None:
    class Named(SingleObject):
        def rows(self, body: Any) -> list[Row]:
            return [{"id": int(body["id"]["number"])}]

    for content, flaw in ((b"{}", "no 'id'"), (b'{"id": 1}', "TypeError"), (b'{"id": {"number": "n"}}', "ValueError")):
        with pytest.raises(InvalidResponse, match=f"values of a kind that is not expected: {flaw}"):
            validated_rows(response(content=content), Named())


def test_what_is_not_accepted_is_not_quoted() -> None:
    with pytest.raises(InvalidResponse) as caught:
        validated_rows(response(content=b'{"name": "Jane Roe"'), LIST)
    assert "Jane" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "times", "is_accepted"),
    [
        (ASCENDING, ["2024-01-01T00:00:00Z", "2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z"], True),
        (ASCENDING, ["2024-01-02T00:00:00Z", "2024-01-01T00:00:00Z"], False),
        (ASCENDING, ["2024-01-01T00:00:00Z", "2024-01-01T00:00:00.500Z", "2024-01-01T00:00:01Z"], True),
        (ASCENDING, ["2024-01-01T01:30:00+01:00", "2024-01-01T00:40:00Z", "2024-01-01T06:15:00+0530"], True),
        (ASCENDING, ["2024-01-01T00:40:00Z", "2024-01-01T01:30:00+01:00"], False),
        (DESCENDING, ["2024-01-02T00:00:00Z", "2024-01-01T00:00:00Z"], True),
        (DESCENDING, ["2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z"], False),
        (f"{API}tickets", ["2024-01-02T00:00:00Z", "2024-01-01T00:00:00Z"], True),
    ],
)
def test_rows_in_another_order_than_asked_for_are_not_accepted(url: str, times: list[str], is_accepted: bool) -> None:
    content = orjson.dumps([{"id": number, "updated_at": time} for number, time in enumerate(times)])
    asked = response(content=content, url=url)
    if is_accepted:
        assert len(validated_rows(asked, TICKETS)) == len(times)
    else:
        with pytest.raises(InvalidResponse, match="not in order of updated_at"):
            validated_rows(asked, TICKETS)


@pytest.mark.parametrize(
    ("body", "code", "words"),
    [
        ({"code": "invalid_credentials", "message": "Log in."}, "invalid_credentials", "Log in."),
        (
            {"description": "Validation failed", "errors": [{"field": "page", "message": "Too big", "code": "bad"}]},
            "bad",
            "page: Too big",
        ),
        ({"errors": [{"message": "Too big", "code": "bad"}, {"code": "other"}]}, "bad", "Too big"),
        ({"description": "Failed", "errors": []}, None, "Failed"),
        ({"errors": ["words"]}, None, ""),
        ({"errors": {"code": "x"}}, None, ""),
        ({"code": 7, "message": ["x"]}, None, ""),
        ({"code": "", "message": "m" * 999}, None, "m" * 300),
        ({}, None, ""),
        ([], None, ""),
        ("words", None, ""),
        (None, None, ""),
    ],
)
def test_an_error_is_found_by_its_code_and_words(body: Any, code: str | None, words: str) -> None:
    assert error_code(response(400, orjson.dumps(body))) == (code, words)


@pytest.mark.parametrize("content", [b"", b"<html>", b'{"code": "acc'])
def test_an_error_that_is_no_json_has_no_code(content: bytes) -> None:
    assert error_code(response(502, content)) == (None, "")


def test_a_body_nested_too_deep_is_not_accepted() -> None:
    with pytest.raises(InvalidResponse):
        validated_rows(response(content=b"[" * 100_000), RowList())
