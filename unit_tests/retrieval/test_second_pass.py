"""The second pass of a list asks at once for the pages that the first had."""

from collections.abc import Iterator, Mapping, Sequence

import pytest

from source_freshdesk.retrieval.list_retriever import Retrieval
from source_freshdesk.retrieval.page import Page
from source_freshdesk.retrieval.stable_list import StableList
from unit_tests.support import NOW, ago


class Pages:
    """A list of three pages, whose links the second pass may find changed."""

    def __init__(self, links: Sequence[str]) -> None:
        self.one_by_one: list[str] = []
        self.at_once: list[str] = []
        self._passes = 0
        self._links = links

    def first(self, _: int) -> Page:
        self._passes += 1
        return self._page(1, self._links[min(self._passes, len(self._links)) - 1])

    def next(self, query: Mapping[str, str]) -> Page:
        self.one_by_one.append(query["page"])
        return self._of(query)

    def all(self, queries: Sequence[Mapping[str, str]]) -> Iterator[Page]:
        for query in queries:
            self.at_once.append(query["page"])
            yield self._of(query)

    def _of(self, query: Mapping[str, str]) -> Page:
        number = int(query["page"][0])
        return self._page(number, None if number == 3 else "3")

    def _page(self, number: int, following: str | None) -> Page:
        return Page(
            [{"id": number, "updated_at": ago(500)}], None if following is None else {"page": following}, as_of=NOW
        )


@pytest.mark.parametrize(
    ("links", "one_by_one", "at_once"),
    [
        (["2"], ["2", "3"], ["2"]),
        (["2", "2 again"], ["2", "3", "2 again"], []),
    ],
    ids=["the same links", "other links"],
)
def test_what_the_first_pass_asked_for_is_fetched_at_once(
    links: list[str], one_by_one: list[str], at_once: list[str]
) -> None:
    pages = Pages(links)
    listed = StableList()
    rows = list(Retrieval(listed, pages.first, pages.next, pages.all))
    assert [row["id"] for row in rows] == [1, 2, 3]
    assert (pages.one_by_one, pages.at_once) == (one_by_one, at_once), "the last page is not asked for again"
    assert listed.is_complete
