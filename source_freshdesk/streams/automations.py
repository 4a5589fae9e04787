"""Rules that act on tickets: https://developers.freshdesk.com/api/#automations"""

from collections.abc import Iterable, Mapping, Sequence

import orjson
import requests

from source_freshdesk.api.errors import ResourceUnavailable
from source_freshdesk.api.response import Row, RowList
from source_freshdesk.records.redaction import redacted
from source_freshdesk.streams.base import ADMINISTRATOR, FreshdeskStream
from source_freshdesk.streams.child_list import IncrementalChildList


class ScenarioAutomations(FreshdeskStream):
    """https://developers.freshdesk.com/api/#scenario-automations

    Read in full each time: `updated_at` is documented, and yet accounts were seen that do not send it.
    """

    resource = "scenario_automations"

    def record(self, row: Row) -> Row:
        """The row, without secrets inside its actions."""
        return redacted(row)


class AutomationRules(IncrementalChildList):
    """https://developers.freshdesk.com/api/#automations

    There is a list for each kind of rule.
    """

    resource = "automations/{automation_type_id}/rules"
    shape = RowList(under="rules")
    page_size = None
    role = ADMINISTRATOR

    KINDS = (1, 3, 4)
    """Rules that run on ticket creation, every hour, and on ticket updates."""

    def lists(self) -> Iterable[tuple[str, Row]]:
        """The list of each kind."""
        return [(self._path_of(kind), {"automation_type_id": kind}) for kind in self.KINDS]

    def probe(self) -> ResourceUnavailable | None:
        """Whether the key can read the first list."""
        outcome = self._rows_or_refusal(self._path_of(self.KINDS[0]))
        return outcome if isinstance(outcome, ResourceUnavailable) else None

    def prefetch_first_page(self) -> None:
        """Nothing: no list comes before the others."""

    def _next_query(self, response: requests.Response, rows: Sequence[Row]) -> Mapping[str, str] | None:
        """None: it is not known that the list has pages. That it leaves rules out, its own count would tell."""
        meta = orjson.loads(response.content)
        count = (meta.get("meta") or {}).get("count") if isinstance(meta, dict) else None
        if isinstance(count, int) and count > len(rows):
            self.is_partial = True
            self.logger.warning(f"Freshdesk counts {count} rules of a kind, and lists {len(rows)} of them.")
        return None

    def _path_of(self, kind: int) -> str:
        return self.resource.format(automation_type_id=kind)

    def record(self, row: Row) -> Row:
        """The row, without secrets inside its actions. Some accounts write the name of one field with a capital."""
        named = {"summary" if field == "Summary" else field: value for field, value in row.items()}
        return redacted(named)
