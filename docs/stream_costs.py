"""What a stream costs in API calls."""

from collections.abc import Iterable, Iterator, Sequence

from docs.markdown import table
from source_freshdesk.api.rate_limiter import CREDITS_FOR_AN_INCLUDE
from source_freshdesk.api.response import SingleObject
from source_freshdesk.retrieval.choice_names import NAME_COLUMNS
from source_freshdesk.retrieval.hidden_tickets import FILTERS
from source_freshdesk.streams.archived_tickets import ArchiveStream
from source_freshdesk.streams.automations import AutomationRules
from source_freshdesk.streams.base import FreshdeskStream
from source_freshdesk.streams.contacts import Contacts
from source_freshdesk.streams.conversations import Conversations
from source_freshdesk.streams.custom_objects import CustomObjectRecords
from source_freshdesk.streams.incremental_list import IncrementalList
from source_freshdesk.streams.solutions import SolutionArticleTranslations, SolutionFolders
from source_freshdesk.streams.ticket_activities import TicketActivities
from source_freshdesk.streams.ticket_lookups import TicketLookup
from source_freshdesk.streams.ticket_relations import TicketAssociations
from source_freshdesk.streams.ticket_substream import TicketSubstream
from source_freshdesk.streams.tickets import Tickets

LISTED = "1 for 100, 2 for each 100 if there are more"

_COSTS: Sequence[tuple[type[FreshdeskStream], str]] = (
    (
        Tickets,
        "1 for 100 (7 credits, for `stats`, `requester` and `description`), 1 each for the trash and the spam, and 1 "
        "for the names of choices",
    ),
    (Contacts, f"{LISTED}; only those that changed; 1 each for the deleted and the blocked ones"),
    (Conversations, "1 for 100 tickets, and 1 for each new or changed ticket (2 for 100 if it has more)"),
    (TicketAssociations, "1 for 100 tickets, and 1 for each new or changed one that is associated"),
    (TicketSubstream, "1 for 100 tickets, and 1 for each new or changed ticket"),
    (ArchiveStream, "none; with `archived_tickets` 1 for 100 tickets, and 1 for each archived or deleted one, once"),
    (TicketActivities, "1 for each of the last 30 days that was not read yet"),
    (TicketLookup, "1 for all lookups and `ticket_fields` together"),
    (SolutionFolders, "1 for each category, and 1 for each folder with sub-folders"),
    (SolutionArticleTranslations, "1 for each folder with articles, in each further language"),
    (AutomationRules, f"{len(AutomationRules.KINDS)}"),
    (CustomObjectRecords, "1 for each schema, and 1 for each further 100 new or changed records"),
)
"""What streams cost that are not like most; the first kind that fits counts."""


def is_filtered(stream: FreshdeskStream) -> bool:
    """Whether Freshdesk filters its list by time."""
    return isinstance(stream, IncrementalList) and stream.filtered_by is not None


def cost_of(stream: FreshdeskStream) -> str:
    """What it costs in API calls, in words."""
    words = next((words for kind, words in _COSTS if isinstance(stream, kind)), None)
    if words is None and is_filtered(stream):
        words = f"{LISTED}; only those that changed"
    elif words is None and stream.child_of is not None:
        words = f"1 for each of {f'`{stream.parents[0].name}`'}" + (
            " that is not empty" if stream.child_of.counted_by else ""
        )
    elif words is None and isinstance(stream.shape, SingleObject):
        words = "1"
    elif words is None:
        words = LISTED if len(stream.list_variants) == 1 else f"{len(stream.list_variants)} for 100"
    return f"{words}; and 1 for each" if stream.details.are_needed else words


def costs_of_columns(streams: Iterable[FreshdeskStream]) -> str:
    """Which columns cost what, besides the list."""
    rows = [(stream.name, _named(columns), cost) for stream in streams for columns, cost in _columns_of(stream)]
    return table(("stream", "columns", "cost"), rows)


def _columns_of(stream: FreshdeskStream) -> Iterator[tuple[Iterable[str], str]]:
    if isinstance(stream, Tickets):
        for included in stream.columns_of_include.values():
            yield included, f"{CREDITS_FOR_AN_INCLUDE} credits for 100 tickets"
        yield NAME_COLUMNS, "1 call in each sync that emits a ticket"
    lists = FILTERS if isinstance(stream, Tickets) else getattr(stream, "sections", ())
    for name in lists:
        yield [name], "1 call in each sync, and those of the list"
    if stream.details.are_needed:
        yield sorted(stream.detail_fields), "1 call for each row"


def _named(columns: Iterable[str]) -> str:
    return ", ".join(f"`{column}`" for column in columns)
