"""One list for each row of a parent."""

import logging
from collections.abc import Sequence
from typing import Any

import pytest
import requests_mock

from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.retrieval.parent_rows import root_of
from source_freshdesk.streams.base import FreshdeskStream
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
from unit_tests.support import API, ago, answer, ids, linked, queries, read, refusal, warnings


class TestReading:
    def test_the_children_of_all_parents_are_given_in_the_order_of_the_parents(
        self, server: requests_mock.Mocker, books: Books
    ) -> None:
        put(server, 2, 1, 3)
        assert ids(read(books)) == [21, 22, 11, 12, 31, 32]

    def test_a_list_of_children_is_read_page_after_page_and_confirmed(
        self, server: requests_mock.Mocker, books: Books
    ) -> None:
        url = f"{SHELVES}/1/books"
        put(server, 1)
        server.get(url, [linked(url, book(11), to=2), answer([book(12)])] * 2)
        assert ids(read(books)) == [11, 12]
        assert len(queries(server, "shelves/1/books")) == 3

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

    def test_all_parents_are_asked_though_they_did_not_change(
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
        with pytest.raises(Exception, match="rejected the request"):
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
        Pages(api, books).prefetch({})
        books.prefetch({})
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

    def test_children_that_carry_no_time_are_given_each_time(
        self, server: requests_mock.Mocker, api: FreshdeskApi, books: Books
    ) -> None:
        put(server, 1)
        server.get(f"{API}books/11/pages", [answer([{"id": 1}])])
        server.get(f"{API}books/12/pages", [answer([])])
        for _ in range(2):
            assert ids(read(Pages(api, books))) == [1]
