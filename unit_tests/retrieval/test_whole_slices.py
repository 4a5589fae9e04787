"""The CDK gets each slice as one item, and nobody else notices."""

from collections.abc import Iterator
from typing import Any

import pytest
from airbyte_cdk.sources.utils.schema_helpers import InternalConfig

from source_freshdesk.retrieval.whole_slices import WholeSlices


class Reader:
    """As the CDK: goes through the items of slices, and counts them."""

    def __init__(self) -> None:
        self.slices = WholeSlices()
        self.examined = 0
        self.made: list[int] = []

    def items(self, first: int) -> Iterator[Any]:
        """A slice of three."""
        for number in range(first, first + 3):
            self.made.append(number)
            yield {"id": number}

    def read(self) -> Iterator[Any]:
        """Two slices, with a state after each."""
        for first in (1, 4):
            for item in self.slices.handed_over(self.items(first)):
                self.examined += 1
                yield item
            yield f"state {first}"


ALL = [{"id": 1}, {"id": 2}, {"id": 3}, "state 1", {"id": 4}, {"id": 5}, {"id": 6}, "state 4"]


def test_all_comes_in_its_order_and_the_cdk_examines_one_item_for_each_slice() -> None:
    reader = Reader()
    assert list(reader.slices.opened(reader.read(), [InternalConfig(_limit=0, _page_size=100)])) == ALL
    assert reader.examined == 2


def test_nothing_is_made_before_it_is_asked_for() -> None:
    reader = Reader()
    read = reader.slices.opened(reader.read(), [])
    assert next(read) == {"id": 1}
    assert reader.made == [1]


def test_if_only_so_many_are_wanted_it_examines_each() -> None:
    reader = Reader()
    limited = InternalConfig(_limit=2, _page_size=100)
    assert list(reader.slices.opened(reader.read(), ["other", limited])) == ALL
    assert reader.examined == 6


def test_whoever_reads_a_slice_by_itself_gets_its_items() -> None:
    reader = Reader()
    assert list(reader.slices.handed_over(reader.items(1))) == ALL[:3]
    list(reader.slices.opened(reader.read(), []))
    assert list(reader.slices.handed_over(reader.items(1))) == ALL[:3]


def test_after_a_failure_too() -> None:
    slices = WholeSlices()

    def failing() -> Iterator[Any]:
        yield from slices.handed_over(iter([{"id": 1}]))
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - it is the one above
        list(slices.opened(failing(), []))
    assert list(slices.handed_over(iter([{"id": 1}]))) == [{"id": 1}]
