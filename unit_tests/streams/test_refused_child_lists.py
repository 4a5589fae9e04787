"""Lists of children that are refused or deleted."""

import logging

import pytest
import requests_mock

from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.retrieval.child_lists import ChildOf
from source_freshdesk.streams.incremental_list import IncrementalList
from unit_tests.streams.shelves_and_books import (
    AGENT,
    EARLIER,
    ME,
    SHELVES,
    Books,
    Pages,
    Shelves,
    asked,
    book,
    put,
    shelf,
)
from unit_tests.support import API, ago, answer, ids, no_schema, read, refusal, warnings


class TestManyRefusals:
    def test_parents_that_were_deleted_do_not_speak_for_the_others(
        self, server: requests_mock.Mocker, books: Books
    ) -> None:
        put(server, *range(1, 31))
        for number in range(1, 21):
            server.get(f"{SHELVES}/{number}/books", [refusal(404)])
        assert ids(read(books))[:2] == [211, 212]

    def test_refusals_speak_for_the_others_only_if_the_last_list_is_refused_too(
        self, server: requests_mock.Mocker, books: Books
    ) -> None:
        put(server, *range(1, 31))
        for number in range(1, 21):
            server.get(f"{SHELVES}/{number}/books", [refusal(403, "access_denied")])
        assert ids(read(books)) == [10 * number + book for number in range(21, 31) for book in (1, 2)]


class TestRefusals:
    """What becomes of lists that are not there."""

    @pytest.fixture(autouse=True)
    def _the_key_is_good(self, server: requests_mock.Mocker) -> None:
        server.get(ME, [AGENT])

    def test_a_parent_that_was_deleted_meanwhile_is_left_out_and_the_state_moves(
        self, server: requests_mock.Mocker, books: Books, caplog: pytest.LogCaptureFixture
    ) -> None:
        put(server, 1, 2, 3)
        server.get(f"{SHELVES}/2/books", [refusal(404)])
        with caplog.at_level(logging.INFO):
            assert ids(read(books)) == [11, 12, 31, 32]
        assert warnings(caplog) == []
        gone = "Stream books: shelves/2/books is skipped, because its parent was deleted since it was listed."
        assert caplog.messages.count(gone) == 1
        assert books.state["updated_at"] == ago(500)

    def test_one_list_that_is_refused_is_left_out_with_a_warning_and_the_state_of_the_others_moves(
        self, server: requests_mock.Mocker, books: Books, caplog: pytest.LogCaptureFixture
    ) -> None:
        books.state = EARLIER
        put(server, 1, 2, 3)
        server.get(f"{SHELVES}/2/books", [refusal(403, "access_denied")])
        with caplog.at_level(logging.WARNING):
            assert ids(read(books)) == [11, 12, 31, 32]
        (warning,) = warnings(caplog)
        assert warning.startswith("Stream books lacks the rows of shelves/2/books.")
        assert books.state["updated_at"] == ago(500)
        assert not books.outcome.is_skipped

    def test_rows_that_were_refused_come_when_they_may_be_read_and_no_others_again(
        self, server: requests_mock.Mocker, api: FreshdeskApi, shelves: Shelves, books: Books
    ) -> None:
        put(server, 1, 2)
        server.get(f"{SHELVES}/2/books", [refusal(403, "access_denied")] * 2 + [answer([book(21, 400_000)])])
        read(books)
        again = Books(api, shelves, retain=("id",))
        again.state = books.state
        assert ids(read(again)) == [21]

    def test_what_is_below_a_list_that_was_left_out_comes_with_it(
        self, server: requests_mock.Mocker, api: FreshdeskApi, books: Books
    ) -> None:
        class Notes(IncrementalList):
            """Below the books, with times."""

            resource = "books/{id}/notes"
            child_of = ChildOf(Books)

            get_json_schema = no_schema

        put(server, 1, 2)
        may_read = [answer([book(21, 400_000)])]
        server.get(f"{SHELVES}/2/books", [refusal(403, "access_denied")] * 2 + may_read)
        for number, seconds_ago in ((11, 500), (12, 500), (21, 400_000)):
            server.get(f"{API}books/{number}/notes", [answer([book(number * 10, seconds_ago)])])
        notes = Notes(api, books)
        notes.state = EARLIER
        assert ids(read(notes)) == [110, 120]
        again = Notes(api, Books(api, Shelves(api, retain=Books.rows_needed()[0].fields), retain=("id",)))
        again.state = notes.state
        assert ids(read(again)) == [210]

    def test_when_all_are_refused_the_stream_is_skipped_with_one_warning(
        self, server: requests_mock.Mocker, books: Books, caplog: pytest.LogCaptureFixture
    ) -> None:
        books.state = EARLIER
        put(server, 1, 2, 3)
        for number in (1, 2, 3):
            server.get(f"{SHELVES}/{number}/books", [refusal(403, "access_denied")])
        with caplog.at_level(logging.WARNING):
            assert read(books) == []
        (warning,) = warnings(caplog)
        assert warning.startswith("Stream books is skipped.")
        assert books.state == EARLIER

    def test_a_plan_that_does_not_include_it_is_not_asked_for_list_after_list(
        self, server: requests_mock.Mocker, api: FreshdeskApi, books: Books, caplog: pytest.LogCaptureFixture
    ) -> None:
        server.get(SHELVES, [answer([shelf(1)])])
        server.get(f"{SHELVES}/1/books", [answer([book(number) for number in range(1, 201)])])
        for number in range(1, 201):
            server.get(f"{API}books/{number}/pages", [refusal(403, "require_feature")])
        with caplog.at_level(logging.WARNING):
            assert read(Pages(api, books)) == []
        (warning,) = warnings(caplog)
        assert warning.startswith("Stream pages is skipped.")
        assert warning.endswith("It needs the feature Library.")
        assert sum(path.endswith("/pages") for path in asked(server)) < 40, "those under way, and no more"

    @pytest.mark.parametrize("code", ["access_denied", "require_feature"])
    def test_a_refusal_that_is_said_only_once_is_not_accepted(
        self, server: requests_mock.Mocker, books: Books, caplog: pytest.LogCaptureFixture, code: str
    ) -> None:
        put(server, 1, 2)
        server.get(f"{SHELVES}/2/books", [refusal(403, code), answer([book(21)])])
        with caplog.at_level(logging.WARNING):
            assert ids(read(books)) == [11, 12, 21]
        assert warnings(caplog) == []
        assert books.state["updated_at"] == ago(500)

    def test_no_refusal_is_accepted_of_a_key_that_is_refused_itself(
        self, server: requests_mock.Mocker, books: Books
    ) -> None:
        put(server, 1, 2)
        server.get(f"{SHELVES}/2/books", [refusal(403, "access_denied")])
        server.get(ME, [refusal(401)])
        with pytest.raises(Exception, match="rejected the API key"):
            read(books)
        assert books.state == {}

    def test_a_list_that_fails_fails_the_stream_and_keeps_the_state(
        self, server: requests_mock.Mocker, books: Books
    ) -> None:
        put(server, 1, 2)
        server.get(f"{SHELVES}/2/books", [refusal(400)])
        with pytest.raises(Exception, match="rejected the request"):
            read(books)
        assert books.state == {}
