"""Surveys and what customers answered: https://developers.freshdesk.com/api/#surveys"""

from typing import Any

from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.retrieval.time_filter import UNKNOWN_PARAMETER, FilteredBy
from source_freshdesk.streams.incremental_list import IncrementalList

SECONDS_A_DAY = 86_400


class Surveys(IncrementalList):
    """https://developers.freshdesk.com/api/#surveys"""

    resource = "surveys"
    feature = "Surveys"


class SatisfactionRatings(IncrementalList):
    """https://developers.freshdesk.com/api/#satisfaction-ratings

    The list can be filtered by when ratings were given, not by when they were changed.

    lookback_days: for how long after it was given a rating may change and be read again.
    """

    resource = "surveys/satisfaction_ratings"
    error_rules = (UNKNOWN_PARAMETER,)
    filtered_by = FilteredBy(("created_since",), field="created_at", lists_only_recent=True)
    feature = "Surveys"

    def __init__(self, api: FreshdeskApi, *, lookback_days: int, **kwargs: Any) -> None:
        super().__init__(api, filter_lookback_seconds=lookback_days * SECONDS_A_DAY, **kwargs)
