"""How the help desk is set up: https://developers.freshdesk.com/api/#business-hours and the sections around it."""

from collections.abc import Mapping
from typing import Any

from source_freshdesk.api.response import Row, SingleObject
from source_freshdesk.records.time_zones import iana_name
from source_freshdesk.records.times_of_day import in_24_hours
from source_freshdesk.retrieval.access import ADMINISTRATOR
from source_freshdesk.streams.base import FreshdeskStream
from source_freshdesk.streams.incremental_list import IncrementalList


class Account(FreshdeskStream):
    """https://developers.freshdesk.com/api/#account"""

    primary_key = "account_id"
    resource = "account"
    shape = SingleObject(required=("account_id",))
    page_size = None


class Settings(FreshdeskStream):
    """https://developers.freshdesk.com/api/#settings"""

    primary_key = "primary_language"
    resource = "settings/helpdesk"
    shape = SingleObject(required=("primary_language",))
    page_size = None


class BusinessHours(IncrementalList):
    """https://developers.freshdesk.com/api/#business-hours"""

    resource = "business_hours"
    role = ADMINISTRATOR

    def record(self, row: Row) -> Row:
        """The row, its hours under a name of their own: a field named like its table is no good in a warehouse. Hours
        and zone come a second time, as a warehouse can reckon with them.
        """
        renamed = {"working_hours" if field == "business_hours" else field: value for field, value in row.items()}
        return renamed | {
            "working_hours_24h": _in_24_hours(row.get("business_hours")),
            "time_zone_iana": iana_name(row.get("time_zone")),
        }


def _in_24_hours(days: Any) -> Row | None:
    if not isinstance(days, Mapping):
        return None
    return {
        day: {name: in_24_hours(hours.get(name)) for name in ("start_time", "end_time")}
        for day, hours in days.items()
        if isinstance(hours, Mapping)
    }


class SlaPolicies(IncrementalList):
    """https://developers.freshdesk.com/api/#sla-policies"""

    resource = "sla_policies"
    role = ADMINISTRATOR


class Products(IncrementalList):
    """https://developers.freshdesk.com/api/#products"""

    resource = "products"
    role = ADMINISTRATOR
