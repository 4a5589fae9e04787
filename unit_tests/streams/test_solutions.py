"""The knowledge base."""

import logging
from typing import Any

import pytest
import requests_mock

from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.streams.configuration import Settings
from source_freshdesk.streams.solutions import (
    SolutionArticles,
    SolutionArticleTranslations,
    SolutionCategories,
    SolutionFolders,
)
from unit_tests.support import API, ago, answer, ids, queries, read, refusal, warnings

FIELDS_OF_FOLDERS = ("id", "articles_count", "category_id", "language")
SOLUTIONS, SETTINGS = f"{API}solutions", f"{API}settings/helpdesk"
EARLIER = {"updated_at": ago(5_000), "read_from": ago(5_300), "emitted": {}}


def folder(folder_id: int, **fields: Any) -> dict[str, Any]:
    return {"id": folder_id, "updated_at": ago(500), "articles_count": 1} | fields


def article(article_id: int, **fields: Any) -> dict[str, Any]:
    return {"id": article_id, "updated_at": ago(500)} | fields


def shelve(server: requests_mock.Mocker, tree: dict[int, list[dict[str, Any]]]) -> None:
    """Folders by the number of their category (below 10) or of the folder that they are in."""
    server.get(
        f"{SOLUTIONS}/categories", [answer([{"id": number, "updated_at": ago(900)} for number in tree if number < 10])]
    )
    for number, folders in tree.items():
        path = f"categories/{number}/folders" if number < 10 else f"folders/{number}/subfolders"
        server.get(f"{SOLUTIONS}/{path}", [answer(folders)])


@pytest.fixture
def folders(api: FreshdeskApi) -> SolutionFolders:
    return SolutionFolders(api, SolutionCategories(api, retain=("id",)), retain=FIELDS_OF_FOLDERS)


@pytest.fixture
def articles(api: FreshdeskApi, folders: SolutionFolders) -> SolutionArticles:
    return SolutionArticles(api, folders)


class TestFolders:
    def test_folders_inside_folders_are_read_as_deep_as_they_go(
        self, server: requests_mock.Mocker, folders: SolutionFolders
    ) -> None:
        shelve(
            server,
            {
                1: [folder(10, sub_folders_count=2), folder(11, sub_folders_count=0)],
                2: [folder(20)],
                10: [folder(100, sub_folders_count=1), folder(101)],
                100: [folder(1_000)],
            },
        )
        assert ids(read(folders)) == [10, 11, 20, 100, 101, 1_000]

    def test_a_folder_without_folders_inside_is_not_asked_for_any(
        self, server: requests_mock.Mocker, folders: SolutionFolders
    ) -> None:
        shelve(server, {1: [folder(10, sub_folders_count=0), folder(11), folder(12, sub_folders_count=None)]})
        read(folders)
        assert not any("subfolders" in request.path for request in server.request_history)

    def test_each_folder_names_its_category_however_deep_it_is(
        self, server: requests_mock.Mocker, folders: SolutionFolders
    ) -> None:
        shelve(
            server,
            {1: [folder(10, sub_folders_count=1)], 10: [folder(100, sub_folders_count=1)], 100: [folder(1_000)]},
        )
        assert [record["category_id"] for record in read(folders)] == [1, 1, 1]

    def test_a_category_that_freshdesk_names_is_kept(
        self, server: requests_mock.Mocker, folders: SolutionFolders
    ) -> None:
        shelve(server, {1: [folder(10, category_id=9)]})
        assert [record["category_id"] for record in read(folders)] == [9]

    def test_a_folder_that_is_inside_itself_is_no_endless_search(
        self, server: requests_mock.Mocker, folders: SolutionFolders
    ) -> None:
        shelve(server, {1: [folder(10, sub_folders_count=1)], 10: [folder(10, sub_folders_count=1)]})
        assert ids(read(folders)) == [10]

    def test_only_folders_that_changed_are_given_again(
        self, server: requests_mock.Mocker, api: FreshdeskApi, folders: SolutionFolders
    ) -> None:
        shelve(server, {1: [folder(10, sub_folders_count=1)], 10: [folder(100)]})
        read(folders)
        again = SolutionFolders(api, SolutionCategories(api, retain=("id",)), retain=FIELDS_OF_FOLDERS)
        again.state = folders.state
        shelve(server, {1: [folder(10, sub_folders_count=1)], 10: [folder(100, updated_at=ago(50))]})
        assert ids(read(again)) == [100]

    @pytest.mark.parametrize("status", [404, 403])
    def test_a_refusal_inside_one_folder_hides_neither_the_others_nor_their_articles(
        self,
        server: requests_mock.Mocker,
        folders: SolutionFolders,
        articles: SolutionArticles,
        caplog: pytest.LogCaptureFixture,
        status: int,
    ) -> None:
        """It may be gone since it was listed, or an account of an old kind, which knows no folders inside folders."""
        shelve(server, {1: [folder(10, sub_folders_count=1), folder(11)]})
        server.get(f"{SOLUTIONS}/folders/10/subfolders", [refusal(status, "access_denied" if status == 403 else None)])
        for number in (10, 11):
            server.get(f"{SOLUTIONS}/folders/{number}/articles", [answer([article(number * 10)])])
        with caplog.at_level(logging.WARNING):
            assert ids(read(folders)) == [10, 11]
            assert ids(read(articles)) == [100, 110]
        assert not any("is skipped" in warning for warning in warnings(caplog))

    def test_folders_inside_that_are_refused_keep_the_state(
        self, server: requests_mock.Mocker, folders: SolutionFolders
    ) -> None:
        folders.state = EARLIER
        shelve(server, {1: [folder(10, sub_folders_count=1), folder(11, sub_folders_count=1)], 11: [folder(110)]})
        server.get(f"{SOLUTIONS}/folders/10/subfolders", [refusal(403, "access_denied")])
        assert ids(read(folders)) == [10, 11, 110]
        assert folders.state == EARLIER


class TestArticles:
    def test_the_articles_of_all_folders_are_read_however_deep_these_are(
        self, server: requests_mock.Mocker, articles: SolutionArticles
    ) -> None:
        shelve(server, {1: [folder(10, sub_folders_count=1)], 10: [folder(100)]})
        server.get(f"{SOLUTIONS}/folders/10/articles", [answer([article(5)])])
        server.get(f"{SOLUTIONS}/folders/100/articles", [answer([article(6)])])
        assert [(one["id"], one["folder_id"], one["category_id"]) for one in read(articles)] == [
            (5, 10, 1),
            (6, 100, 1),
        ]

    def test_a_folder_without_articles_is_not_asked_for_any(
        self, server: requests_mock.Mocker, articles: SolutionArticles
    ) -> None:
        shelve(server, {1: [folder(10, articles_count=0)]})
        assert read(articles) == []
        assert queries(server, "solutions/folders/10/articles") == []


class TestTranslations:
    @pytest.fixture
    def translations(self, api: FreshdeskApi, folders: SolutionFolders) -> SolutionArticleTranslations:
        return SolutionArticleTranslations(api, folders, Settings(api, retain=("supported_languages",)))

    def speak(self, server: requests_mock.Mocker, *languages: str) -> None:
        server.get(SETTINGS, [answer({"primary_language": "en", "supported_languages": list(languages)})])

    def test_each_folder_is_read_in_each_other_language(
        self, server: requests_mock.Mocker, translations: SolutionArticleTranslations
    ) -> None:
        self.speak(server, "de", "pt-BR")
        shelve(server, {1: [folder(10), folder(11, articles_count=0)]})
        server.get(f"{SOLUTIONS}/folders/10/articles/de", [answer([article(5)])])
        server.get(f"{SOLUTIONS}/folders/10/articles/pt-BR", [answer([article(5)])])
        records = read(translations)
        assert [(one["id"], one["language"], one["folder_id"]) for one in records] == [(5, "de", 10), (5, "pt-BR", 10)]
        assert not any(request.path.startswith("/api/v2/solutions/folders/11") for request in server.request_history)

    def test_a_translation_is_known_by_article_and_language(
        self, server: requests_mock.Mocker, api: FreshdeskApi, translations: SolutionArticleTranslations
    ) -> None:
        self.speak(server, "de", "fr")
        shelve(server, {1: [folder(10)]})
        for language in ("de", "fr"):
            server.get(f"{SOLUTIONS}/folders/10/articles/{language}", [answer([article(5)])])
        read(translations)
        assert translations.state["emitted"] == {ago(500): ["5:de", "5:fr"]}
        again = SolutionArticleTranslations(
            api,
            SolutionFolders(api, SolutionCategories(api, retain=("id",)), retain=FIELDS_OF_FOLDERS),
            Settings(api, retain=("supported_languages",)),
        )
        again.state = translations.state
        server.get(f"{SOLUTIONS}/folders/10/articles/fr", [answer([article(5, updated_at=ago(100))])])
        assert [one["language"] for one in read(again)] == ["fr"]

    def test_a_help_desk_of_one_language_costs_one_call(
        self, server: requests_mock.Mocker, translations: SolutionArticleTranslations, caplog: pytest.LogCaptureFixture
    ) -> None:
        self.speak(server)
        with caplog.at_level(logging.WARNING):
            assert read(translations) == []
        assert warnings(caplog) == []
        assert [request.path for request in server.request_history] == ["/api/v2/settings/helpdesk"]

    @pytest.mark.parametrize("status", [400, 404])
    def test_a_language_that_is_not_served_is_left_out(
        self,
        server: requests_mock.Mocker,
        translations: SolutionArticleTranslations,
        caplog: pytest.LogCaptureFixture,
        status: int,
    ) -> None:
        self.speak(server, "de", "xx")
        shelve(server, {1: [folder(10)]})
        server.get(f"{SOLUTIONS}/folders/10/articles/de", [answer([article(5)])])
        server.get(f"{SOLUTIONS}/folders/10/articles/xx", [refusal(status)])
        with caplog.at_level(logging.WARNING):
            assert [one["language"] for one in read(translations)] == ["de"]
        assert not any("is skipped" in warning for warning in warnings(caplog))

    def test_settings_that_are_refused_skip_the_translations(
        self, server: requests_mock.Mocker, translations: SolutionArticleTranslations, caplog: pytest.LogCaptureFixture
    ) -> None:
        server.get(SETTINGS, [refusal(403, "access_denied")])
        with caplog.at_level(logging.WARNING):
            assert read(translations) == []
        (warning,) = warnings(caplog)
        assert warning.startswith("Stream solution_article_translations is skipped.")

    def test_a_plan_of_one_language_is_not_asked_for_folder_after_folder(
        self, server: requests_mock.Mocker, translations: SolutionArticleTranslations, caplog: pytest.LogCaptureFixture
    ) -> None:
        self.speak(server, "de")
        shelve(server, {1: [folder(number) for number in range(100, 300)]})
        for number in range(100, 300):
            server.get(f"{SOLUTIONS}/folders/{number}/articles/de", [refusal(403, "require_feature")])
        with caplog.at_level(logging.WARNING):
            assert read(translations) == []
        (warning,) = warnings(caplog)
        assert warning.endswith("It needs the feature Multilingual.")
        assert sum(request.path.endswith("/articles/de") for request in server.request_history) < 40
