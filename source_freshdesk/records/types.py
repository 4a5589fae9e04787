"""Values as the schema declares them.

Freshdesk's types are loose: an id comes as a number or as a string, a list of one as its only member, a time in one of
four forms, a boolean as 0 and 1 or as text. What a schema promises, a warehouse relies on. The plan for a schema is
made once; a row whose values are right is only looked at.
"""

import logging
import re
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache
from math import isfinite
from typing import Any

import orjson

from source_freshdesk import instants

Cast = Callable[[Any], Any]

_PYTHON_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
    "null": (type(None),),
}


CUSTOM_COLUMNS = ("custom_fields", "data")
"""Columns whose fields each account defines for itself."""

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_MIDNIGHT = re.compile(r"\d{4}-\d{2}-\d{2}T00:00(:00(\.0+)?)?(Z|[+-]00:?00)?")


class SchemaCaster:
    """Makes rows conform to an object schema, in place. Values that no cast makes right stay as they are."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._fields = {name: _Field(declared) for name, declared in schema.get("properties", {}).items()}

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        """`row` itself, its declared fields of the declared types."""
        fields = self._fields
        for name, value in row.items():
            declared = fields.get(name)
            if declared is None:
                continue
            if type(value) not in declared.types or (declared.inside is not None and value):
                row[name] = declared(value)
        return row


class DeferredCaster:
    """A `SchemaCaster` that loads its schema when it gets the first row. May be called from any thread."""

    def __init__(self, load: Callable[[], Mapping[str, Any]]) -> None:
        self._caster = cache(lambda: SchemaCaster(load()))
        self._custom: dict[str, CustomFieldCaster] = {}

    def refine(self, columns: Mapping[str, Any]) -> None:
        """The catalog's properties of columns. They say of which types the fields are that an account has defined."""
        for name in CUSTOM_COLUMNS:
            declared = columns.get(name)
            if isinstance(declared, Mapping) and declared.get("properties"):
                self._custom[name] = CustomFieldCaster(name, declared["properties"])

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        """`row` itself, its declared fields of the declared types."""
        self._caster()(row)
        for name, caster in self._custom.items():
            if isinstance(row.get(name), dict):
                caster(row[name])
        return row

    def report(self, stream: str, logger: logging.Logger) -> None:
        """Warn of each field whose values are of another type than declared and cannot be cast."""
        for caster in self._custom.values():
            for name, count in sorted(caster.odd.items()):
                logger.warning(f"{count:,} values of {name} in {stream} are not of its type, and left as they are.")


class CustomFieldCaster:
    """Makes the fields that an account has defined conform to the catalog, in place. May be called from any thread.

    odd: how many values no cast makes right. They stay as they are.
    """

    def __init__(self, column: str, properties: Mapping[str, Any]) -> None:
        self.odd: Counter[str] = Counter()
        self._column = column
        self._fields = {name: _Field(declared) for name, declared in properties.items()}
        self._counting = threading.Lock()

    def __call__(self, values: dict[str, Any]) -> None:
        """Cast the values of one row."""
        for name, value in values.items():
            declared = self._fields.get(name)
            if declared is None:
                continue
            values[name] = declared(value)
            if not declared.fits(values[name]):
                with self._counting:
                    self.odd[f"{self._column}.{name}"] += 1


class _Field:
    """types: the exact types of values that need no cast. inside: what makes the members of a value conform."""

    def __init__(self, declared: Mapping[str, Any]) -> None:
        names = declared.get("type", list(_PYTHON_TYPES))
        self._names = [names] if isinstance(names, str) else list(names)
        self.types = frozenset(kind for name in self._names for kind in _PYTHON_TYPES[name])
        self.inside: Cast | None = None
        if declared.get("format") == "date-time":
            # A time is brought into form, whatever its type, rather than cast.
            self.inside, self._names = _time, []
        self._is_date = declared.get("format") == "date"
        if self._is_date:
            self.inside = _date
        if "object" in self._names and declared.get("properties"):
            members = SchemaCaster(declared)
            self.inside = lambda value: members(value) if isinstance(value, dict) else value
        if "array" in self._names and isinstance(declared.get("items"), Mapping):
            item = _Field(declared["items"])
            self.inside = lambda value: [item(member) for member in value] if isinstance(value, list) else value

    def __call__(self, value: Any) -> Any:
        """`value`, cast if it must be."""
        if type(value) not in self.types:
            value = self.cast(value)
        return self.inside(value) if self.inside is not None and value else value

    def fits(self, value: Any) -> bool:
        """Whether a value is as declared."""
        return type(value) in self.types and not (self._is_date and value and not _DATE.fullmatch(value))

    def cast(self, value: Any) -> Any:
        """`value` as the first declared type that it can be without losing anything, else itself."""
        for name in self._names:
            cast = _CASTS.get(name)
            if cast is not None:
                try:
                    return cast(value)
                except (TypeError, ValueError):
                    continue
        return value


def _date(value: Any) -> Any:
    """A day that is written as its midnight, as the day."""
    is_midnight = isinstance(value, str) and _MIDNIGHT.fullmatch(value)
    return value[:10] if is_midnight else value


def _time(value: Any) -> Any:
    if instants.is_plain(value) or type(value) not in (str, int):
        return value
    try:
        return instants.normalised(value)
    except (ValueError, OverflowError):
        return value


def _to_string(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, (list, dict)):
        return orjson.dumps(value).decode()
    raise TypeError


def _to_integer(value: Any) -> int:
    number = int(value)
    if str(number) != value if isinstance(value, str) else number != value:
        raise TypeError
    return number


def _to_number(value: Any) -> float:
    if not isinstance(value, str):
        raise TypeError
    number = float(value)
    if not isfinite(number):
        raise ValueError
    return number


_BOOLEANS: Mapping[str, bool] = {"0": False, "1": True, "false": False, "true": True}


def _to_boolean(value: Any) -> bool:
    try:
        return _BOOLEANS[str(value).lower()]
    except KeyError:
        raise ValueError from None


def _to_array(value: Any) -> list[Any]:
    if isinstance(value, dict):
        raise TypeError
    return [value]


_CASTS: Mapping[str, Cast] = {
    "string": _to_string,
    "integer": _to_integer,
    "number": _to_number,
    "boolean": _to_boolean,
    "array": _to_array,
}
