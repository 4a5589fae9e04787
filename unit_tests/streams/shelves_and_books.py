"""A parent, its children, and their children."""

from typing import Any

import requests_mock

from source_freshdesk.retrieval.child_lists import ChildOf
from source_freshdesk.streams.base import FreshdeskStream
from source_freshdesk.streams.incremental_list import IncrementalList
from unit_tests.support import API, ago, answer, no_schema

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
