"""A strict, independent fake of the Freshdesk REST API v2, read from https://developers.freshdesk.com/api/

    account = Account(now=datetime(2026, 1, 31, tzinfo=UTC))
    account.add_ticket(subject="Printer on fire")
    with FakeFreshdesk(account, api_key="test-key") as fake:
        requests.get(f"{fake.url}/api/v2/tickets", auth=("test-key", "X"))

What the page says, the fake holds to; what it leaves open is an option of the fake (`Options`); what goes wrong out
there is a named fault (`faults`); how many calls are allowed is a `RateLimit` for one of the `plans`. It never imports
the connector: the two are independent readings of the same page.
"""

from integration_tests.fake_freshdesk.endpoints.options import Options
from integration_tests.fake_freshdesk.model.account import Account
from integration_tests.fake_freshdesk.service import faults, plans
from integration_tests.fake_freshdesk.service.fake import FakeFreshdesk, fake_with
from integration_tests.fake_freshdesk.service.journal import Call, Journal
from integration_tests.fake_freshdesk.service.other_apps import OtherApps, OtherCall
from integration_tests.fake_freshdesk.service.plans import Plan
from integration_tests.fake_freshdesk.service.rate_limit import Charge, RateLimit

__all__ = [
    "Account",
    "Call",
    "Charge",
    "FakeFreshdesk",
    "Journal",
    "Options",
    "OtherApps",
    "OtherCall",
    "Plan",
    "RateLimit",
    "fake_with",
    "faults",
    "plans",
]
