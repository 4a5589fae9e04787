"""An account with something of every resource."""

import pytest

from integration_tests.fake_freshdesk import Account
from integration_tests.fake_freshdesk.sections.everything import fill_every_resource
from integration_tests.filling import TODAY, before


@pytest.fixture
def account() -> Account:
    """An account with some of everything."""
    account = Account(now=TODAY)
    for _ in range(3):
        account.add_agent()
        account.add_contact()
        account.add_ticket(created_at=before(days=5))
    fill_every_resource(account)
    return account
