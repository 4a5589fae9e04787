"""Addresses that mail comes in by: https://developers.freshdesk.com/api/#email-configs"""

from source_freshdesk.api.response import Row
from source_freshdesk.records.redaction import redacted
from source_freshdesk.retrieval.access import ADMINISTRATOR
from source_freshdesk.streams.incremental_list import IncrementalList


class EmailConfigs(IncrementalList):
    """https://developers.freshdesk.com/api/#email-configs"""

    resource = "email_configs"
    role = ADMINISTRATOR


class EmailMailboxes(IncrementalList):
    """https://developers.freshdesk.com/api/#email-mailboxes"""

    resource = "email/mailboxes"
    role = ADMINISTRATOR

    def record(self, row: Row) -> Row:
        """The row, without the secrets of the mail server."""
        return redacted(row)
