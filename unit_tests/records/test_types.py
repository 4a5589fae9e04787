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

from source_freshdesk.records.types import SchemaCaster

RECORDED = sorted((Path(__file__).parent.parent / "recorded").glob("20*-*.json"))


def conformed(value: Any, declared: dict[str, Any]) -> Any:
    return SchemaCaster({"properties": {"field": declared}})({"field": value})["field"]


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
        (["null", "string"], {"a": [1, None], "b": "é"}, '{"a":[1,null],"b":"é"}'),
        (["null", "string"], ["a", {}], '["a",{}]'),
        (["null", "string"], [], "[]"),
        (["null", "string"], True, "true"),
        *((["null", "boolean"], value, True) for value in (True, 1, "1", "true", "True")),
        *((["null", "boolean"], value, False) for value in (False, 0, "0", "false", "FALSE")),
        *((["null", "boolean"], value, value) for value in (None, 2, "", "yes", 1.5)),
        (["null", "integer"], True, 1),
        (["null", "integer"], False, 0),
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
        (["null", "integer"], [5]),
        (["null", "integer"], {"id": 5}),
        (["null", "integer"], "1_000"),
        (["null", "integer"], "007"),
        (["null", "number"], True),
        (["null", "number"], "much"),
        (["null", "number"], "NaN"),
        (["null", "number"], "Infinity"),
        (["null", "number"], []),
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
    assert SchemaCaster({"properties": {"id": {"type": "integer"}}})(row) is row
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


OTHER_LISTS = {"solution_subfolders": "solution_folders"}
"""Recordings of lists that a stream reads besides the one of its own name."""

CAST = {
    # Their ids came as texts, where others name them by number.
    "2026-business_hours": {"id"},
    # What conditions compare with came as numbers, and is a text in others.
    "2026-sla_policies": {"id", "advanced_conditions"},
}
"""Fields of recordings that are cast on purpose."""


def conforming_to(stream: str) -> SchemaCaster:
    return SchemaCaster(ResourceSchemaLoader("source_freshdesk").get_schema(stream))


@pytest.mark.parametrize("file", RECORDED, ids=lambda file: file.stem)
def test_what_freshdesk_really_sent_is_changed_only_on_purpose(file: Path) -> None:
    name = file.stem.split("-")[1].removesuffix("_view")
    conforming = conforming_to(OTHER_LISTS.get(name, name))
    on_purpose = CAST.get(file.stem, set())
    changed = set()
    for record in orjson.loads(file.read_bytes()):
        row = conforming(copy.deepcopy(record))
        assert list(row) == list(record)
        changed |= {field for field in record if exactly(row[field]) != exactly(record[field])}
    assert changed == on_purpose


@pytest.mark.parametrize("stream", ["business_hours", "sla_policies"])
def test_an_id_that_came_as_a_text_is_a_number_as_wherever_it_is_named(stream: str) -> None:
    (file,) = [file for file in RECORDED if file.stem == f"2026-{stream}"]
    for record in orjson.loads(file.read_bytes()):
        assert isinstance(record["id"], str)
        assert conforming_to(stream)(copy.deepcopy(record))["id"] == int(record["id"])


TIME = {"type": ["null", "string"], "format": "date-time"}


@pytest.mark.parametrize(
    ("sent", "becomes"),
    [
        ("2026-01-31T10:00:00Z", "2026-01-31T10:00:00Z"),
        ("2026-01-31T10:00:00.201Z", "2026-01-31T10:00:00.201Z"),
        ("2026-01-31T15:30:00+05:30", "2026-01-31T15:30:00+05:30"),
        ("2026-01-31 10:00:00", "2026-01-31T10:00:00Z"),
        ("31-01-2026 10:00:00 +0000", "2026-01-31T10:00:00Z"),
        ("2026-01-31", "2026-01-31T00:00:00Z"),
        (1769853600000, "2026-01-31T10:00:00Z"),
        (1769853600201, "2026-01-31T10:00:00.201Z"),
        (None, None),
    ],
)
def test_a_time_comes_in_one_form_whatever_form_it_had(sent: Any, becomes: Any) -> None:
    assert conformed(sent, TIME) == becomes
    assert conformed([sent], {"type": ["null", "array"], "items": TIME}) == [becomes]


@pytest.mark.parametrize("value", ["", "soon", "T", "31-13-2026 10:00:00 +0000", True, 1.5, [1], {"at": 1}, 10**30])
def test_what_is_no_time_stays_as_it_is(value: Any) -> None:
    assert exactly(conformed(value, TIME)) == exactly(value)


@pytest.mark.parametrize("value", ["2026-01-31 10:00:00", "31-01-2026 10:00:00 +0000"])
def test_a_text_that_is_not_declared_as_a_time_stays_as_it_is(value: str) -> None:
    assert conformed(value, {"type": ["null", "string"]}) == value
