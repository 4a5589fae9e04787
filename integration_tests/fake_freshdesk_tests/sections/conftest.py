"""An account with something in these sections."""

import pytest

from integration_tests.fake_freshdesk import Account
from integration_tests.fake_freshdesk_tests.sections.requests_made import SECTIONS
from integration_tests.filling import TODAY


@pytest.fixture
def account() -> Account:
    """An account with a contact, an agent, a company, and everything these sections have."""
    account = Account(now=TODAY)
    account.add_contact()
    account.add_agent()
    account.add_company()
    for section in SECTIONS:
        section.seed(account)
    return account
