"""Reads many lists, one for each row of a parent stream, several at once."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import requests

from source_freshdesk.api.errors import FEATURE_IS_MISSING, ResourceUnavailable
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.api.response import Row
from source_freshdesk.retrieval.access import StreamAccess
from source_freshdesk.retrieval.few_failures import Failed, FewFailures
from source_freshdesk.retrieval.list_retriever import ListRetriever, ReadList
from source_freshdesk.retrieval.outcome import Outcome
from source_freshdesk.retrieval.parent_rows import KeptRows, RowsOf
from source_freshdesk.retrieval.stable_list import StableList

ENOUGH_REFUSALS = 10
"""If this many lists are refused, none is answered, and the last one is refused too, all are taken for refused."""


@dataclass(frozen=True)
class ChildOf:
    """The declaration that a stream consists of one list for each row of `stream`.

    id_as: the field in which a row names its parent. A row without it is given it.
    counted_by: fields of a parent that may count its children. A parent that has none is not asked for them.
    inherited: fields that a row without them is given of its parent, under the same names.
    """

    stream: type[Any]
    id_as: str = ""
    counted_by: tuple[str, ...] = ()
    inherited: tuple[str, ...] = ()

    @property
    def rows(self) -> RowsOf:
        """The rows of the parent that this takes."""
        return RowsOf(self.stream, ("id", *self.counted_by, *self.inherited))

    def lists(self, resource: str, parents: KeptRows) -> "ChildLists":
        """The list of each parent that may have children. resource: their path, with fields of the parent in braces."""
        lists = [
            ChildList(resource.format_map(parent), self._given(parent))
            for parent in parents.rows
            if self._may_have_children(parent)
        ]
        return ChildLists(lists, parents.started_at)

    def _given(self, parent: Row) -> Row:
        named = {self.id_as: parent["id"]} if self.id_as else {}
        return named | {name: parent.get(name) for name in self.inherited}

    def _may_have_children(self, parent: Row) -> bool:
        counts = [parent[name] for name in self.counted_by if parent.get(name) is not None]
        return not counts or any(counts)


@dataclass(frozen=True)
class ChildList:
    """A list to read. given: fields that its rows are given if they lack them."""

    path: str
    given: Row


@dataclass(frozen=True)
class ChildLists:
    """All lists of a stream. started_at: Freshdesk's time when their parents were read; None if there are none."""

    lists: Sequence[ChildList]
    started_at: int | None = None


@dataclass
class Tally:
    """How many of several lists were answered, and how the others were refused, by their paths.

    is_refuted: a list was answered although the others seemed to stand for it.
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
        """Why there is nothing, if no list was answered."""
        return None if self.answered else next(iter(self.refusals.values()), None)


class ChildListRetriever:
    """Reads lists of children, several at once.

    A list that is not found belongs to a row that was deleted since it was listed. One that is refused is a gap in the
    stream's outcome. When all are refused, the stream is skipped.
    """

    def __init__(
        self,
        api: FreshdeskApi,
        lists: ListRetriever,
        access: StreamAccess,
        outcome: Outcome,
        logger: logging.Logger,
    ) -> None:
        self._clock = api.clock
        self._prefetcher = api.prefetcher
        self._lists = lists
        self._access = access
        self._outcome = outcome
        self._logger = logger
        self._failures = FewFailures()

    def read(self, of_stream: ChildLists, listed: StableList) -> Iterator[Row]:
        """The rows of all lists of the stream, each version once. listed: records what is listed."""
        if self._outcome.is_skipped:
            return
        listed.begin_page(of_stream.started_at or int(self._clock.now()))
        tally = Tally()
        yield from self.read_some(of_stream.lists, listed, tally)
        if tally.refusal_of_all is not None:
            self._outcome.skip(tally.refusal_of_all, self._access)

    def read_some(self, lists: Sequence[ChildList], listed: StableList, tally: Tally) -> Iterator[Row]:
        """The rows of these lists in their order. tally: counts the answers and the refusals."""
        read_lists = self._prefetcher.map(self._read_or_refusal, [one.path for one in lists])
        for one, read in zip(lists, read_lists, strict=True):
            if isinstance(read, Failed):
                self._outcome.lack(one.path, read.why)
                continue
            if not isinstance(read, ResourceUnavailable):
                tally.answered += 1
                for why in read.gaps:
                    self._outcome.gap(one.path, why)
                yield from filter(listed.register, map(partial(_completed, one.given), read.rows))
                continue
            tally.add(one.path, read)
            if tally.stands_for_all:
                if isinstance(self._read_or_refusal(lists[-1].path), ResourceUnavailable):
                    return
                tally.is_refuted = True
        if tally.answered:
            self._report(tally)

    def _report(self, tally: Tally) -> None:
        for path, refusal in tally.refusals.items():
            if refusal.status == requests.codes.not_found:
                name = self._outcome.name
                self._logger.info(
                    f"Stream {name}: {path} is skipped, because its parent was deleted since it was listed."
                )
            else:
                self._outcome.lack(path, str(refusal))

    def _read_or_refusal(self, path: str) -> ReadList | ResourceUnavailable | Failed:
        """The list; the refusal, or a failure that is among few."""
        return self._failures.tolerate(lambda: self._access.confirm(lambda: self._lists.read_path(path)))


def _completed(given: Row, row: Row) -> Row:
    for name, value in given.items():
        if row.get(name) is None:
            row[name] = value
    return row
