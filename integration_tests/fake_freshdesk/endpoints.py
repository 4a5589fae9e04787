"""Which path answers what, with which parameters: https://developers.freshdesk.com/api/

A list, a view or a single object that is like most others is one line; see `plain.py` for what the line can say.
"""

from integration_tests.fake_freshdesk import agents, companies, contacts, tickets
from integration_tests.fake_freshdesk.endpoint import Endpoint, Routes
from integration_tests.fake_freshdesk.plain import PAGING, by_name, plain_list, plain_view

ROUTES = Routes(
    (
        # Tickets
        Endpoint("tickets", tickets.ticket_list, tickets.LIST_PARAMETERS, cost=tickets.list_cost),
        Endpoint("tickets/{ticket_id}", tickets.ticket_view, tickets.VIEW_PARAMETERS, cost=tickets.view_cost),
        Endpoint("tickets/{ticket_id}/conversations", tickets.conversations_of_ticket, PAGING),
        # Contacts
        Endpoint("contacts", contacts.contact_list, contacts.LIST_PARAMETERS, contacts.update_filters),
        Endpoint("contacts/{contact_id}", contacts.contact_view),
        # Companies
        Endpoint("companies", companies.company_list, companies.LIST_PARAMETERS, companies.update_filter),
        plain_view("companies/{company_id}", "companies"),
        # Agents
        Endpoint("agents/me", agents.agent_me),
        Endpoint("agents", agents.agent_list, agents.LIST_PARAMETERS, admin=True),
        plain_view("agents/{agent_id}", "agents", admin=True),
        # Groups
        plain_list("groups", order=by_name, leaves_out=("agent_ids",), admin=True),
        plain_view("groups/{group_id}", "groups", admin=True),
    )
)
