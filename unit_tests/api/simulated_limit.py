"""A simulated account with a rate limit, and a sync that spends it."""

import heapq
import itertools
import math
import random
from bisect import bisect_left
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import pytest

from source_freshdesk.api.rate_limit import Call, InFlightCall, RateLimit
from source_freshdesk.api.rate_limit_headers import credits_used, rate_limit_headers
from unit_tests.api.other_apps import Spends, nobody

PLAIN = Call()
TICKET_LIST = Call(7.0, "tickets")
TOTALS = (50, 200, 400, 2_000)
LIST_LIMITS = {50: 50, 200: 20, 400: 100, 700: 200, 1_000: 300, 2_000: 400}


@dataclass
class Window:
    """One limit as Freshdesk keeps it."""

    kind: str
    seconds: float
    phase: float
    spends: deque[tuple[float, float]] = field(default_factory=deque)
    spent: float = 0.0

    def _forget(self, now: float) -> None:
        if self.kind == "fixed":
            begin = now - (now - self.phase) % self.seconds
        else:
            begin = math.nextafter(now - self.seconds, math.inf)
        while self.spends and self.spends[0][0] < begin:
            self.spent -= self.spends.popleft()[1]

    def left(self, limit: float, now: float) -> float:
        self._forget(now)
        return limit - self.spent

    def spend(self, amount: float, now: float) -> None:
        self.spends.append((now, amount))
        self.spent += amount

    def fits_in(self, amount: float, limit: float, now: float) -> float:
        """The seconds until so much is left."""
        if self.left(limit, now) >= amount:
            return 0.0
        if self.kind == "fixed":
            return self.seconds - (now - self.phase) % self.seconds
        left = limit - self.spent
        for at, spent in self.spends:
            left += spent
            if left >= amount:
                return at + self.seconds - now
        return self.seconds


@dataclass
class Answer:
    refused: bool
    headers: dict[str, str]


class Server:
    """Freshdesk's limits.

    list_counts: what the ticket list's own limit counts: "calls", "credits", None for no such limit.
    tells: whose numbers the headers of the ticket list tell, "account", "list"; or "nothing" at all.
    """

    def __init__(
        self,
        total: Callable[[float], float] | float,
        kind: str,
        phase: float = 0.0,
        seconds: float = 60.0,
        *,
        list_counts: str | None = None,
        tells: str = "account",
    ) -> None:
        self.total = total if callable(total) else lambda _now: total
        self.api = Window(kind, seconds, phase)
        self.list = Window(kind, seconds, phase)
        self.list_counts, self.tells = list_counts, tells

    def others(self, amount: float, now: float) -> None:
        """Other apps get what is there, and no more."""
        self.api.spend(max(min(amount, self.api.left(self.total(now), now)), 0.0), now)

    def answer(self, call: Call, now: float) -> Answer:
        total = self.total(now)
        claims = [(self.api, total, call.credits)]
        if call.list_name == "tickets" and self.list_counts:
            amount = call.credits if self.list_counts == "credits" else 1.0
            claims.append((self.list, LIST_LIMITS[int(total)], amount))
        wait = max(window.fits_in(amount, limit, now) for window, limit, amount in claims)
        if not wait:
            for window, _, amount in claims:
                window.spend(amount, now)
        window, limit, _ = claims[-1] if self.tells == "list" else claims[0]
        headers = {
            "X-RateLimit-Total": str(float(limit)),
            "X-RateLimit-Remaining": str(float(max(window.left(limit, now), 0.0))),
            "X-RateLimit-Used-CurrentRequest": str(0.0 if wait else call.credits),
        }
        if self.tells == "nothing":
            headers = {}
        if wait:
            headers["Retry-After"] = str(max(math.ceil(wait), 1))
        return Answer(bool(wait), headers)


def most_in_any(seconds: float, times: list[float]) -> int:
    """The most of these moments within a span of so long."""
    return max((bisect_left(times, begin + seconds) - first for first, begin in enumerate(times)), default=0)


@dataclass
class Run:
    """What happened: times of calls that went out, of those that counted with their credits, of refusals."""

    sent: list[tuple[float, Call]] = field(default_factory=list)
    counted: list[tuple[float, Call]] = field(default_factory=list)
    refused: list[tuple[float, Call]] = field(default_factory=list)
    held: list[tuple[float, float]] = field(default_factory=list)
    sent_while_closed: list[float] = field(default_factory=list)
    ended: float = 0.0

    def credits(self, begin: float, end: float) -> float:
        return sum(call.credits for at, call in self.counted if begin <= at < end)

    def most_refusals(self, server: Server) -> int:
        """In one of the server's windows, if these are fixed, else in any minute."""
        times = [at for at, _ in self.refused]
        if server.api.kind == "sliding":
            return most_in_any(60, times)
        return max(Counter((at - server.api.phase) // 60 for at in times).values(), default=0)


def run(  # noqa: PLR0915 - one loop, in one place
    rate_limit: RateLimit,
    server: Server,
    lanes: Iterable[Iterator[Call]],
    until: float,
    *,
    seed: int = 0,
    latency: tuple[float, float] = (0.05, 0.5),
    others: Spends | None = None,
) -> Run:
    """Each lane makes its calls one after the other, as a thread does; a refused call is made again."""
    rng, seen, order = random.Random(seed), Run(), itertools.count()
    sources = list(lanes)
    wait_log: dict[int, Call] = {}
    events: list[tuple[float, int, str, object]] = []
    closed: dict[str | None, float] = {}
    now = 0.0

    def at(moment: float, what: str, about: object) -> None:
        heapq.heappush(events, (moment, next(order), what, about))

    def take(lane: int) -> None:
        call = next(sources[lane], None)
        if call is not None:
            wait_log[lane] = call

    def happen(what: str, about: object) -> None:
        if what == "others":
            assert isinstance(about, float)
            server.others(about, now)
            for moment, amount in itertools.islice(others or nobody(), 1):
                at(moment, "others", amount)
        elif what == "arrive":
            assert isinstance(about, tuple)
            lane, started, answers_at = about
            answer = server.answer(started.call, now)
            (seen.refused if answer.refused else seen.counted).append((now, started.call))
            at(answers_at, "answer", (lane, started, answer))
        elif what == "answer":
            assert isinstance(about, tuple)
            lane, started, answer = about
            rate_limit.finish(started, now, rate_limit_headers(answer.headers), credits_used(answer.headers))
            seen.ended = now
            if answer.refused:
                retry_after = float(answer.headers["Retry-After"])
                rate_limit.refuse(started.call, now, retry_after)
                name = started.call.list_name
                closed[name] = max(closed.get(name, 0.0), now + retry_after)
                wait_log[lane] = started.call
            else:
                take(lane)

    def send(lane: int, call: Call) -> None:
        if now < max(closed.get(None, 0.0), closed.get(call.list_name, 0.0)) - 1e-6:
            seen.sent_while_closed.append(now)
        del wait_log[lane]
        started: InFlightCall = rate_limit.start(call, now)
        seen.sent.append((now, call))
        took = rng.uniform(*latency)
        at(now + took * rng.uniform(0.2, 0.8), "arrive", (lane, started, now + took))

    if others is not None:
        at(0.0, "others", 0.0)
    for lane in range(len(sources)):
        take(lane)
    while now < until:
        shortest, blocked = math.inf, dict[Call, float]()
        for lane, call in list(wait_log.items()):
            seconds = blocked.get(call) or rate_limit.seconds_until(call, now)
            if seconds <= 0:
                send(lane, call)
                blocked.clear()
            else:
                if call not in blocked:
                    seen.held.append((now, seconds))
                blocked[call] = seconds
        shortest = min(blocked.values(), default=math.inf)
        due = events[0][0] if events else math.inf
        moment = min(due, max(now + shortest, now + 1e-6))
        if not wait_log and not any(what != "others" for _, _, what, _ in events):
            break
        assert math.isfinite(moment), f"all calls are held back for ever at {now}"
        now = moment
        while events and events[0][0] <= now:
            _, _, what, about = heapq.heappop(events)
            happen(what, about)
    return seen


def endless(call: Call = PLAIN, lanes: int = 20) -> list[Iterator[Call]]:
    return [itertools.repeat(call) for _ in range(lanes)]


def job(size: int, call: Call = PLAIN, lanes: int = 20) -> list[Iterator[Call]]:
    """So many calls, shared by the lanes."""
    calls = iter([call] * size)
    return [calls] * lanes


KINDS = pytest.mark.parametrize("kind", ["fixed", "sliding"])
PERCENTS = pytest.mark.parametrize("percent", [90, 100])
