"""Solutions: categories, folders in folders, articles, translations."""

from collections.abc import Iterator
from typing import Any

from integration_tests.conftest import Serve
from integration_tests.fake_freshdesk import Account, FakeFreshdesk
from integration_tests.fake_freshdesk.sections import solution_examples, solutions
from integration_tests.fake_freshdesk_tests.sections.requests_made import get, id_of, problem, rows, truth
from integration_tests.filling import TODAY


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


def test_only_folders_in_folders_show_their_category(fake: FakeFreshdesk) -> None:
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
    fake = serve(missing_features=[solutions.FLEXIBLE_HIERARCHY])
    assert get(fake, f"solutions/folders/{folder_id}/subfolders").status_code == 404
    assert get(fake, f"solutions/folders/{folder_id}/articles").status_code == 200


def test_keywords_come_in_two_shapes(account: Account, fake: FakeFreshdesk) -> None:
    articles = rows(fake, f"solutions/folders/{id_of(account, 'solution_folders', 'FAQ')}/articles")
    kinds = [type(article["seo_data"].get("meta_keywords")) for article in articles]
    assert kinds == [str, list, type(None)]
    assert {article["status"] for article in articles} == {solutions.DRAFT, solutions.PUBLISHED}


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
    account.objects[solutions.SETTINGS] = {"primary_language": "de", "supported_languages": ["fr"]}
    assert rows(fake, path) == []


def test_languages_the_account_already_has_are_the_ones_translated_into() -> None:
    account = Account(now=TODAY)
    account.objects[solutions.SETTINGS] = {"primary_language": "de", "supported_languages": ["ja-JP"]}
    solution_examples.seed(account)
    assert {row["language"] for row in truth(account, "solution_article_translations")} == {"ja-JP"}
