"""Which part of the package may import which."""

import pytest

from unit_tests.imports import ROOT, circles, imports_of

PACKAGE = "source_freshdesk"
LAYERS = (
    "process",
    "source",
    "running_sync",
    "readable",
    "forecast",
    "summary",
    "discovery",
    "catalog",
    "streams",
    "retrieval",
    "state",
    "records",
    "config",
    "api",
    "instants",
    "durations",
)
"""From the top to the bottom: each may import those below it. `config` is read by `source` and `catalog` alone."""
MAX_LINES = 250
"""Of any file of Python in the project."""

IMPORTS = {
    module: {imported for imported in imported if imported.startswith(f"{PACKAGE}.")}
    for module, imported in imports_of(ROOT / PACKAGE).items()
    if module != PACKAGE
}
FOLDERS = (PACKAGE, "unit_tests", "integration_tests", "docs", "examples", "benchmarks")
FILES = sorted(file.relative_to(ROOT) for folder in FOLDERS for file in (ROOT / folder).rglob("*.py"))


def layer_of(module: str) -> str:
    return module.split(".")[1]


def test_each_part_imports_only_those_below_it() -> None:
    wrong = [
        f"{module} imports {imported}"
        for module, of_module in IMPORTS.items()
        for imported in of_module
        if LAYERS.index(layer_of(module)) > LAYERS.index(layer_of(imported))
    ]
    assert wrong == []


def test_only_the_source_and_the_catalog_read_the_config() -> None:
    readers = {layer_of(module) for module, of_module in IMPORTS.items() if f"{PACKAGE}.config" in of_module}
    assert readers == {"source", "catalog"}


def test_no_module_imports_itself_in_a_circle() -> None:
    assert circles(IMPORTS) == []


@pytest.mark.parametrize("file", FILES, ids=str)
def test_no_file_is_longer_than_can_be_read_at_once(file: str) -> None:
    assert len((ROOT / file).read_text("utf-8").splitlines()) <= MAX_LINES
