"""What happened to tickets, from the daily export: https://developers.freshdesk.com/api/#tickets

Accounts that had Legacy Reports can have Freshdesk write a file of each day, which is kept for some 30 days. The API
returns its address, on another host. Rows have no id, so one is made from what they hold, as Airbyte's own connector
does.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any

import requests
from airbyte_cdk.models import FailureType
from airbyte_cdk.sources.streams.core import StreamData
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_freshdesk import instants
from source_freshdesk.api.errors import AccessRevoked, Action, ErrorRule, ResourceUnavailable
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.api.response import Row
from source_freshdesk.retrieval.activity_files import ActivityFiles, ExportLinks, has_time
from source_freshdesk.state.exported_days import ExportedDays
from source_freshdesk.streams.incremental import IncrementalStream


class TicketActivities(IncrementalStream):
    """https://developers.freshdesk.com/api/#tickets"""

    primary_key = "_airbyte_ticket_activity_id"
    cursor_field = "performed_at"
    resource = "export/ticket_activities"
    shape = ExportLinks()
    page_size = None
    error_rules = (
        ErrorRule(404, None, Action.SKIP, FailureType.config_error, "Freshdesk has no file of ticket activities."),
        # For the export alone; whether the key itself is valid is asked separately.
        ErrorRule(401, None, Action.SKIP, FailureType.config_error, "Freshdesk does not export for this key."),
    )
    feature = "Ticket Activities Export"
    role = "an account administrator"

    def __init__(self, api: FreshdeskApi, *, start: int = instants.EPOCH, **kwargs: Any) -> None:
        """start: the earliest instant whose activities are wanted, in epoch seconds."""
        super().__init__(api, **kwargs)
        self._days = ExportedDays(start, api.clock.now)
        self._files = ActivityFiles(api, self.name, self.logger)

    def load_state(self, state: Mapping[str, Any]) -> None:
        self._days.load(state)

    def probe(self) -> ResourceUnavailable | None:
        """Why this key cannot have a file that should be there by now; None if it can."""
        return self.access.probe(lambda: self._links(self._days.latest_settled))

    def read_slice(self, stream_slice: Mapping[str, Any] | None) -> Iterator[StreamData]:
        """The activities of the files that were not read before, and the state after each file."""
        unready: list[ResourceUnavailable] = []
        failures: list[AirbyteTracedException] = []
        days = self._days.unread()
        for day in days:
            try:
                activities = self._files.read(partial(self._links_or_refusal, day))
            except AccessRevoked:
                raise
            except AirbyteTracedException as failure:
                # The files of later days are read all the same, before they are deleted.
                failures.append(failure)
                continue
            if isinstance(activities, ResourceUnavailable):
                if activities.status != requests.codes.not_found:
                    self.outcome.skip(activities, self.access)
                    return
                unready.append(activities)
                continue
            rows = [self.cast(activity) for activity in activities if has_time(activity)]
            if len(rows) < len(activities):
                self.logger.warning(
                    f"{len(activities) - len(rows):,} activities of {day} have no valid time and are left out."
                )
            digest = _digest(rows)
            if self._days.is_unseen(day, digest):
                for record in _with_keys(rows, day):
                    self._days.note_version(instants.from_api(record["performed_at"]))
                    yield record
            yield self.checkpoint(self._days.state_after(day, digest, is_empty=not activities))
        if failures:
            raise failures[0]
        if unready and len(unready) == len(days) and not self._days.has_any:
            self.outcome.skip(unready[-1], self.access)

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


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _with_keys(activities: Iterable[Row], day: date) -> Iterator[Row]:
    """The activities with the day of their file and a key. Of those that are equal in everything, each has its own."""
    seen: Counter[str] = Counter()
    for activity in activities:
        record = activity | {"export_date": day.isoformat()}
        digest = _digest(record)
        seen[digest] += 1
        yield {"_airbyte_ticket_activity_id": f"{digest}:{seen[digest]}", **record}
