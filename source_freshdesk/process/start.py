"""The start of the process: as little work as possible before the first message.

A sync every hour of every connection starts a process, and importing the CDK takes longer than many a sync.
"""

import ctypes
import gc
import importlib
import importlib.util
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import TYPE_CHECKING

from source_freshdesk.process.response_cache import leave_out_response_cache
from source_freshdesk.process.signals import block_end_signals

if TYPE_CHECKING:
    from source_freshdesk.api.clock import Clock

M_ARENA_MAX, M_MMAP_THRESHOLD = -8, -3
"""Of glibc's malloc.h."""
ARENAS = 2
OBJECTS_BETWEEN_COLLECTIONS = 10_000
"""Cycles are looked for when so many objects more were made than freed; Python does it for 700. Almost all objects are
of rows, which form no cycles and are freed as soon as they are emitted."""
MAPPED_BYTES = 512 * 1024
"""What is larger than this is given back at once."""


def start(arguments: Sequence[str] | None = None, clock: "Clock | None" = None) -> None:
    """Import the connector without what it does not need, and run the command of `arguments`, by default those of the
    process; `clock` is for tests.
    """
    block_end_signals()
    return_memory()
    # What is imported stays for good, so there is nothing to collect, now or later.
    gc.disable()
    defer_cdk_exports()
    leave_out_docstrings()
    leave_out_response_cache()
    from source_freshdesk.process.run import run  # noqa: PLC0415 - after the lines above

    gc.freeze()
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    gc.enable()
    run(arguments, clock)


def return_memory() -> None:
    """Have the C library give back what a page took. glibc keeps it by default, in a pool for each thread.

    https://man7.org/linux/man-pages/man3/mallopt.3.html. Other C libraries do not have these pools.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError):
        return
    mallopt(M_ARENA_MAX, ARENAS)
    mallopt(M_MMAP_THRESHOLD, MAPPED_BYTES)


def leave_out_docstrings() -> None:
    """Have the classes of Airbyte's protocol described without what their docstrings say.

    serpyco_rs, which the CDK describes them with, parses the source of each for JSON schemas that nobody asks for; that
    takes longer than everything else that is imported. If another name of the package is needed, it is imported then.
    """
    if "attributes_doc" in sys.modules:
        return
    stand_in = ModuleType("attributes_doc")

    def export(name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        sys.modules.pop(stand_in.__name__, None)
        return getattr(importlib.import_module(stand_in.__name__), name)

    stand_in.__dict__.update(get_attributes_doc=lambda _: {}, __getattr__=export)
    sys.modules[stand_in.__name__] = stand_in


def defer_cdk_exports() -> None:
    """Have `airbyte_cdk` known as a package without running it.

    Its `__init__` imports all that it exports, the declarative framework above all, which this connector does not use.
    If a name of the package is needed after all, it is run then.
    """
    found = importlib.util.find_spec("airbyte_cdk")
    if found is None or found.loader is None or "airbyte_cdk" in sys.modules:
        return
    package, loader = importlib.util.module_from_spec(found), found.loader

    def export(name: str) -> object:
        if name.startswith("__") or f"{package.__name__}.{name}" in sys.modules:
            raise AttributeError(name)
        del package.__dict__["__getattr__"]
        loader.exec_module(package)
        return getattr(package, name)

    package.__dict__["__getattr__"] = export
    sys.modules["airbyte_cdk"] = package
