"""When a call may be made without asking too much of the account. Decides; never sleeps, sends or locks.

Freshdesk grants an account a number of credits a minute, shared by all its apps; a call costs one, and two more for
each `include` of the ticket list. The lists of tickets and of contacts have lower limits of their own
(https://developers.freshdesk.com/api/#ratelimit). Whether the minute is one of the clock or the last sixty seconds is
not documented. So both are kept to: what was spent counts until a window after its answer came, which is after
Freshdesk has counted it, unless an answer shows that Freshdesk has given it back earlier. And `X-RateLimit-Remaining`
tells what the account's other apps have left.
"""

import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

MINUTE_SECONDS = 60.0
HOUR_SECONDS = 3600.0
HOURLY_TOTALS = frozenset({3000.0, 5000.0})
"""Accounts of old plans have these limits by the hour. No plan by the minute has them."""

LIST_LIMITS: tuple[tuple[float, float], ...] = ((2000, 400), (1000, 300), (700, 200), (400, 100), (200, 20), (0, 50))
"""The limit of the ticket list and of the contact list by the account's total:
https://developers.freshdesk.com/api/#ratelimit"""

CUSHION = 0.1
"""The part of the account's limit that is left for what its other apps spend between two of our readings."""
PATIENT_PROBES = 4
"""How often in a window a call is tried that the last reading does not allow, to learn of a better one."""
STALE_SECONDS = 5.0
"""A reading older than this says little of what the other apps have left."""
UNSURE_PART = 0.02
"""How much of the limit may be under way on what is only taken to have been given back."""
HEADERLESS_ANSWERS = 3
"""After so many, Freshdesk is taken not to tell."""


@dataclass(frozen=True)
class RateLimitHeaders:
    """What an answer's headers say: the limit, and what is left of it."""

    total: float
    remaining: float


@dataclass(frozen=True)
class Call:
    """A call that is about to be made. `list_name`: the list with a limit of its own that it reads, if any."""

    credits: float = 1.0
    list_name: str | None = None


@dataclass
class InFlightCall:
    """A call under way."""

    call: Call
    at: float


class SpendWindow:
    """What was spent in the last `window_seconds`, and what is under way."""

    def __init__(self, window_seconds: float) -> None:
        self.window_seconds = window_seconds
        self.in_flight = 0.0
        self._ended: deque[tuple[float, float]] = deque()
        self._ended_sum = 0.0

    def begin(self, cost: float) -> None:
        """A call goes out."""
        self.in_flight += cost

    def end(self, cost: float, actual: float, now: float) -> None:
        """It has come back, and has cost `actual`."""
        self.in_flight = max(self.in_flight - cost, 0.0)
        if actual > 0:
            self._ended.append((now, actual))
            self._ended_sum += actual

    def expire(self, now: float) -> float:
        """Let go of what is older than the window; how much that was."""
        expired = 0.0
        while self._ended and self._ended[0][0] + self.window_seconds <= now:
            expired += self._ended.popleft()[1]
        self._ended_sum = max(self._ended_sum - expired, 0.0) if self._ended else 0.0
        return expired

    def ended_since(self, moment: float) -> float:
        """What came back after `moment`."""
        since = 0.0
        for at, spent in reversed(self._ended):
            if at <= moment:
                break
            since += spent
        return since

    def trim(self, maximum: float, before: float) -> None:
        """Let go of the oldest until no more than `most` is left of what came back by `before`. What came back later
        may not have been counted yet when Freshdesk said what is left.
        """
        known = self._ended_sum - self.ended_since(before)
        while self._ended and known > maximum:
            spent = self._ended.popleft()[1]
            self._ended_sum -= spent
            known -= spent

    @property
    def total(self) -> float:
        """Spent and under way."""
        return self._ended_sum + self.in_flight

    def seconds_until_room(self, cost: float, limit: float, now: float) -> float:
        """How long until `cost` more stays within `limit`; infinite if calls under way must come back first."""
        return self.seconds_until_expired(self.total + cost - limit, now)

    def seconds_until_expired(self, amount: float, now: float) -> float:
        """How long until so much of what came back is older than the window; infinite if there is not so much."""
        if amount <= 0:
            return 0.0
        for at, spent in self._ended:
            amount -= spent
            if amount <= 0:
                return max(at + self.window_seconds - now, 0.0)
        return math.inf


@dataclass
class LimitMeter:
    """One limit: what was spent of it, and what Freshdesk says is left.

    total: the limit; None while it is unknown. share: the part of it that this sync may use.
    """

    share: float
    total: float | None = None
    window: SpendWindow = field(default_factory=lambda: SpendWindow(MINUTE_SECONDS))
    remaining: float | None = None
    _read_at: float = -math.inf
    _sent_at: float = -math.inf
    _given_back: float = 0.0

    def seconds_until(self, cost: float, now: float) -> float:
        """How long until a call of this cost may go out; 0 now; infinite until one that is under way comes back."""
        self._given_back += self.window.expire(now)
        if self.total is None:
            return 0.0
        room = self.window.seconds_until_room(cost, max(self.total * self.share, cost), now)
        return max(room, self._seconds_until_left(cost, now))

    def begin(self, cost: float, now: float) -> None:
        """A call goes out. After a pause it goes alone, and shows what the other apps have left."""
        if not self.window.in_flight and now - self._read_at > STALE_SECONDS:
            self.forget_remaining()
        self.window.begin(cost)

    def end(self, cost: float, actual: float, now: float) -> None:
        """A call has come back."""
        self.window.end(cost, actual, now)

    def read(self, headers: RateLimitHeaders, sent_at: float, now: float, *, is_sure: bool = True) -> None:
        """Learn from the headers of an answer to a call that went out at `sent_at`. Answers overtake each other: the
        one to an older call can only lower what is known to be left.
        """
        self._given_back += self.window.expire(now)
        self.total = headers.total
        if is_sure:
            self.window.trim(max(headers.total - headers.remaining, 0.0), sent_at)
        # What came back since then may have been counted after this was said.
        minimum = headers.remaining - self.window.ended_since(sent_at)
        if self.remaining is None or minimum > self.remaining or not self.window.in_flight:
            self.remaining, self._read_at, self._given_back = headers.remaining, now, 0.0
        elif headers.remaining <= self.remaining + self._given_back:
            self.remaining, self._read_at, self._given_back = min(self.remaining, headers.remaining), now, 0.0

    def forget_remaining(self) -> None:
        """What was left is not known any more, as after a refusal was waited out."""
        self.remaining = None

    def _seconds_until_left(self, cost: float, now: float) -> float:
        if self.total is None or self.remaining is None:
            return 0.0
        cushion = self.total * min(1.0 - self.share, CUSHION)
        left = self.remaining - self.window.in_flight - cost
        few = self.window.in_flight < max(self.total * UNSURE_PART, 1.0)
        if left >= cushion or (left + self._given_back >= cushion and few):
            return 0.0
        if self.window.in_flight:
            return math.inf
        window = self.window.window_seconds
        patience = window if left < cushion / 2 else window / PATIENT_PROBES
        given_back = self.window.seconds_until_expired(cushion - left - self._given_back, now)
        return min(max(self._read_at + patience - now, 0.0), given_back)


class RateLimit:
    """Everything that bounds the calls of a sync.

    percent: the part of the account's limit that this sync may use, 1 to 100.
    calls_per_minute: a bound of the user's own.
    list_calls_per_minute: bounds of the user's own on the calls of lists that have a limit of their own, by name.
    stated_total: what the user says that the account's limit is. It holds until Freshdesk tells.
    """

    def __init__(
        self,
        percent: float = 90.0,
        calls_per_minute: float | None = None,
        *,
        list_calls_per_minute: Mapping[str, float] | None = None,
        stated_total: float | None = None,
    ) -> None:
        self._share = percent / 100.0
        self._api = LimitMeter(self._share, stated_total)
        self._lists: dict[str, LimitMeter] = {}
        self._users = LimitMeter(share=1.0, total=calls_per_minute)
        self._users_lists = {name: LimitMeter(1.0, maximum) for name, maximum in (list_calls_per_minute or {}).items()}
        self._closed_until: dict[str | None, float] = {}
        self._lists_by_credits: set[str] = set()
        self._is_total_of_account = False
        self._headerless = 0

    def allowed_per_second(self, call: Call) -> float:
        """How many such calls the limits allow in the long run; infinite while none is known."""
        bounds = [math.inf]
        if self._api.total is not None:
            bounds.append(self._api.total * self._share / self._api.window.window_seconds / call.credits)
            if call.list_name is not None:
                list_total = self._list(call.list_name).total or math.inf
                bounds.append(list_total * self._share / MINUTE_SECONDS / self._list_cost(call))
        bounds += [meter.total / MINUTE_SECONDS for meter in self._users_meters(call) if meter.total is not None]
        return min(bounds)

    @property
    def limit(self) -> str:
        """The account's limit in words, "" while it is unknown."""
        if self._api.total is None:
            return ""
        unit = "a minute" if self._api.window.window_seconds == MINUTE_SECONDS else "an hour"
        return f"{self._api.total:,.0f} {unit}"

    @property
    def spent_share(self) -> float | None:
        """The part of the account's limit that was spent in the present window, None while the limit is unknown."""
        return self._api.window.total / self._api.total if self._api.total else None

    def seconds_until(self, call: Call, now: float) -> float:
        """How long until `call` may be made: 0 now, infinite until a call that is under way has come back."""
        if self.is_refused(call, now):
            return self._opens_at(call) - now
        if self._is_unknown and self._api.window.in_flight:
            return math.inf
        waits = [self._api.seconds_until(call.credits, now)]
        waits += [meter.seconds_until(1.0, now) for meter in self._users_meters(call)]
        if call.list_name is not None:
            waits.append(self._list(call.list_name).seconds_until(self._list_cost(call), now))
        return max(waits)

    def is_refused(self, call: Call, now: float) -> bool:
        """Whether a refusal that concerns `call` is not over yet."""
        return self._opens_at(call) > now

    def start(self, call: Call, now: float) -> InFlightCall:
        """Take a call that may be made as made."""
        self._api.begin(call.credits, now)
        for meter in self._users_meters(call):
            meter.begin(1.0, now)
        if call.list_name is not None:
            self._list(call.list_name).begin(self._list_cost(call), now)
        return InFlightCall(call, now)

    def finish(
        self, started: InFlightCall, now: float, headers: RateLimitHeaders | None = None, used: float | None = None
    ) -> None:
        """A call has come back, with these headers; `used`: what it has cost. Also for a call that broke."""
        call = started.call
        self._api.end(call.credits, call.credits if used is None else used, now)
        for meter in self._users_meters(call):
            meter.end(1.0, 1.0, now)
        if call.list_name is not None:
            cost = self._list_cost(call)
            self._list(call.list_name).end(cost, cost, now)
        if headers is None:
            self._headerless += 1
            return
        self._headerless = 0
        self._learn(call, headers, started.at, now)

    def refuse(self, call: Call, now: float, retry_after_seconds: float) -> None:
        """A call met the limit: on a list with a limit of its own that list is closed, else everything."""
        self._closed_until[call.list_name] = max(
            now + retry_after_seconds, self._closed_until.get(call.list_name, -math.inf)
        )
        self._api.forget_remaining()
        self._headerless = 0
        if call.list_name is not None:
            meter = self._list(call.list_name)
            meter.forget_remaining()
            if meter.total and meter.window.total < meter.total * CUSHION * 5:
                self._lists_by_credits.add(call.list_name)

    def _opens_at(self, call: Call) -> float:
        return max(self._closed_until.get(name, -math.inf) for name in (None, call.list_name))

    @property
    def _is_unknown(self) -> bool:
        """Whether it is not known how many calls could go out at once, so that one must show it first."""
        return self._api.remaining is None and self._headerless < HEADERLESS_ANSWERS

    def _learn(self, call: Call, headers: RateLimitHeaders, sent_at: float, now: float) -> None:
        """Whose limit an answer of a list tells, the account's or the list's own, is not documented: the lower total
        is the list's.
        """
        if call.list_name is not None and self._is_total_of_account and headers.total < (self._api.total or 0.0):
            self._list(call.list_name).read(headers, sent_at, now)
            return
        self._is_total_of_account = self._is_total_of_account or call.list_name is None
        if headers.total in HOURLY_TOTALS:
            self._api.window.window_seconds = HOUR_SECONDS
        # Where the list's own limit is as high as the account's, an answer of it may tell the remainder of either.
        is_sure = call.list_name is None or list_limit(headers.total) != headers.total
        self._api.read(headers, sent_at, now, is_sure=is_sure)

    def _users_meters(self, call: Call) -> list[LimitMeter]:
        """The user's own bounds that concern `call`."""
        of_list = self._users_lists.get(call.list_name or "")
        return [self._users] if of_list is None else [self._users, of_list]

    def _list(self, name: str) -> LimitMeter:
        meter = self._lists.setdefault(name, LimitMeter(self._share))
        if meter.remaining is None and self._api.total is not None:
            meter.total = list_limit(self._api.total)
        return meter

    def _list_cost(self, call: Call) -> float:
        return call.credits if call.list_name in self._lists_by_credits else 1.0


def list_limit(total: float) -> float:
    """The limit of a list with one of its own, in an account with this limit. Old plans by the hour have none."""
    if total in HOURLY_TOTALS:
        return math.inf
    maximum, part = LIST_LIMITS[0]
    if total > maximum:
        return total * part / maximum
    return min(total, next(limit for minimum, limit in LIST_LIMITS if total >= minimum))


def rate_limit_headers(headers: Mapping[str, str]) -> RateLimitHeaders | None:
    """What the headers of an answer tell, None if they do not. The values are written as fractions."""
    total, remaining = _number(headers.get("X-RateLimit-Total")), _number(headers.get("X-RateLimit-Remaining"))
    return None if total is None or remaining is None or total <= 0 else RateLimitHeaders(total, remaining)


def credits_used(headers: Mapping[str, str]) -> float | None:
    """What an answer says that its call has cost."""
    return _number(headers.get("X-RateLimit-Used-CurrentRequest"))


def _number(text: str | None) -> float | None:
    try:
        number = float(text) if text is not None else math.nan
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None
