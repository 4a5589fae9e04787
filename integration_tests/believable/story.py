"""How a ticket goes: who writes, who answers when, how it ends, and what its fields say about that afterwards."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from integration_tests.believable import wording
from integration_tests.fake_freshdesk.model.account import Account
from integration_tests.fake_freshdesk.model.moments import stamp
from integration_tests.fake_freshdesk.model.records import CLOSED, OPEN, PENDING, RESOLVED, ticket_stats
from integration_tests.fake_freshdesk.model.table import Record

WAITING_ON_CUSTOMER = 6
EMAIL, PORTAL, PHONE, CHAT = 1, 2, 3, 7
SUPPORT_EMAIL = "support@brightleaf.example.com"

SLA_HOURS = {1: (24, 120), 2: (12, 72), 3: (4, 36), 4: (1, 12)}
"""Hours to the first response and to the resolution, by priority."""

_WEIGHT_OF_PRIORITY = {1: 50, 2: 30, 3: 14, 4: 6}
_WEIGHT_OF_SOURCE = {EMAIL: 60, PORTAL: 22, PHONE: 10, CHAT: 8}
_WEIGHT_OF_CONVERSATIONS = {0: 8, 1: 18, 2: 26, 3: 20, 4: 14, 5: 8, 6: 6}
_CHANCE_OF_SPAM = 0.015
_CHANCE_OF_TRASH = 0.01
_CHANCE_TO_STAY_UNSOLVED = 0.03
_CHANCE_OF_NOTE = 0.15


@dataclass(frozen=True)
class Team:
    """Who takes part in tickets."""

    agent_ids: Mapping[str, Sequence[int]]
    group_ids: Mapping[str, int]
    products: Sequence[Record]
    requesters: Sequence[Record]

    @staticmethod
    def of(account: Account) -> "Team":
        group_ids = {row["name"]: row["id"] for row in account.table("groups").rows.values()}
        agents = list(account.agents.values()) or [account.key_owner()]
        return Team(
            agent_ids={
                name: [agent["id"] for agent in agents if group_id in agent["group_ids"]]
                for name, group_id in group_ids.items()
            },
            group_ids=group_ids,
            products=list(account.table("products").rows.values()),
            requesters=[row for row in account.contacts.values() if not row["deleted"] and not row["blocked"]],
        )


@dataclass(frozen=True)
class Turn:
    """One thing said in a ticket."""

    at: datetime
    incoming: bool
    private: bool = False


def add_ticket_with_its_story(account: Account, team: Team, created: datetime, *, is_long: bool = False) -> Record:
    """A ticket of that moment, with all that has happened to it until now."""
    rng = account.random
    if rng.random() < _CHANCE_OF_SPAM and not is_long:
        return _add_spam(account, created)
    topic = rng.choice(wording.TOPICS)
    priority = _weighted(rng, _WEIGHT_OF_PRIORITY)
    count = rng.randint(105, 140) if is_long else _weighted(rng, _WEIGHT_OF_CONVERSATIONS)
    turns = [turn for turn in _turns(rng, created, priority, count) if turn.at <= account.now()]
    fields = _opening(account, team, topic, created)
    fields |= _course(rng, created, priority, turns, account.now())
    agent_ids = team.agent_ids.get(topic.group) or [account.key_owner()["id"]]
    if turns or rng.random() < 0.5:
        fields["responder_id"] = rng.choice(agent_ids)
    ticket = account.add_ticket(**fields)
    for turn in turns:
        say(account, ticket, turn)
    return ticket


def say(account: Account, ticket: Record, turn: Turn, *, touch: bool = False) -> Record:
    """Add a turn to a ticket, in words that fit who speaks."""
    rng = account.random
    if turn.private:
        text = rng.choice(wording.NOTES)
    elif turn.incoming:
        text = rng.choice(wording.CUSTOMER_REPLIES)
    else:
        text = f"Hi, {rng.choice(wording.AGENT_REPLIES)}"
    fields: dict[str, Any] = {"created_at": turn.at, "body": f"<div>{text}</div>", "body_text": text}
    if turn.private:
        fields |= {"private": True, "source": 2, "category": 2}
    elif turn.incoming:
        fields |= {"incoming": True, "user_id": ticket["requester_id"], "category": 1, "to_emails": [SUPPORT_EMAIL]}
    else:
        fields |= {"support_email": SUPPORT_EMAIL, "from_email": f"Brightleaf <{SUPPORT_EMAIL}>", "bcc_emails": []}
    return account.add_conversation(ticket["id"], touch=touch, **fields)


def _add_spam(account: Account, created: datetime) -> Record:
    subject, text = account.random.choice(wording.SPAM)
    return account.add_ticket(created_at=created, subject=subject, **_description([text]), spam=True)


def _turns(rng: random.Random, created: datetime, priority: int, count: int) -> list[Turn]:
    """An agent answers first; then both write, and agents leave notes for each other."""
    respond_within, resolve_within = SLA_HOURS[priority]
    at = created + timedelta(hours=respond_within * rng.expovariate(2.2), seconds=rng.randint(30, 300))
    turns: list[Turn] = []
    incoming = False
    for _ in range(count):
        private = bool(turns) and rng.random() < _CHANCE_OF_NOTE
        turns.append(Turn(at, incoming and not private, private))
        if not private:
            incoming = not incoming
        gap_hours = resolve_within / max(4, count) * rng.expovariate(1.4)
        at += timedelta(hours=gap_hours, seconds=rng.randint(20, 200))
    return turns


def _opening(account: Account, team: Team, topic: wording.Topic, created: datetime) -> Record:
    """The fields a ticket has from its first moment."""
    rng = account.random
    requester = rng.choice(team.requesters) if team.requesters else None
    product = rng.choice(team.products) if team.products else None
    order = f"BL-{rng.randint(10_000, 99_999)}"
    words = {"product": product["name"] if product else wording.PRODUCTS[0], "order": order}
    sentences = ["Hello,", *(sentence.format(**words) for sentence in topic.sentences)]
    if requester is not None:
        sentences.append(f"Best regards, {requester['name']}")
    source = _weighted(rng, _WEIGHT_OF_SOURCE)
    fields: Record = {
        "created_at": created,
        "subject": topic.subject.format(**words),
        "type": topic.type,
        "tags": list(topic.tags[: rng.randint(0, len(topic.tags))]),
        "source": source,
        "group_id": team.group_ids.get(topic.group),
        "product_id": product["id"] if product else None,
        "custom_fields": {
            "cf_order_number": order if "{order}" in topic.subject else None,
            "cf_serial_number": f"SN{rng.randint(10**7, 10**8)}" if topic.type == "Problem" else None,
            "cf_refund_amount": round(rng.uniform(20, 900), 2) if topic.type == "Refund" else None,
            "cf_under_warranty": rng.random() < 0.7,
            "cf_visit_date": f"{created + timedelta(days=2):%Y-%m-%d}" if topic.type == "Incident" else None,
        },
        **_description(sentences),
    }
    if requester is not None:
        fields |= {"requester_id": requester["id"], "company_id": requester["company_id"]}
    if source == EMAIL:
        fields |= {"support_email": SUPPORT_EMAIL, "to_emails": [SUPPORT_EMAIL]}
    return fields


def _course(rng: random.Random, created: datetime, priority: int, turns: Sequence[Turn], now: datetime) -> Record:
    """The fields that tell what became of a ticket: status, stats, and whether the promised times were kept."""
    respond_within, resolve_within = SLA_HOURS[priority]
    fr_due, due = created + timedelta(hours=respond_within), created + timedelta(hours=resolve_within)
    agent_turns = [turn.at for turn in turns if not turn.incoming and not turn.private]
    last_at = turns[-1].at if turns else created
    resolved = last_at + timedelta(hours=rng.expovariate(0.3), minutes=1)
    closed = resolved + timedelta(hours=48)
    if resolved > now or rng.random() < _CHANCE_TO_STAY_UNSOLVED:
        status, status_at = _status_before_the_end(rng, turns), last_at
    elif closed > now:
        status, status_at = RESOLVED, resolved
    else:
        status, status_at = CLOSED, closed
    is_done = status in (RESOLVED, CLOSED)
    stats = ticket_stats(status, stamp(created), stamp(status_at)) | {
        "agent_responded_at": stamp(agent_turns[-1]) if agent_turns else None,
        "requester_responded_at": next((stamp(turn.at) for turn in reversed(turns) if turn.incoming), None),
        "first_responded_at": stamp(agent_turns[0]) if agent_turns else None,
        "resolved_at": stamp(resolved) if is_done else None,
    }
    return {
        "priority": priority,
        "status": status,
        "stats": stats,
        "updated_at": max(status_at, last_at),
        "fr_due_by": fr_due,
        "due_by": due,
        "fr_escalated": (agent_turns[0] if agent_turns else now) > fr_due,
        "is_escalated": (resolved if is_done else now) > due,
        "deleted": rng.random() < _CHANCE_OF_TRASH,
    }


def _status_before_the_end(rng: random.Random, turns: Sequence[Turn]) -> int:
    if not turns or turns[-1].incoming:
        return OPEN
    return rng.choice((OPEN, PENDING, WAITING_ON_CUSTOMER))


def _description(sentences: Sequence[str]) -> Record:
    return {"description": f"<div>{'<br>'.join(sentences)}</div>", "description_text": " ".join(sentences)}


def _weighted(rng: random.Random, weights: Mapping[int, int]) -> int:
    return rng.choices(list(weights), list(weights.values()))[0]
