"""Agents: https://developers.freshdesk.com/api/#agents"""

from source_freshdesk.retrieval.access import ADMINISTRATOR
from source_freshdesk.streams.base import FreshdeskStream
from source_freshdesk.streams.content_list import ContentList


class Agents(ContentList):
    """https://developers.freshdesk.com/api/#list_all_agents

    Compared by content: it is not known whether a change of groups or roles changes `updated_at`.
    """

    resource = "agents"
    detail_path = "agents/{id}"
    detail_fields = ("group_ids", "role_ids", "skill_ids")
    role = ADMINISTRATOR


class AgentAvailability(FreshdeskStream):
    """https://developers.freshdesk.com/api/#agents"""

    resource = "agents"
    list_variants = ({"only": "availability"},)
    role = ADMINISTRATOR
