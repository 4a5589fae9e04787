"""What a sync costs and how long the limit makes it take, worked out for some accounts.

The costs are those that `docs.generate` describes, the limits those of `source_freshdesk.api.rate_limit`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from docs.markdown import table
from source_freshdesk.api.paginator import PAGE_SIZE
from source_freshdesk.api.rate_limit import Call, RateLimit, list_limit
from source_freshdesk.api.rate_limit_headers import RateLimitHeaders
from source_freshdesk.api.rate_limiter import CREDITS_FOR_AN_INCLUDE
from source_freshdesk.api.window_length import HOURLY_TOTALS
from source_freshdesk.config import Config

LIMITS: Mapping[str, float] = {
    "Trial or Free": 50,
    "Growth": 200,
    "Pro": 400,
    "Enterprise": 700,
    "1,000 calls bought": 1000,
    "2,000 calls bought": 2000,
}
"""Calls a minute: https://developers.freshdesk.com/api/#ratelimit"""

PLANS = ("Growth", "Pro", "Enterprise")

SHARE = Config.api_quota_percent / 100
"""The part of a limit that a sync spends unless it is set otherwise."""

MOST_MINUTES = 120
"""What takes longer is given in hours."""

INCLUDES = 3
"""What each page of the ticket list is asked for besides: `stats`, `requester` and `description`."""
TICKET_PAGE = Call(1.0 + CREDITS_FOR_AN_INCLUDE * INCLUDES, "tickets")
BARE_TICKET_PAGE = Call(1.0, "tickets")
CONTACT_PAGE = Call(1.0, "contacts")
OTHER = Call()


@dataclass(frozen=True)
class Phase:
    """Calls that are made side by side: how many of each kind."""

    calls: Mapping[Call, int]

    @property
    def count(self) -> int:
        """How many calls."""
        return sum(self.calls.values())

    @property
    def credits(self) -> float:
        """What they cost."""
        return sum(call.credits * count for call, count in self.calls.items())

    def minutes(self, limit: float) -> float:
        """How long the limits take to grant them."""
        of_all = self.credits / (limit * SHARE)
        of_lists = [count / (list_limit(limit) * SHARE) for call, count in self.calls.items() if call.list_name]
        return max([of_all, *of_lists])


@dataclass(frozen=True)
class Account:
    """An account as an example: how many rows it has, and how many of them change in a busy hour."""

    name: str
    tickets: int
    contacts: int
    companies: int
    agents: int
    hourly_tickets: int
    hourly_contacts: int


ACCOUNTS = (
    Account("small", 5_000, 2_000, 100, 10, 20, 10),
    Account("medium", 100_000, 30_000, 1_000, 50, 100, 40),
    Account("large", 1_000_000, 300_000, 10_000, 300, 1_000, 300),
)


def quota_of(limit: float) -> RateLimit:
    """What a sync knows once it has seen this limit, with the default settings."""
    rate_limit = RateLimit(Config.api_quota_percent)
    rate_limit.finish(rate_limit.start(OTHER, now=0.0), 0.0, RateLimitHeaders(limit, limit))
    return rate_limit


def a_minute(rate_limit: RateLimit, call: Call) -> float:
    """How many such calls it allows in a minute."""
    return rate_limit.allowed_per_second(call) * 60


def pages(rows: int) -> int:
    """How many pages a list of so many rows has."""
    return max(ceil(rows / PAGE_SIZE), 1)


def tickets(rows: int) -> list[Phase]:
    """The tickets stream: the list, a page each of the trash and the spam, which do not change; names of choices, if
    there are any; the count that it asks for when there is more than a page; and the scope of the key's agent.
    """
    return [Phase({TICKET_PAGE: pages(rows), BARE_TICKET_PAGE: 2, OTHER: 1 + int(rows > 0) + int(pages(rows) > 1)})]


def conversations(rows: int) -> list[Phase]:
    """The conversations of so many tickets, none of which has more than a page of them."""
    return [Phase({BARE_TICKET_PAGE: pages(rows), OTHER: rows})]


def contacts(rows: int, *, details: bool = True) -> list[Phase]:
    """The contacts stream; a page of the deleted and one of the blocked ones, of whom there are none, come last."""
    return [*_listed(CONTACT_PAGE, rows, rows if details else 0, is_counted=True), Phase({CONTACT_PAGE: 2})]


def companies(rows: int) -> list[Phase]:
    """The companies stream."""
    return _listed(OTHER, rows, 0)


def agents(rows: int) -> list[Phase]:
    """The agents stream."""
    return _listed(OTHER, rows, rows)


def _listed(page: Call, rows: int, details: int, *, is_counted: bool = False) -> list[Phase]:
    """A list, its rows' own pages beside it; of several pages all but the last are read a second time."""
    first = {page: pages(rows)}
    others = details + int(is_counted and pages(rows) > 1)
    first[OTHER] = first.get(OTHER, 0) + others
    return [Phase(first)] if pages(rows) == 1 else [Phase(first), Phase({page: pages(rows) - 1})]


Sync = Mapping[str, Sequence[Phase]]


def first_sync(api: Account, *, details: bool = True) -> Sync:
    """What each of the five main streams takes, all of it new."""
    return {
        "tickets": tickets(api.tickets),
        "conversations": conversations(api.tickets),
        "contacts": contacts(api.contacts, details=details),
        "companies": companies(api.companies),
        "agents": agents(api.agents),
    }


def hourly_sync(api: Account, *, details: bool = True) -> Sync:
    """What they take an hour later."""
    return {
        "tickets": tickets(api.hourly_tickets),
        "conversations": conversations(api.hourly_tickets),
        "contacts": contacts(api.hourly_contacts, details=details),
        "companies": companies(0),
        "agents": agents(api.agents),
    }


def table_of_limits() -> str:
    """What Freshdesk allows, and what a sync makes of it."""
    heads = (
        "plan",
        "calls a minute",
        "of the ticket list",
        "of the contact list",
        f"a sync's part ({Config.api_quota_percent} %)",
        "`tickets` a minute",
        "tickets a minute whose `conversations` are read",
    )
    rows = []
    for plan, limit in LIMITS.items():
        rate_limit = quota_of(limit)
        rows.append(
            (
                plan,
                f"{limit:,.0f}",
                f"{list_limit(limit):,.0f}",
                f"{list_limit(limit):,.0f}",
                f"{a_minute(rate_limit, OTHER):,.0f}",
                f"{int(a_minute(rate_limit, TICKET_PAGE) * PAGE_SIZE):,}",
                f"{int(a_minute(rate_limit, OTHER)):,}",
            )
        )
    hourly = " or ".join(f"{total:,.0f}" for total in sorted(HOURLY_TOTALS))
    rows.append(("old plans by the hour", f"{hourly} an hour", "-", "-", "the same part of an hour's", "-", "-"))
    return table(heads, rows)


def table_of_accounts() -> str:
    """What the examples hold."""
    heads = ("account", "tickets", "contacts", "companies", "agents", "tickets changed in an hour", "contacts changed")
    rows = [(one.name, *(f"{value:,}" for value in list(vars(one).values())[1:])) for one in ACCOUNTS]
    return table(heads, rows)


def table_of_syncs() -> str:
    """What the first sync and one an hour later cost each example."""
    heads = ("account", "sync", "API calls", "credits", *(f"{plan} ({LIMITS[plan]:,.0f})" for plan in PLANS))
    rows = []
    for api in ACCOUNTS:
        for name, sync in (
            ("first", first_sync(api)),
            ("first, `contact_details` off", first_sync(api, details=False)),
            ("an hour later", hourly_sync(api)),
        ):
            phases = [phase for of_stream in sync.values() for phase in of_stream]
            rows.append((api.name, name, *_cells(phases)))
    return table(heads, rows)


def table_of_streams_of(api: Account) -> str:
    """What each stream's part is of an example's first sync."""
    heads = ("stream", "API calls", "credits", *PLANS)
    return table(heads, [(f"`{name}`", *_cells(phases)) for name, phases in first_sync(api).items()])


def _cells(phases: Sequence[Phase]) -> list[str]:
    calls, credits_ = sum(phase.count for phase in phases), sum(phase.credits for phase in phases)
    times = [format_duration(sum(phase.minutes(LIMITS[plan]) for phase in phases)) for plan in PLANS]
    return [f"{calls:,}", f"{credits_:,.0f}", *times]


def format_duration(minutes: float) -> str:
    if minutes < 1:
        return "no wait"
    return f"{ceil(minutes)} min" if minutes < MOST_MINUTES else f"{minutes / 60:,.1f} h"


def parts() -> Mapping[str, str]:
    """What `limits.md` shows, by name."""
    medium = ACCOUNTS[1]
    return {
        "limits": table_of_limits(),
        "accounts": table_of_accounts(),
        "costs": table_of_syncs(),
        "costs by stream": f"The first sync of the {medium.name} account, stream by stream:\n\n"
        + table_of_streams_of(medium),
    }
