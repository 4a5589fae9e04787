"""Keeps the cache for HTTP responses from being imported, which no stream of this connector uses."""

import importlib
import sys
from types import ModuleType
from typing import Any

PACKAGE = "requests_cache"

NAMED_BY_THE_CDK = ("CacheMixin", "CachedSession", "SQLiteDict")
"""The classes that the CDK derives from, or changes, when it is imported."""


def leave_out_response_cache() -> None:
    """Have the CDK's HTTP client imported without `requests_cache`: it brings 90 modules, and takes a tenth of the time
    that all imports take.

    Empty classes stand for those that the CDK names meanwhile. A session with a cache takes another name of the package
    as well: then the package is imported, and its classes take the place of the empty ones.
    """
    if PACKAGE in sys.modules:
        return
    stand_in = ModuleType(PACKAGE)
    empty = {name: type(name, (), {}) for name in NAMED_BY_THE_CDK}
    unchanged = {name: frozenset(vars(kind)) for name, kind in empty.items()}

    def export(wanted: str) -> object:
        if wanted.startswith("__"):
            raise AttributeError(wanted)
        sys.modules.pop(PACKAGE, None)
        package = importlib.import_module(PACKAGE)
        for name, kind in empty.items():
            _replace(kind, getattr(package, name), changes=vars(kind).keys() - unchanged[name])
        stand_in.__dict__.update(vars(package))
        return getattr(package, wanted)

    stand_in.__dict__.update(empty, __getattr__=export)
    sys.modules[PACKAGE] = stand_in


def _replace(kind: Any, real: Any, changes: set[str]) -> None:
    """Have `real` in place of `kind`: with the changes that were made to it, and as a base of what it was one of."""
    for change in changes:
        setattr(real, change, vars(kind)[change])
    for derived in type.__subclasses__(kind):
        derived.__bases__ = tuple(real if base is kind else base for base in derived.__bases__)
