"""Values as the schema declares them.

Freshdesk's types are loose: an id comes as a number or as a string, a list of one as its only member, a time in one of
four forms, a boolean as 0 and 1 or as text. What a schema promises, a warehouse relies on. The plan for a schema is
made once; a row whose values are right is only looked at.
"""

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

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        """`row` itself, its declared fields of the declared types."""
        return self._caster()(row)


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


def _time(value: Any) -> Any:
    if type(value) not in (str, int) or (isinstance(value, str) and value[10:11] == "T" and value[-1] == "Z"):
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
