"""Streams over many lists, one for each row of a parent stream."""

from abc import ABC
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, ClassVar

import requests

from source_freshdesk.api.errors import FEATURE_IS_MISSING, ResourceUnavailable
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.api.response import Row
from source_freshdesk.retrieval.stable_list import StableList
from source_freshdesk.streams.base import FreshdeskStream
from source_freshdesk.streams.incremental_list import IncrementalList

ENOUGH_REFUSALS = 10
"""So many lists that are refused, and none that is not, speak for all others, if the last one is refused too."""


@dataclass
class Tally:
    """How many of several lists answered, and how the others were refused, by their paths.

    is_refuted: a list was found that is not refused, though the others seemed to speak for it.
    """

    answered: int = 0
    refusals: dict[str, ResourceUnavailable] = field(default_factory=dict)
    is_refuted: bool = False
    _denied: int = 0
    _is_plan: bool = False

    def add(self, path: str, refusal: ResourceUnavailable) -> None:
        """One more that is refused."""
        self.refusals[path] = refusal
        self._denied += refusal.status != requests.codes.not_found
        self._is_plan = self._is_plan or refusal.code == FEATURE_IS_MISSING

    @property
    def stands_for_all(self) -> bool:
        """Whether these refusals seem to be those of all lists."""
        if self.answered or self.is_refuted or not self.refusals:
            return False
        return self._denied >= ENOUGH_REFUSALS or self._is_plan

    @property
    def refusal_of_all(self) -> ResourceUnavailable | None:
        """Why there is nothing, if no list answered."""
        return None if self.answered else next(iter(self.refusals.values()), None)


class ChildList(FreshdeskStream, ABC):
    """The children of all rows of the first of `parents`, which are read once for all streams that need them.

    A list that is not found belongs to a row that is gone since it was listed. One that is refused is left out with a
    warning, and the state stays where it is; when all are refused, the whole stream is skipped.
    """

    counted_by: ClassVar[Sequence[str]] = ()
    """Fields of a parent that may count its children. One that has none is not asked for them."""
    parent_id_as: ClassVar[str] = ""
    """The field in which a row names its parent. A row without it is given it."""
    inherited: ClassVar[Sequence[str]] = ()
    """Fields that a row without them is given of its parent, under the same names."""

    def __init__(self, api: FreshdeskApi, *, parents: Sequence[FreshdeskStream] = (), **kwargs: Any) -> None:
        super().__init__(api, parents=parents, **kwargs)
        for parent in parents[:1]:
            parent.retain("id", *self.counted_by, *self.inherited)

    def lists(self) -> Iterable[tuple[str, Row]]:
        """The path of each list, and what its rows are given if they lack it."""
        for parent in self.parent_rows():
            if self._may_have_children(parent):
                yield self.resource.format_map(parent), self.given(parent)

    def given(self, parent: Row) -> Row:
        """What a row of this parent is given if it lacks it."""
        named = {self.parent_id_as: parent["id"]} if self.parent_id_as else {}
        return named | {field: parent.get(field) for field in self.inherited}

    def parent_rows(self) -> list[Row]:
        """The kept fields of the parents; none if they are refused, and then `refusal` says why."""
        parent = self.parents[0]
        rows = parent.cached_rows()
        self._inherit_skip(parent)
        self.is_partial = parent.is_partial
        return rows

    def prefetch_first_page(self) -> None:
        """Have the first page of the root fetched."""
        self.root.prefetch_first_page()

    def _rows(self, listing: StableList) -> Iterator[Row]:
        lists = list(self.lists())
        if self.refusal is not None:
            return
        self.started_at = self.parents[0].started_at if self.parents else None
        listing.begin_page(self.started_at or int(self._api.clock.now()))
        tally = Tally()
        yield from self._rows_of_all(lists, listing, tally)
        self.refusal = tally.refusal_of_all

    def _rows_of_all(self, lists: Sequence[tuple[str, Row]], listing: StableList, tally: Tally) -> Iterator[Row]:
        """The rows of the lists in their order, several lists fetched at once. A refusal is told if not all are
        refused; if they are, that is for the caller, who finds it in the tally.
        """
        outcomes = self._api.prefetcher.map(self._rows_or_refusal, [path for path, _ in lists])
        for (path, given), outcome in zip(lists, outcomes, strict=True):
            if not isinstance(outcome, ResourceUnavailable):
                tally.answered += 1
                self.is_partial = self.is_partial or path in self.unstable_paths
                yield from filter(listing.register, map(partial(_given, given), outcome))
                continue
            tally.add(path, outcome)
            if tally.stands_for_all:
                if isinstance(self._rows_or_refusal(lists[-1][0]), ResourceUnavailable):
                    return
                tally.is_refuted = True
        for path, refusal in tally.refusals.items() if tally.answered else ():
            if refusal.status == requests.codes.not_found:
                self.logger.info(f"Stream {self.name} goes without {path}, which is gone since it was listed.")
            else:
                self.is_partial = True
                self.logger.warning(f"Stream {self.name} goes without {path}. {refusal}")

    def _rows_or_refusal(self, path: str) -> list[Row] | ResourceUnavailable:
        return self._current_agent.confirm_unavailable(lambda: list(self.rows_of(path)))

    def _may_have_children(self, parent: Row) -> bool:
        counts = [parent[field] for field in self.counted_by if parent.get(field) is not None]
        return not counts or any(counts)


class IncrementalChildList(ChildList, IncrementalList, ABC):
    """The children of all parents' rows that are news."""


def _given(given: Row, row: Row) -> Row:
    for name, value in given.items():
        if row.get(name) is None:
            row[name] = value
    return row
