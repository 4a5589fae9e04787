"""Groups of agents: https://developers.freshdesk.com/api/#groups"""

from source_freshdesk.retrieval.access import ADMINISTRATOR
from source_freshdesk.streams.base import FreshdeskStream
from source_freshdesk.streams.incremental_list import IncrementalList


class Groups(IncrementalList):
    """https://developers.freshdesk.com/api/#groups"""

    resource = "groups"
    role = ADMINISTRATOR


class AdminGroups(FreshdeskStream):
    """https://developers.freshdesk.com/api/#admin-groups

    Read in full each time: it is not known whether a change of members changes `updated_at`.
    """

    resource = "admin/groups"
    page_size = None
    role = ADMINISTRATOR
