"""Companies: https://developers.freshdesk.com/api/#companies"""

from source_freshdesk.streams.base import ADMINISTRATOR
from source_freshdesk.streams.fields import FieldStream
from source_freshdesk.streams.incremental_list import FilteredList


class Companies(FilteredList):
    """https://developers.freshdesk.com/api/#list_all_companies"""

    resource = "companies"
    update_filters = ("updated_since",)


class CompanyFields(FieldStream):
    """https://developers.freshdesk.com/api/#company-fields"""

    resource = "company_fields"
    role = ADMINISTRATOR
