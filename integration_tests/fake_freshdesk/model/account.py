"""A Freshdesk account: its tickets, people and companies, and the ways they change."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from integration_tests.fake_freshdesk.model import moments, records
from integration_tests.fake_freshdesk.model.record_store import FIRST_IDS, RecordStore, written
from integration_tests.fake_freshdesk.model.table import Record

KEPT_IN_TRASH = timedelta(days=30)


class Account(RecordStore):
    """What the fake serves.

    The records `add_…` and `update_…` return are the ones kept, so they show later changes; read them, but change them
    through the account only.
    """

    # What there is

    @property
    def tickets(self) -> Mapping[int, Record]:
        return self.table("tickets").rows

    @property
    def conversations(self) -> Mapping[int, Record]:
        return self.table("conversations").rows

    @property
    def contacts(self) -> Mapping[int, Record]:
        return self.table("contacts").rows

    @property
    def companies(self) -> Mapping[int, Record]:
        return self.table("companies").rows

    @property
    def agents(self) -> Mapping[int, Record]:
        return self.table("agents").rows

    def conversations_of(self, ticket_id: int) -> list[Record]:
        """Oldest first."""
        with self.lock:
            found = self.table("conversations").group("ticket_id", ticket_id)
            return sorted(found, key=lambda row: (row["created_at"], row["id"]))

    def key_owner(self) -> Record:
        """The agent whose API key is used: the first that was added. An account without agents still has an owner."""
        if self.agents:
            return next(iter(self.agents.values()))
        founded = "2024-01-01T00:00:00Z"
        return records.agent(FIRST_IDS["users"], "Account Owner", "owner@example.com", founded, founded)

    # Tickets

    def add_ticket(self, **fields: Any) -> Record:
        """A ticket from now, or from `created_at`, or from `updated_at`; of some contact, if there is any."""
        with self.lock:
            fields = written(fields)
            ticket_id = self._id_for("tickets", fields)
            created_at, updated_at = self._lifetime(fields)
            requester_id = fields.get("requester_id") or self._some_contact_id()
            row = records.ticket(self.random, ticket_id, requester_id, created_at, updated_at) | fields
            if row["stats"] is None:
                row["stats"] = records.ticket_stats(row["status"], created_at, updated_at)
            self.table("tickets").put(row)
            return row

    def update_ticket(self, ticket_id: int, *, updated_at: str | datetime | None = None, **fields: Any) -> Record:
        """`updated_at` becomes now unless it is given; the stats follow the status unless given."""
        with self.lock:
            ticket = self.tickets[ticket_id]
            at = self._at(updated_at)
            if "status" in fields and "stats" not in fields:
                fields["stats"] = records.stats_after(ticket["stats"], ticket["status"], fields["status"], at)
            return self.change("tickets", ticket_id, updated_at=at, **fields)

    def delete_ticket(self, ticket_id: int, *, updated_at: str | datetime | None = None, touch: bool = True) -> Record:
        """To the trash: out of the default list, into `filter=deleted`. Whether Freshdesk touches `updated_at` then is
        not documented, hence `touch`."""
        return self._set_aside("tickets", ticket_id, "deleted", updated_at, touch)

    def spam_ticket(self, ticket_id: int, *, updated_at: str | datetime | None = None, touch: bool = True) -> Record:
        """Marked as spam: out of the default list, into `filter=spam`."""
        return self._set_aside("tickets", ticket_id, "spam", updated_at, touch)

    def restore_ticket(self, ticket_id: int, *, updated_at: str | datetime | None = None, touch: bool = True) -> Record:
        """Out of the trash and the spam, back into the default list."""
        touched = {"updated_at": self._at(updated_at)} if touch else {}
        return self.change("tickets", ticket_id, deleted=False, spam=False, set_aside_at=None, **touched)

    def destroy_ticket(self, ticket_id: int) -> None:
        """Gone for ever, with its conversations."""
        with self.lock:
            for row in list(self.table("conversations").group("ticket_id", ticket_id)):
                self.remove("conversations", row["id"])
            self.remove("tickets", ticket_id)

    def empty_trash(self) -> list[int]:
        """What Freshdesk does by itself: tickets that were deleted or marked as spam 30 days ago are gone for ever."""
        last = moments.stamp(self.now() - KEPT_IN_TRASH)
        expired = [one["id"] for one in self.tickets.values() if one["set_aside_at"] and one["set_aside_at"] <= last]
        for ticket_id in expired:
            self.destroy_ticket(ticket_id)
        return expired

    def merge_tickets(self, primary_id: int, secondary_id: int, *, vanishes: bool = False) -> None:
        """The secondary ticket's text goes to the primary one. What becomes of it then is not documented: it is closed
        with a note, or is in the trash.
        """
        self.add_conversation(primary_id, body=f"Merged from ticket {secondary_id}", private=True)
        if vanishes:
            self.delete_ticket(secondary_id)
        else:
            self.add_conversation(secondary_id, body=f"Merged into ticket {primary_id}", private=True)
            self.update_ticket(secondary_id, status=records.CLOSED)

    # Conversations

    def add_conversation(self, ticket_id: int, *, touch: bool = True, **fields: Any) -> Record:
        """A reply or note from now or from `created_at`. With `touch` its ticket was updated then, if not later."""
        with self.lock:
            ticket = self.tickets[ticket_id]
            fields = written(fields)
            created_at = fields.get("created_at") or self.now_stamp()
            user_id = fields.get("user_id") or ticket["responder_id"] or self.key_owner()["id"]
            conversation_id = self._id_for("conversations", fields)
            row = records.conversation(conversation_id, ticket_id, user_id, created_at) | fields
            self.table("conversations").put(row)
            if touch and created_at > ticket["updated_at"]:
                self.change("tickets", ticket_id, updated_at=created_at)
            return row

    # Contacts

    def add_contact(self, **fields: Any) -> Record:
        with self.lock:
            fields = written(fields)
            contact_id = self._id_for("contacts", fields)
            created_at, updated_at = self._lifetime(fields)
            name = fields.get("name", f"Contact {contact_id}")
            row = records.contact(self.random, contact_id, name, fields.get("company_id"), created_at, updated_at)
            row |= fields
            self.table("contacts").put(row)
            return row

    def update_contact(self, contact_id: int, *, updated_at: str | datetime | None = None, **fields: Any) -> Record:
        return self.change("contacts", contact_id, updated_at=self._at(updated_at), **fields)

    def delete_contact(
        self, contact_id: int, *, updated_at: str | datetime | None = None, touch: bool = True
    ) -> Record:
        """Out of the default list, into `state=deleted`."""
        return self._set_aside("contacts", contact_id, "deleted", updated_at, touch)

    def block_contact(self, contact_id: int, *, updated_at: str | datetime | None = None, touch: bool = True) -> Record:
        """Out of the default list, into `state=blocked`."""
        return self._set_aside("contacts", contact_id, "blocked", updated_at, touch)

    def merge_contacts(self, primary_id: int, secondary_id: int) -> None:
        """The secondary contact leaves the default list. Where it goes is not documented; here it is deleted."""
        self.update_contact(primary_id)
        self.delete_contact(secondary_id)

    # Companies

    def add_company(self, **fields: Any) -> Record:
        with self.lock:
            fields = written(fields)
            company_id = self._id_for("companies", fields)
            created_at, updated_at = self._lifetime(fields)
            name = fields.get("name", f"Company {company_id}")
            row = records.company(self.random, company_id, name, created_at, updated_at) | fields
            self.table("companies").put(row)
            return row

    def update_company(self, company_id: int, *, updated_at: str | datetime | None = None, **fields: Any) -> Record:
        return self.change("companies", company_id, updated_at=self._at(updated_at), **fields)

    def delete_company(self, company_id: int) -> None:
        """Gone for ever: companies have no trash."""
        self.remove("companies", company_id)

    # Agents

    def add_agent(self, *, name: str | None = None, email: str | None = None, **fields: Any) -> Record:
        """`name` and `email` belong to the agent's `contact`; further keys of it go in as `contact={…}`."""
        with self.lock:
            fields = written(fields)
            agent_id = self._id_for("agents", fields)
            created_at, updated_at = self._lifetime(fields)
            email = email or f"agent.{agent_id}@helpdesk.example.com"
            row = records.agent(agent_id, name or f"Agent {agent_id}", email, created_at, updated_at)
            row |= {**fields, "contact": row["contact"] | fields.get("contact", {})}
            self.table("agents").put(row)
            return row

    # Inside

    def _lifetime(self, fields: Mapping[str, Any]) -> tuple[str, str]:
        created_at = fields.get("created_at") or min(fields.get("updated_at") or "9", self.now_stamp())
        return created_at, fields.get("updated_at") or created_at

    def _some_contact_id(self) -> int:
        contact_ids = self.table("contacts").positions("id", lambda row: row["id"])
        if not contact_ids:
            return FIRST_IDS["users"]
        chosen: int = self.random.choice(contact_ids)[1]
        return chosen

    def _at(self, moment: str | datetime | None) -> str:
        if moment is None:
            return self.now_stamp()
        return moments.stamp(moment) if isinstance(moment, datetime) else moment

    def _set_aside(
        self, resource: str, row_id: int, mark: str, updated_at: str | datetime | None, touch: bool
    ) -> Record:
        touched = {"updated_at": self._at(updated_at)} if touch else {}
        return self.change(resource, row_id, **{mark: True, "set_aside_at": self.now_stamp()}, **touched)
