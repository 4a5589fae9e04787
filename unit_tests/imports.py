"""Which modules of a package import which, read from their source."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parent.parent


def module_of(file: Path) -> str:
    """The dotted name of a file of the project."""
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports_of(package: Path) -> Mapping[str, set[str]]:
    """What each module of a package imports, wherever in the file: modules of the project, not names of them."""
    return {module_of(file): set(_imported_by(file)) for file in package.rglob("*.py")}


def circles(imports: Mapping[str, Iterable[str]]) -> list[str]:
    """The modules that import themselves by way of others."""

    def reached(module: str, seen: set[str]) -> set[str]:
        for imported in set(imports.get(module, ())) - seen:
            seen.add(imported)
            reached(imported, seen)
        return seen

    return [module for module in imports if module in reached(module, set())]


def _imported_by(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inside = f"{node.module}.{alias.name}"
                yield inside if _is_module(inside) else node.module


def _is_module(name: str) -> bool:
    path = ROOT.joinpath(*name.split("."))
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()
