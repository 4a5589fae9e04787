"""The table of meanings."""

import re

import pytest
from airbyte_cdk.models import FailureType

from source_freshdesk.api import errors
from source_freshdesk.api.errors import (
    CURRENT_AGENT_RULES,
    ERROR_RULES,
    AccessRevoked,
    Action,
    ErrorRule,
    FreshdeskError,
    ResourceUnavailable,
    rule_for,
)

USER, PASSING, OURS = FailureType.config_error, FailureType.transient_error, FailureType.system_error
SPOKEN = (*ERROR_RULES, *CURRENT_AGENT_RULES, *errors.RULES_WITHOUT_RESPONSE, errors.INVALID_RESPONSE)


@pytest.mark.parametrize(
    ("status", "code", "action", "failure_type"),
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
def test_each_answer_has_its_rule(status: int, code: str | None, action: Action, failure_type: FailureType) -> None:
    rule = rule_for(status, code)
    assert (rule.action, rule.failure_type) == (action, failure_type)


@pytest.mark.parametrize("status", [200, 404, 500, 999])
def test_no_answer_is_without_rule(status: int) -> None:
    assert rule_for(status, "a_code_of_tomorrow").message


@pytest.mark.parametrize("rule", SPOKEN, ids=lambda rule: f"{rule.status}-{rule.code}")
def test_each_rule_is_a_message(rule: ErrorRule) -> None:
    assert re.fullmatch(r"[A-Z].{15,}\.", rule.message)


@pytest.mark.parametrize(
    "rule",
    [
        row
        for row in SPOKEN
        if row.failure_type is USER and row.action is not Action.SKIP and (row.status, row.code) != (403, None)
    ],
    ids=lambda rule: f"{rule.status}-{rule.code}",
)
def test_what_is_the_users_to_fix_says_what_to_do(rule: ErrorRule) -> None:
    assert re.search(r": (check|copy|enter|if a proxy|resolve|sign|unlock)\b", rule.message)


@pytest.mark.parametrize("status", [403, 404])
def test_for_the_current_agent_a_refusal_is_the_account_or_the_key(status: int) -> None:
    rule = rule_for(status, "access_denied", CURRENT_AGENT_RULES)
    assert (rule.action, rule.failure_type) == (Action.FAIL, USER)
    assert rule in CURRENT_AGENT_RULES


@pytest.mark.parametrize(
    ("code", "action"),
    [("account_suspended", Action.STOP), ("password_lockout", Action.STOP), ("ssl_required", Action.FAIL)],
)
def test_a_refusal_of_the_whole_account_beats_what_a_status_means_for_one_list(code: str, action: Action) -> None:
    for_one_list = (
        ErrorRule(403, None, Action.SKIP, USER, "Left out."),
        ErrorRule(403, code, Action.SKIP, USER, "Out."),
    )
    rule = rule_for(403, code, for_one_list)
    assert rule.action is action
    assert rule in ERROR_RULES


def test_a_call_to_a_suspended_account_says_that_it_is_suspended() -> None:
    for code in ("account_suspended", "password_lockout"):
        assert rule_for(403, code, CURRENT_AGENT_RULES).action is Action.STOP
    assert rule_for(401, None, CURRENT_AGENT_RULES).action is Action.STOP


def test_nothing_closes_an_account_that_may_pass_or_is_ours_to_fix() -> None:
    assert {row.failure_type for row in SPOKEN if row.action is Action.STOP} == {USER}


def test_what_a_status_means_for_one_list_beats_the_common_table() -> None:
    special = ErrorRule(400, "invalid_field", Action.SKIP, OURS, "Not known.")
    assert rule_for(400, "invalid_field", (special,)) is special
    assert rule_for(400, "other", (special,)).action is Action.FAIL


def test_an_error_says_its_message_and_where_it_happened() -> None:
    error = FreshdeskError(rule_for(401, None), "GET /api/v2/tickets -> 401", "You have to be logged in")
    assert str(error) == error.message
    assert str(error).startswith("Freshdesk rejected the API key")
    assert "(GET /api/v2/tickets -> 401: You have to be logged in)" in str(error)
    assert error.failure_type is USER


def test_a_refusal_can_be_distinguished_by_its_status_and_code() -> None:
    refused = ResourceUnavailable(rule_for(403, "require_feature"), "GET /", "", 403, "require_feature")
    assert isinstance(refused, FreshdeskError)
    assert (refused.status, refused.code) == (403, "require_feature")


def test_a_closed_account_is_no_refusal_that_a_stream_may_skip() -> None:
    assert issubclass(AccessRevoked, FreshdeskError)
    assert not issubclass(AccessRevoked, ResourceUnavailable)
