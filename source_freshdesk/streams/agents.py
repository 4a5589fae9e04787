"""Agents: https://developers.freshdesk.com/api/#agents"""

from collections.abc import Iterable, Iterator

from source_freshdesk.api.answers import Row
from source_freshdesk.streams.base import FreshdeskStream


class Agents(FreshdeskStream):
    """https://developers.freshdesk.com/api/#list_all_agents

    The list leaves out group_ids, role_ids and skill_ids, so each agent is fetched singly too.
    """

    resource = "agents"

    def records(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The records that rows become, several agents fetched at once."""
        return self._account.ahead.map(self.record, rows)

    def record(self, row: Row) -> Row:
        """The row, with its memberships."""
        return super().record(self.with_details(row, f"agents/{row['id']}"))
