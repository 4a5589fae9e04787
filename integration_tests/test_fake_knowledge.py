"""The fake's knowledge base, discussions, custom objects, ticket activities and archive.

They keep to https://developers.freshdesk.com/api/ and to the records real accounts sent.
"""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import requests

from integration_tests.conftest import API_KEY, Serve
from integration_tests.fake_freshdesk import Account, FakeFreshdesk, faults
from integration_tests.fake_freshdesk.sections import archived_tickets as archive
from integration_tests.fake_freshdesk.sections import custom_objects, discussions
from integration_tests.fake_freshdesk.sections import solutions as knowledge
from integration_tests.fake_freshdesk.sections import ticket_activities as activities
from integration_tests.fake_freshdesk.service.fake import KeyShownToStrangers
from integration_tests.filling import TODAY, before

SECTIONS = (knowledge, discussions, custom_objects, activities, archive)
RECORDED = Path(__file__).parent.parent / "unit_tests" / "recorded"
OF_SOME_ACCOUNTS = {"visible_in_portals", "company_ids"}
"""Keys that some accounts or records have and others do not."""
LAST_FILE = f"/ticket_activities/{before(days=1).date()}.json"


@pytest.fixture
def account() -> Account:
    """An account with a contact, an agent, a company, and everything these sections have."""
    account = Account(now=TODAY)
    account.add_contact()
    account.add_agent()
    account.add_company()
    for section in SECTIONS:
        section.seed(account)
    return account


def get(fake: FakeFreshdesk, path: str, **params: Any) -> requests.Response:
    return requests.get(f"{fake.url}/api/v2/{path}", params=params, auth=(API_KEY, "X"), timeout=10)


def rows(fake: FakeFreshdesk, path: str, **params: Any) -> list[dict[str, Any]]:
    """The rows of all pages."""
    response = get(fake, path, per_page=100, **params)
    found: list[dict[str, Any]] = []
    while True:
        assert response.status_code == 200, response.text
        found += response.json()
        if "next" not in response.links:
            return found
        response = requests.get(response.links["next"]["url"], auth=(API_KEY, "X"), timeout=10)


def truth(account: Account, resource: str) -> list[dict[str, Any]]:
    return list(account.table(resource).rows.values())


def id_of(account: Account, resource: str, name: str) -> int:
    ids: list[int] = [row["id"] for row in truth(account, resource) if name in (row.get("name"), row.get("title"))]
    return ids[0]


def problem(response: requests.Response) -> tuple[str, str]:
    """The field and the code of a refused request."""
    assert response.status_code == 400, response.text
    error = response.json()["errors"][0]
    return error["field"], error["code"]


# All of them


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


# Knowledge base


def folders_below(fake: FakeFreshdesk, folder: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield folder
    if folder["sub_folders_count"]:
        for subfolder in rows(fake, f"solutions/folders/{folder['id']}/subfolders"):
            yield from folders_below(fake, subfolder)


def all_folders(fake: FakeFreshdesk) -> list[dict[str, Any]]:
    top = [
        folder
        for category in rows(fake, "solutions/categories")
        for folder in rows(fake, f"solutions/categories/{category['id']}/folders")
    ]
    return [folder for top_folder in top for folder in folders_below(fake, top_folder)]


def test_every_folder_is_reached_from_above(account: Account, fake: FakeFreshdesk) -> None:
    reached = all_folders(fake)
    assert sorted(folder["id"] for folder in reached) == sorted(account.table("solution_folders").rows)
    assert max(len(folder["hierarchy"]) for folder in reached) == 4
    assert all(folder["hierarchy"][-1]["data"]["id"] == folder["id"] for folder in reached)


def test_only_folders_in_folders_tell_their_category(fake: FakeFreshdesk) -> None:
    for folder in all_folders(fake):
        assert ("category_id" in folder) == (folder["parent_folder_id"] is not None)


def test_folders_count_what_is_in_them(fake: FakeFreshdesk) -> None:
    for folder in all_folders(fake):
        assert len(rows(fake, f"solutions/folders/{folder['id']}/articles")) == folder["articles_count"]
        assert len(rows(fake, f"solutions/folders/{folder['id']}/subfolders")) == folder["sub_folders_count"]
    counts = {(folder["articles_count"] > 0, folder["sub_folders_count"] > 0) for folder in all_folders(fake)}
    assert counts == {(False, False), (False, True), (True, False), (True, True)}
    assert max(folder["articles_count"] for folder in all_folders(fake)) > 100


def test_an_account_without_flexible_hierarchy_does_not_know_folders_in_folders(account: Account, serve: Serve) -> None:
    folder_id = id_of(account, "solution_folders", "FAQ")
    fake = serve(missing_features=[knowledge.FLEXIBLE_HIERARCHY])
    assert get(fake, f"solutions/folders/{folder_id}/subfolders").status_code == 404
    assert get(fake, f"solutions/folders/{folder_id}/articles").status_code == 200


def test_keywords_come_in_two_shapes(account: Account, fake: FakeFreshdesk) -> None:
    articles = rows(fake, f"solutions/folders/{id_of(account, 'solution_folders', 'FAQ')}/articles")
    kinds = [type(article["seo_data"].get("meta_keywords")) for article in articles]
    assert kinds == [str, list, type(None)]
    assert {article["status"] for article in articles} == {knowledge.DRAFT, knowledge.PUBLISHED}


def test_the_primary_language_has_the_originals(account: Account, fake: FakeFreshdesk) -> None:
    path = f"solutions/folders/{id_of(account, 'solution_folders', 'Crema One')}/articles"
    assert len(rows(fake, path)) == 105
    assert rows(fake, f"{path}/en") == rows(fake, path)


def test_translations_have_the_ids_of_their_originals(account: Account, fake: FakeFreshdesk) -> None:
    path = f"solutions/folders/{id_of(account, 'solution_folders', 'FAQ')}/articles"
    originals, translations = rows(fake, path), rows(fake, f"{path}/de")
    assert [row["id"] for row in translations] == [row["id"] for row in originals][1:]
    assert translations[0]["title"] == "Why is my coffee cold? (de)"
    assert set(translations[0]) == set(originals[0])
    kept = account.table("solution_article_translations").rows[f"{translations[0]['id']}:de"]
    assert (kept["article_id"], kept["language"]) == (translations[0]["id"], "de")


def test_a_folder_that_is_not_translated_is_empty_in_that_language(account: Account, fake: FakeFreshdesk) -> None:
    folder_id = id_of(account, "solution_folders", "Crema One")
    assert rows(fake, f"solutions/folders/{folder_id}/articles/pt-BR") == []


def test_a_language_the_account_does_not_support_is_refused(account: Account, fake: FakeFreshdesk) -> None:
    path = f"solutions/folders/{id_of(account, 'solution_folders', 'FAQ')}/articles/fr"
    assert problem(get(fake, path)) == ("language", "invalid_value")
    account.objects[knowledge.SETTINGS] = {"primary_language": "de", "supported_languages": ["fr"]}
    assert rows(fake, path) == []


def test_languages_the_account_already_has_are_the_ones_translated_into() -> None:
    account = Account(now=TODAY)
    account.objects[knowledge.SETTINGS] = {"primary_language": "de", "supported_languages": ["ja-JP"]}
    knowledge.seed(account)
    assert {row["language"] for row in truth(account, "solution_article_translations")} == {"ja-JP"}


# Discussions


def test_every_comment_is_reached_from_above(account: Account, fake: FakeFreshdesk) -> None:
    reached = []
    for category in rows(fake, "discussions/categories"):
        for forum in rows(fake, f"discussions/categories/{category['id']}/forums"):
            topics = rows(fake, f"discussions/forums/{forum['id']}/topics")
            assert len(topics) == forum["topics_count"]
            for topic in topics:
                comments = rows(fake, f"discussions/topics/{topic['id']}/comments")
                assert len(comments) == topic.get("comments_count", topic.get("posts_count"))
                reached += [comment["id"] for comment in comments]
    assert sorted(reached) == sorted(account.table("discussion_comments").rows)


def test_topics_are_sorted_newest_first(account: Account, fake: FakeFreshdesk) -> None:
    topics = rows(fake, f"discussions/forums/{id_of(account, 'discussion_forums', 'Ideas')}/topics")
    created = [topic["created_at"] for topic in topics]
    assert len(created) == 105
    assert created == sorted(created, reverse=True)


def test_an_older_account_counts_comments_by_another_name(account: Account, fake: FakeFreshdesk) -> None:
    older = rows(fake, f"discussions/forums/{id_of(account, 'discussion_forums', 'Tips')}/topics")
    assert {"posts_count"} == {"posts_count", "comments_count"} & set(older[0])
    newer = rows(fake, f"discussions/forums/{id_of(account, 'discussion_forums', 'Ideas')}/topics")
    assert {"comments_count"} == {"posts_count", "comments_count"} & set(newer[0])


def test_a_forum_has_no_times(account: Account, fake: FakeFreshdesk) -> None:
    category_id = id_of(account, "discussion_categories", "Community")
    forums = rows(fake, f"discussions/categories/{category_id}/forums")
    assert not [key for forum in forums for key in forum if key.endswith("_at")]


# Custom objects


@pytest.fixture
def bookings(account: Account) -> str:
    return f"custom_objects/schemas/{id_of(account, 'custom_object_schemas', 'Bookings')}/records"


def walk(fake: FakeFreshdesk, path: str, **params: Any) -> list[list[dict[str, Any]]]:
    """The records of each page."""
    answer = get(fake, path, **params).json()
    pages = [answer["records"]]
    while "next" in answer["_links"]:
        answer = get(fake, f"custom_objects{answer['_links']['next']['href']}").json()
        pages.append(answer["records"])
    return pages


def refused_in_its_own_words(response: requests.Response, status: int, error_type: str) -> dict[str, Any]:
    assert response.status_code == status, response.text
    answer: dict[str, Any] = response.json()
    assert set(answer) == {"error_type", "message", "errors"}
    assert answer["error_type"] == error_type
    return answer


def test_schemas_come_in_an_object(account: Account, fake: FakeFreshdesk) -> None:
    schemas = get(fake, "custom_objects/schemas").json()
    assert schemas == {"schemas": truth(account, "custom_object_schemas")}
    assert [schema["deleted"] for schema in schemas["schemas"]] == [False, False, False, True]
    assert get(fake, f"custom_objects/schemas/{schemas['schemas'][0]['id']}").json() == schemas["schemas"][0]


@pytest.mark.parametrize("below", ["", "/records", "/records/count"])
def test_an_object_that_does_not_exist_is_not_found(fake: FakeFreshdesk, below: str) -> None:
    answer = refused_in_its_own_words(get(fake, f"custom_objects/schemas/12{below}"), 404, "RESOURCE_NOT_FOUND")
    assert answer["message"] == "Custom object with id '12' does not exist."


def test_a_deleted_object_has_no_records(account: Account, fake: FakeFreshdesk) -> None:
    path = f"custom_objects/schemas/{id_of(account, 'custom_object_schemas', 'Given up')}"
    assert get(fake, path).json()["deleted"]
    refused_in_its_own_words(get(fake, f"{path}/records"), 404, "RESOURCE_NOT_FOUND")


def test_an_object_may_be_empty(account: Account, fake: FakeFreshdesk) -> None:
    path = f"custom_objects/schemas/{id_of(account, 'custom_object_schemas', 'Empty')}/records"
    answer = get(fake, path).json()
    assert answer["records"] == []
    assert "next" not in answer["_links"]


def test_records_are_walked_by_token(fake: FakeFreshdesk, bookings: str) -> None:
    pages = walk(fake, bookings, page_size=100)
    assert [len(page) for page in pages] == [100, 100, 60]
    assert len({record["display_id"] for page in pages for record in page}) == 260
    link = get(fake, bookings, page_size=100).json()["_links"]["next"]["href"]
    assert link.startswith(f"{bookings.removeprefix('custom_objects')}?page_size=100&prev_token=&next_token=")
    assert len(get(fake, bookings).json()["records"]) == 20


def test_a_record_has_times_in_milliseconds_and_no_id(account: Account, fake: FakeFreshdesk, bookings: str) -> None:
    record = get(fake, bookings).json()["records"][0]
    assert set(record) - {"version"} == {"display_id", "created_time", "updated_time", "data", "metadata"}
    schema_id = bookings.split("/")[2]
    kept = account.table("custom_object_records").rows[f"{schema_id}:{record['display_id']}"]
    assert kept["created_time"] == record["created_time"] > 10**12
    assert kept["created_time"] % 1000 == 7


def test_records_are_sorted_newest_first_unless_asked_otherwise(fake: FakeFreshdesk, bookings: str) -> None:
    created = [record["created_time"] for page in walk(fake, bookings, page_size=100) for record in page]
    assert created == sorted(created, reverse=True)
    pages = walk(fake, bookings, page_size=100, sort_by="updated_time;ASC")
    updated = [record["updated_time"] for page in pages for record in page]
    assert updated == sorted(updated)
    assert len(updated) == 260
    pages = walk(fake, bookings, page_size=30, sort_by="age;DESC")
    assert len({record["display_id"] for page in pages for record in page}) == 260


@pytest.mark.parametrize(
    ("operator", "compare"),
    [
        ("[gte]", int.__ge__),
        ("[gt]", int.__gt__),
        ("[lte]", int.__le__),
        ("[lt]", int.__lt__),
        ("", int.__eq__),
    ],
)
@pytest.mark.parametrize("field", ["created_time", "updated_time"])
def test_records_can_be_filtered_by_time(
    account: Account,
    fake: FakeFreshdesk,
    bookings: str,
    field: str,
    operator: str,
    compare: Callable[[int, int], bool],
) -> None:
    everything = [record for page in walk(fake, bookings, page_size=100) for record in page]
    boundary = sorted(record[field] for record in everything)[130]
    moment = TODAY - timedelta(milliseconds=custom_objects.milliseconds(TODAY) - boundary)
    written = f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z"

    pages = walk(fake, bookings, page_size=50, **{field + operator: written})

    found = {record["display_id"] for page in pages for record in page}
    assert found == {record["display_id"] for record in everything if compare(record[field], boundary)}
    assert get(fake, f"{bookings}/count", **{field + operator: written}).json() == {"count": len(found)}


def test_records_can_be_filtered_by_filterable_fields(fake: FakeFreshdesk, bookings: str) -> None:
    pages = walk(fake, bookings, page_size=100, **{"age[gte]": "60", "age[lt]": "65"})
    assert {record["data"]["age"] for page in pages for record in page} == {60, 61, 62, 63, 64}
    assert len(walk(fake, bookings, customer_name="Customer 12")[0]) == 1


def test_a_record_changed_on_the_way_is_met_again(account: Account, fake: FakeFreshdesk, bookings: str) -> None:
    first = get(fake, bookings, page_size=100, sort_by="updated_time;ASC").json()
    moved = first["records"][0]["display_id"]
    custom_objects.update_record(account, f"{bookings.split('/')[2]}:{moved}", TODAY, {"age": 1})
    answer, later = first, []
    while "next" in answer["_links"]:
        answer = get(fake, f"custom_objects{answer['_links']['next']['href']}").json()
        later += [record["display_id"] for record in answer["records"]]
    assert len(later) == 161
    assert later[-1] == moved


@pytest.mark.parametrize(
    ("params", "name"),
    [
        ({"page": "2"}, "page"),
        ({"per_page": "100"}, "per_page"),
        ({"page_size": "101"}, "page_size"),
        ({"page_size": "0"}, "page_size"),
        ({"page_size": "many"}, "page_size"),
        ({"order_name": "x"}, "order_name"),
        ({"remark": "x"}, "remark"),
        ({"age[not]": "1"}, "age"),
        ({"age": "old"}, "age"),
        ({"updated_time[gte]": "2026-01-01T00:00:00Z"}, "updated_time"),
        ({"updated_time[gte]": "2026-01-01"}, "updated_time"),
        ({"updated_time[gte]": "2026-13-01T00:00:00.000Z"}, "updated_time"),
        ({"updated_time[gte]": "1700000000000"}, "updated_time"),
        ({"sort_by": "updated_time"}, "sort_by"),
        ({"sort_by": "updated_time;asc"}, "sort_by"),
        ({"sort_by": "remark;ASC"}, "sort_by"),
        ({"next_token": "xyz"}, "next_token"),
        ({"prev_token": "xyz"}, "prev_token"),
    ],
)
def test_what_a_custom_object_does_not_take_is_refused_in_its_own_words(
    fake: FakeFreshdesk, bookings: str, params: dict[str, str], name: str
) -> None:
    answer = refused_in_its_own_words(get(fake, bookings, **params), 400, "INVALID_INPUT")
    assert answer["errors"][0]["name"] == name


def test_schemas_take_no_parameter(fake: FakeFreshdesk) -> None:
    refused_in_its_own_words(get(fake, "custom_objects/schemas", per_page=100), 400, "INVALID_INPUT")


def test_a_token_fits_its_own_query_only(fake: FakeFreshdesk, bookings: str) -> None:
    link = get(fake, bookings, page_size=100).json()["_links"]["next"]["href"]
    other = get(fake, f"custom_objects{link.replace('page_size=100', 'page_size=50')}")
    refused_in_its_own_words(other, 400, "INVALID_INPUT")


def test_ten_conditions_are_the_most(fake: FakeFreshdesk, bookings: str) -> None:
    ends = [f"{field}[{operator}]" for field in ("age", "customer_name") for operator in ("gt", "gte", "lt", "lte")]
    conditions = dict.fromkeys([*ends, "age", "customer_name"], "1")
    assert get(fake, bookings, **conditions).status_code == 200
    one_more = get(fake, bookings, **conditions, reference="BKG-1")
    assert refused_in_its_own_words(one_more, 400, "INVALID_INPUT")["errors"][0]["name"] == "filters"


# Ticket activities


def export(fake: FakeFreshdesk, days_ago: float = 1) -> requests.Response:
    return get(fake, activities.EXPORT, created_at=before(days=days_ago).date().isoformat())


def download(url: str, **settings: Any) -> requests.Response:
    return requests.get(url, timeout=10, **settings)


def test_the_file_of_a_day_is_kept_elsewhere(fake: FakeFreshdesk) -> None:
    url = export(fake).json()["export"]["url"]
    assert url.startswith(f"{fake.download_url}/")
    assert fake.download_url != fake.url

    answer = download(url)

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "binary/octet-stream")
    assert not [name for name in answer.headers if "ratelimit" in name.lower()]
    content = answer.json()
    assert set(content) == {"metadata", "activities_data"}
    first = content["activities_data"][0]
    assert set(first) == {"performed_at", "ticket_id", "performer_type", "performer_id", "activity"}
    assert first["performed_at"] == "31-05-2026 10:00:00 +0000"
    assert content["activities_data"][-1]["performed_at"] == "01-06-2026 09:59:59 +0000"


def test_files_have_all_activities_equal_ones_too(account: Account, fake: FakeFreshdesk) -> None:
    files = [download(export(fake, days_ago).json()["export"]["url"]).json() for days_ago in (4, 3, 2, 1)]
    read = [row for file in files for row in file["activities_data"]]
    kept = [
        {key: value for key, value in row.items() if key not in ("id", "file_day")}
        for row in truth(account, "ticket_activities")
    ]
    assert read == kept
    assert len({json.dumps(row) for row in read}) < len(read)
    assert [len(file["activities_data"]) > 0 for file in files] == [True, True, False, True]


def test_the_answer_may_be_a_list_with_another_way_to_write_the_day(account: Account, fake: FakeFreshdesk) -> None:
    account.objects[activities.EXPORT] = {"shape": "list"}
    account.advance(timedelta(days=2))
    (only,) = get(fake, activities.EXPORT, created_at="2026-06-02").json()["export"]
    assert only["created_at"] == "2-6-2026"
    assert download(only["url"]).json()["activities_data"] == []


def test_a_file_is_ready_at_ten_of_the_next_day_and_kept_for_a_month(account: Account, fake: FakeFreshdesk) -> None:
    assert export(fake, days_ago=0).status_code == 404
    account.advance(timedelta(hours=21, minutes=59))
    assert export(fake, days_ago=0).status_code == 404
    account.advance(timedelta(minutes=1))
    assert export(fake, days_ago=0).status_code == 200
    assert export(fake, days_ago=28).status_code == 200
    assert export(fake, days_ago=29).status_code == 404


def test_a_file_may_be_late(account: Account, fake: FakeFreshdesk) -> None:
    account.objects[activities.EXPORT] = {"late": ["2026-05-31"]}
    assert export(fake).status_code == 404
    assert export(fake, days_ago=2).status_code == 200


@pytest.mark.parametrize("day", ["", "31-05-2026", "2026-02-30", "20260531", "2026-05-31T00:00:00Z", "yesterday"])
def test_a_bad_day_is_refused(fake: FakeFreshdesk, day: str) -> None:
    assert problem(get(fake, activities.EXPORT, created_at=day)) == ("created_at", "invalid_value")


def test_the_export_takes_a_day_and_nothing_else(fake: FakeFreshdesk) -> None:
    assert problem(get(fake, activities.EXPORT)) == ("created_at", "missing_field")
    refused = get(fake, activities.EXPORT, created_at="2026-05-31", page=1)
    assert problem(refused) == ("page", "invalid_field")


def test_only_administrators_of_accounts_that_have_it_may_export(serve: Serve) -> None:
    assert export(serve(admin=False)).json()["code"] == "access_denied"
    lacking = serve(missing_features=[activities.TICKET_ACTIVITIES_EXPORT])
    assert export(lacking).json()["code"] == "require_feature"


def test_showing_the_key_to_the_host_of_the_files_is_refused_and_fails_the_test(account: Account) -> None:
    def show_it() -> None:
        with FakeFreshdesk(account, API_KEY) as fake:
            url = export(fake).json()["export"]["url"]
            assert download(url, auth=(API_KEY, "X")).status_code == 400
            assert download(url, headers={"Authorization": "Bearer x"}).status_code == 400

    with pytest.raises(KeyShownToStrangers):
        show_it()


def test_a_url_is_used_up(account: Account, fake: FakeFreshdesk) -> None:
    account.objects[activities.EXPORT] = {"uses": 2}
    url = export(fake).json()["export"]["url"]
    assert [download(url).status_code for _ in range(3)] == [200, 200, 403]
    expired = download(url)
    assert expired.headers["Content-Type"] == "application/xml"
    assert "<Message>Request has expired</Message>" in expired.text
    assert download(export(fake).json()["export"]["url"]).status_code == 200


def test_a_url_needs_its_signature(fake: FakeFreshdesk) -> None:
    url = export(fake).json()["export"]["url"]
    other_day = url.replace("2026-05-31", "2026-05-30")
    for wrong in (url.partition("?")[0], url[:-1], other_day, f"{fake.download_url}/api/v2/tickets"):
        assert download(wrong).status_code == 403


def test_the_journal_has_downloads_and_the_limit_does_not(fake: FakeFreshdesk) -> None:
    download(export(fake).json()["export"]["url"])
    called, downloaded = fake.journal.calls()
    assert (called.path, called.credits) == (f"/api/v2/{activities.EXPORT}", 1)
    assert (downloaded.path, downloaded.status, downloaded.credits) == (LAST_FILE, 200, 0)


def test_downloads_may_go_wrong_like_everything_else(fake: FakeFreshdesk) -> None:
    url = export(fake).json()["export"]["url"]
    fake.misbehave(faults.status(503), LAST_FILE)
    assert [download(url).status_code for _ in range(2)] == [503, 200]
    fake.misbehave(faults.truncated_body(), "/ticket_activities/*")
    with pytest.raises((requests.exceptions.ChunkedEncodingError, requests.exceptions.ConnectionError)):
        download(url)


# Archive


def test_an_archived_ticket_is_found_by_its_id_only(account: Account, fake: FakeFreshdesk) -> None:
    ticket = account.add_ticket(status=5, created_at=before(days=10))
    account.add_conversation(ticket["id"], created_at=before(days=9))
    path = f"tickets/{ticket['id']}"
    shown, conversations = get(fake, path).json(), get(fake, f"{path}/conversations").json()
    everything = {"updated_since": "2020-01-01"}
    assert len(rows(fake, "tickets", **everything)) == 1

    archive.archive_ticket(account, ticket["id"])

    assert rows(fake, "tickets", **everything) == []
    assert [get(fake, at).status_code for at in (path, f"{path}/conversations")] == [404, 404]
    assert get(fake, f"tickets/archived/{ticket['id']}").json() == shown | {"archived": True}
    assert get(fake, f"tickets/archived/{ticket['id']}/conversations").json() == conversations


def test_a_ticket_that_is_not_archived_is_not_in_the_archive(account: Account, fake: FakeFreshdesk) -> None:
    ticket = account.add_ticket()
    assert get(fake, f"tickets/archived/{ticket['id']}").status_code == 404


def test_archived_ticket_conversations_have_pages_oldest_first(account: Account, fake: FakeFreshdesk) -> None:
    talkative = truth(account, "archived_tickets")[0]
    conversations = rows(fake, f"tickets/archived/{talkative['id']}/conversations")
    created = [conversation["created_at"] for conversation in conversations]
    assert len(created) == 105
    assert created == sorted(created)
