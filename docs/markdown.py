"""Pieces of Markdown, and where they stand in a page."""

from collections.abc import Mapping, Sequence


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def filled(page: str, parts: Mapping[str, str]) -> str:
    """The page with each part, by its name, written anew between its marks.

    Raises `ValueError` for a part whose marks are not on the page.
    """
    for name, part in parts.items():
        begin, end = f"<!-- {name}: written by make docs -->\n", f"<!-- end of {name} -->\n"
        before, found, rest = page.partition(begin)
        _, ended, after = rest.partition(end)
        if not found or not ended:
            raise ValueError(f"the page has no place for {name}")
        page = f"{before}{begin}\n{part}\n{end}{after}"
    return page
