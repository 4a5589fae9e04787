"""Companies: https://developers.freshdesk.com/api/#companies"""

from source_freshdesk.api.answers import Row
from source_freshdesk.streams.base import ADMINISTRATOR, FreshdeskStream
from source_freshdesk.streams.choices import with_choices
from source_freshdesk.streams.incremental_list import FilteredList


class Companies(FilteredList):
    """https://developers.freshdesk.com/api/#list_all_companies"""

    resource = "companies"
    update_filters = ("updated_since",)


class CompanyFields(FreshdeskStream):
    """https://developers.freshdesk.com/api/#company-fields

    Read in full each time, as all fields are: a change of the choices may leave `updated_at` as it is.
    """

    resource = "company_fields"
    role = ADMINISTRATOR

    def record(self, row: Row) -> Row:
        """The row, its choices in one shape."""
        return with_choices(row)
