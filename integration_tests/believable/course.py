"""How a ticket goes: who answers when, who takes over, how it ends, and whether the customer comes back."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from integration_tests.believable.sla import Promise
from integration_tests.fake_freshdesk.model.moments import stamp
from integration_tests.fake_freshdesk.model.records import CLOSED, OPEN, PENDING, RESOLVED, ticket_stats
from integration_tests.fake_freshdesk.model.table import Record

WAITING_ON_CUSTOMER = 6

_CLOSED_AFTER = timedelta(hours=48)
_CHANCE_TO_STAY_UNSOLVED = 0.015
_CHANCE_TO_COME_BACK = 0.08
_CHANCE_OF_NOTE = 0.15
_LONGEST_TALK = timedelta(days=10)


@dataclass(frozen=True)
class Turn:
    """One thing said in a ticket; by an agent unless it comes in."""

    at: datetime
    incoming: bool
    private: bool = False
    agent_id: int | None = None


@dataclass(frozen=True)
class Course:
    """What has happened to a ticket until now.

    status_at: when it took its status. resolved: only while that holds.
    """

    created: datetime
    turns: Sequence[Turn]
    status: int
    status_at: datetime
    reopened: datetime | None
    resolved: datetime | None

    def updated(self) -> datetime:
        """When anything happened last."""
        return max([self.status_at, *(turn.at for turn in self.turns[-1:])])

    def stats(self) -> Record:
        """As Freshdesk sends them with the ticket."""
        answers = [stamp(turn.at) for turn in self.turns if not turn.incoming and not turn.private]
        questions = [stamp(turn.at) for turn in self.turns if turn.incoming]
        return ticket_stats(self.status, stamp(self.created), stamp(self.status_at)) | {
            "agent_responded_at": answers[-1] if answers else None,
            "requester_responded_at": questions[-1] if questions else None,
            "first_responded_at": answers[0] if answers else None,
            "reopened_at": stamp(self.reopened) if self.reopened else None,
            "resolved_at": stamp(self.resolved) if self.resolved else None,
        }


def course(
    rng: random.Random, created: datetime, promise: Promise, agent_ids: Sequence[int], count: int, now: datetime
) -> Course:
    """One of `count` turns and perhaps two more. The last of the agents takes over after the first answer."""
    turns = _talk(rng, created, promise, agent_ids, count)
    solved = promise.after(turns[-1].at if turns else created, _some_minutes(rng, rng.expovariate(0.4)))
    back = solved + _some_minutes(rng, rng.expovariate(0.05))
    reopened = back if rng.random() < _CHANCE_TO_COME_BACK and back <= now else None
    if reopened:
        answer = promise.after(back, _some_minutes(rng, rng.expovariate(0.7)))
        turns += [Turn(back, incoming=True), Turn(answer, incoming=False, agent_id=agent_ids[-1])]
        solved = promise.after(answer, _some_minutes(rng, rng.expovariate(0.4)))
    turns = [turn for turn in turns if turn.at <= now]
    if solved > now or rng.random() < _CHANCE_TO_STAY_UNSOLVED:
        last = turns[-1].at if turns else created
        return Course(created, turns, _status_before_the_end(rng, turns), last, reopened, None)
    closed = solved + _CLOSED_AFTER
    status, status_at = (RESOLVED, solved) if closed > now else (CLOSED, closed)
    return Course(created, turns, status, status_at, reopened, solved)


def _talk(rng: random.Random, start: datetime, promise: Promise, agent_ids: Sequence[int], count: int) -> list[Turn]:
    """An agent answers first; then both write, and agents leave notes for each other."""
    at = promise.after(start, promise.respond * rng.expovariate(2.2) + timedelta(seconds=rng.randint(30, 300)))
    turns: list[Turn] = []
    incoming = False
    for _ in range(count):
        private = bool(turns) and rng.random() < _CHANCE_OF_NOTE
        if private:
            at = promise.after(at, timedelta(seconds=1))
        from_customer = incoming and not private
        turns.append(Turn(at, from_customer, private, None if from_customer else agent_ids[-1 if turns else 0]))
        if not private:
            incoming = not incoming
        if incoming:
            at += min(promise.resolve / 8, _LONGEST_TALK / count) * rng.expovariate(1) + _some_minutes(rng, 0)
        else:
            at = promise.after(at, promise.resolve / max(6, count) * rng.expovariate(1.4) + _some_minutes(rng, 0))
    return turns


def _some_minutes(rng: random.Random, hours: float) -> timedelta:
    """So many hours and up to a few minutes more."""
    return timedelta(hours=hours, seconds=rng.randint(20, 200))


def _status_before_the_end(rng: random.Random, turns: Sequence[Turn]) -> int:
    if not turns or turns[-1].incoming:
        return OPEN
    return rng.choice((OPEN, PENDING, WAITING_ON_CUSTOMER))
