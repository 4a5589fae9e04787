"""The rows of a parent stream, read once in a sync for all streams that need them."""

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from source_freshdesk.api.response import Row
from source_freshdesk.retrieval.outcome import Outcome
from source_freshdesk.retrieval.stable_list import StableList
from source_freshdesk.state.emitted_versions import RowKey


@dataclass(frozen=True)
class RowsOf:
    """The declaration that a stream needs rows of another. fields: which of their fields it needs."""

    stream: type[Any]
    fields: tuple[str, ...] = ()


class RowCache:
    """The rows of a stream, of which some fields are kept for the streams below it.

    fields: which fields; none: no row is kept. list_rows: gives the rows. new_list: gives what a read is recorded in.
    """

    def __init__(
        self,
        fields: Collection[str],
        list_rows: Callable[[StableList], Iterable[Row]],
        new_list: Callable[[], StableList],
    ) -> None:
        self._fields = tuple(fields)
        self._list_rows = list_rows
        self._new_list = new_list
        self._kept: KeptRows | None = None

    def read(self, listed: StableList) -> Iterator[Row]:
        """All rows, read now. listed: records what is listed."""
        kept: dict[RowKey, Row] = {}
        for row in self._list_rows(listed):
            if self._fields:
                kept[listed.key_of(row)] = {field: row.get(field) for field in self._fields}
            yield row
        self._kept = KeptRows(list(kept.values()), listed.started_at)

    def kept(self) -> "KeptRows":
        """The kept fields of all rows; reads the rows if that was not done in this sync."""
        if self._kept is None:
            deque(self.read(self._new_list()), maxlen=0)
        assert self._kept is not None
        return self._kept


@dataclass(frozen=True)
class KeptRows:
    """Some fields of the rows of a stream. started_at: Freshdesk's time when their read started, in epoch seconds."""

    rows: list[Row]
    started_at: int | None


class ParentStream(Protocol):
    """What a stream sees of its parent."""

    @property
    def name(self) -> str:
        """Of the stream."""

    @property
    def parents(self) -> "Sequence[ParentStream]":
        """The streams above it."""

    @property
    def read_after(self) -> "Sequence[ParentStream]":
        """The streams whose rows it uses, those above it and others."""

    @property
    def outcome(self) -> Outcome:
        """How its read went."""

    @property
    def cache(self) -> RowCache:
        """Its rows."""

    def prefetch(self, state: Mapping[str, Any]) -> None:
        """Have its first pages fetched by other threads, since it is read soon."""


def read_parent(parent: ParentStream, outcome: Outcome) -> KeptRows:
    """The rows of a parent. What is missing or skipped of it becomes part of the child's `outcome`."""
    kept = parent.cache.kept()
    outcome.inherit(parent.outcome)
    return kept


def root_of(stream: Any) -> Any:
    """The stream without parents at the top."""
    return root_of(stream.parents[0]) if stream.parents else stream


def lineage(stream: ParentStream) -> list[str]:
    """The names of a stream and of all streams whose rows it uses."""
    return [stream.name, *(name for used in stream.read_after for name in lineage(used))]
