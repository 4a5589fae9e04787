"""What holds for the solutions, discussions, custom objects, activities and archive alike."""

import json
from types import ModuleType

import pytest

from integration_tests.conftest import Serve
from integration_tests.fake_freshdesk import Account, FakeFreshdesk
from integration_tests.fake_freshdesk_tests.sections.requests_made import (
    OF_SOME_ACCOUNTS,
    RECORDED,
    SECTIONS,
    get,
    problem,
    rows,
    truth,
)
from integration_tests.filling import TODAY


@pytest.mark.parametrize(
    ("path", "recording"),
    [
        ("solutions/categories", "2023-solution_categories"),
        ("solutions/categories/{solution_categories}/folders", "2026-solution_folders"),
        ("solutions/folders/{solution_folders}/subfolders", "2024-solution_subfolders"),
        ("solutions/folders/{solution_folders}/articles", "2026-solution_articles"),
        ("discussions/categories", "2026-discussion_categories"),
        ("discussions/categories/{discussion_categories}/forums", "2026-discussion_forums"),
        ("discussions/forums/{discussion_forums}/topics", "2026-discussion_topics_view"),
        ("discussions/topics/{discussion_topics}/comments", "2023-discussion_comments"),
    ],
)
def test_records_have_the_keys_real_accounts_sent(
    account: Account, fake: FakeFreshdesk, path: str, recording: str
) -> None:
    recorded = [set(row) for row in json.loads((RECORDED / f"{recording}.json").read_text())]
    sent = [set(row) for row in rows(fake, filled_in(path, account))]
    assert all(set.intersection(*recorded) - OF_SOME_ACCOUNTS <= keys for keys in sent)
    assert set.union(*sent) <= set.union(*recorded) | OF_SOME_ACCOUNTS


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.__name__.rpartition(".")[2])
def test_a_seeded_account_is_the_same_every_time(section: ModuleType) -> None:
    def seeded() -> str:
        account = Account(now=TODAY)
        section.seed(account)
        tables = ("solution_articles", "discussion_comments", "custom_object_records", "ticket_activities")
        archived = ("archived_tickets", "archived_ticket_conversations")
        return json.dumps([truth(account, table) for table in (*tables, *archived)])

    assert seeded() == seeded()


PATHS = {
    "solutions/folders/{solution_folders}/articles/de": "Multilingual",
    "discussions/categories": "Forums",
    "discussions/categories/{discussion_categories}/forums": "Forums",
    "discussions/forums/{discussion_forums}/topics": "Forums",
    "discussions/topics/{discussion_topics}/comments": "Forums",
    "custom_objects/schemas": "Custom Objects",
    "custom_objects/schemas/{custom_object_schemas}": "Custom Objects",
    "custom_objects/schemas/{custom_object_schemas}/records": "Custom Objects",
    "custom_objects/schemas/{custom_object_schemas}/records/count": "Custom Objects",
    "tickets/archived/{archived_tickets}": "Archive Tickets",
    "tickets/archived/{archived_tickets}/conversations": "Archive Tickets",
}


def filled_in(path: str, account: Account) -> str:
    """The path with the id of the first record of each table named in it."""
    for table in ("solution_folders", "discussion_categories", "discussion_forums", "discussion_topics"):
        path = path.replace(f"{{{table}}}", str(truth(account, table)[0]["id"]))
    for table in ("custom_object_schemas", "archived_tickets", "solution_categories"):
        path = path.replace(f"{{{table}}}", str(truth(account, table)[0]["id"]))
    return path


@pytest.mark.parametrize(("path", "feature"), PATHS.items())
def test_what_the_plan_lacks_is_refused(account: Account, serve: Serve, path: str, feature: str) -> None:
    path = filled_in(path, account)
    assert get(serve(), path).status_code == 200
    refused = get(serve(missing_features=[feature]), path)
    assert (refused.status_code, refused.json()["code"]) == (403, "require_feature")
    assert feature in refused.json()["message"]
    assert get(serve(missing_features=[feature], no_feature="not_found"), path).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "solutions/categories",
        "solutions/categories/{solution_categories}/folders",
        "solutions/folders/{solution_folders}/subfolders",
        "solutions/folders/{solution_folders}/articles",
        *(path for path in PATHS if not path.startswith("custom_objects")),
    ],
)
def test_an_unknown_parameter_is_refused(account: Account, fake: FakeFreshdesk, path: str) -> None:
    path = filled_in(path, account)
    assert problem(get(fake, path, updated_since="2026-01-01")) == ("updated_since", "invalid_field")


@pytest.mark.parametrize(
    "path",
    [
        "solutions/categories/1/folders",
        "solutions/folders/1/subfolders",
        "solutions/folders/1/articles",
        "solutions/folders/1/articles/de",
        "discussions/categories/1/forums",
        "discussions/forums/1/topics",
        "discussions/topics/1/comments",
        "tickets/archived/99",
        "tickets/archived/99/conversations",
    ],
)
def test_children_of_nobody_are_not_found(fake: FakeFreshdesk, path: str) -> None:
    assert get(fake, path).status_code == 404
