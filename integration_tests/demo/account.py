"""The account of the demonstration: a believable help desk with something of every resource, and a day in it."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from integration_tests.believable.aftermath import Ids
from integration_tests.believable.day import DayOfChanges, a_day_passes
from integration_tests.believable.help_desk import believable_account
from integration_tests.demo.desk import design_ticket_fields, design_ticket_forms, organise_agents
from integration_tests.fake_freshdesk import Account
from integration_tests.fake_freshdesk.model.moments import moment, stamp
from integration_tests.fake_freshdesk.model.records import CLOSED
from integration_tests.fake_freshdesk.model.table import Record
from integration_tests.fake_freshdesk.sections import (
    agents,
    automations,
    custom_object_examples,
    customer_fields,
    discussions,
    email,
    solution_examples,
)
from integration_tests.fake_freshdesk.sections.archived_tickets import archive_ticket
from integration_tests.fake_freshdesk.sections.ticket_activities import add_activity
from integration_tests.fake_freshdesk.sections.ticket_relations import CHILD, PARENT

DAYS_OF_ACTIVITIES = 20
"""Freshdesk keeps the files for longer, so none falls away while the demonstration runs."""

_SECTIONS = (agents, customer_fields, email, automations, solution_examples, discussions, custom_object_examples)
"""Those of the fake whose records the believable account does not have yet."""

_SHARE_WATCHED, _SHARE_SUMMED_UP = 0.1, 0.1
_SHARE_OF_PARENTS, _CHILDREN = 0.03, 2
_CLOSED_PER_ARCHIVED_ONE = 50


HOUR_OF_THE_DEMO = time(15)
"""In UTC. The file of the day before is ready, and some of what the day brings will be in the next one."""


def last_afternoon(now: datetime) -> datetime:
    """The latest moment up to `now` at which the second day of the demonstration may end."""
    afternoon = datetime.combine(now.astimezone(UTC), HOUR_OF_THE_DEMO, UTC)
    return afternoon if afternoon <= now else afternoon - timedelta(days=1)


def account_of_the_day_before(end: datetime, tickets: int) -> Account:
    """An account whose clock stands a day before `end`, so that the day which passes in it ends then.

    Neither the connector nor a platform is given a time that is still to come, so `end` is not after the present.
    """
    account = believable_account(tickets, now=end - timedelta(days=1))
    rng = random.Random("demo")
    founded = moment(min(role["created_at"] for role in account.table("roles").rows.values()))
    _archive_the_oldest(account)
    _relate_tickets(account, rng)
    _sum_up_tickets(account, rng)
    _write_activities(account, account.now() - timedelta(days=DAYS_OF_ACTIVITIES))
    organise_agents(account, {"created_at": founded, "updated_at": founded})
    design_ticket_fields(account)
    design_ticket_forms(account, founded)
    for section in _SECTIONS:
        section.seed(account)
    return account


@dataclass(frozen=True)
class RestOfTheDay:
    """Ids of what changed beyond tickets and people."""

    solution_articles_updated: Ids
    discussion_comments_created: Ids
    custom_object_records_updated: Sequence[str]
    ticket_activities_created: Ids


def a_day_passes_everywhere(account: Account) -> tuple[DayOfChanges, RestOfTheDay]:
    """Move the account's clock a day on, and let something happen in it at every desk."""
    with account.lock:
        day = a_day_passes(account)
        morning, rng = moment(day.since), random.Random("day of the demo")

        def some_of(resource: str, count: int) -> list[Record]:
            return rng.sample(list(account.table(resource).rows.values()), count)

        def some_time() -> datetime:
            return morning + timedelta(seconds=rng.randint(1, 86_400))

        articles, topics = some_of("solution_articles", 3), some_of("discussion_topics", 4)
        records = some_of("custom_object_records", 6)
        # Whatever else the day brings: a ticket gets a watcher, and another has its type set within the hour.
        account.change("tickets", day.tickets_updated[0], watcher_ids=rng.sample(list(account.agents), 1))
        typed = add_activity(
            account, morning + timedelta(minutes=30), day.tickets_updated[-1], {"ticket_type": "Problem"}
        )
        for article in articles:
            account.change(
                "solution_articles", article["id"], updated_at=some_time(), thumbs_up=article["thumbs_up"] + 1
            )
        for record in records:
            custom_object_examples.update_record(account, record["id"], some_time(), {"remark": "Checked"})
        return day, RestOfTheDay(
            solution_articles_updated=tuple(article["id"] for article in articles),
            discussion_comments_created=tuple(
                discussions.add_comment(account, some_time(), topic)["id"] for topic in topics
            ),
            custom_object_records_updated=[record["id"] for record in records],
            ticket_activities_created=(typed["id"], *_write_activities(account, morning)),
        )


# Around tickets


def _archive_the_oldest(account: Account) -> None:
    closed = [row["id"] for row in _listed(account) if row["status"] == CLOSED]
    for ticket_id in closed[: len(closed) // _CLOSED_PER_ARCHIVED_ONE]:
        archive_ticket(account, ticket_id)


def _listed(account: Account) -> list[Record]:
    return [row for row in account.tickets.values() if not (row["deleted"] or row["spam"])]


def _relate_tickets(account: Account, rng: random.Random) -> None:
    """Agents watch some tickets, and some are parents of others."""
    agent_ids = list(account.agents)
    ticket_ids = [row["id"] for row in _listed(account)]
    for ticket_id in ticket_ids:
        if rng.random() < _SHARE_WATCHED:
            account.change("tickets", ticket_id, watcher_ids=rng.sample(agent_ids, rng.randint(1, 3)))
    rng.shuffle(ticket_ids)
    members = 1 + _CHILDREN
    families = min(1 + int(len(ticket_ids) * _SHARE_OF_PARENTS), len(ticket_ids) // members)
    for parent_id, *child_ids in (ticket_ids[start * members :][:members] for start in range(families)):
        relation = {"association_type": PARENT, "associated_tickets_count": len(child_ids)}
        account.change("tickets", parent_id, **relation, associated_tickets_list=child_ids)
        for child_id in child_ids:
            account.change("tickets", child_id, association_type=CHILD, associated_tickets_list=[parent_id])


def _sum_up_tickets(account: Account, rng: random.Random) -> None:
    tickets = _listed(account)
    for ticket in rng.sample(tickets, min(len(tickets), 1 + int(len(tickets) * _SHARE_SUMMED_UP))):
        text = f"The customer wrote about {ticket['subject']}."
        account.add(
            "ticket_summaries",
            body=f"<p>{text}</p>",
            body_text=text,
            user_id=ticket["responder_id"],
            ticket_id=ticket["id"],
            created_at=ticket["updated_at"],
            updated_at=ticket["updated_at"],
            attachments=[],
            last_edited_at=None,
            last_edited_user_id=None,
            cloud_files=[],
        )


def _write_activities(account: Account, since: datetime) -> Ids:
    """What happened to tickets after `since`: they came, people wrote, they were closed."""
    happened: list[tuple[str, int, int | None, dict[str, Any]]] = []
    for ticket in account.tickets.values():
        happened.append((ticket["created_at"], ticket["id"], ticket["requester_id"], {"new_ticket": True}))
        if closed_at := ticket["stats"]["closed_at"]:
            happened.append((closed_at, ticket["id"], None, {"status": "Closed"}))
    for row in account.conversations.values():
        note = {"note": {"id": row["id"], "type": 4}}
        happened.append((row["created_at"], row["ticket_id"], row["user_id"], note))
    return tuple(
        add_activity(
            account,
            moment(at),
            ticket_id,
            activity,
            performer_id=performer_id,
            performer_type="user" if performer_id else "system",
        )["id"]
        for at, ticket_id, performer_id, activity in sorted(happened, key=lambda one: one[:2])
        if at > stamp(since)
    )
