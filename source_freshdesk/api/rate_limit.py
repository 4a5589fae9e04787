"""When a call may be made within the rate limit. Decides; never sleeps, sends or locks.

Freshdesk grants an account a number of credits a minute, shared by all its apps; a call costs one, and two more for
each `include` of the ticket list. The lists of tickets and of contacts have lower limits of their own
(https://developers.freshdesk.com/api/#ratelimit). Whether the minute is one of the clock or the last sixty seconds is
not documented. So both are kept to: what was spent counts until a window after its response came, which is after
Freshdesk has counted it, unless a response shows that Freshdesk has renewed it earlier. And `X-RateLimit-Remaining`
shows what the account's other apps have left.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from source_freshdesk.api.limit_meter import CUSHION, MINUTE_SECONDS, LimitMeter
from source_freshdesk.api.rate_limit_headers import RateLimitHeaders
from source_freshdesk.api.window_length import WindowLength

LIST_LIMITS: tuple[tuple[float, float], ...] = ((2000, 400), (1000, 300), (700, 200), (400, 100), (200, 20), (0, 50))
"""The limit of the ticket list and of the contact list by the account's total:
https://developers.freshdesk.com/api/#ratelimit"""

MAX_RESPONSES_WITHOUT_HEADERS = 3
"""After so many responses without rate limit headers, Freshdesk is assumed to send none."""


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


class RateLimit:
    """Everything that limits the calls of a sync.

    percent: the part of the account's limit that this sync may use, 1 to 100; 90 by default.
    calls_per_minute: a limit of the user's own on all calls; None: no such limit.
    list_calls_per_minute: limits of the user's own on the calls of the lists that have limits of their own, by name.
    stated_total: the account's limit as the user states it. It holds until a response contains another.
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
        self._window_length = WindowLength()
        self._lists: dict[str, LimitMeter] = {}
        self._user_meter = LimitMeter(share=1.0, total=calls_per_minute)
        self._user_list_meters = {
            name: LimitMeter(1.0, maximum) for name, maximum in (list_calls_per_minute or {}).items()
        }
        self._blocked_until: dict[str | None, float] = {}
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
        bounds += [meter.total / MINUTE_SECONDS for meter in self._user_meters(call) if meter.total is not None]
        return min(bounds)

    @property
    def limit(self) -> str:
        """The account's limit, such as "400 a minute"; "" while it is unknown."""
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
            return self._allowed_at(call) - now
        if self._is_unknown and self._api.window.in_flight:
            return math.inf
        waits = [self._seconds_until_allowed_by_account(call, now)]
        waits += [meter.seconds_until(1.0, now) for meter in self._user_meters(call)]
        if call.list_name is not None:
            waits.append(self._list(call.list_name).seconds_until(self._list_cost(call), now))
        return max(waits)

    def _note_call_of_unknown_window(self, call: Call, now: float) -> None:
        if self._api.seconds_until(call.credits + self._window_length.reserve, now) > 0:
            self._window_length.note_probe(now)
        else:
            self._window_length.note_call(now)

    def _seconds_until_allowed_by_account(self, call: Call, now: float) -> float:
        seconds = self._api.seconds_until(call.credits + self._window_length.reserve, now)
        probe = self._window_length.seconds_until_probe(now)
        return seconds if probe is None or self._api.window.in_flight else min(seconds, probe)

    def is_refused(self, call: Call, now: float) -> bool:
        """Whether a refusal that applies to `call` is not over yet."""
        return self._allowed_at(call) > now

    def start(self, call: Call, now: float) -> InFlightCall:
        """Count a call that is being made."""
        if not self._window_length.is_known:
            self._note_call_of_unknown_window(call, now)
        self._api.begin(call.credits, now)
        for meter in self._user_meters(call):
            meter.begin(1.0, now)
        if call.list_name is not None:
            self._list(call.list_name).begin(self._list_cost(call), now)
        return InFlightCall(call, now)

    def finish(
        self, started: InFlightCall, now: float, headers: RateLimitHeaders | None = None, used: float | None = None
    ) -> None:
        """A call has ended, with these headers. used: what it cost, in credits. Also for a call without a response."""
        call = started.call
        self._api.end(call.credits, call.credits if used is None else used, now)
        for meter in self._user_meters(call):
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
        """A call was refused with 429: on a list with a limit of its own that list is blocked, else everything."""
        self._blocked_until[call.list_name] = max(
            now + retry_after_seconds, self._blocked_until.get(call.list_name, -math.inf)
        )
        self._api.forget_remaining()
        self._headerless = 0
        if call.list_name is None:
            self._window_length.note_refused(retry_after_seconds)
            self._api.window.window_seconds = self._window_length.seconds
        if call.list_name is not None:
            meter = self._list(call.list_name)
            meter.forget_remaining()
            if meter.total and meter.window.total < meter.total * CUSHION * 5:
                self._lists_by_credits.add(call.list_name)

    def _allowed_at(self, call: Call) -> float:
        return max(self._blocked_until.get(name, -math.inf) for name in (None, call.list_name))

    @property
    def _is_unknown(self) -> bool:
        """Whether nothing is known of the limit yet, so that one call must show it first."""
        return self._api.remaining is None and self._headerless < MAX_RESPONSES_WITHOUT_HEADERS

    def _learn(self, call: Call, headers: RateLimitHeaders, sent_at: float, now: float) -> None:
        """Which limit a list's response contains, the account's or its own, is not documented: the lower total is the
        list's.
        """
        if call.list_name is not None and self._is_total_of_account and headers.total < (self._api.total or 0.0):
            self._list(call.list_name).read(headers, sent_at, now)
            return
        self._is_total_of_account = self._is_total_of_account or call.list_name is None
        self._window_length.note_total(headers.total, now)
        # Where the list's own limit is as high as the account's, its response may contain the remainder of either.
        is_sure = call.list_name is None or list_limit(headers.total) != headers.total
        renewed = self._api.read(headers, sent_at, now, is_sure=is_sure)
        self._window_length.note_renewed(renewed, headers.total, now)
        self._api.window.window_seconds = self._window_length.seconds

    def _user_meters(self, call: Call) -> list[LimitMeter]:
        """The user's own limits that apply to `call`."""
        of_list = self._user_list_meters.get(call.list_name or "")
        return [self._user_meter] if of_list is None else [self._user_meter, of_list]

    def _list(self, name: str) -> LimitMeter:
        meter = self._lists.setdefault(name, LimitMeter(self._share))
        if meter.remaining is None and self._api.total is not None:
            is_by_the_hour = self._api.window.window_seconds != MINUTE_SECONDS
            meter.total = math.inf if is_by_the_hour else list_limit(self._api.total)
        return meter

    def _list_cost(self, call: Call) -> float:
        return call.credits if call.list_name in self._lists_by_credits else 1.0


def list_limit(total: float) -> float:
    """The limit of a list with one of its own, in an account with this limit by the minute."""
    maximum, part = LIST_LIMITS[0]
    if total > maximum:
        return total * part / maximum
    return min(total, next(limit for minimum, limit in LIST_LIMITS if total >= minimum))
