"""The address of the account and the key."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unit_tests.configs import config, config_or_none, refused
from unit_tests.support import KEY


@pytest.mark.parametrize(
    "domain",
    [
        "acme",
        "  acme ",
        "ACME",
        "acme.freshdesk.com",
        "acme.freshdesk.com:443",
        "ACME.Freshdesk.com/",
        "https://acme.freshdesk.com",
        "https://acme.freshdesk.com/a/tickets",
        "https://acme.freshdesk.com/a/tickets?page=2#top",
        "http://acme.freshdesk.com",
        "HTTP://acme.freshdesk.com/",
    ],
)
def test_an_account_is_known_however_it_is_written(domain: str) -> None:
    assert config(domain=domain).base_url == "https://acme.freshdesk.com"


@pytest.mark.parametrize(
    ("domain", "base_url"),
    [
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://localhost:1", "http://localhost:1"),
        ("http://localhost:1/", "http://localhost:1"),
        ("http://[::1]:9", "http://[::1]:9"),
        ("a-1", "https://a-1.freshdesk.com"),
        ("7", "https://7.freshdesk.com"),
    ],
)
def test_a_loopback_host_with_a_port_is_taken_for_trials(domain: str, base_url: str) -> None:
    assert config(domain=domain).base_url == base_url


@pytest.mark.parametrize(
    "domain",
    [
        "",
        "  ",
        None,
        5,
        ["acme"],
        "-acme",
        "acme-",
        "ac me",
        "ac_me",
        "https://",
        "support.acme.com",
        "https://help.acme.org/support",
        "acme.freshdesk.com.evil.com",
        "acmefreshdesk.com",
        "freshdesk.com",
        ".freshdesk.com",
        "a.b.freshdesk.com",
        "evil.com/acme.freshdesk.com",
        "evil.com?acme.freshdesk.com",
        "evil.com#acme.freshdesk.com",
        "evil.com\\acme.freshdesk.com",
        "evil.com\\.freshdesk.com",
        "acme.freshdesk.com@evil.com",
        "acme.freshdesk.com:443@evil.com",
        "user@acme.freshdesk.com",
        "https://user:password@acme.freshdesk.com",
        "http://user@localhost:8080",
        "https://@acme.freshdesk.com",
        "acme.freshservice.com",
        "https://acme.freshservice.com",
        "ftp://acme.freshdesk.com",
        "file:///etc/passwd",
        "acme.freshdesk.com:8443",
        "acme.freshdesk.com:port",
        "acme.freshdesk.com:99999",
        "https://localhost:8080",
        "https://127.0.0.1:8080",
        "http://localhost",
        "http://127.0.0.1",
        "http://localhost:0",
        "http://127.0.0.2:8080",
        "http://10.0.0.1:8080",
        "http://localhost.evil.com:8080",
        "http://localhost:8080@evil.com",
        "http://[::1",
        "http://169.254.169.254:80",
        "a" * 64,
    ],
)
def test_a_host_where_the_api_does_not_answer_is_refused_with_what_to_enter(domain: Any) -> None:
    message = refused(domain=domain)
    assert "'domain'" in message
    assert "'acme.freshdesk.com'" in message
    assert message.endswith(".")


def test_a_refused_domain_does_not_repeat_the_password_in_it() -> None:
    assert "hunter2" not in refused(domain="https://user:hunter2@acme.freshdesk.com")


def test_a_key_that_was_pasted_into_the_domain_is_not_repeated() -> None:
    assert "hunter2" not in refused(domain="https://hunter2:X@acme.freshdesk.com")


@given(st.text())
def test_no_domain_leads_the_key_anywhere_but_to_freshdesk(text: str) -> None:
    taken = config_or_none(domain=text)
    assert taken is None or re.fullmatch(r"https://[a-z0-9-]+\.freshdesk\.com", taken.base_url)


def test_blanks_around_a_key_are_dropped() -> None:
    assert config(api_key=f" {KEY}\n").api_key == KEY


@pytest.mark.parametrize("key", [None, "", "  ", 5, ["key"], f"{KEY} {KEY}", f"{KEY}\nX: y", f"{KEY}é", f"\x00{KEY}"])
def test_what_is_no_key_is_refused_without_quoting_it(key: Any) -> None:
    message = refused(api_key=key)
    assert "'api_key'" in message
    assert "profile settings" in message


def test_the_key_is_not_in_the_repr() -> None:
    assert KEY not in repr(config())
