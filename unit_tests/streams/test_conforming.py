"""Values as the schema declares them."""

import copy
import json
from pathlib import Path
from typing import Any

import orjson
import pytest
from airbyte_cdk.sources.utils.schema_helpers import ResourceSchemaLoader
from hypothesis import given
from hypothesis import strategies as st

from source_freshdesk.streams.conforming import Conforming

RECORDED = sorted((Path(__file__).parent.parent / "recorded").glob("20*-*.json"))


def conformed(value: Any, declared: dict[str, Any]) -> Any:
    return Conforming({"properties": {"field": declared}})({"field": value})["field"]


def exactly(value: Any) -> Any:
    """A value that 1, 1.0 and True do not compare equal in."""
    return json.dumps(value, sort_keys=True)


@pytest.mark.parametrize(
    ("types", "value", "becomes"),
    [
        (["null", "integer"], 5, 5),
        (["null", "integer"], None, None),
        (["null", "integer"], "5", 5),
        (["null", "integer"], "-5", -5),
        (["null", "integer"], 5.0, 5),
        (["null", "integer"], "9007199254740993", 9007199254740993),
        (["null", "string"], 5, "5"),
        (["null", "string"], 9007199254740993, "9007199254740993"),
        (["null", "string"], 1.5, "1.5"),
        (["null", "string"], True, "true"),
        (["null", "string"], False, "false"),
        (["null", "string"], "", ""),
        (["null", "number"], 5, 5),
        (["null", "number"], 1.5, 1.5),
        (["null", "number"], "1.5", 1.5),
        (["null", "boolean"], True, True),
        (["null", "array"], [], []),
        (["null", "array"], "tag", ["tag"]),
        (["null", "array"], 5, [5]),
        (["null", "integer", "string"], "five", "five"),
        (["null", "integer", "string"], 5, 5),
        ("integer", "5", 5),
    ],
)
def test_a_value_becomes_of_its_declared_type(types: list[str] | str, value: Any, becomes: Any) -> None:
    assert exactly(conformed(value, {"type": types})) == exactly(becomes)


@pytest.mark.parametrize(
    ("types", "value"),
    [
        (["null", "integer"], "five"),
        (["null", "integer"], ""),
        (["null", "integer"], "5.5"),
        (["null", "integer"], 5.5),
        (["null", "integer"], True),
        (["null", "integer"], [5]),
        (["null", "integer"], {"id": 5}),
        (["null", "integer"], "1_000"),
        (["null", "integer"], "007"),
        (["null", "number"], True),
        (["null", "number"], "much"),
        (["null", "number"], "NaN"),
        (["null", "number"], "Infinity"),
        (["null", "number"], []),
        (["null", "boolean"], "true"),
        (["null", "boolean"], 1),
        (["null", "string"], {"a": 1}),
        (["null", "string"], ["a"]),
        (["null", "array"], {"a": 1}),
        (["null", "object"], "a"),
        (["null", "object"], [1]),
        ("integer", None),
    ],
)
def test_a_value_that_no_cast_makes_right_stays_as_it_is(types: list[str] | str, value: Any) -> None:
    assert exactly(conformed(value, {"type": types})) == exactly(value)


@pytest.mark.parametrize(
    ("declared", "value", "becomes"),
    [
        ({"type": ["null", "array"], "items": {"type": "integer"}}, ["1", 2, "x"], [1, 2, "x"]),
        ({"type": ["null", "array"], "items": {"type": "string"}}, 5, ["5"]),
        ({"type": ["null", "array"], "items": {"type": "string"}}, [], []),
        ({"type": ["null", "array"], "items": {"type": "string"}}, None, None),
        (
            {"type": ["null", "object"], "properties": {"id": {"type": ["null", "integer"]}}},
            {"id": "7", "other": "8"},
            {"id": 7, "other": "8"},
        ),
        ({"type": ["null", "object"], "properties": {"id": {"type": "integer"}}}, "words", "words"),
        ({"type": ["null", "object"], "properties": {"id": {"type": "integer"}}}, {}, {}),
        (
            {
                "type": "array",
                "items": {"type": "object", "properties": {"ids": {"type": "array", "items": {"type": "integer"}}}},
            },
            [{"ids": ["1"]}, {"ids": "2"}, "x"],
            [{"ids": [1]}, {"ids": [2]}, "x"],
        ),
        ({"type": ["null", "object"]}, {"cf_a": "5", "cf_b": [1]}, {"cf_a": "5", "cf_b": [1]}),
        ({}, {"anything": [1, "2"]}, {"anything": [1, "2"]}),
    ],
)
def test_what_is_inside_a_value_conforms_too(declared: dict[str, Any], value: Any, becomes: Any) -> None:
    assert exactly(conformed(value, declared)) == exactly(becomes)


def test_a_row_conforms_in_place_and_keeps_what_is_not_declared() -> None:
    row = {"id": "7", "new_field": "8"}
    assert Conforming({"properties": {"id": {"type": "integer"}}})(row) is row
    assert row == {"id": 7, "new_field": "8"}


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5)
    | st.from_regex(r"-?\d{1,4}"),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.sampled_from("ab"), inside, max_size=2),
    max_leaves=8,
)
names = st.sampled_from(["null", "string", "integer", "number", "boolean", "array", "object"])
schemas = st.recursive(
    st.fixed_dictionaries({"type": names | st.lists(names, min_size=1, max_size=3, unique=True)}),
    lambda inside: (
        st.fixed_dictionaries({"type": st.just(["null", "array"]), "items": inside})
        | st.fixed_dictionaries(
            {"type": st.just(["null", "object"]), "properties": st.dictionaries(st.sampled_from("ab"), inside)}
        )
    ),
    max_leaves=5,
)


@given(schemas, values)
def test_a_value_that_conforms_is_not_changed_again(declared: dict[str, Any], value: Any) -> None:
    once = conformed(copy.deepcopy(value), declared)
    assert exactly(conformed(copy.deepcopy(once), declared)) == exactly(once)


@given(schemas, values)
def test_what_conforms_can_be_sent(declared: dict[str, Any], value: Any) -> None:
    conforming = conformed(copy.deepcopy(value), declared)
    assert "NaN" not in json.dumps(conforming) or "NaN" in json.dumps(value)


@pytest.mark.parametrize("file", RECORDED, ids=lambda file: file.stem)
def test_what_freshdesk_really_sent_is_not_changed(file: Path) -> None:
    schema = ResourceSchemaLoader("source_freshdesk").get_schema(file.stem.split("-")[1].removesuffix("_view"))
    conforming = Conforming(schema)
    for record in orjson.loads(file.read_bytes()):
        assert exactly(conforming(copy.deepcopy(record))) == exactly(record)
