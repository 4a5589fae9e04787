"""Their fields are here, or docs/switching.md says why not."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from unit_tests.switching.recorded import OURS, THEIR_STREAMS, rows_under


def type_of(declared: Mapping[str, Any]) -> str:
    """A declared type in the words of `streams.json`; date-time for a point in time."""
    if declared.get("format") == "date-time":
        return "date-time"
    names = [name for name in declared["type"] if name != "null"]
    inside = [name for name in declared.get("items", {}).get("type", []) if name != "null"]
    return f"array of {' or '.join(inside)}" if names == ["array"] and inside else " or ".join(names)


def declared(schema: Mapping[str, Any], path: str) -> Mapping[str, Any] | None:
    """The declaration of a field, by a path such as `questions[].label`; None if there is none."""
    found: Mapping[str, Any] = schema
    for part in path.split("."):
        inner = found.get("properties", {}).get(part.removesuffix("[]"))
        if inner is None:
            return None
        found = inner["items"] if part.endswith("[]") else inner
    return found


def fits(theirs: str, ours: str) -> bool:
    """Whether a column of their type takes values of ours."""
    return ours in (theirs, {"string": "date-time"}.get(theirs)) or (theirs == "array" and ours.startswith("array of "))


def differences(stream: str) -> Iterator[tuple[str, str, str, str]]:
    """The stream, the field and both types where ours does not fit; the outermost field of several."""
    schema = OURS[stream].get_json_schema()
    for path, theirs in THEIR_STREAMS[stream]["fields"].items():
        found = declared(schema, path)
        ours = "-" if found is None else type_of(found)
        if not fits(theirs, ours) and not any(path.startswith(f"{other}.") for other in different_paths(stream, path)):
            yield stream, path, theirs, ours


def different_paths(stream: str, inside: str) -> Iterator[str]:
    """The fields around a field that differ themselves."""
    schema = OURS[stream].get_json_schema()
    parts = inside.split(".")
    for depth in range(1, len(parts)):
        outer = ".".join(parts[:depth])
        theirs = THEIR_STREAMS[stream]["fields"].get(outer.removesuffix("[]"), "")
        found = declared(schema, outer.removesuffix("[]"))
        if found is None or not fits(theirs, type_of(found)):
            yield outer


def test_the_page_lists_every_field_that_differs_and_why() -> None:
    (of_all, *listed) = rows_under("What differs in the fields")
    assert of_all[0] == "all"
    assert all(why for _, _, _, _, why in listed)
    found = {difference for stream in THEIR_STREAMS for difference in differences(stream)}
    assert {(stream, field, there, here) for stream, field, there, here, _ in listed} == found


@pytest.mark.parametrize("stream", THEIR_STREAMS)
def test_a_list_holds_what_it_held_as_far_as_that_was_reported(stream: str) -> None:
    schema = OURS[stream].get_json_schema()
    listed = {field for name, field, *_ in rows_under("What differs in the fields") if name == stream}
    for path, theirs in THEIR_STREAMS[stream]["fields"].items():
        found = declared(schema, path)
        if theirs.startswith("array of") and found is not None and path not in listed:
            assert type_of(found) == theirs, path
