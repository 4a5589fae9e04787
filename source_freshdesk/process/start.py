"""The start of the process: as little work as possible before the first message.

A sync every hour of every connection starts a process, and importing the CDK takes longer than many a sync.
"""

import gc
import importlib.util
import sys

from source_freshdesk.process.signals import block_end_signals


def start() -> None:
    """Import the connector without what it does not need, and run the command of the process."""
    block_end_signals()
    # What is imported stays for good, so there is nothing to collect, now or later.
    gc.disable()
    defer_cdk_exports()
    from source_freshdesk.process.run import run  # noqa: PLC0415 - after the lines above

    gc.freeze()
    gc.enable()
    run()


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
