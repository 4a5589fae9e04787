"""Canned responses: https://developers.freshdesk.com/api/#canned-responses"""

from source_freshdesk.retrieval.access import ADMINISTRATOR
from source_freshdesk.retrieval.child_lists import ChildOf
from source_freshdesk.streams.incremental_list import IncrementalList


class CannedResponseFolders(IncrementalList):
    """https://developers.freshdesk.com/api/#canned-responses"""

    resource = "canned_response_folders"
    role = ADMINISTRATOR


class CannedResponses(IncrementalList):
    """https://developers.freshdesk.com/api/#canned-responses"""

    resource = "canned_response_folders/{id}/responses"
    child_of = ChildOf(CannedResponseFolders, id_as="folder_id", counted_by=("responses_count",))
    role = ADMINISTRATOR
