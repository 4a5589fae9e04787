"""An export of activities, a file for each day."""

from datetime import UTC, datetime, timedelta
from typing import Any

import requests_mock

from source_freshdesk import instants
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.streams.ticket_activities import TicketActivities
from unit_tests.support import API, NOW, answer, queries, refusal

EXPORT = f"{API}export/ticket_activities"
FILES = "https://files.example.com"
TODAY = datetime.fromtimestamp(NOW, UTC).date()
KEY_FIELD = "_airbyte_ticket_activity_id"


def day(ago: int) -> str:
    return (TODAY - timedelta(days=ago)).isoformat()


def activity(number: int, when: str = "22-11-2026 09:59:58 +0000") -> dict[str, Any]:
    return {
        "performed_at": when,
        "ticket_id": number,
        "performer_type": "user",
        "performer_id": 7,
        "activity": {"status": "Open"},
    }


def url(ago: int) -> str:
    return f"{FILES}/{day(ago)}.json"


def link(*urls: str, listed: bool = True) -> dict[str, Any]:
    """An answer that leads to files, in the newer of the two shapes or in the older."""
    if not listed:
        return answer({"export": {"url": urls[0]}})
    return answer({"export": [{"created_at": "1-1-2022", "url": one} for one in urls]})


def file(*activities: dict[str, Any]) -> dict[str, Any]:
    """A file as an object store gives it."""
    body = {"metadata": {"ticket_count": 1}, "activities_data": list(activities)}
    return {"json": body, "headers": {"Content-Type": "binary/octet-stream"}}


def export(server: requests_mock.Mocker, files: dict[int, list[dict[str, Any]]]) -> None:
    """Files of days so long ago; of all other days there is none."""
    server.get(EXPORT, [refusal(404)])
    for ago, activities in files.items():
        server.get(f"{EXPORT}?created_at={day(ago)}", [link(url(ago))])
        server.get(url(ago), [file(*activities)])


def asked(server: requests_mock.Mocker) -> list[str]:
    """The days whose files were asked for."""
    return [query["created_at"][0] for query in queries(server, "export/ticket_activities")]


def activities_from(
    api: FreshdeskApi, state: dict[str, Any] | None = None, start: int = instants.EPOCH
) -> TicketActivities:
    stream = TicketActivities(api, start=start)
    if state is not None:
        stream.state = state
    return stream


def numbers(rows: list[dict[str, Any]]) -> list[int]:
    return [row["ticket_id"] for row in rows]
