"""What an account's plan or the agent's role does not let a key read: it is skipped with a warning, and no more."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from integration_tests.conftest import API_KEY
from integration_tests.connector import Connector, Run, discovered_streams
from integration_tests.every_resource import account_with_everything, expected_keys, keys_that_came
from integration_tests.fake_freshdesk import Account, FakeFreshdesk, Options, faults
from integration_tests.fake_freshdesk.service.routes import ROUTES
from integration_tests.filling import TODAY, before

STREAMS = tuple(discovered_streams())

NEEDED_FOR = {
    "Archive Tickets": {"archived_tickets", "archived_ticket_conversations"},
    "Custom Objects": {"custom_object_schemas", "custom_object_records"},
    "Forums": {"discussion_categories", "discussion_forums", "discussion_topics", "discussion_comments"},
    "Multilingual": {"solution_article_translations"},
    "Skill Based Round Robin": {"skills"},
    "Surveys": {"surveys", "satisfaction_ratings"},
    "Ticket Activities Export": {"ticket_activities"},
    "Ticket Forms": {"ticket_forms"},
    "Ticket Summary": {"ticket_summaries"},
    "Timesheets": {"time_entries"},
}
FEATURES = tuple(NEEDED_FOR)
ASKED_ONE_BY_ONE = {"Archive Tickets", "Ticket Summary"}
"""Features whose records have no list. Each is asked for, and 404 is what those get that are not there."""

FOR_ADMINISTRATORS = {
    "admin_groups",
    "admin_ticket_fields",
    "agent_availability",
    "agents",
    "automation_rules",
    "business_hours",
    "canned_response_folders",
    "canned_responses",
    "company_fields",
    "contact_fields",
    "email_configs",
    "email_mailboxes",
    "groups",
    "products",
    "roles",
    "skills",
    "sla_policies",
    "ticket_activities",
    "ticket_field_sections",
    "ticket_forms",
}

BY_PLAN, BY_ROLE = "require_feature", "access_denied"
WORDS = {BY_PLAN: "The plan of this Freshdesk account does not include it.", BY_ROLE: "the key of an administrator"}

LISTS = (
    "account",
    "admin/groups",
    "admin/skills",
    "admin/ticket_fields",
    "agents",
    "automations/*/rules",
    "business_hours",
    "canned_response_folders",
    "companies",
    "company_fields",
    "contact_fields",
    "contacts",
    "custom_objects/schemas",
    "discussions/categories",
    "email/mailboxes",
    "email_configs",
    "export/ticket_activities",
    "groups",
    "products",
    "roles",
    "scenario_automations",
    "settings/helpdesk",
    "sla_policies",
    "solutions/categories",
    "surveys",
    "surveys/satisfaction_ratings",
    "ticket-forms",
    "ticket_fields",
    "tickets",
    "time_entries",
)
"""All that are not of the children of a row."""

CHILDREN: tuple[Mapping[str, tuple[str, ...]], ...] = (
    {
        "admin/ticket_fields/*/sections": ("ticket_field_sections",),
        "canned_response_folders/*/responses": ("canned_responses",),
        "custom_objects/schemas/*/records": ("custom_object_records",),
        "discussions/categories/*/forums": ("discussion_forums", "discussion_topics", "discussion_comments"),
        "solutions/categories/*/folders": ("solution_folders", "solution_articles", "solution_article_translations"),
    },
    {
        "discussions/forums/*/topics": ("discussion_topics", "discussion_comments"),
        "solutions/folders/*/articles": ("solution_articles",),
    },
    {
        "discussions/topics/*/comments": ("discussion_comments",),
        "solutions/folders/*/articles/*": ("solution_article_translations",),
    },
)
"""Lists of children and the streams that need them, the farthest from the top last."""

OF_TICKETS = {
    "conversations": "tickets/*/conversations",
    "ticket_watchers": "tickets/*/watchers",
    "ticket_associations": "tickets/*/*associat*",
    "ticket_summaries": "tickets/*/summary",
}

CALLS_UNDER_WAY = 64
"""More than what several threads have begun, or are about to begin, when an account closes."""

CUSTOM_OBJECTS = ("custom_object_schemas", "custom_object_records")
"""They have error codes of their own, so any refusal of theirs means the same."""

OTHER_WORDS = ("Freshdesk refuses custom objects to this key.", "Freshdesk refuses what belongs to the ticket.")
"""Of resources of which any refusal means the same."""

SKIPPED = re.compile(r"Stream (\w+) is skipped\. .*")


@pytest.fixture(scope="module")
def account() -> Account:
    """Nothing in it changes."""
    return account_with_everything(before(hours=1), tickets=6)


@pytest.fixture(scope="module")
def keys(account: Account) -> dict[str, Counter[Any]]:
    return {stream: Counter(expected_keys(account, stream)) for stream in STREAMS}


def connector_for(fake: FakeFreshdesk, folder: Path) -> Connector:
    return Connector(folder, {"domain": fake.url, "api_key": API_KEY, "archived_tickets": True}, now=TODAY)


def refuse(fake: FakeFreshdesk, fault: faults.Fault, paths: Iterable[str]) -> None:
    for path in paths:
        fake.misbehave(fault, path=f"/api/v2/{path}", times=None)


def assert_skipped(run: Run, streams: Iterable[str], words: str) -> None:
    """These streams, each with one warning in these words; and there is no warning else."""
    warnings = [line for line in run.log("WARN", "ERROR", "FATAL").split("\n") if line]
    told = [match[1] for match in map(SKIPPED.fullmatch, warnings) if match]
    assert (run.exit_code, run.errors_traced) == (0, [])
    assert sorted(told) == sorted(streams)
    assert len(warnings) == len(told)
    assert [line for line in warnings if not any(known in line for known in (words, *OTHER_WORDS))] == []
    for stream in streams:
        assert run.statuses[stream] == ["STARTED", "COMPLETE"]
        assert run.records[stream] == []


def assert_all_came(run: Run, streams: Iterable[str], keys: Mapping[str, Counter[Any]]) -> None:
    came = {stream: Counter(keys_that_came(run, stream)) for stream in streams}
    assert {stream: found for stream, found in came.items() if found != keys[stream]} == {}
    assert {stream for stream in streams if run.statuses[stream][-1] != "COMPLETE"} == set()


def other_than(streams: Iterable[str]) -> list[str]:
    return [stream for stream in STREAMS if stream not in set(streams)]


# By plan


def test_these_are_all_features_that_resources_need() -> None:
    assert {endpoint.feature for endpoint in ROUTES.endpoints} == {None, *FEATURES}


@pytest.mark.parametrize("feature", FEATURES)
def test_a_feature_that_the_plan_has_not_skips_what_needs_it(
    account: Account, keys: dict[str, Counter[Any]], tmp_path: Path, feature: str
) -> None:
    with FakeFreshdesk(account, API_KEY, Options(missing_features={feature})) as fake:
        run = connector_for(fake, tmp_path).read(*STREAMS)
    assert_skipped(run, NEEDED_FOR[feature], f"It needs the feature {feature}.")
    assert_all_came(run, other_than(NEEDED_FOR[feature]), keys)


@pytest.mark.parametrize("feature", FEATURES)
def test_a_feature_that_freshdesk_does_not_know_skips_what_needs_it(
    account: Account, keys: dict[str, Counter[Any]], tmp_path: Path, feature: str
) -> None:
    with FakeFreshdesk(account, API_KEY, Options(missing_features={feature}, no_feature="not_found")) as fake:
        run = connector_for(fake, tmp_path).read(*STREAMS)
    assert_skipped(run, () if feature in ASKED_ONE_BY_ONE else NEEDED_FOR[feature], f"It needs the feature {feature}.")
    assert_all_came(run, other_than(NEEDED_FOR[feature]), keys)
    for stream in NEEDED_FOR[feature]:
        assert (run.records[stream], run.statuses[stream]) == ([], ["STARTED", "COMPLETE"])


@pytest.mark.parametrize("no_feature", ["require_feature", "not_found"])
def test_an_account_without_any_feature_is_read(
    account: Account, keys: dict[str, Counter[Any]], tmp_path: Path, no_feature: Any
) -> None:
    with FakeFreshdesk(account, API_KEY, Options(missing_features=FEATURES, no_feature=no_feature)) as fake:
        run = connector_for(fake, tmp_path).read(*STREAMS)
    silent = ASKED_ONE_BY_ONE if no_feature == "not_found" else set()
    skipped = {stream for feature in set(FEATURES) - silent for stream in NEEDED_FOR[feature]}
    assert_skipped(run, skipped, "It needs the feature ")
    assert_all_came(run, other_than(set().union(*NEEDED_FOR.values())), keys)


# By role


def test_a_key_that_is_no_administrators_skips_what_is_for_these(
    account: Account, keys: dict[str, Counter[Any]], tmp_path: Path
) -> None:
    with FakeFreshdesk(account, API_KEY, Options(admin=False)) as fake:
        run = connector_for(fake, tmp_path).read(*STREAMS)
    assert_skipped(run, FOR_ADMINISTRATORS, WORDS[BY_ROLE])
    assert_all_came(run, other_than(FOR_ADMINISTRATORS), keys)


# Any list


@pytest.mark.parametrize("code", [BY_PLAN, BY_ROLE])
def test_every_stream_can_be_refused(account: Account, tmp_path: Path, code: str) -> None:
    with FakeFreshdesk(account, API_KEY) as fake:
        refuse(fake, faults.forbidden(code), LISTS)
        run = connector_for(fake, tmp_path).read(*STREAMS)
    assert_skipped(run, STREAMS, WORDS[code])


@pytest.mark.parametrize("code", [BY_PLAN, BY_ROLE])
@pytest.mark.parametrize("refused", CHILDREN)
def test_children_can_be_refused_whose_parents_are_not(
    account: Account, keys: dict[str, Counter[Any]], tmp_path: Path, refused: Mapping[str, tuple[str, ...]], code: str
) -> None:
    streams = [stream for needing in CHILDREN[0].values() for stream in needing]
    skipped = [stream for needing in refused.values() for stream in needing]
    with FakeFreshdesk(account, API_KEY) as fake:
        refuse(fake, faults.forbidden(code), refused)
        run = connector_for(fake, tmp_path).read(*streams)
    assert_skipped(run, skipped, WORDS[code])
    assert_all_came(run, set(streams) - set(skipped), keys)


@pytest.mark.parametrize("code", [BY_PLAN, BY_ROLE])
def test_what_hangs_on_tickets_can_be_refused_although_the_tickets_are_not(
    account: Account, keys: dict[str, Counter[Any]], tmp_path: Path, code: str
) -> None:
    with FakeFreshdesk(account, API_KEY) as fake:
        refuse(fake, faults.forbidden(code), OF_TICKETS.values())
        run = connector_for(fake, tmp_path).read("tickets", *OF_TICKETS, "companies")
    assert_skipped(run, OF_TICKETS, WORDS[code])
    assert_all_came(run, ("tickets", "companies"), keys)
    assert [state for stream in OF_TICKETS for state in run.states(stream) if has_moved(state)] == []


def has_moved(state: dict[str, Any]) -> bool:
    """Whether a state says that something was read."""
    return bool(state["stream"]["stream_state"].get("updated_at"))


@pytest.mark.parametrize("fault", [faults.not_found(), faults.forbidden(BY_ROLE)])
def test_folders_in_folders_that_cannot_be_listed_take_no_others_with_them(
    account: Account, keys: dict[str, Counter[Any]], tmp_path: Path, fault: faults.Fault
) -> None:
    """As in accounts without folders in folders, or when the last of them was deleted a moment ago."""
    with FakeFreshdesk(account, API_KEY) as fake:
        refuse(fake, fault, ["solutions/folders/*/subfolders"])
        run = connector_for(fake, tmp_path).read("solution_folders", "solution_articles")
    outer = {row["id"] for row in account.table("solution_folders").rows.values() if row["parent_folder_id"] is None}
    articles = account.table("solution_articles").rows.values()
    assert run.exit_code == 0
    assert set(run.ids("solution_folders")) == outer
    assert set(run.ids("solution_articles")) == {row["id"] for row in articles if row["folder_id"] in outer}


def test_the_records_of_one_kind_that_are_refused_take_no_others_with_them(
    account: Account, keys: dict[str, Counter[Any]], tmp_path: Path
) -> None:
    refused = next(iter(account.table("custom_object_schemas").rows))
    with FakeFreshdesk(account, API_KEY) as fake:
        refuse(fake, faults.forbidden(BY_ROLE), [f"custom_objects/schemas/{refused}/records"])
        run = connector_for(fake, tmp_path).read("custom_object_records")
    assert set(run.keys("custom_object_records")) == {key for key in keys["custom_object_records"] if key[0] != refused}
    assert "Stream custom_object_records is skipped" not in run.log("WARN")
    assert f"custom_objects/schemas/{refused}/records" in run.log("WARN")


def test_an_archive_that_a_key_may_not_see_is_one_warning(account: Account, tmp_path: Path) -> None:
    with FakeFreshdesk(account, API_KEY) as fake:
        refuse(fake, faults.forbidden(BY_ROLE), ["tickets/archived/*"])
        run = connector_for(fake, tmp_path).read(*NEEDED_FOR["Archive Tickets"])
    assert_skipped(run, NEEDED_FOR["Archive Tickets"], WORDS[BY_ROLE])


# Refusals of no known meaning


def test_a_refusal_of_no_known_meaning_fails_the_stream_and_no_other(
    account: Account, keys: dict[str, Counter[Any]], tmp_path: Path
) -> None:
    with FakeFreshdesk(account, API_KEY) as fake:
        refuse(fake, faults.forbidden("inaccessible_field"), ["groups"])
        run = connector_for(fake, tmp_path).read(*STREAMS)
    assert run.exit_code == 1
    assert run.statuses["groups"] == ["STARTED", "INCOMPLETE"]
    assert "Freshdesk refuses this call" in run.errors_traced[0]["message"]
    assert_all_came(run, other_than(["groups"]), keys)


def test_every_stream_fails_at_a_refusal_of_no_known_meaning(
    account: Account, keys: dict[str, Counter[Any]], tmp_path: Path
) -> None:
    with FakeFreshdesk(account, API_KEY) as fake:
        refuse(fake, faults.forbidden("inaccessible_field"), [path for path in LISTS if path != "companies"])
        run = connector_for(fake, tmp_path).read(*STREAMS)
    assert run.exit_code == 1
    failing = other_than(["companies", *CUSTOM_OBJECTS])
    assert {stream for stream in failing if run.statuses[stream][-1] != "INCOMPLETE"} == set()
    assert_all_came(run, ["companies"], keys)


# The account itself


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (faults.forbidden("account_suspended", "Suspended"), "has suspended this account"),
        (faults.forbidden("password_lockout", "Locked"), "has locked the agent"),
        (faults.unauthorized(), "does not accept the API key"),
        (faults.status(401, {"code": "password_expired", "message": "Expired"}), "has expired"),
    ],
)
@pytest.mark.parametrize("place", ["tickets/3/conversations", "roles", "solutions/categories"])
def test_an_account_that_closes_in_mid_sync_ends_it(
    account: Account, tmp_path: Path, fault: faults.Fault, words: str, place: str
) -> None:
    """Nothing is asked for after that but what was under way: the first pages of the streams that come next."""
    with FakeFreshdesk(account, API_KEY) as fake:
        closed_at: list[int] = []

        def close(_number: int, path: str, _params: dict[str, str]) -> None:
            if path == f"/api/v2/{place}" and not closed_at:
                closed_at.append(fake.journal.count())
                fake.misbehave(fault, path="*", times=None)

        fake.before_request(close)
        run = connector_for(fake, tmp_path).read(*STREAMS)
        after = len(fake.journal.calls()) - closed_at[0]
    assert run.exit_code == 1
    assert words in run.errors_traced[0]["message"]
    assert {trace["failure_type"] for trace in run.errors_traced} == {"config_error"}
    failed = [stream for stream in STREAMS if run.statuses[stream][-1:] == ["INCOMPLETE"]]
    assert len(failed) == 1
    assert [stream for stream in STREAMS[STREAMS.index(failed[0]) + 1 :] if run.statuses[stream]] == []
    assert after < CALLS_UNDER_WAY


# The check


def test_the_check_says_what_a_key_can_read(account: Account, tmp_path: Path) -> None:
    with FakeFreshdesk(account, API_KEY) as fake:
        run = connector_for(fake, tmp_path).check()
    assert run.of_type("CONNECTION_STATUS")[0]["status"] == "SUCCEEDED"
    assert f"This key can read all {len(STREAMS)} streams: {', '.join(STREAMS)}." in run.log("INFO")
    assert run.log("WARN", "ERROR") == ""


def test_the_check_names_what_a_key_cannot_read_and_why(account: Account, tmp_path: Path) -> None:
    with FakeFreshdesk(account, API_KEY, Options(admin=False, missing_features=FEATURES)) as fake:
        run = connector_for(fake, tmp_path).check()
    assert run.of_type("CONNECTION_STATUS")[0]["status"] == "SUCCEEDED"
    assert run.exit_code == 0
    for feature in sorted(set(FEATURES) - ASKED_ONE_BY_ONE - {"Multilingual"}):
        for stream in NEEDED_FOR[feature]:
            assert why_not(run, stream).endswith(f"It needs the feature {feature}.")
    by_feature = set().union(*NEEDED_FOR.values())
    for stream in FOR_ADMINISTRATORS - by_feature:
        assert WORDS[BY_ROLE] in why_not(run, stream)
    for stream in ("tickets", "conversations", "contacts", "companies", "ticket_fields", "account"):
        assert f"Not readable: {stream}." not in run.log("WARN")
    assert API_KEY not in run.output + run.errors


def why_not(run: Run, stream: str) -> str:
    """The one warning about a stream."""
    (line,) = (line for line in run.log("WARN").split("\n") if line.startswith(f"Not readable: {stream}. "))
    return line
