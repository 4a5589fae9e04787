"""Time entries: https://developers.freshdesk.com/api/#time-entries"""

from source_freshdesk.streams.incremental_list import IncrementalList


class TimeEntries(IncrementalList):
    """https://developers.freshdesk.com/api/#time-entries

    Of the whole account, since a new time entry leaves its ticket's `updated_at` as it is. It is not documented whether
    the unfiltered list goes back to the first one, nor whether a filter omits entries without `executed_at`; so it is
    read in both variants.
    """

    resource = "time_entries"
    list_variants = ({}, {"executed_after": "1970-01-01T00:00:00Z"})
    feature = "Timesheets"
