"""What every schema must have."""

import pytest

from unit_tests.schemas.recordings import (
    KEYS,
    NO_POINTS_IN_TIME,
    OF_MANY_TYPES,
    STREAMS,
    errors_in,
    keywords_in,
    parts_of,
    schema_of,
)


@pytest.mark.parametrize("stream", STREAMS)
def test_every_value_may_be_null_and_is_else_of_one_type(stream: str) -> None:
    inner_parts = list(parts_of(schema_of(stream)))[1:]
    assert [path for path, part in inner_parts if part.get("type", [])[:1] != ["null"]] == []
    assert {path for path, part in inner_parts if len(part["type"]) != 2} <= OF_MANY_TYPES


@pytest.mark.parametrize("stream", STREAMS)
def test_every_property_is_described(stream: str) -> None:
    properties = [(path, part) for path, part in parts_of(schema_of(stream)) if not path.endswith("[]")]
    assert [path for path, part in properties if not part.get("description", "").endswith(".")] == []


@pytest.mark.parametrize("stream", STREAMS)
def test_no_schema_leaves_a_destination_to_choose_or_to_look_up(stream: str) -> None:
    assert {"allOf", "anyOf", "oneOf", "not", "$ref", "definitions"}.isdisjoint(keywords_in(schema_of(stream)))


@pytest.mark.parametrize("stream", STREAMS)
def test_keys_that_freshdesk_adds_later_are_let_through(stream: str) -> None:
    parts = list(parts_of(schema_of(stream)))
    assert [path for path, part in parts if part.get("additionalProperties", True) is not True] == []
    objects = [(path, part) for path, part in parts if "object" in part["type"]]
    assert [path for path, part in objects if "additionalProperties" not in part] == []


@pytest.mark.parametrize("stream", STREAMS)
def test_every_list_says_what_it_holds(stream: str) -> None:
    lists = [(path, part) for path, part in parts_of(schema_of(stream)) if part["type"] == ["null", "array"]]
    assert [path for path, part in lists if "type" not in part.get("items", {})] == []


@pytest.mark.parametrize("stream", STREAMS)
def test_what_is_named_like_a_time_is_typed_as_one(stream: str) -> None:
    times = ("_at", "_since", "_seen", "_time", "due_by", "renewal_date")
    named_like_a_time = [(path, part) for path, part in parts_of(schema_of(stream)) if path.endswith(times)]
    no_times = [path for path, part in named_like_a_time if part.get("format") != "date-time"]
    assert [path for path in no_times if not path.endswith(NO_POINTS_IN_TIME.get(stream, ()))] == []


@pytest.mark.parametrize("stream", STREAMS)
def test_the_key_comes_first_and_the_timestamps_last(stream: str) -> None:
    names = list(schema_of(stream)["properties"])
    timestamps = [name for name in ("created_at", "updated_at") if name in names]
    assert names[0] == KEYS.get(stream, "id")
    assert names[len(names) - len(timestamps) :] == timestamps


def test_each_stream_with_a_key_of_its_own_exists() -> None:
    assert set(KEYS) <= set(STREAMS)


@pytest.mark.parametrize(
    ("stream", "path"),
    [
        ("tickets", "$.attachments[].attachment_url"),
        ("conversations", "$.attachments[].attachment_url"),
        ("contacts", "$.avatar.avatar_url"),
        ("agents", "$.contact.avatar.avatar_url"),
        ("ticket_fields", "$.choices[].choices[].choices[].value"),
        ("ticket_forms", "$.fields[].choices[].choices[].choices[].value"),
        ("admin_ticket_fields", "$.sections[].choice_ids[]"),
    ],
)
def test_shared_shapes_are_spelled_out_in_the_loaded_schema(stream: str, path: str) -> None:
    assert path in dict(parts_of(schema_of(stream)))


@pytest.mark.parametrize("value", ["2022-11-16", "16-11-2022 16:17:05", "2022-11-16T16:17:05", "soon"])
def test_what_is_no_point_in_time_is_refused(value: str) -> None:
    assert errors_in({"created_at": value}, schema_of("tickets")) != []


@pytest.mark.parametrize("value", ["2022-11-16T16:17:05Z", "2022-11-16T16:17:05.201Z", "2022-11-16T21:47:05+05:30"])
def test_a_point_in_time_in_any_zone_is_accepted(value: str) -> None:
    assert errors_in({"created_at": value}, schema_of("tickets")) == []
