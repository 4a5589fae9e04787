"""Which part of the package may import which."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "source_freshdesk"
LAYERS = (*("process", "source", "catalog", "streams", "retrieval", "state", "records", "config", "api", "instants"),)
"""From the top to the bottom: each may import those below it. `config` is read by `source` and `catalog` alone."""
MAX_LINES = 250

FILES = sorted(PACKAGE.rglob("*.py"))


def module_of(file: Path) -> str:
    """The module's name below the package, such as `streams.base`."""
    return ".".join(file.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")


def imported_by(file: Path) -> Iterator[str]:
    """The modules of the package that a file imports, wherever in the file; names of it are not modules."""
    modules = {module_of(other) for other in FILES}
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == PACKAGE.name:
            of_package = (node.module or "").partition(".")[2]
            for alias in node.names:
                inside = f"{of_package}.{alias.name}".strip(".")
                yield inside if inside in modules else of_package


def layer_of(module: str) -> str:
    return module.partition(".")[0]


IMPORTS = [
    (module_of(file), imported)
    for file in FILES
    if file != PACKAGE / "__init__.py"
    for imported in sorted(set(imported_by(file)))
    if imported
]


def test_each_part_imports_only_those_below_it() -> None:
    wrong = [
        f"{module} imports {imported}"
        for module, imported in IMPORTS
        if LAYERS.index(layer_of(module)) > LAYERS.index(layer_of(imported))
    ]
    assert wrong == []


def test_only_the_source_and_the_catalog_read_the_config() -> None:
    assert {module for module, imported in IMPORTS if imported == "config"} == {"source", "catalog"}


def test_no_module_imports_itself_in_a_circle() -> None:
    below: dict[str, set[str]] = {}
    for module, imported in IMPORTS:
        below.setdefault(module, set()).add(imported)

    def reached(module: str, seen: set[str]) -> set[str]:
        for imported in below.get(module, set()) - seen:
            seen.add(imported)
            reached(imported, seen)
        return seen

    assert [module for module in below if module in reached(module, set())] == []


def test_the_api_knows_no_stream() -> None:
    names = {stream.stem for stream in (PACKAGE / "schemas").glob("*.json")}
    assert names, "the schemas are named as the streams are"
    assert {layer_of(imported) for module, imported in IMPORTS if layer_of(module) == "api"} <= {"api", "instants"}


@pytest.mark.parametrize("file", FILES, ids=module_of)
def test_no_file_is_longer_than_can_be_read_at_once(file: Path) -> None:
    assert len(file.read_text("utf-8").splitlines()) <= MAX_LINES
