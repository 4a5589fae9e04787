"""What the quota allows, against a Freshdesk that counts for itself.

Time is virtual: events happen in their order, no thread waits. The server here shares no code with the connector.
"""

import heapq
import itertools
import math
import random
from bisect import bisect_left
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import pytest

from source_freshdesk.api.rate_limit import Call, InFlightCall, RateLimit, list_limit
from source_freshdesk.api.rate_limit_headers import RateLimitHeaders, credits_used, rate_limit_headers

PLAIN = Call()
TICKET_LIST = Call(7.0, "tickets")
TOTALS = (50, 200, 400, 2_000)
LIST_LIMITS = {50: 50, 200: 20, 400: 100, 700: 200, 1_000: 300, 2_000: 400}

Spends = Iterator[tuple[float, float]]
"""When other apps spend, and how much."""


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


def nobody() -> Spends:
    return iter(())


def run(  # noqa: PLR0915 - one loop, told in one place
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


def steadily(share: float, total: float, rng: random.Random) -> Spends:
    sleep = 60 / (share * total)
    return ((rng.random() * sleep + number * sleep, 1.0) for number in itertools.count())


def in_bursts(share: float, total: float, rng: random.Random) -> Spends:
    """At random, a fortieth of the limit to a burst."""
    mean = max(total / 40, 2.0)
    now = 0.0
    while True:
        now += rng.expovariate(share * total / 60 / mean)
        yield now, float(round(rng.uniform(0.5, 1.5) * mean))


def at_random(share: float, total: float, rng: random.Random) -> Spends:
    """Call by call, none knowing of the one before."""
    now = 0.0
    while True:
        now += rng.expovariate(share * total / 60)
        yield now, 1.0


KINDS = pytest.mark.parametrize("kind", ["fixed", "sliding"])
PERCENTS = pytest.mark.parametrize("percent", [90, 100])


class TestAlone:
    """No other app uses the account."""

    @KINDS
    @PERCENTS
    @pytest.mark.parametrize("total", TOTALS)
    @pytest.mark.parametrize("latency", [(0.05, 0.5), (0.05, 0.06)])
    def test_the_share_is_spent_and_no_call_refused(
        self, kind: str, percent: int, total: int, latency: tuple[float, float]
    ) -> None:
        seed = total + percent
        windows = 3
        server = Server(total, kind, random.Random(f"{seed}{latency}").uniform(0, 60))
        seen = run(RateLimit(percent), server, endless(), windows * 60, seed=seed, latency=latency)
        assert seen.refused == []
        assert seen.credits(0, windows * 60) >= 0.97 * windows * total * percent / 100

    @KINDS
    @pytest.mark.parametrize("seed", range(10))
    def test_where_the_minute_begins_makes_no_difference(self, kind: str, seed: int) -> None:
        rng = random.Random(seed)
        total, percent = rng.choice([50, 200, 400]), rng.choice([10, 50, 90, 99, 100])
        lanes = rng.randint(1, 20) if total == 50 else 20
        server = Server(total, kind, seed * 5.0)
        seen = run(RateLimit(percent), server, endless(lanes=lanes), 5 * 60, seed=seed)
        assert seen.refused == []
        assert seen.credits(0, 5 * 60) >= 0.97 * 5 * math.floor(total * percent / 100)

    @KINDS
    @PERCENTS
    @pytest.mark.parametrize("total", [3_000])
    def test_a_limit_by_the_hour_is_one(self, kind: str, percent: int, total: int) -> None:
        server = Server(total, kind, random.Random(total).uniform(0, 3_600), 3_600)
        seen = run(RateLimit(percent), server, endless(), 2 * 3_600, seed=total)
        assert seen.refused == []
        assert seen.credits(0, 2 * 3_600) >= 0.97 * 2 * total * percent / 100

    @KINDS
    @PERCENTS
    def test_calls_that_cost_more_are_weighed(self, kind: str, percent: int) -> None:
        seen = run(RateLimit(percent), Server(700, kind, 17), endless(Call(7.0)), 4 * 60)
        assert seen.refused == []
        assert seen.credits(0, 4 * 60) >= 0.97 * 4 * (700 * percent / 100 - 6)

    @KINDS
    @PERCENTS
    @pytest.mark.parametrize("total", TOTALS)
    def test_a_job_that_fits_into_the_first_minute_is_not_held_back(self, kind: str, percent: int, total: int) -> None:
        size = total * percent // 100
        # A minute that begins meanwhile gives more, never less.
        seen = run(RateLimit(percent), Server(total, kind, 30), job(size), 600, seed=total)
        first_answer = seen.sent[1][0]
        assert len(seen.counted) == size
        assert [seconds for at, seconds in seen.held if at > first_answer and math.isfinite(seconds)] == []
        assert seen.ended <= first_answer + size / 20 * 0.275 * 1.3 + 1.0

    @KINDS
    @PERCENTS
    @pytest.mark.parametrize("spent_before", [0.6])
    @pytest.mark.parametrize("total", TOTALS)
    def test_a_job_that_fits_into_what_others_left_is_not_held_back(
        self, kind: str, percent: int, spent_before: float, total: int
    ) -> None:
        server = Server(total, kind, 0)
        server.others(spent_before * total, 0.0)
        cushion = total * (100 - percent) / 100
        size = math.floor(min(total * percent / 100, total - spent_before * total - cushion))
        seen = run(RateLimit(percent), server, job(size), 600, seed=total)
        first_answer = seen.sent[1][0]
        assert len(seen.counted) == size
        assert [seconds for at, seconds in seen.held if at > first_answer and math.isfinite(seconds)] == []
        # Calls that are under way and counted already may stand against a few of the last ones for a moment.
        assert seen.ended <= first_answer + size / 20 * 0.275 * 1.3 + 2.5


class TestWithOtherApps:
    """Which take a third of the limit."""

    @KINDS
    @pytest.mark.parametrize("how", [steadily, at_random])
    @pytest.mark.parametrize("percent", [90, 60])
    def test_calls_are_hardly_ever_refused(
        self, kind: str, how: Callable[[float, float, random.Random], Spends], percent: int
    ) -> None:
        """Never twice in a minute; of 50 calls a minute, where one call more or less is much, not that strictly."""
        minutes, refusals = 0, 0
        for total, seed in itertools.product([50, 200, 400], range(2)):
            rng = random.Random(f"{kind}{total}{percent}{seed}")
            server = Server(total, kind, rng.uniform(0, 60))
            seen = run(RateLimit(percent), server, endless(), 5 * 60, seed=seed, others=how(1 / 3, total, rng))
            assert seen.sent_while_closed == []
            if total > 50 or how is steadily:
                assert seen.most_refusals(server) <= 1
            minutes, refusals = minutes + 5, refusals + len(seen.refused)
            assert seen.credits(0, 300) >= 0.4 * 5 * total, "and what others leave is used"
        assert refusals < minutes / (2 if percent == 90 else 10), "usually none"

    @KINDS
    @pytest.mark.parametrize("seed", range(4))
    def test_nothing_goes_out_inside_a_retry_after(self, kind: str, seed: int) -> None:
        """Even with the whole limit for oneself and others who take what they want."""
        rng = random.Random(seed)
        server = Server(200, kind, rng.uniform(0, 60))
        seen = run(RateLimit(100), server, endless(), 600, seed=seed, others=in_bursts(1 / 3, 200, rng))
        assert seen.sent_while_closed == []
        assert seen.credits(0, 600) >= 0.4 * 10 * 200


class TestRequestsPerMinute:
    @KINDS
    @pytest.mark.parametrize("bound", [1, 7, 50, 150])
    @pytest.mark.parametrize("tells", ["account", "nothing"])
    def test_the_users_bound_is_kept_in_any_minute(self, kind: str, bound: int, tells: str) -> None:
        server = Server(200, kind, 13, tells=tells)
        seen = run(RateLimit(100, bound), server, endless(lanes=10), 300, seed=bound)
        assert most_in_any(60, [at for at, _ in seen.sent]) <= bound
        assert len(seen.sent) >= 0.95 * 5 * bound
        assert seen.refused == []

    def test_it_counts_calls_whatever_they_cost_or_bring(self) -> None:
        rate_limit = RateLimit(100, 10)
        for number in range(10):
            assert rate_limit.seconds_until(TICKET_LIST, 0.0) == 0
            rate_limit.finish(
                rate_limit.start(TICKET_LIST, 0.0), 0.0, RateLimitHeaders(2_000, 1_900), used=0.0 if number else 7.0
            )
        assert rate_limit.seconds_until(PLAIN, 1.0) == pytest.approx(59)


class TestLists:
    @KINDS
    @PERCENTS
    @pytest.mark.parametrize("total", [50, 200, 700])
    @pytest.mark.parametrize("tells", ["account", "list"])
    @pytest.mark.parametrize("call", [Call(1.0, "tickets"), TICKET_LIST], ids=["plain", "with includes"])
    def test_a_limit_of_calls_is_kept(self, kind: str, percent: int, total: int, tells: str, call: Call) -> None:
        """One lane reads the list, as the stream does, the others what is on it."""
        server = Server(total, kind, 23, list_counts="calls", tells=tells)
        seen = run(RateLimit(percent), server, [itertools.repeat(call), *endless(lanes=9)], 130, seed=total)
        assert seen.refused == []
        assert sum(one == call for _, one in seen.counted) > 0

    @KINDS
    @pytest.mark.parametrize("total", [200, 700])
    @pytest.mark.parametrize("tells", ["account", "list"])
    def test_a_limit_of_credits_is_learned_from_one_refusal(self, kind: str, total: int, tells: str) -> None:
        server = Server(total, kind, 23, list_counts="credits", tells=tells)
        seen = run(RateLimit(90), server, [itertools.repeat(TICKET_LIST), *endless(lanes=9)], 300, seed=total)
        assert len(seen.refused) <= 1
        assert seen.sent_while_closed == []
        assert sum(one == TICKET_LIST for _, one in seen.counted) > 0

    def test_a_refused_list_holds_itself_alone(self) -> None:
        rate_limit = RateLimit()
        rate_limit.finish(rate_limit.start(PLAIN, 0.0), 0.1, RateLimitHeaders(400, 399), 1.0)
        refused = rate_limit.start(Call(1.0, "tickets"), 0.2)
        rate_limit.finish(refused, 0.3, RateLimitHeaders(400, 398), 1.0)
        rate_limit.refuse(refused.call, 0.3, 30.0)
        assert rate_limit.seconds_until(Call(1.0, "tickets"), 0.3) == pytest.approx(30)
        assert rate_limit.seconds_until(Call(7.0, "tickets"), 10.3) == pytest.approx(20)
        assert rate_limit.is_refused(Call(1.0, "tickets"), 10.3)
        assert rate_limit.seconds_until(PLAIN, 0.3) == 0
        assert rate_limit.seconds_until(Call(1.0, "contacts"), 0.3) == 0

    def test_calls_go_on_side_by_side_while_a_list_is_refused(self) -> None:
        rate_limit = RateLimit()
        rate_limit.finish(rate_limit.start(PLAIN, 0.0), 0.1, RateLimitHeaders(400, 399), 1.0)
        refused = rate_limit.start(TICKET_LIST, 0.2)
        rate_limit.finish(refused, 0.3, RateLimitHeaders(400, 0), 0.0)
        rate_limit.refuse(refused.call, 0.3, 30.0)
        rate_limit.finish(rate_limit.start(PLAIN, 0.4), 0.5, RateLimitHeaders(400, 398), 1.0)
        for _ in range(10):
            assert rate_limit.seconds_until(PLAIN, 0.5) == 0
            rate_limit.start(PLAIN, 0.5)

    def test_a_refused_call_to_anything_else_holds_all(self) -> None:
        rate_limit = RateLimit()
        refused = rate_limit.start(PLAIN, 0.0)
        rate_limit.finish(refused, 0.1, RateLimitHeaders(400, 0), 0.0)
        rate_limit.refuse(refused.call, 0.1, 30.0)
        for call in (PLAIN, TICKET_LIST, Call(1.0, "contacts")):
            assert rate_limit.seconds_until(call, 0.1) == pytest.approx(30)

    @pytest.mark.parametrize("total", LIST_LIMITS)
    def test_the_limit_of_a_list_follows_from_the_accounts(self, total: int) -> None:
        assert list_limit(total) == LIST_LIMITS[total]


class TestChange:
    @KINDS
    @PERCENTS
    @pytest.mark.parametrize(("before", "after"), [(700, 200), (200, 700), (400, 50), (50, 1_000)])
    def test_a_limit_that_changes_midway_is_followed(self, kind: str, percent: int, before: int, after: int) -> None:
        changes_at = 150.0
        server = Server(lambda now: before if now < changes_at else after, kind, 41)
        seen = run(RateLimit(percent), server, endless(), 480, seed=before)
        assert [at for at, _ in seen.refused if not changes_at <= at < changes_at + 60] == []
        assert seen.most_refusals(server) <= 20, "no more than were under way"
        assert seen.sent_while_closed == []
        assert seen.credits(changes_at + 90, 480) >= 0.95 * 3.5 * after * percent / 100


class TestWithoutHeaders:
    @KINDS
    @pytest.mark.parametrize("lanes", [1, 20])
    def test_all_calls_are_made_and_every_retry_after_kept(self, kind: str, lanes: int) -> None:
        server = Server(200, kind, 13, tells="nothing")
        seen = run(RateLimit(), server, job(700, lanes=lanes), 3_600, seed=lanes)
        assert len(seen.counted) == 700
        assert seen.ended <= 6 * 60
        assert seen.sent_while_closed == []
        if kind == "fixed":
            assert seen.most_refusals(server) <= 2 * lanes

    def test_nothing_is_known_until_three_answers_came_without(self) -> None:
        rate_limit = RateLimit()
        for _ in range(3):
            started = rate_limit.start(PLAIN, 0.0)
            assert rate_limit.seconds_until(PLAIN, 0.0) == math.inf
            rate_limit.finish(started, 0.1)
        for _ in range(20):
            assert rate_limit.seconds_until(PLAIN, 0.2) == 0
            rate_limit.start(PLAIN, 0.2)
        assert rate_limit.limit == ""
        assert rate_limit.spent_share is None
        assert rate_limit.allowed_per_second(PLAIN) == math.inf

    def test_a_call_that_broke_counts_as_made(self) -> None:
        rate_limit = RateLimit(100)
        rate_limit.finish(rate_limit.start(PLAIN, 0.0), 0.1, RateLimitHeaders(50, 50), 1.0)
        for _ in range(49):
            assert rate_limit.seconds_until(PLAIN, 0.2) == 0
            rate_limit.finish(rate_limit.start(PLAIN, 0.2), 0.2)
        assert rate_limit.seconds_until(PLAIN, 0.2) > 0


class TestWords:
    @pytest.mark.parametrize(
        ("total", "limit", "per_second"),
        [(50, "50 a minute", 0.75), (3_000, "3,000 an hour", 0.75), (1_000, "1,000 a minute", 15)],
    )
    def test_the_limit_is_told(self, total: float, limit: str, per_second: float) -> None:
        rate_limit = RateLimit(90)
        rate_limit.finish(rate_limit.start(PLAIN, 0.0), 0.1, RateLimitHeaders(total, total - 1), 1.0)
        assert rate_limit.limit == limit
        assert rate_limit.allowed_per_second(PLAIN) == pytest.approx(per_second)
        assert rate_limit.spent_share == pytest.approx(1 / total)

    def test_the_users_bound_limits_the_rate(self) -> None:
        assert RateLimit(90, 30).allowed_per_second(PLAIN) == 0.5

    @pytest.mark.parametrize(
        ("headers", "expected"),
        [
            ({}, None),
            ({"X-RateLimit-Total": "400.0", "X-RateLimit-Remaining": "399.0"}, RateLimitHeaders(400, 399)),
            ({"X-RateLimit-Total": "400", "X-RateLimit-Remaining": "0"}, RateLimitHeaders(400, 0)),
            ({"X-RateLimit-Total": "400"}, None),
            ({"X-RateLimit-Remaining": "400"}, None),
            ({"X-RateLimit-Total": "many", "X-RateLimit-Remaining": "0"}, None),
            ({"X-RateLimit-Total": "nan", "X-RateLimit-Remaining": "0"}, None),
            ({"X-RateLimit-Total": "inf", "X-RateLimit-Remaining": "0"}, None),
            ({"X-RateLimit-Total": "0", "X-RateLimit-Remaining": "0"}, None),
            ({"X-RateLimit-Total": "-1", "X-RateLimit-Remaining": "0"}, None),
            ({"X-RateLimit-Total": "400", "X-RateLimit-Remaining": "-5"}, None),
        ],
    )
    def test_headers_are_believed_if_they_are_numbers(
        self, headers: dict[str, str], expected: RateLimitHeaders | None
    ) -> None:
        assert rate_limit_headers(headers) == expected

    @pytest.mark.parametrize(("text", "used"), [("7.0", 7), ("0", 0), ("x", None), ("-1", None)])
    def test_so_is_the_cost(self, text: str, used: float | None) -> None:
        assert credits_used({"X-RateLimit-Used-CurrentRequest": text}) == used
