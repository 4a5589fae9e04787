"""Companies: https://developers.freshdesk.com/api/#companies"""

from source_freshdesk.streams.unordered import UnorderedIncrementalStream


class Companies(UnorderedIncrementalStream):
    """https://developers.freshdesk.com/api/#list_all_companies"""

    resource = "companies"
    update_filters = ("updated_since",)
