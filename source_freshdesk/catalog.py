"""Which streams there are, and which lead to which."""

from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.config import Config
from source_freshdesk.streams.agents import AgentAvailability, Agents
from source_freshdesk.streams.archived_tickets import ArchivedTicketConversations, ArchivedTickets, ListedTickets
from source_freshdesk.streams.automations import AutomationRules, ScenarioAutomations
from source_freshdesk.streams.base import FreshdeskStream
from source_freshdesk.streams.canned_responses import CannedResponseFolders, CannedResponses
from source_freshdesk.streams.companies import Companies, CompanyFields
from source_freshdesk.streams.configuration import Account, BusinessHours, Products, Settings, SlaPolicies
from source_freshdesk.streams.contacts import ContactFields, Contacts
from source_freshdesk.streams.custom_objects import CustomObjectRecords, CustomObjectSchemas
from source_freshdesk.streams.discussions import (
    DiscussionCategories,
    DiscussionComments,
    DiscussionForums,
    DiscussionTopics,
)
from source_freshdesk.streams.email import EmailConfigs, EmailMailboxes
from source_freshdesk.streams.groups import AdminGroups, Groups
from source_freshdesk.streams.roles import Roles, Skills
from source_freshdesk.streams.solutions import (
    SolutionArticles,
    SolutionArticleTranslations,
    SolutionCategories,
    SolutionFolders,
)
from source_freshdesk.streams.surveys import SatisfactionRatings, Surveys
from source_freshdesk.streams.ticket_activities import TicketActivities
from source_freshdesk.streams.ticket_fields import AdminTicketFields, TicketFields, TicketFieldSections, TicketForms
from source_freshdesk.streams.ticket_lookups import TicketPriorities, TicketSources, TicketStatuses
from source_freshdesk.streams.ticket_relations import TicketAssociations, TicketSummaries, TicketWatchers
from source_freshdesk.streams.ticket_substream import Conversations
from source_freshdesk.streams.tickets import Tickets
from source_freshdesk.streams.time_entries import TimeEntries


def all_streams(api: FreshdeskApi, settings: Config) -> list[FreshdeskStream]:
    """Every stream, over one account. A stream whose rows lead to others' is read once for all of them."""
    listed_tickets = ListedTickets(api)
    archived = settings.archived_tickets
    return [
        Tickets(api, settings.start),
        Conversations(api, settings.start),
        Contacts(api, settings.start, details=settings.contact_details),
        Companies(api, settings.start),
        Agents(api),
        # Around tickets
        ticket_fields := TicketFields(api),
        TicketStatuses(api, ticket_fields),
        TicketPriorities(api, ticket_fields),
        TicketSources(api, ticket_fields),
        admin_ticket_fields := AdminTicketFields(api),
        TicketFieldSections(api, parents=[admin_ticket_fields]),
        TicketForms(api),
        TimeEntries(api),
        Surveys(api),
        SatisfactionRatings(api, settings.start, lookback_days=settings.lookback_window_in_days),
        TicketWatchers(api, settings.start),
        TicketAssociations(api, settings.start),
        TicketSummaries(api, settings.start),
        TicketActivities(api, settings.start),
        ArchivedTickets(api, listed_tickets, enabled=archived),
        ArchivedTicketConversations(api, listed_tickets, enabled=archived),
        # People
        Groups(api),
        AdminGroups(api),
        Roles(api),
        Skills(api),
        AgentAvailability(api),
        ContactFields(api),
        CompanyFields(api),
        # Configuration
        Account(api),
        help_desk := Settings(api),
        BusinessHours(api),
        SlaPolicies(api),
        Products(api),
        EmailConfigs(api),
        EmailMailboxes(api),
        ScenarioAutomations(api),
        AutomationRules(api),
        response_folders := CannedResponseFolders(api),
        CannedResponses(api, parents=[response_folders]),
        # Knowledge
        solution_categories := SolutionCategories(api),
        solution_folders := SolutionFolders(api, parents=[solution_categories]),
        SolutionArticles(api, parents=[solution_folders]),
        SolutionArticleTranslations(api, solution_folders, help_desk),
        discussion_categories := DiscussionCategories(api),
        forums := DiscussionForums(api, parents=[discussion_categories]),
        topics := DiscussionTopics(api, parents=[forums]),
        DiscussionComments(api, parents=[topics]),
        # Custom objects
        schemas := CustomObjectSchemas(api),
        CustomObjectRecords(api, schemas),
    ]
