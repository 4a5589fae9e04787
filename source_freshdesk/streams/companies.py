"""Companies: https://developers.freshdesk.com/api/#companies"""

from source_freshdesk.retrieval.access import ADMINISTRATOR
from source_freshdesk.retrieval.time_filter import UNKNOWN_PARAMETER, FilteredBy
from source_freshdesk.streams.fields import FieldStream
from source_freshdesk.streams.incremental_list import IncrementalList


class Companies(IncrementalList):
    """https://developers.freshdesk.com/api/#list_all_companies"""

    resource = "companies"
    error_rules = (UNKNOWN_PARAMETER,)
    filtered_by = FilteredBy(("updated_since",))


class CompanyFields(FieldStream):
    """https://developers.freshdesk.com/api/#company-fields"""

    resource = "company_fields"
    role = ADMINISTRATOR
