"""The records of one resource, and the orders and groups worked out from them."""

from collections.abc import Callable, Hashable, Mapping
from types import MappingProxyType
from typing import Any

Record = dict[str, Any]
Position = tuple[Any, Any]
"""What a record is sorted by, and its id, which settles ties."""


class Table:
    """Records by id. Orders and groups are kept until the next change and worked out again when next asked for.

    Change records through `put`, `change` and `remove` only: a record changed behind the table's back keeps its old
    place in the lists.
    """

    def __init__(self, on_change: Callable[[], None]) -> None:
        self._on_change = on_change
        self._rows: dict[Any, Record] = {}
        self._derived: dict[Hashable, Any] = {}

    @property
    def rows(self) -> Mapping[Any, Record]:
        return MappingProxyType(self._rows)

    def put(self, row: Record) -> None:
        self._rows[row["id"]] = row
        self._forget()

    def change(self, row_id: int | str, fields: Mapping[str, Any]) -> Record:
        row = self._rows[row_id]
        row.update(fields)
        self._forget()
        return row

    def remove(self, row_id: int | str) -> Record:
        self._forget()
        return self._rows.pop(row_id)

    def find(self, id_in_url: str) -> Record | None:
        """The record a URL names; some resources have ids of text, most have numbers."""
        if id_in_url.isdecimal() and (row := self._rows.get(int(id_in_url))) is not None:
            return row
        return self._rows.get(id_in_url)

    def positions(
        self,
        order: str,
        sort_value: Callable[[Record], Any],
        population: str = "all",
        belongs: Callable[[Record], bool] = lambda _: True,
    ) -> list[Position]:
        """Positions of the records that belong, sorted upwards; `order` and `population` name the two functions."""
        name = ("order", order, population)
        if name not in self._derived:
            self._derived[name] = sorted(
                (sort_value(row), row_id) for row_id, row in self._rows.items() if belongs(row)
            )
        positions: list[Position] = self._derived[name]
        return positions

    def group(self, field: str, value: Any) -> list[Record]:
        """The records whose `field` has this value, in the order they were added."""
        name = ("groups", field)
        if name not in self._derived:
            groups: dict[Any, list[Record]] = {}
            for row in self._rows.values():
                groups.setdefault(row.get(field), []).append(row)
            self._derived[name] = groups
        rows: list[Record] = self._derived[name].get(value, [])
        return rows

    def _forget(self) -> None:
        self._derived.clear()
        self._on_change()
