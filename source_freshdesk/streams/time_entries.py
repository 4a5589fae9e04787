"""Time entries: https://developers.freshdesk.com/api/#time-entries"""

from source_freshdesk.streams.incremental import IncrementalList


class TimeEntries(IncrementalList):
    """https://developers.freshdesk.com/api/#time-entries

    Of the whole account, for a new time entry leaves its ticket's `updated_at` as it is. It is not documented whether
    the list, unfiltered, goes back for ever, nor whether a filter leaves out entries without `executed_at`; so it is
    read both ways.
    """

    resource = "time_entries"
    list_variants = ({}, {"executed_after": "1970-01-01T00:00:00Z"})
    feature = "Timesheets"
