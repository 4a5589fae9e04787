"""The knowledge base."""

import logging

import pytest
import requests_mock

from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.streams.solutions import DEEPEST_FOLDER, SolutionArticles, SolutionCategories, SolutionFolders
from unit_tests.streams.knowledge_base import EARLIER, FIELDS_OF_FOLDERS, SOLUTIONS, article, folder, shelve
from unit_tests.support import ago, answer, ids, queries, read, refusal, warnings


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

    def test_folders_that_lie_ever_deeper_end_somewhere(
        self, server: requests_mock.Mocker, folders: SolutionFolders, caplog: pytest.LogCaptureFixture
    ) -> None:
        inside = {number: [folder(number + 1, sub_folders_count=1)] for number in range(10, 60)}
        shelve(server, {1: [folder(10, sub_folders_count=1)], **inside})
        with caplog.at_level(logging.WARNING):
            assert ids(read(folders)) == list(range(10, 10 + DEEPEST_FOLDER))
        assert "deep. It was read to there." in warnings(caplog)[0]

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

    def test_folders_inside_that_are_refused_come_when_they_may_be_read(
        self, server: requests_mock.Mocker, api: FreshdeskApi, folders: SolutionFolders
    ) -> None:
        folders.state = EARLIER
        shelve(server, {1: [folder(10, sub_folders_count=1), folder(11, sub_folders_count=1)], 11: [folder(110)]})
        server.get(f"{SOLUTIONS}/folders/10/subfolders", [refusal(403, "access_denied")])
        assert ids(read(folders)) == [10, 11, 110]
        again = SolutionFolders(api, SolutionCategories(api, retain=("id",)), retain=FIELDS_OF_FOLDERS)
        again.state = folders.state
        server.get(f"{SOLUTIONS}/folders/10/subfolders", [answer([folder(100, updated_at=ago(400_000))])])
        assert ids(read(again)) == [100]


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

    def test_a_folder_that_becomes_visible_brings_its_articles_however_old_they_are(
        self, server: requests_mock.Mocker, api: FreshdeskApi, articles: SolutionArticles
    ) -> None:
        """It may have been hidden from the key, restored, or counted as empty for a while."""
        shelve(server, {1: [folder(10), folder(11, articles_count=0)]})
        server.get(f"{SOLUTIONS}/folders/10/articles", [answer([article(100)])])
        assert ids(read(articles)) == [100]
        shelve(server, {1: [folder(10), folder(11, articles_count=1), folder(12, updated_at=ago(400_000))]})
        for number in (11, 12):
            old = article(number * 10, updated_at=ago(400_000))
            server.get(f"{SOLUTIONS}/folders/{number}/articles", [answer([old])])
        again = SolutionArticles(
            api, SolutionFolders(api, SolutionCategories(api, retain=("id",)), retain=FIELDS_OF_FOLDERS)
        )
        again.state = articles.state
        assert ids(read(again)) == [110, 120]
