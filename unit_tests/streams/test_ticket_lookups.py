"""What the numbers in tickets mean."""

import logging
from typing import Any

import pytest
import requests_mock
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.streams.ticket_fields import TicketFields
from source_freshdesk.streams.ticket_lookups import TicketLookup, TicketPriorities, TicketSources, TicketStatuses
from unit_tests.support import API, ago, answer, queries, read, refusal, warnings

FIELDS = f"{API}ticket_fields"


def field(field_id: int, field_type: str, choices: Any) -> dict[str, Any]:
    return {"id": field_id, "type": field_type, "choices": choices, "updated_at": ago(9_000)}


ALL = [
    field(1, "default_status", {"2": ["Open", "Being Processed"], "8": ["With the lawyers", "Being Processed"]}),
    field(2, "default_priority", {"Low": 1, "Urgent": 4}),
    field(3, "default_source", {"Email": 1, "Pigeon": 101}),
    field(4, "custom_dropdown", ["a", "b"]),
    field(5, "custom_dropdown", ["c"]),
]


@pytest.fixture
def fields(api: FreshdeskApi) -> TicketFields:
    return TicketFields(api, retain=TicketStatuses.rows_needed()[0].fields)


def test_statuses_have_a_name_for_agents_and_one_for_customers(
    server: requests_mock.Mocker, api: FreshdeskApi, fields: TicketFields
) -> None:
    server.get(FIELDS, [answer(ALL)])
    assert read(TicketStatuses(api, fields)) == [
        {"id": 2, "label": "Open", "position": 1, "label_for_customers": "Being Processed"},
        {"id": 8, "label": "With the lawyers", "position": 2, "label_for_customers": "Being Processed"},
    ]


@pytest.mark.parametrize(
    ("lookup", "meanings"),
    [(TicketPriorities, [(1, "Low"), (4, "Urgent")]), (TicketSources, [(1, "Email"), (101, "Pigeon")])],
)
def test_priorities_and_sources_are_named_by_their_numbers(
    server: requests_mock.Mocker,
    api: FreshdeskApi,
    fields: TicketFields,
    lookup: type[TicketLookup],
    meanings: list[tuple[int, str]],
) -> None:
    server.get(FIELDS, [answer(ALL)])
    assert [(record["id"], record["label"]) for record in read(lookup(api, fields))] == meanings


def test_choices_that_are_objects_keep_their_position(
    server: requests_mock.Mocker, api: FreshdeskApi, fields: TicketFields
) -> None:
    sent = [{"id": 3, "value": "Pending", "position": 7}, {"id": 2, "value": "Open", "position": 1}]
    server.get(FIELDS, [answer([field(1, "default_status", sent)])])
    records = read(TicketStatuses(api, fields))
    assert [(record["id"], record["label"], record["position"]) for record in records] == [
        (3, "Pending", 7),
        (2, "Open", 1),
    ]


def test_the_fields_are_read_once_for_all_of_them(
    server: requests_mock.Mocker, api: FreshdeskApi, fields: TicketFields
) -> None:
    server.get(FIELDS, [answer(ALL)])
    lookups = [lookup(api, fields) for lookup in (TicketStatuses, TicketPriorities, TicketSources)]
    assert [record["id"] for record in read(fields)] == [1, 2, 3, 4, 5]
    for lookup in lookups:
        assert read(lookup)
    assert queries(server, "ticket_fields") == [{"per_page": ["100"]}]


def test_the_field_itself_keeps_its_choices_in_one_shape(server: requests_mock.Mocker, fields: TicketFields) -> None:
    server.get(FIELDS, [answer(ALL)])
    assert read(fields)[1]["choices"] == [{"value": "1", "label": "Low"}, {"value": "4", "label": "Urgent"}]


def test_a_field_without_choices_gives_none(
    server: requests_mock.Mocker, api: FreshdeskApi, fields: TicketFields
) -> None:
    server.get(FIELDS, [answer([field(1, "default_status", None)])])
    assert read(TicketStatuses(api, fields)) == []


def test_an_account_without_the_field_is_an_error(
    server: requests_mock.Mocker, api: FreshdeskApi, fields: TicketFields
) -> None:
    server.get(FIELDS, [answer(ALL[3:])])
    with pytest.raises(AirbyteTracedException, match="none of the type default_status"):
        read(TicketStatuses(api, fields))


def test_fields_that_are_refused_skip_the_lookup(
    server: requests_mock.Mocker, api: FreshdeskApi, fields: TicketFields, caplog: pytest.LogCaptureFixture
) -> None:
    server.get(FIELDS, [refusal(403, "access_denied")])
    server.get(f"{API}agents/me", [answer({"id": 7})])
    with caplog.at_level(logging.WARNING):
        assert read(TicketStatuses(api, fields)) == []
    (warning,) = warnings(caplog)
    assert warning.startswith("Stream ticket_statuses is skipped.")


@pytest.mark.parametrize("choices", [{"Low": "1", "Urgent": "4"}, {"1": "Low", "4": "Urgent"}])
def test_numbers_may_come_as_text(
    server: requests_mock.Mocker, api: FreshdeskApi, fields: TicketFields, choices: dict[str, str]
) -> None:
    server.get(FIELDS, [answer([field(2, "default_priority", choices)])])
    assert [(one["id"], one["label"]) for one in read(TicketPriorities(api, fields))] == [(1, "Low"), (4, "Urgent")]


@pytest.mark.parametrize("choices", [{"Low": "lowest"}, ["Low"], [{"label": "Low"}]])
def test_a_choice_without_a_number_is_an_error_that_names_the_field(
    server: requests_mock.Mocker, api: FreshdeskApi, fields: TicketFields, choices: Any
) -> None:
    server.get(FIELDS, [answer([field(2, "default_priority", choices)])])
    with pytest.raises(AirbyteTracedException, match="ticket field default_priority cannot be read"):
        read(TicketPriorities(api, fields))
