"""Rules that act on tickets: https://developers.freshdesk.com/api/#automations"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import requests

from source_freshdesk.api.errors import ResourceUnavailable
from source_freshdesk.api.response import Row, RowList, parsed_body
from source_freshdesk.records.redaction import redacted
from source_freshdesk.retrieval.access import ADMINISTRATOR
from source_freshdesk.retrieval.child_lists import ChildList, ChildLists
from source_freshdesk.retrieval.page import Page
from source_freshdesk.streams.base import FreshdeskStream
from source_freshdesk.streams.incremental_list import IncrementalList


class ScenarioAutomations(FreshdeskStream):
    """https://developers.freshdesk.com/api/#scenario-automations

    Read in full each time: `updated_at` is documented, and yet accounts were seen that do not send it.
    """

    resource = "scenario_automations"

    def record(self, row: Row) -> Row:
        """The row, without secrets inside its actions."""
        return redacted(row)


class AutomationRules(IncrementalList):
    """https://developers.freshdesk.com/api/#automations

    There is a list for each kind of rule.
    """

    resource = "automations/{automation_type_id}/rules"
    shape = RowList(under="rules")
    page_size = None
    role = ADMINISTRATOR

    KINDS = (1, 3, 4)
    """Rules that run on ticket creation, every hour, and on ticket updates."""

    def child_lists(self) -> ChildLists:
        """The list of each kind."""
        return ChildLists([ChildList(self._path_of(kind), {"automation_type_id": kind}) for kind in self.KINDS])

    def probe(self) -> ResourceUnavailable | None:
        """Why this key cannot read the first list; None if it can."""
        first = {"path": self._path_of(self.KINDS[0])}
        page = self.access.confirm(lambda: self.fetch(first))
        return page if isinstance(page, ResourceUnavailable) else None

    def prefetch(self, state: Mapping[str, Any]) -> None:
        """Nothing: no list comes before the others."""

    def page_of(self, response: requests.Response, rows: list[Row]) -> Page:
        """The only page: it is not known that the list has pages. Its own count shows whether rules are missing."""
        page = replace(super().page_of(response, rows), next=None)
        body = parsed_body(response)
        count = (body.get("meta") or {}).get("count") if isinstance(body, dict) else None
        if isinstance(count, int) and count > len(rows):
            return replace(page, gap=f"Freshdesk counts {count} rules of a kind and lists {len(rows)} of them.")
        return page

    def _path_of(self, kind: int) -> str:
        return self.resource.format(automation_type_id=kind)

    def record(self, row: Row) -> Row:
        """The row, without secrets inside its actions. Some accounts write the name of one field with a capital."""
        named = {"summary" if field == "Summary" else field: value for field, value in row.items()}
        return redacted(named)
