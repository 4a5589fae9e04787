"""The knowledge base in its other languages."""

import logging

import pytest
import requests_mock

from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.streams.configuration import Settings
from source_freshdesk.streams.solutions import SolutionArticleTranslations, SolutionCategories, SolutionFolders
from unit_tests.streams.knowledge_base import FIELDS_OF_FOLDERS, SETTINGS, SOLUTIONS, article, folder, shelve
from unit_tests.support import ago, answer, read, refusal, warnings


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
