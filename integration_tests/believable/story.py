"""Tickets with all that happens to them: what they are about, who takes part, and what their fields say afterwards."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from integration_tests.believable import wording
from integration_tests.believable.course import Turn, course
from integration_tests.believable.sla import flags, promise
from integration_tests.fake_freshdesk.model.account import Account
from integration_tests.fake_freshdesk.model.moments import stamp
from integration_tests.fake_freshdesk.model.table import Record

EMAIL, PORTAL, PHONE, CHAT = 1, 2, 3, 7
SUPPORT_EMAIL = "support@brightleaf.example.com"
RECEPTION = "Customer Care"
"""The group that gets what belongs to another one now and then."""

_WEIGHT_OF_PRIORITY = {1: 50, 2: 30, 3: 14, 4: 6}
_WEIGHT_OF_SOURCE = {EMAIL: 60, PORTAL: 22, PHONE: 10, CHAT: 8}
_WEIGHT_OF_CONVERSATIONS = {0: 8, 1: 18, 2: 26, 3: 20, 4: 14, 5: 8, 6: 6}
_CHANCE_OF_SPAM = 0.015
_CHANCE_OF_TRASH = 0.01
_CHANCE_TO_PASS_RECEPTION = 0.08
_CHANCE_OF_ANOTHER_AGENT = 0.12


@dataclass(frozen=True)
class Team:
    """Who takes part in tickets."""

    agents: Mapping[str, Sequence[Record]]
    group_ids: Mapping[str, int]
    products: Sequence[Record]
    requesters: Sequence[Record]

    @staticmethod
    def of(account: Account) -> "Team":
        group_ids = {row["name"]: row["id"] for row in account.table("groups").rows.values()}
        return Team(
            agents={
                name: [agent for agent in account.agents.values() if group_id in agent["group_ids"]]
                or [account.key_owner()]
                for name, group_id in group_ids.items()
            },
            group_ids=group_ids,
            products=list(account.table("products").rows.values()),
            requesters=[row for row in account.contacts.values() if not row["deleted"] and not row["blocked"]],
        )

    def agents_of(self, group: str, at: datetime) -> list[int]:
        """Those who were there at that time; all if nobody was."""
        agents = self.agents[group]
        return [agent["id"] for agent in agents if agent["created_at"] <= stamp(at)] or [one["id"] for one in agents]


def add_ticket_with_its_story(account: Account, team: Team, created: datetime, *, is_long: bool = False) -> Record:
    """A ticket of that moment, with all that has happened to it until now."""
    rng = account.random
    if rng.random() < _CHANCE_OF_SPAM and not is_long:
        return _add_spam(account, created)
    topic = rng.choice(wording.TOPICS)
    priority = _weighted(rng, _WEIGHT_OF_PRIORITY)
    count = rng.randint(105, 140) if is_long else _weighted(rng, _WEIGHT_OF_CONVERSATIONS)
    promised = promise(topic.type, priority, topic.group)
    agent_ids = _who_answers(rng, team, topic.group, created)
    done = course(rng, created, promised, agent_ids, count, account.now())
    fields = _opening(account, team, topic, created) | {
        "priority": priority,
        "status": done.status,
        "stats": done.stats(),
        "updated_at": stamp(done.updated()),
        "fr_due_by": stamp(promised.after(created, promised.respond)),
        "due_by": stamp(promised.after(created, promised.resolve)),
        "deleted": rng.random() < _CHANCE_OF_TRASH,
    }
    fields |= flags(fields, account.now_stamp())
    if done.turns or rng.random() < 0.5:
        fields["responder_id"] = agent_ids[-1]
    ticket = account.add_ticket(**fields)
    for turn in done.turns:
        say(account, ticket, turn)
    return ticket


def _who_answers(rng: random.Random, team: Team, group: str, at: datetime) -> list[int]:
    """Mostly one agent; or one of the reception and one of the group; or two of the group."""
    last = rng.choice(team.agents_of(group, at))
    if rng.random() < _CHANCE_TO_PASS_RECEPTION:
        return [rng.choice(team.agents_of(RECEPTION, at)), last]
    if rng.random() < _CHANCE_OF_ANOTHER_AGENT:
        return [rng.choice(team.agents_of(group, at)), last]
    return [last]


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
    if turn.agent_id is not None:
        fields["user_id"] = turn.agent_id
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


def _description(sentences: Sequence[str]) -> Record:
    return {"description": f"<div>{'<br>'.join(sentences)}</div>", "description_text": " ".join(sentences)}


def _weighted(rng: random.Random, weights: Mapping[int, int]) -> int:
    return rng.choices(list(weights), list(weights.values()))[0]
