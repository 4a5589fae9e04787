"""Which path answers what, with which parameters: https://developers.freshdesk.com/api/

Each module serves a section of the page. A list, a view or a single object that is like most others is one line in its
`ENDPOINTS`; see `plain.py` for what the line can say.
"""

from integration_tests.fake_freshdesk.endpoints.endpoint import Endpoint, Routes
from integration_tests.fake_freshdesk.endpoints.plain import PAGING, plain_view
from integration_tests.fake_freshdesk.sections import (
    agents,
    archived_tickets,
    automations,
    canned_responses,
    companies,
    configuration,
    contacts,
    custom_objects,
    customer_fields,
    discussions,
    email,
    groups,
    search,
    solutions,
    surveys,
    ticket_activities,
    ticket_fields,
    ticket_relations,
    tickets,
    time_entries,
)

ROUTES = Routes(
    (
        # Tickets
        Endpoint("tickets", tickets.ticket_list, tickets.LIST_PARAMETERS, cost=tickets.list_cost),
        Endpoint("tickets/{ticket_id}", tickets.ticket_view, tickets.VIEW_PARAMETERS, cost=tickets.view_cost),
        Endpoint("tickets/{ticket_id}/conversations", tickets.conversations_of_ticket, PAGING),
        *ticket_relations.ENDPOINTS,
        *archived_tickets.ENDPOINTS,
        *search.ENDPOINTS,
        *ticket_activities.ENDPOINTS,
        *ticket_fields.ENDPOINTS,
        *time_entries.ENDPOINTS,
        *surveys.ENDPOINTS,
        # Contacts and companies
        Endpoint("contacts", contacts.contact_list, contacts.LIST_PARAMETERS, contacts.update_filters),
        Endpoint("contacts/{contact_id}", contacts.contact_view),
        Endpoint("companies", companies.company_list, companies.LIST_PARAMETERS, companies.update_filter),
        plain_view("companies/{company_id}", "companies"),
        *customer_fields.ENDPOINTS,
        # Agents
        *agents.ENDPOINTS,
        *groups.ENDPOINTS,
        # Knowledge base and discussions
        *solutions.ENDPOINTS,
        *discussions.ENDPOINTS,
        # The account's own
        *custom_objects.ENDPOINTS,
        *canned_responses.ENDPOINTS,
        *automations.ENDPOINTS,
        *email.ENDPOINTS,
        *configuration.ENDPOINTS,
    )
)
