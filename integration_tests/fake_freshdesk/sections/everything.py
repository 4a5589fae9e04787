"""An account that has some of everything, in every shape that real accounts were seen to send."""

from integration_tests.fake_freshdesk.model.account import Account
from integration_tests.fake_freshdesk.sections import (
    agents,
    archived_tickets,
    automations,
    canned_responses,
    configuration,
    custom_object_examples,
    customer_fields,
    discussions,
    email,
    groups,
    solution_examples,
    surveys,
    ticket_activities,
    ticket_fields,
    ticket_relations,
    time_entries,
)

_SECTIONS = (
    agents,
    groups,
    ticket_relations,
    ticket_fields,
    time_entries,
    surveys,
    customer_fields,
    configuration,
    email,
    automations,
    canned_responses,
    solution_examples,
    discussions,
    custom_object_examples,
    ticket_activities,
    archived_tickets,
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
