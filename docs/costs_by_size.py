"""How long syncs take on every plan, by the size of the account."""

from docs.costs import LIMITS, Account, Sync, first_sync, format_duration, hourly_sync
from docs.markdown import table

SIZES = (10_000, 100_000, 1_000_000, 10_000_000)


def account_of(tickets: int) -> Account:
    """One with as many other rows as is usual; one ticket in 1,000 changes in an hour, and one contact in 1,000."""
    contacts = tickets * 3 // 10
    return Account("", tickets, contacts, tickets // 100, 50, tickets // 1000, contacts // 1000)


def minutes(sync: Sync, plan: str) -> float:
    """How long the limits take to grant its calls."""
    return sum(phase.minutes(LIMITS[plan]) for phases in sync.values() for phase in phases)


def table_of_sizes() -> str:
    """The first sync of the five main streams, and one an hour later."""
    rows = []
    for tickets in SIZES:
        account = account_of(tickets)
        for name, sync in (("first", first_sync(account)), ("an hour later", hourly_sync(account))):
            times = [format_duration(minutes(sync, plan)) for plan in LIMITS]
            rows.append((f"{tickets:,}", name, *times))
    return table(("tickets", "sync", *(f"{plan} ({limit:,.0f})" for plan, limit in LIMITS.items())), rows)
