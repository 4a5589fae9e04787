"""What a day does to an account."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from integration_tests.believable import wording
from integration_tests.believable.aftermath import Ids, rate_tickets, write_down_time
from integration_tests.believable.course import Turn
from integration_tests.believable.help_desk import busy_moments
from integration_tests.believable.sla import OFFICE, flags
from integration_tests.believable.story import Team, add_ticket_with_its_story, say
from integration_tests.fake_freshdesk.model.account import Account
from integration_tests.fake_freshdesk.model.moments import stamp
from integration_tests.fake_freshdesk.model.records import CLOSED, OPEN, RESOLVED
from integration_tests.fake_freshdesk.model.table import Record

_DAY = timedelta(days=1)
_TICKETS_PER_REPLY = 100
_TICKETS_PER_EDIT = 200
_TICKETS_PER_NEW_ONE = 250
_TICKETS_PER_LOST_ONE = 1000
_CONTACTS_PER_CHANGE = 100
_COMPANIES_PER_CHANGE = 40
_DUE = {"fr_escalated": "fr_due_by", "is_escalated": "due_by"}
"""The flags of tickets, and the times of which they say that they have passed."""


@dataclass(frozen=True)
class DayOfChanges:
    """Ids of what changed after `since`. Those updated were there before and are still listed; no id is in two fields
    of the same resource."""

    since: str
    tickets_created: Ids
    tickets_updated: Ids
    tickets_deleted: Ids
    tickets_spammed: Ids
    tickets_destroyed: Ids
    conversations_created: Ids
    contacts_created: Ids
    contacts_updated: Ids
    contacts_deleted: Ids
    companies_created: Ids
    companies_updated: Ids
    agents_updated: Ids
    time_entries_created: Ids
    satisfaction_ratings_created: Ids


def a_day_passes(account: Account) -> DayOfChanges:
    """Move the account's clock a day on, and let happen what a help desk of its size sees in a day."""
    with account.lock:
        day = _Day(account)
        conversations_before = set(account.conversations)
        return DayOfChanges(
            since=stamp(day.morning),
            tickets_destroyed=day.destroy_tickets(),
            tickets_deleted=day.delete_tickets(),
            tickets_spammed=day.spam_tickets(),
            tickets_updated=(*day.reply_to_tickets(), *day.edit_tickets(), *day.escalate_tickets()),
            companies_updated=day.update_companies(),
            companies_created=day.add_companies(),
            agents_updated=day.move_an_agent(),
            contacts_deleted=day.delete_contacts(),
            contacts_updated=day.update_contacts(),
            contacts_created=day.add_contacts(),
            tickets_created=day.add_tickets(),
            conversations_created=tuple(sorted(set(account.conversations) - conversations_before)),
            time_entries_created=day.write_down_time(),
            satisfaction_ratings_created=day.rate_tickets(),
        )


class _Day:
    """The changes of one day. Each kind takes records that no other kind has taken."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.morning = account.now()
        account.advance(_DAY)
        self._rng = account.random
        self._ticket_count = len(account.tickets)
        self._tickets = _shuffled(self._rng, account.tickets.values())
        self._contacts = _shuffled(self._rng, account.contacts.values())
        self._companies = _shuffled(self._rng, account.companies.values())

    def destroy_tickets(self) -> Ids:
        ids = _take(self._tickets, self._share_of_tickets(_TICKETS_PER_LOST_ONE))
        for ticket_id in ids:
            self.account.destroy_ticket(ticket_id)
        return ids

    def delete_tickets(self) -> Ids:
        ids = _take(self._tickets, self._share_of_tickets(_TICKETS_PER_LOST_ONE))
        for ticket_id in ids:
            self.account.delete_ticket(ticket_id, updated_at=self._some_time())
        return ids

    def spam_tickets(self) -> Ids:
        ids = _take(self._tickets, self._share_of_tickets(_TICKETS_PER_LOST_ONE))
        for ticket_id in ids:
            self.account.spam_ticket(ticket_id, updated_at=self._some_time())
        return ids

    def reply_to_tickets(self) -> Ids:
        """Replies and notes touch their ticket; a customer's reply opens it again.

        An agent writes in office hours; on a day without any, whoever is on call.
        """
        ids = _take(self._tickets, self._share_of_tickets(_TICKETS_PER_REPLY))
        for ticket_id in ids:
            ticket = self.account.tickets[ticket_id]
            at = self._some_time()
            incoming = self._rng.random() < 0.5
            private = not incoming and self._rng.random() < 0.3
            if not incoming:
                in_office = OFFICE.after(at, timedelta())
                at = in_office if in_office <= self.account.now() else at
            say(self.account, ticket, Turn(at, incoming, private), touch=True)
            if incoming and ticket["status"] in (RESOLVED, CLOSED):
                self.account.update_ticket(ticket_id, updated_at=at, status=OPEN)
            if not private:
                self.account.update_ticket(ticket_id, updated_at=at, stats=_after_a_word(ticket["stats"], at, incoming))
            self._flag(ticket_id)
        return ids

    def edit_tickets(self) -> Ids:
        """Without a word to the customer: what is closed gets another tag, the rest is closed."""
        ids = _take(self._tickets, self._share_of_tickets(_TICKETS_PER_EDIT))
        for ticket_id in ids:
            ticket = self.account.tickets[ticket_id]
            changed = {"tags": [*ticket["tags"], "reviewed"]} if ticket["status"] == CLOSED else {"status": CLOSED}
            self.account.update_ticket(ticket_id, updated_at=self._some_time(), **changed)
            self._flag(ticket_id)
        return ids

    def escalate_tickets(self) -> Ids:
        """Those that nobody touched, and that fell due unanswered or unsolved: Freshdesk flags them."""
        late = {}
        for ticket_id in self._tickets:
            ticket = self.account.tickets[ticket_id]
            now_broken = flags(ticket, self.account.now_stamp())
            due = [ticket[field] for flag, field in _DUE.items() if now_broken[flag] and not ticket[flag]]
            if due:
                late[ticket_id] = max(*due, stamp(self.morning + timedelta(seconds=1)))
        for ticket_id, at in late.items():
            self._tickets.remove(ticket_id)
            self.account.update_ticket(ticket_id, updated_at=at)
            self._flag(ticket_id)
        return tuple(late)

    def move_an_agent(self) -> Ids:
        """One agent leaves a group for another."""
        agent = self._rng.choice(list(self.account.agents.values()))
        groups = list(self.account.table("groups").rows.values())
        left = next(group for group in groups if group["id"] in agent["group_ids"])
        joined = self._rng.choice([group for group in groups if group["id"] not in agent["group_ids"]])
        at = self._some_time()
        group_ids = sorted({*agent["group_ids"], joined["id"]} - {left["id"]})
        self.account.change("agents", agent["id"], group_ids=group_ids, updated_at=at)
        members = {left["id"]: {*left["agent_ids"]} - {agent["id"]}, joined["id"]: {*joined["agent_ids"], agent["id"]}}
        for group_id, agent_ids in members.items():
            self.account.change("groups", group_id, agent_ids=sorted(agent_ids), updated_at=at)
        return (agent["id"],)

    def add_tickets(self) -> Ids:
        team = Team.of(self.account)
        count = self._share_of_tickets(_TICKETS_PER_NEW_ONE)
        moments = busy_moments(self._rng, self.account.now(), _DAY.days, count)
        return tuple(add_ticket_with_its_story(self.account, team, created)["id"] for created in moments)

    def update_contacts(self) -> Ids:
        """A new name moves a contact to another place of a list that is sorted by name."""
        ids = _take(self._contacts, _share(len(self.account.contacts), _CONTACTS_PER_CHANGE))
        for contact_id in ids:
            first_name = self._rng.choice(wording.FIRST_NAMES)
            name = f"{first_name} {self.account.contacts[contact_id]['last_name']}"
            self.account.update_contact(contact_id, updated_at=self._some_time(), name=name, first_name=first_name)
        return ids

    def delete_contacts(self) -> Ids:
        ids = _take(self._contacts, 1)
        for contact_id in ids:
            self.account.delete_contact(contact_id, updated_at=self._some_time())
        return ids

    def add_contacts(self) -> Ids:
        names = [
            f"{self._rng.choice(wording.FIRST_NAMES)} {self._rng.choice(wording.LAST_NAMES)}"
            for _ in range(_share(len(self.account.contacts), _CONTACTS_PER_CHANGE))
        ]
        return tuple(self.account.add_contact(name=name, created_at=self._some_time())["id"] for name in names)

    def update_companies(self) -> Ids:
        ids = _take(self._companies, _share(len(self.account.companies), _COMPANIES_PER_CHANGE))
        for company_id in ids:
            health_score = self._rng.choice(wording.HEALTH_SCORES)
            self.account.update_company(company_id, updated_at=self._some_time(), health_score=health_score)
        return ids

    def add_companies(self) -> Ids:
        first, last = self._rng.choice(wording.COMPANY_FIRST_WORDS), self._rng.choice(wording.COMPANY_LAST_WORDS)
        company = self.account.add_company(name=f"New {first} {last}", created_at=self._some_time())
        return (company["id"],)

    def write_down_time(self) -> Ids:
        return write_down_time(self.account, self._rng, stamp(self.morning))

    def rate_tickets(self) -> Ids:
        return rate_tickets(self.account, self._rng, self.morning)

    def _flag(self, ticket_id: int) -> None:
        broken = flags(self.account.tickets[ticket_id], self.account.now_stamp())
        self.account.change("tickets", ticket_id, **broken)

    def _share_of_tickets(self, tickets_per_one: int) -> int:
        return _share(self._ticket_count, tickets_per_one)

    def _some_time(self) -> datetime:
        return self.morning + timedelta(seconds=self._rng.randint(1, int(_DAY.total_seconds())))


def _shuffled(rng: random.Random, rows: Iterable[Record]) -> list[int]:
    """The ids of the records that lists show, in any order."""
    ids = [row["id"] for row in rows if not (row.get("deleted") or row.get("spam") or row.get("blocked"))]
    rng.shuffle(ids)
    return ids


def _after_a_word(stats: Record, at: datetime, incoming: bool) -> Record:
    if incoming:
        return stats | {"requester_responded_at": stamp(at)}
    return stats | {"agent_responded_at": stamp(at), "first_responded_at": stats["first_responded_at"] or stamp(at)}


def _take(ids: list[int], count: int) -> Ids:
    taken = tuple(ids[:count])
    del ids[:count]
    return taken


def _share(count: int, per_one: int) -> int:
    """One in so many, but at least one."""
    return max(1, round(count / per_one))
