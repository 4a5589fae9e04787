"""Companies (https://developers.freshdesk.com/api/#companies)."""

from integration_tests.fake_freshdesk.endpoints.answers import Answer
from integration_tests.fake_freshdesk.endpoints.listing import Ordered, changed_since, list_answer
from integration_tests.fake_freshdesk.endpoints.options import Options
from integration_tests.fake_freshdesk.endpoints.plain import PAGING, by_name
from integration_tests.fake_freshdesk.endpoints.request import Request

LIST_PARAMETERS = PAGING


def update_filter(options: Options) -> frozenset[str]:
    return frozenset() if options.companies_filter == "rejected" else frozenset({"updated_since"})


def company_list(request: Request) -> Answer:
    """By name. https://developers.freshdesk.com/api/#list_all_companies"""
    table = request.account.table("companies")
    ordered = Ordered(table.rows, table.positions("name", by_name))
    if request.options.companies_filter == "updated_since":
        ordered = ordered.where(*changed_since(request, "updated_since"))
    return list_answer(request, ordered, lambda row: row)
