"""Which streams there are, and which lead to which."""

from source_freshdesk.api import client
from source_freshdesk.config import Config
from source_freshdesk.streams.agents import AgentAvailability, Agents
from source_freshdesk.streams.archive import ArchivedTicketConversations, ArchivedTickets, ListedTickets
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
from source_freshdesk.streams.ticket_children import Conversations
from source_freshdesk.streams.ticket_fields import AdminTicketFields, TicketFields, TicketFieldSections, TicketForms
from source_freshdesk.streams.ticket_lookups import TicketPriorities, TicketSources, TicketStatuses
from source_freshdesk.streams.ticket_relations import TicketAssociations, TicketSummaries, TicketWatchers
from source_freshdesk.streams.tickets import Tickets
from source_freshdesk.streams.time_entries import TimeEntries


def all_streams(account: client.Account, settings: Config) -> list[FreshdeskStream]:
    """Every stream, over one account. A stream whose rows lead to others' is read once for all of them."""
    listed_tickets = ListedTickets(account)
    archived = settings.archived_tickets
    return [
        Tickets(account, settings.start),
        Conversations(account, settings.start),
        Contacts(account, settings.start, details=settings.contact_details),
        Companies(account, settings.start),
        Agents(account),
        # Around tickets
        ticket_fields := TicketFields(account),
        TicketStatuses(account, ticket_fields),
        TicketPriorities(account, ticket_fields),
        TicketSources(account, ticket_fields),
        admin_ticket_fields := AdminTicketFields(account),
        TicketFieldSections(account, parents=[admin_ticket_fields]),
        TicketForms(account),
        TimeEntries(account),
        Surveys(account),
        SatisfactionRatings(account, settings.start, lookback_days=settings.lookback_window_in_days),
        TicketWatchers(account, settings.start),
        TicketAssociations(account, settings.start),
        TicketSummaries(account, settings.start),
        TicketActivities(account, settings.start),
        ArchivedTickets(account, listed_tickets, enabled=archived),
        ArchivedTicketConversations(account, listed_tickets, enabled=archived),
        # People
        Groups(account),
        AdminGroups(account),
        Roles(account),
        Skills(account),
        AgentAvailability(account),
        ContactFields(account),
        CompanyFields(account),
        # Configuration
        Account(account),
        help_desk := Settings(account),
        BusinessHours(account),
        SlaPolicies(account),
        Products(account),
        EmailConfigs(account),
        EmailMailboxes(account),
        ScenarioAutomations(account),
        AutomationRules(account),
        response_folders := CannedResponseFolders(account),
        CannedResponses(account, parents=[response_folders]),
        # Knowledge
        solution_categories := SolutionCategories(account),
        solution_folders := SolutionFolders(account, parents=[solution_categories]),
        SolutionArticles(account, parents=[solution_folders]),
        SolutionArticleTranslations(account, solution_folders, help_desk),
        discussion_categories := DiscussionCategories(account),
        forums := DiscussionForums(account, parents=[discussion_categories]),
        topics := DiscussionTopics(account, parents=[forums]),
        DiscussionComments(account, parents=[topics]),
        # Custom objects
        schemas := CustomObjectSchemas(account),
        CustomObjectRecords(account, schemas),
    ]
