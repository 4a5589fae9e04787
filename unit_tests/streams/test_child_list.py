"""Streams over many lists, one for each row of a parent stream."""

import logging
from collections.abc import Sequence
from typing import Any

import pytest
import requests_mock

from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.retrieval.child_lists import ChildOf
from source_freshdesk.retrieval.parent_rows import root_of
from source_freshdesk.streams.base import FreshdeskStream
from source_freshdesk.streams.incremental import IncrementalList
from unit_tests.support import API, ago, answer, ids, linked, no_schema, queries, read, refusal, warnings

SHELVES, ME = f"{API}shelves", f"{API}agents/me"
AGENT = answer({"id": 7})
EARLIER = {"updated_at": ago(5_000), "read_from": ago(5_300), "emitted": {}}


class Shelves(IncrementalList):
    """The parents."""

    resource = "shelves"
    feature = "Library"

    get_json_schema = no_schema


class Books(IncrementalList):
    """The children, which tell when they changed."""

    resource = "shelves/{id}/books"
    child_of = ChildOf(Shelves, id_as="shelf_id", counted_by=("books_count", "volumes_count"), inherited=("room",))

    get_json_schema = no_schema


class Pages(FreshdeskStream):
    """The children of the children, which tell no time."""

    resource = "books/{id}/pages"
    child_of = ChildOf(Books)
    feature = "Library"

    get_json_schema = no_schema


@pytest.fixture
def shelves(api: FreshdeskApi) -> Shelves:
    return Shelves(api, retain=Books.rows_needed()[0].fields)


@pytest.fixture
def books(api: FreshdeskApi, shelves: Shelves) -> Books:
    return Books(api, shelves, retain=("id",))


def shelf(shelf_id: int, **fields: Any) -> dict[str, Any]:
    return {"id": shelf_id, "updated_at": ago(9_000)} | fields


def book(book_id: int, seconds_ago: int = 500, **fields: Any) -> dict[str, Any]:
    return {"id": book_id, "updated_at": ago(seconds_ago)} | fields


def put(server: requests_mock.Mocker, *shelf_ids: int) -> None:
    """These shelves, with two books on each: 11 and 12 on the first."""
    server.get(SHELVES, [answer([shelf(number, room="A") for number in shelf_ids])])
    for number in shelf_ids:
        server.get(f"{SHELVES}/{number}/books", [answer([book(number * 10 + 1), book(number * 10 + 2)])])


def asked(server: requests_mock.Mocker) -> list[str]:
    """The paths that were asked for, in order of their names."""
    return sorted(request.path.removeprefix("/api/v2/") for request in server.request_history)


class TestReading:
    def test_the_children_of_all_parents_are_given_in_the_order_of_the_parents(
        self, server: requests_mock.Mocker, books: Books
    ) -> None:
        put(server, 2, 1, 3)
        assert ids(read(books)) == [21, 22, 11, 12, 31, 32]

    def test_a_list_of_children_is_read_page_after_page_and_once_more(
        self, server: requests_mock.Mocker, books: Books
    ) -> None:
        url = f"{SHELVES}/1/books"
        put(server, 1)
        server.get(url, [linked(url, book(11), to=2), answer([book(12)])] * 2)
        assert ids(read(books)) == [11, 12]
        assert len(queries(server, "shelves/1/books")) == 4

    def test_a_child_that_moved_from_one_parent_to_another_meanwhile_is_given_once(
        self, server: requests_mock.Mocker, books: Books
    ) -> None:
        put(server, 1, 2)
        server.get(f"{SHELVES}/2/books", [answer([book(11), book(21)])])
        assert ids(read(books)) == [11, 12, 21]

    def test_a_row_is_given_its_parent_and_what_it_inherits(self, server: requests_mock.Mocker, books: Books) -> None:
        put(server, 1)
        server.get(f"{SHELVES}/1/books", [answer([book(11), book(12, shelf_id=9, room="B"), book(13, room=None)])])
        assert [(row["shelf_id"], row["room"]) for row in read(books)] == [(1, "A"), (9, "B"), (1, "A")]

    @pytest.mark.parametrize(
        ("counts", "is_asked"),
        [
            ({"books_count": 0}, False),
            ({"volumes_count": 0}, False),
            ({"books_count": 0, "volumes_count": 0}, False),
            ({"books_count": 0, "volumes_count": None}, False),
            ({"books_count": 0, "volumes_count": 2}, True),
            ({"books_count": 2, "volumes_count": 0}, True),
            ({"books_count": None}, True),
            ({}, True),
        ],
    )
    def test_a_parent_that_counts_no_children_is_not_asked(
        self, server: requests_mock.Mocker, books: Books, counts: dict[str, Any], is_asked: bool
    ) -> None:
        server.get(SHELVES, [answer([shelf(1, **counts)])])
        server.get(f"{SHELVES}/1/books", [answer([book(11)])])
        assert ids(read(books)) == ([11] if is_asked else [])
        assert ("shelves/1/books" in asked(server)) is is_asked

    def test_without_parents_there_is_nothing_and_nothing_is_skipped(
        self, server: requests_mock.Mocker, books: Books, caplog: pytest.LogCaptureFixture
    ) -> None:
        put(server)
        with caplog.at_level(logging.WARNING):
            assert read(books) == []
        assert warnings(caplog) == []


class TestManyRefusals:
    def test_parents_that_are_gone_do_not_speak_for_the_others(
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


class TestParents:
    """A parent is read once in a sync, for itself and for all below."""

    @pytest.mark.parametrize("order", [(0, 1, 2), (0, 2, 1), (1, 2)])
    def test_parents_are_read_once_for_all(
        self, server: requests_mock.Mocker, api: FreshdeskApi, shelves: Shelves, books: Books, order: Sequence[int]
    ) -> None:
        put(server, 1)
        streams: tuple[FreshdeskStream, ...] = (shelves, books, Books(api, shelves, retain=("id",)))
        for place in order:
            read(streams[place])
        assert len(queries(server, "shelves")) == 1

    def test_children_of_children_need_each_list_above_once(
        self, server: requests_mock.Mocker, api: FreshdeskApi, shelves: Shelves, books: Books
    ) -> None:
        put(server, 1)
        for number in (11, 12):
            server.get(f"{API}books/{number}/pages", [answer([{"id": number * 100}])])
        for stream in (shelves, books, pages := Pages(api, books)):
            rows = read(stream)
        assert stream is pages
        assert ids(rows) == [1_100, 1_200]
        assert asked(server) == ["books/11/pages", "books/12/pages", "shelves", "shelves/1/books"]

    def test_all_parents_are_asked_though_they_are_no_news(
        self, server: requests_mock.Mocker, shelves: Shelves, books: Books
    ) -> None:
        put(server, 1)
        shelves.state = {"updated_at": ago(100), "read_from": ago(100), "emitted": {}}
        assert read(shelves) == []
        assert ids(read(books)) == [11, 12]

    def test_parents_that_are_refused_skip_their_children(
        self, server: requests_mock.Mocker, books: Books, caplog: pytest.LogCaptureFixture
    ) -> None:
        books.state = EARLIER
        server.get(SHELVES, [refusal(403, "require_feature")])
        server.get(ME, [AGENT])
        with caplog.at_level(logging.WARNING):
            assert read(books) == []
        (warning,) = warnings(caplog)
        assert warning.startswith("Stream books is skipped.")
        assert books.state == EARLIER

    def test_parents_that_fail_fail_their_children(self, server: requests_mock.Mocker, books: Books) -> None:
        server.get(SHELVES, [refusal(400)])
        with pytest.raises(Exception, match="does not accept the call"):
            read(books)

    def test_whether_children_can_be_read_is_asked_of_the_topmost_parents(
        self, server: requests_mock.Mocker, api: FreshdeskApi, books: Books
    ) -> None:
        server.get(SHELVES, [answer([]), refusal(403, "require_feature")])
        pages = Pages(api, books)
        assert root_of(pages).probe() is None
        refused = root_of(pages).probe()
        assert refused is not None
        assert refused.code == "require_feature"
        assert queries(server, "shelves") == [{"per_page": ["1"]}] * 2

    def test_the_first_page_of_the_parents_is_fetched_early(
        self, server: requests_mock.Mocker, api: FreshdeskApi, shelves: Shelves, books: Books
    ) -> None:
        put(server, 1)
        Pages(api, books).prefetch_first_page()
        books.prefetch_first_page()
        read(shelves)
        assert len(queries(server, "shelves")) == 1


class TestState:
    """How far the children go."""

    def test_the_state_is_the_newest_child_of_all(self, server: requests_mock.Mocker, books: Books) -> None:
        put(server, 1, 2)
        server.get(f"{SHELVES}/1/books", [answer([book(11, 400)])])
        read(books)
        assert books.state["updated_at"] == ago(400)

    def test_only_children_that_changed_are_given_again(
        self, server: requests_mock.Mocker, api: FreshdeskApi, shelves: Shelves, books: Books
    ) -> None:
        put(server, 1, 2)
        read(books)
        again = Books(api, shelves, retain=("id",))
        again.state = books.state
        server.get(f"{SHELVES}/2/books", [answer([book(21), book(22, 10)])])
        assert ids(read(again)) == [22]

    def test_children_that_tell_no_time_are_given_each_time(
        self, server: requests_mock.Mocker, api: FreshdeskApi, books: Books
    ) -> None:
        put(server, 1)
        server.get(f"{API}books/11/pages", [answer([{"id": 1}])])
        server.get(f"{API}books/12/pages", [answer([])])
        for _ in range(2):
            assert ids(read(Pages(api, books))) == [1]


class TestRefusals:
    """What becomes of lists that are not there."""

    @pytest.fixture(autouse=True)
    def _the_key_is_good(self, server: requests_mock.Mocker) -> None:
        server.get(ME, [AGENT])

    def test_a_parent_that_is_gone_meanwhile_is_left_out_and_the_state_moves(
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

    def test_one_list_that_is_refused_is_left_out_aloud_and_keeps_the_state(
        self, server: requests_mock.Mocker, books: Books, caplog: pytest.LogCaptureFixture
    ) -> None:
        books.state = EARLIER
        put(server, 1, 2, 3)
        server.get(f"{SHELVES}/2/books", [refusal(403, "access_denied")])
        with caplog.at_level(logging.WARNING):
            assert ids(read(books)) == [11, 12, 31, 32]
        (warning,) = warnings(caplog)
        assert warning.startswith("Stream books is incomplete: rows of shelves/2/books may be missing.")
        assert books.state == EARLIER
        assert not books.outcome.is_skipped

    def test_what_was_left_out_is_given_by_the_sync_that_may_read_it(
        self, server: requests_mock.Mocker, api: FreshdeskApi, shelves: Shelves, books: Books
    ) -> None:
        books.state = EARLIER
        put(server, 1, 2)
        server.get(f"{SHELVES}/2/books", [refusal(403, "access_denied")] * 2 + [answer([book(21, 4_000)])])
        read(books)
        again = Books(api, shelves, retain=("id",))
        again.state = books.state
        assert 21 in ids(read(again))

    def test_what_is_below_a_list_that_was_left_out_keeps_its_state_too(
        self, server: requests_mock.Mocker, api: FreshdeskApi, books: Books
    ) -> None:
        """Its rows may be older than those that were read, and would be no news when they can be read."""

        class Notes(IncrementalList):
            """Below the books, with times."""

            resource = "books/{id}/notes"
            child_of = ChildOf(Books)

            get_json_schema = no_schema

        put(server, 1, 2)
        server.get(f"{SHELVES}/2/books", [refusal(403, "access_denied")])
        for number in (11, 12):
            server.get(f"{API}books/{number}/notes", [answer([book(number * 10, 500)])])
        notes = Notes(api, books)
        notes.state = EARLIER
        assert ids(read(notes)) == [110, 120]
        assert notes.state == EARLIER

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
    def test_a_refusal_that_is_said_only_once_is_not_believed(
        self, server: requests_mock.Mocker, books: Books, caplog: pytest.LogCaptureFixture, code: str
    ) -> None:
        put(server, 1, 2)
        server.get(f"{SHELVES}/2/books", [refusal(403, code), answer([book(21)])])
        with caplog.at_level(logging.WARNING):
            assert ids(read(books)) == [11, 12, 21]
        assert warnings(caplog) == []
        assert books.state["updated_at"] == ago(500)

    def test_no_refusal_is_believed_of_a_key_that_is_refused_itself(
        self, server: requests_mock.Mocker, books: Books
    ) -> None:
        put(server, 1, 2)
        server.get(f"{SHELVES}/2/books", [refusal(403, "access_denied")])
        server.get(ME, [refusal(401)])
        with pytest.raises(Exception, match="does not accept the API key"):
            read(books)
        assert books.state == {}

    def test_a_list_that_fails_fails_the_stream_and_keeps_the_state(
        self, server: requests_mock.Mocker, books: Books
    ) -> None:
        put(server, 1, 2)
        server.get(f"{SHELVES}/2/books", [refusal(400)])
        with pytest.raises(Exception, match="does not accept the call"):
            read(books)
        assert books.state == {}
