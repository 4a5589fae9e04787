"""Surveys and what customers answered: https://developers.freshdesk.com/api/#surveys"""

from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.streams.incremental_list import FilteredList, IncrementalList

SECONDS_A_DAY = 86_400


class Surveys(IncrementalList):
    """https://developers.freshdesk.com/api/#surveys"""

    resource = "surveys"
    feature = "Surveys"


class SatisfactionRatings(FilteredList):
    """https://developers.freshdesk.com/api/#satisfaction-ratings

    The list can be filtered by when ratings were given, not by when they were changed.

    lookback_days: for how long after it was given a rating may change and be seen.
    """

    resource = "surveys/satisfaction_ratings"
    update_filters = ("created_since",)
    filtered_on = "created_at"
    lists_recent_rows_unasked = True
    feature = "Surveys"

    def __init__(self, api: FreshdeskApi, start: int, *, lookback_days: int) -> None:
        super().__init__(api, start, filter_lookback_seconds=lookback_days * SECONDS_A_DAY)
