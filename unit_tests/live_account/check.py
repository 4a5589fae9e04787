"""Whether what was emitted equals the account."""

from collections.abc import Callable

from unit_tests.live_account.account import Account
from unit_tests.live_account.syncs import companies_of, conversations_of, emitted_by, tickets_of
from unit_tests.live_account.table import Row


def wrong_tickets(seed: str) -> list[str]:
    """What is wrong with the tickets after the syncs of this seed."""
    account = Account(seed)
    table, repeated = emitted_by(account, tickets_of, account.draw.randint(1, 5))
    now = account.tickets.latest() | account.trash.latest()
    promised = {number: {"deleted": False, "spam": False} | row for number, row in now.items()}
    return _differences(promised, table) + _repeats(repeated)


def wrong_conversations(seed: str) -> list[str]:
    """What is wrong with the conversations after the syncs of this seed."""
    account = Account(seed)
    table, _ = emitted_by(account, conversations_of, account.draw.randint(1, 4))
    promised = {
        number: row
        for ticket_id in account.tickets.latest()
        if ticket_id in account.conversations
        for number, row in account.conversations[ticket_id].latest().items()
    }
    return _differences(promised, table)


def wrong_companies(seed: str) -> list[str]:
    """What is wrong with the companies after the syncs of this seed."""
    account = Account(seed)
    table, repeated = emitted_by(account, companies_of, account.draw.randint(1, 5))
    return _differences(account.companies.latest(), table) + _repeats(repeated)


KINDS: dict[str, Callable[[str], list[str]]] = {
    "tickets": wrong_tickets,
    "conversations": wrong_conversations,
    "companies": wrong_companies,
}


def _differences(promised: dict[int, Row], table: dict[int, Row]) -> list[str]:
    return [
        f"{number} is {row}, and what came last is {table.get(number)}"
        for number, row in promised.items()
        if table.get(number) != row
    ]


def _repeats(emitted: int) -> list[str]:
    return [f"{emitted} records came in a sync in which nothing had changed"] if emitted else []
