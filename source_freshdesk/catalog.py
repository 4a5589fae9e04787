"""Which streams there are, and in which order they are read."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.config import Config
from source_freshdesk.streams.agents import AgentAvailability, Agents
from source_freshdesk.streams.archived_tickets import ArchivedTicketConversations, ArchivedTickets
from source_freshdesk.streams.automations import AutomationRules, ScenarioAutomations
from source_freshdesk.streams.base import FreshdeskStream
from source_freshdesk.streams.canned_responses import CannedResponseFolders, CannedResponses
from source_freshdesk.streams.companies import Companies, CompanyFields
from source_freshdesk.streams.configuration import Account, BusinessHours, Products, Settings, SlaPolicies
from source_freshdesk.streams.contacts import ContactFields, Contacts
from source_freshdesk.streams.conversations import Conversations
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
from source_freshdesk.streams.tickets import Tickets
from source_freshdesk.streams.time_entries import TimeEntries

Kind = type[FreshdeskStream]
Options = Mapping[str, Any]

STREAMS: tuple[Kind, ...] = (
    Tickets,
    Conversations,
    Contacts,
    Companies,
    Agents,
    # Around tickets
    TicketFields,
    TicketStatuses,
    TicketPriorities,
    TicketSources,
    AdminTicketFields,
    TicketFieldSections,
    TicketForms,
    TimeEntries,
    Surveys,
    SatisfactionRatings,
    TicketWatchers,
    TicketAssociations,
    TicketSummaries,
    TicketActivities,
    ArchivedTickets,
    ArchivedTicketConversations,
    # People
    Groups,
    AdminGroups,
    Roles,
    Skills,
    AgentAvailability,
    ContactFields,
    CompanyFields,
    # Configuration
    Account,
    Settings,
    BusinessHours,
    SlaPolicies,
    Products,
    EmailConfigs,
    EmailMailboxes,
    ScenarioAutomations,
    AutomationRules,
    CannedResponseFolders,
    CannedResponses,
    # Knowledge
    SolutionCategories,
    SolutionFolders,
    SolutionArticles,
    SolutionArticleTranslations,
    DiscussionCategories,
    DiscussionForums,
    DiscussionTopics,
    DiscussionComments,
    # Custom objects
    CustomObjectSchemas,
    CustomObjectRecords,
)


def all_streams(api: FreshdeskApi, config: Config) -> list[FreshdeskStream]:
    """Every stream."""
    own, of_all = _options(config), {"skip_refused": config.skip_refused_streams}
    return list(build(api, STREAMS, {kind: {**of_all, **own.get(kind, {})} for kind in STREAMS}).values())


def build(api: FreshdeskApi, kinds: Sequence[Kind], options: Mapping[Kind, Options]) -> dict[Kind, FreshdeskStream]:
    """A stream of each kind, in their order, over others of these.

    options: further arguments of a kind's constructor.
    """
    retained: dict[Kind, set[str]] = {kind: set() for kind in kinds}
    for kind in kinds:
        for needed in kind.rows_needed():
            if needed.stream in retained:
                retained[needed.stream].update(needed.fields)
    streams: dict[Kind, FreshdeskStream] = {}

    def built(kind: Kind) -> FreshdeskStream:
        if kind not in streams:
            others = [built(needed.stream) for needed in kind.rows_needed() if needed.stream in retained]
            streams[kind] = kind(api, *others, retain=retained[kind], **options.get(kind, {}))
        return streams[kind]

    return {kind: built(kind) for kind in kinds}


def in_reading_order(streams: Iterable[FreshdeskStream]) -> list[FreshdeskStream]:
    """The streams, each after those whose rows it uses, so that they are read once for all."""
    ordered: dict[str, FreshdeskStream] = {}

    def place(stream: FreshdeskStream) -> None:
        for before in stream.read_after:
            place(before)
        ordered.setdefault(stream.name, stream)

    for stream in streams:
        place(stream)
    return list(ordered.values())


def _options(config: Config) -> Mapping[Kind, Options]:
    """What a stream takes from the settings of the user."""
    start = {"start": config.start}
    archive = {"enabled": config.archived_tickets}
    return {
        **dict.fromkeys((Tickets, Conversations, TicketWatchers, TicketAssociations, TicketSummaries), start),
        **dict.fromkeys((TicketActivities, Companies), start),
        **dict.fromkeys((ArchivedTickets, ArchivedTicketConversations), archive),
        Contacts: start | {"fetch_details": config.contact_details},
        SatisfactionRatings: start | {"lookback_days": config.lookback_window_in_days},
    }
