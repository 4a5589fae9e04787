"""Which pages are fetched ahead, and when they are used."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from source_freshdesk.api.errors import transient_error
from source_freshdesk.api.rate_limit import RateLimit
from source_freshdesk.retrieval.page import Page
from source_freshdesk.retrieval.pages_ahead import MAX_AGE_SECONDS, MAX_BYTES, MAX_PAGES, PagesAhead, Step
from unit_tests.support import LOGGER, SimulatedClock
from unit_tests.support import api as make_api

PAGE = Page([], None, 0)
FIRST = {"per_page": 100}


class Pages:
    """A list of so many pages; every call is noted."""

    def __init__(self, count: int, size: int = 0) -> None:
        self.asked: list[Mapping[str, Any]] = []
        self.failing = False
        self._count = count
        self._size = size

    def fetch(self, query: Mapping[str, Any]) -> Page:
        self.asked.append(query)
        if self.failing:
            raise transient_error("Freshdesk does not answer.")
        number = int(query.get("page", 1))
        following = {"page": str(number + 1)} if number < self._count else None
        return replace(PAGE, rows=[{"id": number}], next=following, size=self._size)


class Ahead:
    """A `PagesAhead` over them, whose only worker does one job after another."""

    def __init__(self, pages: Pages, rate_limit: RateLimit | None = None) -> None:
        self.clock = SimulatedClock()
        self.api = make_api(self.clock, rate_limit=rate_limit, num_workers=1)
        self.ahead = PagesAhead(self.api, pages.fetch, LOGGER, "contacts")

    def settle(self) -> None:
        """Until all that was submitted is done, and what that submitted."""
        for _ in range(2 * MAX_PAGES):
            self.api.prefetcher.submit(lambda: None, self.api.prefetcher.cancellation()).result()


@pytest.mark.parametrize(
    ("count", "asked"),
    [
        (1, [FIRST]),
        (2, [FIRST, {"page": "2"}, FIRST]),
        (3, [FIRST, {"page": "2"}, {"page": "3"}, FIRST]),
        (9, [FIRST, {"page": "2"}, {"page": "3"}, {"page": "4"}]),
    ],
)
def test_a_short_list_is_fetched_ahead_up_to_its_second_pass(count: int, asked: list[Mapping[str, Any]]) -> None:
    pages = Pages(count)
    ahead = Ahead(pages)
    ahead.ahead.start([FIRST])
    ahead.ahead.start([FIRST])
    ahead.settle()
    assert pages.asked == asked
    for query in asked:
        ahead.ahead.page(query)
    assert pages.asked == asked, "none is fetched twice"
    ahead.ahead.page(FIRST)
    assert pages.asked == [*asked, FIRST]


def test_each_variant_is_fetched_ahead() -> None:
    pages = Pages(2)
    ahead = Ahead(pages)
    ahead.ahead.start([{"way": 1}, {"way": 2}])
    ahead.settle()
    assert pages.asked == [{"way": 1}, {"page": "2"}, {"way": 2}, {"page": "2"}]


def test_each_variant_of_one_page_is_read_once() -> None:
    one = Step({"way": 1})
    two = one.after(PAGE, [{"way": 1}, {"way": 2}])
    assert two == Step({"way": 2}, 1)
    assert two.after(PAGE, [{"way": 1}, {"way": 2}]) is None


def test_of_large_pages_and_where_one_is_wanted_only_the_first_is_fetched() -> None:
    large, wanted = Pages(5, size=MAX_BYTES + 1), Pages(5)
    for pages, count in ((large, MAX_PAGES), (wanted, 1)):
        ahead = Ahead(pages)
        ahead.ahead.start([FIRST], pages=count)
        ahead.settle()
        assert pages.asked == [FIRST]


@pytest.mark.parametrize(("count", "called"), [(1, []), (3, [True])])
def test_that_there_are_more_pages_is_said_once(count: int, called: list[bool]) -> None:
    said: list[bool] = []
    ahead = Ahead(Pages(count))
    ahead.ahead.start([FIRST], on_more=lambda: said.append(True))
    ahead.settle()
    assert said == called


def test_another_page_than_the_expected_one_is_fetched_and_the_rest_forgotten() -> None:
    pages = Pages(3)
    ahead = Ahead(pages)
    ahead.ahead.start([FIRST])
    ahead.settle()
    asked = list(pages.asked)
    ahead.ahead.page({"updated_since": "now"})
    ahead.ahead.page(FIRST)
    assert pages.asked == [*asked, {"updated_since": "now"}, FIRST]


def test_a_page_that_has_become_old_is_fetched_again() -> None:
    pages = Pages(1)
    ahead = Ahead(pages)
    ahead.ahead.start([FIRST])
    ahead.settle()
    ahead.clock.sleep(MAX_AGE_SECONDS)
    ahead.ahead.page(FIRST)
    assert pages.asked == [FIRST, FIRST]


def test_a_page_that_failed_is_fetched_again() -> None:
    pages = Pages(1)
    ahead = Ahead(pages)
    pages.failing = True
    ahead.ahead.start([FIRST])
    ahead.settle()
    pages.failing = False
    assert ahead.ahead.page(FIRST).rows == [{"id": 1}]


def test_a_list_that_was_begun_is_not_fetched_ahead() -> None:
    pages = Pages(3)
    ahead = Ahead(pages)
    ahead.ahead.page(FIRST)
    ahead.ahead.start([FIRST])
    ahead.settle()
    assert pages.asked == [FIRST]


def test_pages_are_fetched_at_once_where_the_limit_allows_it() -> None:
    queries = [{"page": "2"}, {"page": "3"}]
    assert Ahead(Pages(5)).ahead.pages_at_once(queries) is None, "one worker"
    pages = Pages(5)
    ahead = PagesAhead(make_api(SimulatedClock(), num_workers=4), pages.fetch, LOGGER, "contacts")
    at_once = ahead.pages_at_once(queries)
    assert at_once is not None
    assert [page.rows for page in at_once] == [[{"id": 2}], [{"id": 3}]]
