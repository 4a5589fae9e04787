"""An account that has some of everything, in every shape that real accounts were seen to send."""

from integration_tests.fake_freshdesk import (
    activities,
    agents,
    archive,
    automations,
    canned_responses,
    configuration,
    custom_objects,
    customer_fields,
    discussions,
    knowledge,
    mailboxes,
    surveys,
    teams,
    ticket_children,
    ticket_fields,
    time_entries,
)
from integration_tests.fake_freshdesk.account import Account

_SECTIONS = (
    agents,
    teams,
    ticket_children,
    ticket_fields,
    time_entries,
    surveys,
    customer_fields,
    configuration,
    mailboxes,
    automations,
    canned_responses,
    knowledge,
    discussions,
    custom_objects,
    activities,
    archive,
)
"""In this order: the fields of tickets name groups and agents, mailboxes name products."""


def fill_every_resource(account: Account) -> None:
    """Add a few records of every resource to an account that has some tickets, contacts and agents. Time entries and
    satisfaction ratings take more than a page of 100; some parents have no children."""
    if not (account.tickets and account.contacts and account.agents):
        raise ValueError("An account needs tickets, contacts and agents before the rest can be about them.")
    with account.lock:
        for section in _SECTIONS:
            section.seed(account)
