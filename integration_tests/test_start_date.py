"""A start date that is set earlier, later: only what lies between the two is read."""

from datetime import datetime, timedelta

import pytest

from integration_tests.conftest import Connect
from integration_tests.fake_freshdesk import Account, FakeFreshdesk, faults
from integration_tests.filling import add_tickets, before

FIRST, EARLIER = "2026-02-01T00:00:00Z", "2025-09-01T00:00:00Z"
OLD = (before(days=300), before(days=200), before(days=150))
NEW = (before(days=100), before(days=50))


@pytest.fixture
def account(account: Account) -> Account:
    """Tickets, contacts and companies of five days; a conversation of each ticket."""
    for at in (*OLD, *NEW):
        add_tickets(account, 30, first=at, every=timedelta(minutes=1))
        account.add_contact(updated_at=at)
        account.add_company(updated_at=at)
    for ticket in list(account.tickets.values()):
        account.add_conversation(ticket["id"], created_at=ticket["updated_at"], touch=False)
    return account


def rows(account: Account, stream: str, since: str, before: str) -> list[int]:
    table = "tickets" if stream == "conversations" else stream
    ids = [one["id"] for one in account.table(table).rows.values() if since <= one["updated_at"] < before]
    if stream != "conversations":
        return sorted(ids)
    return sorted(one["id"] for one in account.conversations.values() if one["ticket_id"] in ids)


@pytest.mark.parametrize("stream", ["tickets", "conversations", "contacts", "companies"])
def test_only_the_gap_is_read(fake: FakeFreshdesk, connect: Connect, account: Account, stream: str) -> None:
    first = connect(fake, start_date=FIRST).read(stream)
    assert sorted(first.ids(stream)) == rows(account, stream, FIRST, "9")
    earlier = connect(fake, start_date=EARLIER)
    gap = earlier.read(stream, state=first.last_states)
    assert sorted(gap.ids(stream)) == rows(account, stream, EARLIER, FIRST)
    assert earlier.read(stream, state=gap.last_states).ids(stream) == []
    whole = connect(fake).read(stream, state=gap.last_states)
    assert sorted(whole.ids(stream)) == rows(account, stream, "0", EARLIER)


@pytest.mark.parametrize("stream", ["tickets", "contacts"])
def test_what_changed_since_comes_with_it_once(
    fake: FakeFreshdesk, connect: Connect, account: Account, stream: str
) -> None:
    first = connect(fake, start_date=FIRST).read(stream)
    changed = rows(account, stream, EARLIER, FIRST)[0]
    account.change(stream, changed, updated_at=before(hours=1))
    gap = connect(fake, start_date=EARLIER).read(stream, state=first.last_states)
    assert sorted(gap.ids(stream)) == sorted([changed, *rows(account, stream, EARLIER, FIRST)])


def test_a_gap_of_many_tickets_that_is_interrupted_goes_on_there(
    fake: FakeFreshdesk, connect: Connect, account: Account
) -> None:
    add_tickets(account, 800, first=datetime.fromisoformat(EARLIER), every=timedelta(hours=2))
    first = connect(fake, start_date=FIRST).read("tickets")
    earlier = connect(fake, start_date=EARLIER)
    fake.misbehave(faults.status(400), times=None, after=6)
    broken = earlier.read("tickets", state=first.last_states)
    fake.behave()
    rest = earlier.read("tickets", state=broken.last_states)
    assert broken.exit_code == 1
    assert 0 < len(broken.ids("tickets")) < 800
    assert set(broken.ids("tickets")) | set(rest.ids("tickets")) == set(rows(account, "tickets", EARLIER, FIRST))
    assert len(broken.ids("tickets")) + len(rest.ids("tickets")) <= 800 + 100 + len(OLD) * 30
