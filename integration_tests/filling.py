"""Fills accounts for tests: on a fixed day, with tickets in a row."""

from datetime import UTC, datetime, timedelta

from integration_tests.fake_freshdesk import Account

TODAY = datetime(2026, 6, 1, 12, tzinfo=UTC)


def before(**ago: float) -> datetime:
    """So long before the account's present: `before(days=3)`."""
    return TODAY - timedelta(**ago)


def add_tickets(
    account: Account, count: int, first: datetime | None = None, every: timedelta = timedelta(hours=1)
) -> None:
    """Tickets of a year ago, each updated so long after the one before it."""
    first = first or before(days=365)
    for number in range(count):
        account.add_ticket(created_at=first + number * every, updated_at=first + number * every)
