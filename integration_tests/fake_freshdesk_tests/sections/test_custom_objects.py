"""Custom objects, whose lists, filters and refusals are of their own kind."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import requests

from integration_tests.fake_freshdesk import Account, FakeFreshdesk
from integration_tests.fake_freshdesk.sections import custom_object_examples, custom_objects
from integration_tests.fake_freshdesk_tests.sections.requests_made import get, id_of, truth
from integration_tests.filling import TODAY


@pytest.fixture
def bookings(account: Account) -> str:
    return f"custom_objects/schemas/{id_of(account, 'custom_object_schemas', 'Bookings')}/records"


def walk(fake: FakeFreshdesk, path: str, **params: Any) -> list[list[dict[str, Any]]]:
    """The records of each page."""
    answer = get(fake, path, **params).json()
    pages = [answer["records"]]
    while "next" in answer["_links"]:
        answer = get(fake, f"custom_objects{answer['_links']['next']['href']}").json()
        pages.append(answer["records"])
    return pages


def refused_in_its_own_words(response: requests.Response, status: int, error_type: str) -> dict[str, Any]:
    assert response.status_code == status, response.text
    answer: dict[str, Any] = response.json()
    assert set(answer) == {"error_type", "message", "errors"}
    assert answer["error_type"] == error_type
    return answer


def test_schemas_come_in_an_object(account: Account, fake: FakeFreshdesk) -> None:
    schemas = get(fake, "custom_objects/schemas").json()
    assert schemas == {"schemas": truth(account, "custom_object_schemas")}
    assert [schema["deleted"] for schema in schemas["schemas"]] == [False, False, False, True]
    assert get(fake, f"custom_objects/schemas/{schemas['schemas'][0]['id']}").json() == schemas["schemas"][0]


@pytest.mark.parametrize("below", ["", "/records", "/records/count"])
def test_an_object_that_does_not_exist_is_not_found(fake: FakeFreshdesk, below: str) -> None:
    answer = refused_in_its_own_words(get(fake, f"custom_objects/schemas/12{below}"), 404, "RESOURCE_NOT_FOUND")
    assert answer["message"] == "Custom object with id '12' does not exist."


def test_a_deleted_object_has_no_records(account: Account, fake: FakeFreshdesk) -> None:
    path = f"custom_objects/schemas/{id_of(account, 'custom_object_schemas', 'Given up')}"
    assert get(fake, path).json()["deleted"]
    refused_in_its_own_words(get(fake, f"{path}/records"), 404, "RESOURCE_NOT_FOUND")


def test_an_object_may_be_empty(account: Account, fake: FakeFreshdesk) -> None:
    path = f"custom_objects/schemas/{id_of(account, 'custom_object_schemas', 'Empty')}/records"
    answer = get(fake, path).json()
    assert answer["records"] == []
    assert "next" not in answer["_links"]


def test_records_are_walked_by_token(fake: FakeFreshdesk, bookings: str) -> None:
    pages = walk(fake, bookings, page_size=100)
    assert [len(page) for page in pages] == [100, 100, 60]
    assert len({record["display_id"] for page in pages for record in page}) == 260
    link = get(fake, bookings, page_size=100).json()["_links"]["next"]["href"]
    assert link.startswith(f"{bookings.removeprefix('custom_objects')}?page_size=100&prev_token=&next_token=")
    assert len(get(fake, bookings).json()["records"]) == 20


def test_a_record_has_times_in_milliseconds_and_no_id(account: Account, fake: FakeFreshdesk, bookings: str) -> None:
    record = get(fake, bookings).json()["records"][0]
    assert set(record) - {"version"} == {"display_id", "created_time", "updated_time", "data", "metadata"}
    schema_id = bookings.split("/")[2]
    kept = account.table("custom_object_records").rows[f"{schema_id}:{record['display_id']}"]
    assert kept["created_time"] == record["created_time"] > 10**12
    assert kept["created_time"] % 1000 == 7


def test_records_are_sorted_newest_first_unless_asked_otherwise(fake: FakeFreshdesk, bookings: str) -> None:
    created = [record["created_time"] for page in walk(fake, bookings, page_size=100) for record in page]
    assert created == sorted(created, reverse=True)
    pages = walk(fake, bookings, page_size=100, sort_by="updated_time;ASC")
    updated = [record["updated_time"] for page in pages for record in page]
    assert updated == sorted(updated)
    assert len(updated) == 260
    pages = walk(fake, bookings, page_size=30, sort_by="age;DESC")
    assert len({record["display_id"] for page in pages for record in page}) == 260


@pytest.mark.parametrize(
    ("operator", "compare"),
    [
        ("[gte]", int.__ge__),
        ("[gt]", int.__gt__),
        ("[lte]", int.__le__),
        ("[lt]", int.__lt__),
        ("", int.__eq__),
    ],
)
@pytest.mark.parametrize("field", ["created_time", "updated_time"])
def test_records_can_be_filtered_by_time(
    account: Account,
    fake: FakeFreshdesk,
    bookings: str,
    field: str,
    operator: str,
    compare: Callable[[int, int], bool],
) -> None:
    everything = [record for page in walk(fake, bookings, page_size=100) for record in page]
    boundary = sorted(record[field] for record in everything)[130]
    moment = TODAY - timedelta(milliseconds=custom_objects.milliseconds(TODAY) - boundary)
    written = f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z"

    pages = walk(fake, bookings, page_size=50, **{field + operator: written})

    found = {record["display_id"] for page in pages for record in page}
    assert found == {record["display_id"] for record in everything if compare(record[field], boundary)}
    assert get(fake, f"{bookings}/count", **{field + operator: written}).json() == {"count": len(found)}


def test_records_can_be_filtered_by_filterable_fields(fake: FakeFreshdesk, bookings: str) -> None:
    pages = walk(fake, bookings, page_size=100, **{"age[gte]": "60", "age[lt]": "65"})
    assert {record["data"]["age"] for page in pages for record in page} == {60, 61, 62, 63, 64}
    assert len(walk(fake, bookings, customer_name="Customer 12")[0]) == 1


def test_a_record_changed_on_the_way_is_met_again(account: Account, fake: FakeFreshdesk, bookings: str) -> None:
    first = get(fake, bookings, page_size=100, sort_by="updated_time;ASC").json()
    moved = first["records"][0]["display_id"]
    custom_object_examples.update_record(account, f"{bookings.split('/')[2]}:{moved}", TODAY, {"age": 1})
    answer, later = first, []
    while "next" in answer["_links"]:
        answer = get(fake, f"custom_objects{answer['_links']['next']['href']}").json()
        later += [record["display_id"] for record in answer["records"]]
    assert len(later) == 161
    assert later[-1] == moved


@pytest.mark.parametrize(
    ("params", "name"),
    [
        ({"page": "2"}, "page"),
        ({"per_page": "100"}, "per_page"),
        ({"page_size": "101"}, "page_size"),
        ({"page_size": "0"}, "page_size"),
        ({"page_size": "many"}, "page_size"),
        ({"order_name": "x"}, "order_name"),
        ({"remark": "x"}, "remark"),
        ({"age[not]": "1"}, "age"),
        ({"age": "old"}, "age"),
        ({"updated_time[gte]": "2026-01-01T00:00:00Z"}, "updated_time"),
        ({"updated_time[gte]": "2026-01-01"}, "updated_time"),
        ({"updated_time[gte]": "2026-13-01T00:00:00.000Z"}, "updated_time"),
        ({"updated_time[gte]": "1700000000000"}, "updated_time"),
        ({"sort_by": "updated_time"}, "sort_by"),
        ({"sort_by": "updated_time;asc"}, "sort_by"),
        ({"sort_by": "remark;ASC"}, "sort_by"),
        ({"next_token": "xyz"}, "next_token"),
        ({"prev_token": "xyz"}, "prev_token"),
    ],
)
def test_what_a_custom_object_does_not_take_is_refused_in_its_own_words(
    fake: FakeFreshdesk, bookings: str, params: dict[str, str], name: str
) -> None:
    answer = refused_in_its_own_words(get(fake, bookings, **params), 400, "INVALID_INPUT")
    assert answer["errors"][0]["name"] == name


def test_schemas_take_no_parameter(fake: FakeFreshdesk) -> None:
    answer = get(fake, "custom_objects/schemas", per_page=100)
    assert refused_in_its_own_words(answer, 400, "INVALID_INPUT")["errors"]


def test_a_token_fits_its_own_query_only(fake: FakeFreshdesk, bookings: str) -> None:
    link = get(fake, bookings, page_size=100).json()["_links"]["next"]["href"]
    other = get(fake, f"custom_objects{link.replace('page_size=100', 'page_size=50')}")
    assert refused_in_its_own_words(other, 400, "INVALID_INPUT")["errors"]


def test_ten_conditions_are_the_most(fake: FakeFreshdesk, bookings: str) -> None:
    ends = [f"{field}[{operator}]" for field in ("age", "customer_name") for operator in ("gt", "gte", "lt", "lte")]
    conditions = dict.fromkeys([*ends, "age", "customer_name"], "1")
    assert get(fake, bookings, **conditions).status_code == 200
    one_more = get(fake, bookings, **conditions, reference="BKG-1")
    assert refused_in_its_own_words(one_more, 400, "INVALID_INPUT")["errors"][0]["name"] == "filters"
