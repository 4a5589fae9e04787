"""Custom objects and their records."""

from typing import Any

import requests_mock

from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.state.updated_at_cursor import LOOKBACK_SECONDS
from source_freshdesk.streams.custom_objects import CustomObjectRecords, CustomObjectSchemas
from unit_tests.support import API, NOW, ago, answer, built, queries

SCHEMAS = f"{API}custom_objects/schemas"
UNFILTERED = {"page_size": ["100"]}


def row(name: str, seconds_ago: int = 500) -> dict[str, Any]:
    """A record as Freshdesk sends it, its times in milliseconds."""
    changed = (NOW - seconds_ago) * 1000
    return {"display_id": name, "created_time": changed - 5_000, "updated_time": changed, "data": {"a": 1}}


def page(*rows: dict[str, Any], following: Any = None) -> dict[str, Any]:
    """An answer with these records, and a link to those that follow."""
    return answer(
        {"records": list(rows), "_links": {"next": following, "count": {"href": "/schemas/30/records/count"}}}
    )


def href(token: str, schema_id: int = 30) -> dict[str, str]:
    return {"href": f"/schemas/{schema_id}/records?page_size=100&next_token={token}"}


def schemas(server: requests_mock.Mocker, *ids: int, deleted: tuple[int, ...] = ()) -> None:
    rows = [{"id": number, "deleted": number in deleted} for number in (*ids, *deleted)]
    server.get(SCHEMAS, [answer({"schemas": rows})])
    for one in rows:
        server.get(f"{SCHEMAS}/{one['id']}", [answer(one | {"fields": []})])


def records_from(api: FreshdeskApi, state: dict[str, Any] | None = None) -> CustomObjectRecords:
    stream: CustomObjectRecords
    _, stream = built(api, CustomObjectSchemas, CustomObjectRecords)
    if state is not None:
        stream.state = state
    return stream


def place(seconds_ago: int) -> dict[str, Any]:
    """How far a schema's records were read."""
    return {"updated_time": ago(seconds_ago), "read_from": ago(seconds_ago + LOOKBACK_SECONDS), "emitted": {}}


def stated(**places: dict[str, Any]) -> dict[str, Any]:
    """A state with a place for each schema, such as `of_30`."""
    return {
        "updated_time": min(one["updated_time"] for one in places.values()),
        "schemas": {name.removeprefix("of_"): one for name, one in places.items()},
    }


def names(rows: list[dict[str, Any]]) -> list[str]:
    return [record["display_id"] for record in rows]


def asked(server: requests_mock.Mocker, schema_id: int = 30) -> list[dict[str, list[str]]]:
    return queries(server, f"custom_objects/schemas/{schema_id}/records")
