"""What happened to tickets, from the daily export: https://developers.freshdesk.com/api/#tickets

Accounts that had Legacy Reports can have Freshdesk write a file of each day, which is kept for some 30 days. The API
tells its address, on another host. Rows have no id, so one is made from what they hold, as Airbyte's own connector
does.

A day's file does not begin at midnight, and is there some time after its day. So the state names the days whose files
were read when they could not change any more, and what those looked like that could. All others of the last 30 days are
asked for::

    {"performed_at": "2026-11-22T09:59:58Z",
     "files": ["2026-11-20", "2026-11-21"],
     "unsettled": {"2026-11-22": "9f86d0…"}}
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any, ClassVar
from urllib.parse import urlsplit

import requests
from airbyte_cdk.models import FailureType
from airbyte_cdk.sources.streams.core import StreamData
from airbyte_cdk.utils.airbyte_secrets_utils import add_to_secrets
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_freshdesk import instants
from source_freshdesk.api.error_handler import FreshdeskErrorHandler
from source_freshdesk.api.errors import (
    AccessRevoked,
    Action,
    ErrorRule,
    FreshdeskError,
    ResourceUnavailable,
    system_error,
)
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.api.http_client import REQUEST_KWARGS
from source_freshdesk.api.response import InvalidResponse, Row
from source_freshdesk.streams.incremental import IncrementalStream

DAYS_KEPT = 30
DAYS_UNTIL_SETTLED = 2
"""A file covers hours of the day after its own."""
FRESH_LINKS = 3
"""How often a file's address is asked for when it does not open any more."""


class ExportLinks:
    """`{"export": {"url": …}}` or a list of such; newer accounts send the list."""

    content_type: ClassVar[str | None] = "json"

    def rows(self, body: Any) -> list[Row]:
        """The links."""
        export = body.get("export") if isinstance(body, dict) else None
        links = [export] if isinstance(export, dict) else export
        if not isinstance(links, list):
            raise InvalidResponse("an answer without 'export'")
        links = [link for link in links if link]
        if not all(isinstance(link, dict) and isinstance(link.get("url"), str) for link in links):
            raise InvalidResponse("an export without 'url'")
        return links


class ActivitiesFile:
    """`{"activities_data": […]}`, of any content type: it comes from an object store."""

    content_type: ClassVar[str | None] = None

    def rows(self, body: Any) -> list[Row]:
        """The activities."""
        activities = body.get("activities_data") if isinstance(body, dict) else None
        if not isinstance(activities, list) or not all(map(_is_timed, activities)):
            raise InvalidResponse("a file without whole 'activities_data'")
        return activities


def _is_timed(row: Any) -> bool:
    try:
        instants.normalised(row["performed_at"])
    except (TypeError, KeyError, ValueError):
        return False
    return True


NO_LONGER_THERE = tuple(
    ErrorRule(status, None, Action.SKIP, FailureType.transient_error, "The link to the exported file does not open.")
    for status in (301, 302, 303, 307, 308, 400, 401, 403, 404, 410)
)


class TicketActivities(IncrementalStream):
    """https://developers.freshdesk.com/api/#tickets"""

    primary_key = "_airbyte_ticket_activity_id"
    cursor_field = "performed_at"
    resource = "export/ticket_activities"
    shape = ExportLinks()
    page_size = None
    error_rules = (
        ErrorRule(404, None, Action.SKIP, FailureType.config_error, "Freshdesk has no file of ticket activities."),
        # Said so of the export alone; that the key itself is good, the door tells.
        ErrorRule(401, None, Action.SKIP, FailureType.config_error, "Freshdesk does not export for this key."),
    )
    feature = "Ticket Activities Export"
    role = "an account administrator"

    def __init__(self, api: FreshdeskApi, *, start: int = instants.EPOCH, **kwargs: Any) -> None:
        """start: the earliest instant whose activities are wanted, in epoch seconds."""
        self._file_error_handler = FreshdeskErrorHandler(ActivitiesFile(), NO_LONGER_THERE)
        self._start = start
        self._read_days: set[date] = set()
        self._unsettled: dict[date, str] = {}
        self._newest = instants.EPOCH
        super().__init__(api, **kwargs)
        self._files = api.download_client(self.name, self.logger, self._file_error_handler, self.get_backoff_strategy())

    def load_state(self, state: Mapping[str, Any]) -> None:
        self._newest = instants.parse(state["performed_at"]) if state.get("performed_at") else instants.EPOCH
        self._read_days = {date.fromisoformat(day) for day in state.get("files", ())}
        self._unsettled = {date.fromisoformat(day): str(digest) for day, digest in state.get("unsettled", {}).items()}
        if "files" not in state:
            # A state of Airbyte's own connector: files of earlier days were read. One that is dated in the future tells
            # nothing.
            days, newest = self._days(), _day_of(self._newest)
            first = newest - timedelta(days=DAYS_UNTIL_SETTLED)
            self._read_days = {day for day in days if day < first and newest <= days[-1] + timedelta(days=1)}

    def probe(self) -> ResourceUnavailable | None:
        """Why this key cannot have a file that should be there by now; None if it can."""
        day = _day_of(int(self.api.clock.now())) - timedelta(days=DAYS_UNTIL_SETTLED + 1)
        return self.access.probe(lambda: self._links(day))

    def read_slice(self, stream_slice: Mapping[str, Any] | None) -> Iterator[StreamData]:
        """The activities of the files that are new, and the state after each file."""
        unready: list[ResourceUnavailable] = []
        failures: list[AirbyteTracedException] = []
        days = [day for day in self._days() if day not in self._read_days]
        for day in days:
            try:
                activities = self._activities(day)
            except AccessRevoked:
                raise
            except AirbyteTracedException as failure:
                # The files of later days are read all the same, before they are gone.
                failures.append(failure)
                continue
            if isinstance(activities, ResourceUnavailable):
                if activities.status != requests.codes.not_found:
                    self.outcome.skip(activities, self.access)
                    return
                unready.append(activities)
                continue
            digest = _digest(activities)
            if self._unsettled.get(day) != digest:
                for record in _keyed(activities, day):
                    self._newest = max(self._newest, instants.from_api(record["performed_at"]))
                    yield record
            yield self.checkpoint(self._state_after(day, digest))
        if failures:
            raise failures[0]
        if unready and len(unready) == len(days) and not self._read_days:
            self.outcome.skip(unready[-1], self.access)

    def _days(self) -> list[date]:
        """The days of which there may be files, the oldest first."""
        today = _day_of(int(self.api.clock.now()))
        days = [today - timedelta(days=ago) for ago in range(DAYS_KEPT, -1, -1)]
        return [day for day in days if day >= _day_of(self._start) - timedelta(days=1)]

    def _state_after(self, day: date, digest: str) -> dict[str, Any]:
        """The state once the file of a day was emitted."""
        days = self._days()
        self._unsettled.pop(day, None)
        if day <= days[-1] - timedelta(days=DAYS_UNTIL_SETTLED):
            self._read_days.add(day)
        else:
            self._unsettled[day] = digest
        self._read_days.intersection_update(days)
        return {
            "performed_at": instants.to_api(self._newest),
            "files": [day.isoformat() for day in sorted(self._read_days)],
            "unsettled": {day.isoformat(): digest for day, digest in sorted(self._unsettled.items())},
        }

    def _links(self, day: date) -> list[str]:
        return [row["url"] for row in self.fetch(query={"created_at": day.isoformat()}).rows]

    def _links_or_refusal(self, day: date) -> list[str] | ResourceUnavailable:
        """That there is no file is not confirmed: most accounts have none for most days."""
        try:
            return self._links(day)
        except ResourceUnavailable as refused:
            if refused.status == requests.codes.not_found:
                return refused.with_traceback(None)
        return self.access.confirm(partial(self._links, day))

    def _activities(self, day: date) -> list[Row] | ResourceUnavailable:
        """The rows of a day's file, or why there is none."""
        attempt = 1
        while True:
            links = self._links_or_refusal(day)
            if isinstance(links, ResourceUnavailable):
                return links
            try:
                return [row for url in links for row in self._downloaded(url)]
            except LinkExpired:
                attempt += 1
                if attempt > FRESH_LINKS:
                    raise

    def _downloaded(self, url: str) -> Iterator[Row]:
        there, here = urlsplit(url), urlsplit(self.api.api_url)
        is_safe = there.scheme == "https" or (there.scheme == here.scheme and there.hostname == here.hostname)
        if not is_safe:
            raise system_error(
                f"Freshdesk's link to the exported file leads to {there.scheme}://{there.hostname}, unencrypted."
            )
        # Whoever has the link has the file.
        add_to_secrets(there.query)
        _, response = self._files.send_request("GET", url, request_kwargs=REQUEST_KWARGS)
        try:
            rows = self._file_error_handler.rows(response)
        except ResourceUnavailable as refused:
            raise LinkExpired(refused.rule, "the exported file", f"status {refused.status}") from refused
        yield from map(self.cast, rows)


class LinkExpired(FreshdeskError):
    """The address of a file does not open any more."""


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _keyed(activities: Iterable[Row], day: date) -> Iterator[Row]:
    """The activities with the day of their file and a key. Of those that are equal in everything, each has its own."""
    seen: Counter[str] = Counter()
    for activity in activities:
        record = activity | {"export_date": day.isoformat()}
        digest = _digest(record)
        seen[digest] += 1
        yield {"_airbyte_ticket_activity_id": f"{digest}:{seen[digest]}", **record}


def _day_of(instant: int) -> date:
    return datetime.fromtimestamp(instant, UTC).date()
