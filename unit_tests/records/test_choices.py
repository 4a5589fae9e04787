"""The choices of a field in one shape, whatever shape they came in."""

import json
from pathlib import Path
from typing import Any

import pytest

from source_freshdesk.records.choices import choices, with_choices

RECORDED = sorted((Path(__file__).parent.parent / "recorded").glob("20*-*_fields.json"))
FIELDS: dict[str, dict[str, Any]] = {
    f"{file.stem}.{field['name']}": field
    for file in RECORDED
    for field in json.loads(file.read_text("utf-8"))
    if field.get("choices") is not None
}


def test_a_list_of_texts_is_what_records_carry() -> None:
    assert choices("custom_dropdown", ["Question", "Incident"]) == [
        {"value": "Question", "label": "Question"},
        {"value": "Incident", "label": "Incident"},
    ]


@pytest.mark.parametrize("field_type", ["default_priority", "default_source", "default_agent", "default_group"])
def test_of_names_with_numbers_records_carry_the_number(field_type: str) -> None:
    assert choices(field_type, {"Low": 1, "Urgent": 67013469919}) == [
        {"value": "1", "label": "Low"},
        {"value": "67013469919", "label": "Urgent"},
    ]


def test_a_status_has_a_name_for_agents_and_one_for_customers() -> None:
    assert choices("default_status", {"2": ["Open", "Being Processed"], "9000": ["Assigned to AI Agent"]}) == [
        {"value": "2", "label": "Open", "label_for_customers": "Being Processed"},
        {"value": "9000", "label": "Assigned to AI Agent", "label_for_customers": "Assigned to AI Agent"},
    ]


def test_a_status_without_a_name_goes_by_its_number() -> None:
    assert choices("default_status", {"7": []}) == [{"value": "7", "label": "7", "label_for_customers": "7"}]


def test_of_codes_with_names_records_carry_the_code() -> None:
    assert choices("default_language", {"zh-CN": "Chinese", "en": None}) == [
        {"value": "zh-CN", "label": "Chinese"},
        {"value": "en", "label": "en"},
    ]


def test_choices_that_depend_on_others_stand_inside_them() -> None:
    assert choices("nested_field", {"Hardware": {"Screen": ["Broken", "Dark"], "Mouse": []}, "Other": {}}) == [
        {
            "value": "Hardware",
            "label": "Hardware",
            "choices": [
                {
                    "value": "Screen",
                    "label": "Screen",
                    "choices": [{"value": "Broken", "label": "Broken"}, {"value": "Dark", "label": "Dark"}],
                },
                {"value": "Mouse", "label": "Mouse", "choices": []},
            ],
        },
        {"value": "Other", "label": "Other", "choices": []},
    ]


def test_objects_keep_what_else_they_contain() -> None:
    sent = [{"id": 5, "label": "Basic", "value": "basic", "position": 1}, {"id": 6, "label": "Premium", "value": None}]
    assert choices("default_account_tier", sent) == [
        {"id": 5, "label": "Basic", "value": "basic", "position": 1},
        {"id": 6, "label": "Premium", "value": "Premium"},
    ]


def test_objects_inside_objects_are_brought_into_the_shape_too() -> None:
    sent = [{"id": 1, "position": 1, "value": "Asia", "choices": [{"id": 2, "value": "Japan", "choices": ["Tokyo"]}]}]
    assert choices("nested_field", sent) == [
        {
            "id": 1,
            "position": 1,
            "value": "Asia",
            "label": "Asia",
            "choices": [
                {"id": 2, "value": "Japan", "label": "Japan", "choices": [{"value": "Tokyo", "label": "Tokyo"}]}
            ],
        }
    ]


@pytest.mark.parametrize(
    ("sent", "value", "label"),
    [
        ({"id": 2, "value": "Open"}, "2", "Open"),
        ({"id": 2, "value": "Open", "label": "Opened"}, "2", "Opened"),
        ({"id": 158000, "value": 2, "label": "Open"}, "2", "Open"),
        ({"id": 158000, "value": "2", "label": "Open"}, "2", "Open"),
        ({"label": "Open", "value": 2}, "2", "Open"),
    ],
)
def test_of_a_numbered_field_the_value_is_the_number_wherever_it_stands(
    sent: dict[str, Any], value: str, label: str
) -> None:
    (choice,) = choices("default_status", [sent])
    assert (choice["value"], choice["label"]) == (value, label)


def test_a_choice_that_has_only_an_id_goes_by_that() -> None:
    assert choices("custom_dropdown", [{"id": 5}]) == [{"id": 5, "value": "5", "label": "5"}]


@pytest.mark.parametrize("sent", [None, [], {}, "words", 5])
def test_no_choices_are_an_empty_list(sent: Any) -> None:
    assert choices("custom_dropdown", sent) == []


def test_what_was_sent_is_left_as_it_was() -> None:
    sent = [{"id": 1, "value": 5, "choices": ["a"]}]
    before = json.dumps(sent)
    choices("nested_field", sent)
    assert json.dumps(sent) == before


@pytest.mark.parametrize("field", FIELDS.values(), ids=FIELDS)
def test_every_recorded_choice_has_a_value_and_a_label_as_texts(field: dict[str, Any]) -> None:
    given = with_choices(field)["choices"]
    assert len(given) == len(field["choices"])
    for choice in given:
        assert isinstance(choice["value"], str)
        assert choice["value"]
        assert isinstance(choice["label"], str)
        assert choice["label"]
    assert len({choice["value"] for choice in given}) == len(given)


@pytest.mark.parametrize(
    "field", [field for field in FIELDS.values() if field["type"] in ("default_status", "default_priority")]
)
def test_every_recorded_status_and_priority_goes_by_its_number(field: dict[str, Any]) -> None:
    for choice in with_choices(field)["choices"]:
        assert choice["value"].isdecimal()
        assert not choice["label"].isdecimal()


def test_there_are_recordings_of_several_shapes() -> None:
    shapes = {type(field["choices"]) for field in FIELDS.values()}
    assert shapes == {list, dict}


def test_a_field_without_choices_is_left_as_it_is() -> None:
    assert with_choices({"id": 1, "type": "custom_text"}) == {"id": 1, "type": "custom_text"}
    assert with_choices({"id": 1, "choices": None}) == {"id": 1, "choices": None}


def test_a_field_keeps_all_else() -> None:
    assert with_choices({"id": 1, "type": "custom_dropdown", "choices": ["a"], "label": "A"}) == {
        "id": 1,
        "type": "custom_dropdown",
        "choices": [{"value": "a", "label": "a"}],
        "label": "A",
    }
