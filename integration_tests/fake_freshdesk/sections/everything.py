"""An account that has some of everything, in every shape that real accounts were seen to send."""

from integration_tests.fake_freshdesk.model.account import Account
from integration_tests.fake_freshdesk.sections import (
    agents,
    automations,
    canned_responses,
    configuration,
    custom_objects,
    customer_fields,
    discussions,
    surveys,
    ticket_fields,
    time_entries,
)
from integration_tests.fake_freshdesk.sections import archived_tickets as archive
from integration_tests.fake_freshdesk.sections import email as mailboxes
from integration_tests.fake_freshdesk.sections import groups as teams
from integration_tests.fake_freshdesk.sections import solutions as knowledge
from integration_tests.fake_freshdesk.sections import ticket_activities as activities
from integration_tests.fake_freshdesk.sections import ticket_relations as ticket_children

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
