"""The key of a row and its version."""

import pytest

from source_freshdesk.records.versions import changed_at, content_of, key_of
from unit_tests.support import NOW, ago


@pytest.mark.parametrize("value", [None, 5, {}])
def test_a_row_whose_time_is_no_text_has_no_version(value: object) -> None:
    assert changed_at({"id": 1, "updated_at": value}) is None
    assert changed_at({"id": 1}) is None


def test_the_version_is_the_instant_of_the_named_field() -> None:
    assert changed_at({"performed_at": ago(5)}, "performed_at") == NOW - 5


def test_milliseconds_are_cut_off() -> None:
    assert changed_at({"updated_time": ago(5).replace("Z", ".999Z")}, "updated_time") == NOW - 5


def test_a_key_of_several_fields_is_joined() -> None:
    assert key_of(["id", "language"], {"id": 5, "language": "de"}) == "5:de"
    assert key_of("id", {"id": 5, "language": "de"}) == 5


def test_content_is_all_that_a_row_holds_in_any_order() -> None:
    row = {"id": 5, "subject": "One", "tags": ["a", "b"], "big": 2**70, "half": "\ud800"}
    assert content_of(row) == content_of(dict(reversed(row.items())))
    assert content_of(row) != content_of(row | {"tags": ["a"]})


@pytest.mark.parametrize("text", ["{}", 'An image: <img src="{}" alt="">', "See {} for more"])
def test_links_that_are_signed_anew_are_no_other_content(text: str) -> None:
    first, second = (text.format(f"https://files.example.com/1.png?Expires={at}&Signature=x{at}") for at in (1, 2))
    assert content_of({"text": first}) == content_of({"text": second})
    assert content_of({"text": first}) != content_of({"text": first.replace("1.png", "2.png")})
    assert content_of({"text": f"{first} Why?"}) != content_of({"text": f"{first} Because."})
