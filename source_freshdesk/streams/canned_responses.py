"""Canned responses: https://developers.freshdesk.com/api/#canned-responses"""

from source_freshdesk.streams.base import ADMINISTRATOR
from source_freshdesk.streams.child_list import IncrementalChildList
from source_freshdesk.streams.incremental_list import IncrementalList


class CannedResponseFolders(IncrementalList):
    """https://developers.freshdesk.com/api/#canned-responses"""

    resource = "canned_response_folders"
    role = ADMINISTRATOR


class CannedResponses(IncrementalChildList):
    """https://developers.freshdesk.com/api/#canned-responses"""

    resource = "canned_response_folders/{id}/responses"
    counted_by = ("responses_count",)
    parent_id_as = "folder_id"
    role = ADMINISTRATOR
