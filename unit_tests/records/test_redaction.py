"""Secrets of other systems."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from source_freshdesk.records.redaction import REDACTED, redacted

values = st.recursive(
    st.none() | st.integers() | st.text(max_size=5),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.sampled_from(["a", "url", "api_key"]), inside),
    max_leaves=8,
)


@pytest.mark.parametrize(
    "key",
    [
        *("api_key", "API-Key", "apikey", "access_key", "auth_header", "Auth_Header", "Authorization", "auth_token"),
        *("password", "Password", "smtp_password", "passwd", "passphrase", "secret", "client_secret", "token"),
        *("custom_headers", "headers", "header", "cookie", "credentials", "signature"),
    ],
)
@pytest.mark.parametrize("secret", ["hush", 5, {"username": "me", "password": "hush"}, ["hush"], True])
def test_a_secret_is_replaced_whatever_it_is(key: str, secret: object) -> None:
    assert redacted({"id": 1, key: secret}) == {"id": 1, key: REDACTED}


@pytest.mark.parametrize("nothing", [None, "", {}, []])
def test_that_there_is_no_secret_may_be_seen(nothing: object) -> None:
    assert redacted({"password": nothing}) == {"password": nothing}


def test_a_secret_is_found_at_any_depth() -> None:
    row = {"id": 1, "actions": [{"name": "webhook", "steps": [[{"api_key": "hush"}], {"custom_headers": {"X": "h"}}]}]}
    assert redacted(row) == {
        "id": 1,
        "actions": [{"name": "webhook", "steps": [[{"api_key": REDACTED}], {"custom_headers": REDACTED}]}],
    }


@pytest.mark.parametrize("key", ["name", "author", "authentication", "user_name", "compass", "heading", "key"])
def test_a_key_that_only_looks_like_one_is_left(key: str) -> None:
    assert redacted({key: "words"}) == {key: "words"}


@given(st.dictionaries(st.sampled_from(["id", "token", "actions"]), values))
def test_a_row_is_copied_and_keeps_its_keys(row: dict[str, object]) -> None:
    before = copy.deepcopy(row)
    assert list(redacted(row)) == list(row)
    assert row == before
    assert redacted(redacted(row)) == redacted(row)


@pytest.mark.parametrize("naming", ["name", "key"])
@pytest.mark.parametrize("secret", ["api_key", "Authorization", "X-Auth-Token"])
def test_a_value_whose_name_stands_beside_it_is_a_secret_by_that(naming: str, secret: str) -> None:
    row = {"headings": [{naming: secret, "value": "hush"}, {naming: "status", "value": "4"}]}
    assert redacted(row) == {"headings": [{naming: secret, "value": REDACTED}, {naming: "status", "value": "4"}]}


@pytest.mark.parametrize(
    ("address", "seen"),
    [
        ("https://example.com/hook?id=5", "https://example.com/hook?id=5"),
        ("https://example.com/hook?id=5&token=hush", "https://example.com/hook?id=5&token=%5Bredacted%5D"),
        ("https://me:hush@example.com/hook", f"https://{REDACTED}@example.com/hook"),
        ("see https://example.com for more", "see https://example.com for more"),
        ("://", "://"),
        ("https://[broken", "https://[broken"),
    ],
)
def test_an_address_lacks_its_secrets(address: str, seen: str) -> None:
    assert redacted({"url": address}) == {"url": seen}
