"""Each row of the page on reliability names a test that is there."""

import re

import pytest

from docs.generate import DOCS

NAMED = re.findall(r"\]\(\.\./(\S+\.py)\): `(test_\w+)`", (DOCS / "reliability.md").read_text("utf-8"))


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_the_test_is_there(path: str, name: str) -> None:
    assert f"def {name}(" in (DOCS.parent / path).read_text("utf-8")


def test_every_promise_names_its_test() -> None:
    rows = [line for line in (DOCS / "reliability.md").read_text("utf-8").splitlines() if line.startswith("| ")]
    promises = [row for row in rows if "---" not in row and "| Test |" not in row]
    assert len(promises) - len(NAMED) <= 3, "those that name a command, or the test of the row above"
