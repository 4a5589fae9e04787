"""The table of meanings."""

import re

import pytest
from airbyte_cdk.models import FailureType

from source_freshdesk.api import errors
from source_freshdesk.api.errors import (
    AT_THE_DOOR,
    MEANINGS,
    AccountClosed,
    Action,
    FreshdeskError,
    Meaning,
    Refused,
    meaning_of,
)

USER, PASSING, OURS = FailureType.config_error, FailureType.transient_error, FailureType.system_error
SPOKEN = (*MEANINGS, *AT_THE_DOOR, errors.NO_HOST, errors.NO_ANSWER, errors.NOT_WHOLE)


@pytest.mark.parametrize(
    ("status", "code", "action", "fault"),
    [
        (429, None, Action.WAIT, PASSING),
        (401, "invalid_credentials", Action.STOP, USER),
        (401, "password_expired", Action.STOP, USER),
        (401, None, Action.STOP, USER),
        (403, "account_suspended", Action.STOP, USER),
        (401, "account_suspended", Action.STOP, USER),
        (403, "password_lockout", Action.STOP, USER),
        (403, "ssl_required", Action.FAIL, USER),
        (403, "require_feature", Action.SKIP, USER),
        (403, "access_denied", Action.SKIP, USER),
        (403, None, Action.FAIL, USER),
        (403, "something_new", Action.FAIL, USER),
        (404, None, Action.SKIP, USER),
        (404, "not_found", Action.SKIP, USER),
        (400, None, Action.FAIL, OURS),
        (400, "invalid_field", Action.FAIL, OURS),
        (406, None, Action.FAIL, OURS),
        (408, None, Action.RETRY, PASSING),
        *((status, None, Action.FAIL, USER) for status in (301, 302, 303, 307, 308)),
        *((status, None, Action.RETRY, PASSING) for status in (500, 502, 503, 504, 520, 521, 524, 526, 527, 530)),
        # Nobody has said what these mean.
        *((status, None, Action.FAIL, OURS) for status in (201, 202, 204, 304, 402, 405, 409, 410, 415, 418, 501, 599)),
        (418, "teapot", Action.FAIL, OURS),
    ],
)
def test_each_answer_has_its_meaning(status: int, code: str | None, action: Action, fault: FailureType) -> None:
    meaning = meaning_of(status, code)
    assert (meaning.action, meaning.fault) == (action, fault)


@pytest.mark.parametrize("status", [200, 404, 500, 999])
def test_no_answer_is_without_meaning(status: int) -> None:
    assert meaning_of(status, "a_code_of_tomorrow").sentence


@pytest.mark.parametrize("meaning", SPOKEN, ids=lambda meaning: f"{meaning.status}-{meaning.code}")
def test_each_meaning_is_a_sentence(meaning: Meaning) -> None:
    assert re.fullmatch(r"[A-Z].{15,}\.", meaning.sentence)


@pytest.mark.parametrize(
    "meaning",
    [
        row
        for row in SPOKEN
        if row.fault is USER and row.action is not Action.SKIP and (row.status, row.code) != (403, None)
    ],
    ids=lambda meaning: f"{meaning.status}-{meaning.code}",
)
def test_what_is_the_users_to_fix_says_what_to_do(meaning: Meaning) -> None:
    assert re.search(r": (check|copy|enter|settle|sign|unlock)\b", meaning.sentence)


@pytest.mark.parametrize("status", [403, 404])
def test_at_the_door_a_refusal_is_the_account_or_the_key(status: int) -> None:
    meaning = meaning_of(status, "access_denied", AT_THE_DOOR)
    assert (meaning.action, meaning.fault) == (Action.FAIL, USER)
    assert meaning in AT_THE_DOOR


@pytest.mark.parametrize(
    ("code", "action"),
    [("account_suspended", Action.STOP), ("password_lockout", Action.STOP), ("ssl_required", Action.FAIL)],
)
def test_a_refusal_of_the_whole_account_beats_what_a_status_means_for_one_list(code: str, action: Action) -> None:
    for_one_list = (Meaning(403, None, Action.SKIP, USER, "Left out."), Meaning(403, code, Action.SKIP, USER, "Out."))
    meaning = meaning_of(403, code, for_one_list)
    assert meaning.action is action
    assert meaning in MEANINGS


def test_whoever_knocks_at_the_door_of_a_closed_account_is_told_that_it_is_closed() -> None:
    for code in ("account_suspended", "password_lockout"):
        assert meaning_of(403, code, AT_THE_DOOR).action is Action.STOP
    assert meaning_of(401, None, AT_THE_DOOR).action is Action.STOP


def test_nothing_closes_an_account_that_may_pass_or_is_ours_to_mend() -> None:
    assert {row.fault for row in SPOKEN if row.action is Action.STOP} == {USER}


def test_what_a_status_means_for_one_list_beats_the_common_table() -> None:
    special = Meaning(400, "invalid_field", Action.SKIP, OURS, "Not known.")
    assert meaning_of(400, "invalid_field", (special,)) is special
    assert meaning_of(400, "other", (special,)).action is Action.FAIL


def test_an_error_says_its_sentence_and_where_it_happened() -> None:
    error = FreshdeskError(meaning_of(401, None), "GET /api/v2/tickets -> 401", "You have to be logged in")
    assert str(error) == error.message
    assert str(error).startswith("Freshdesk does not accept the API key")
    assert "(GET /api/v2/tickets -> 401: You have to be logged in)" in str(error)
    assert error.failure_type is USER


def test_a_refusal_can_be_told_by_its_status_and_code() -> None:
    refused = Refused(meaning_of(403, "require_feature"), "GET /", "", 403, "require_feature")
    assert isinstance(refused, FreshdeskError)
    assert (refused.status, refused.code) == (403, "require_feature")


def test_a_closed_account_is_no_refusal_that_a_stream_may_skip() -> None:
    assert issubclass(AccountClosed, FreshdeskError)
    assert not issubclass(AccountClosed, Refused)
