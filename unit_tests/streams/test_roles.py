"""Roles and skills of agents."""

import logging

import pytest
import requests_mock

from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.streams.roles import Skills
from unit_tests.support import API, answer, ids, read, refusal, warnings

SKILLS, OLDER_SKILLS = f"{API}admin/skills", f"{API}skills"


@pytest.fixture
def skills(api: FreshdeskApi) -> Skills:
    return Skills(api)


@pytest.mark.parametrize("body", [[{"id": 1}, {"id": 2}], {"skills": [{"id": 1}, {"id": 2}]}])
def test_skills_come_bare_or_wrapped(server: requests_mock.Mocker, skills: Skills, body: object) -> None:
    server.get(SKILLS, [answer(body)])
    assert ids(read(skills)) == [1, 2]
    assert server.call_count == 1


def test_an_account_that_does_not_know_the_path_is_asked_at_the_older_one(
    server: requests_mock.Mocker, skills: Skills, caplog: pytest.LogCaptureFixture
) -> None:
    server.get(SKILLS, [refusal(404)])
    server.get(OLDER_SKILLS, [answer([{"id": 1}])])
    with caplog.at_level(logging.WARNING):
        assert ids(read(skills)) == [1]
    assert warnings(caplog) == []


def test_an_account_that_was_asked_early_is_asked_at_the_older_path_too(
    server: requests_mock.Mocker, skills: Skills
) -> None:
    server.get(SKILLS, [refusal(404)])
    server.get(OLDER_SKILLS, [answer([{"id": 1}])])
    skills.prefetch({})
    assert ids(read(skills)) == [1]


def test_an_account_that_knows_neither_path_has_no_skills(
    server: requests_mock.Mocker, skills: Skills, caplog: pytest.LogCaptureFixture
) -> None:
    server.get(SKILLS, [refusal(404)])
    server.get(OLDER_SKILLS, [refusal(404)])
    with caplog.at_level(logging.WARNING):
        assert read(skills) == []
    (warning,) = warnings(caplog)
    assert warning.startswith("Stream skills is skipped.")
    assert warning.endswith("It needs the feature Skill Based Round Robin.")


@pytest.mark.parametrize("code", ["require_feature", "access_denied"])
def test_a_refusal_is_no_reason_to_ask_at_the_older_path(
    server: requests_mock.Mocker, skills: Skills, code: str
) -> None:
    server.get(SKILLS, [refusal(403, code)])
    assert read(skills) == []
    assert not any(request.path == "/api/v2/skills" for request in server.request_history)


def test_whether_skills_can_be_read_is_asked_at_the_older_path_too(
    server: requests_mock.Mocker, skills: Skills
) -> None:
    server.get(SKILLS, [refusal(404)])
    server.get(OLDER_SKILLS, [answer([])])
    assert skills.probe() is None
