"""Business hours come as Freshdesk has them, and as a warehouse can reckon with them."""

from typing import Any

import pytest
import requests_mock

from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.streams.configuration import BusinessHours
from unit_tests.support import API, answer, records


def test_hours_and_zone_come_in_the_forms_of_a_warehouse_too(server: requests_mock.Mocker, api: FreshdeskApi) -> None:
    hours = {"monday": {"start_time": "8:00 am", "end_time": "05:00:00 pm"}}
    server.get(f"{API}business_hours", [answer([{"id": 1, "time_zone": "Berlin", "business_hours": hours}])])
    (record,) = records(BusinessHours(api))
    assert record == {
        "id": 1,
        "time_zone": "Berlin",
        "time_zone_iana": "Europe/Berlin",
        "working_hours": hours,
        "working_hours_24h": {"monday": {"start_time": "08:00:00", "end_time": "17:00:00"}},
    }


@pytest.mark.parametrize("hours", [None, [], "always", {"monday": None}, {"monday": {"start_time": 9}}])
def test_hours_of_another_kind_do_no_harm(server: requests_mock.Mocker, api: FreshdeskApi, hours: Any) -> None:
    server.get(f"{API}business_hours", [answer([{"id": 1, "business_hours": hours}])])
    (record,) = records(BusinessHours(api))
    assert record["time_zone_iana"] is None
    assert not record["working_hours_24h"] or record["working_hours_24h"] == {
        "monday": {"start_time": None, "end_time": None}
    }
