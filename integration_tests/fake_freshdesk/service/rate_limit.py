"""Whether the account may still make a call (https://developers.freshdesk.com/api/#ratelimit)."""

import math
import threading
import time
from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass, field
from typing import Literal

from integration_tests.fake_freshdesk.endpoints.endpoint import API_ROOT
from integration_tests.fake_freshdesk.service.other_apps import Others, nobody
from integration_tests.fake_freshdesk.service.plans import GENEROUS, Plan
from integration_tests.fake_freshdesk.service.windows import FixedWindow, SlidingWindow, Window, WindowKind

TICKET_LIST = f"{API_ROOT}tickets"
CONTACT_LIST = f"{API_ROOT}contacts"
_ACCOUNT = "the whole account"


@dataclass(frozen=True)
class Charge:
    """What one request was charged, and what the answer says of it.

    used: the credits it was charged: none if it was refused and refused calls do not count.
    refused: whether it is to be answered with a 429.
    retry_after: the whole seconds after which a refused call would be allowed, if the answer says so.
    """

    total: float
    remaining: float
    used: float
    refused: bool = False
    retry_after: int | None = None

    @property
    def headers(self) -> dict[str, str]:
        """Live accounts send the numbers as floats."""
        return {
            "x-ratelimit-total": str(float(self.total)),
            "x-ratelimit-remaining": str(float(self.remaining)),
            "x-ratelimit-used-currentrequest": str(float(self.used)),
        }


@dataclass(frozen=True)
class _Claim:
    """What a call takes from one limit."""

    window: Window
    limit: float
    amount: float

    def fits(self, now: float) -> bool:
        return self.window.spent(now) + self.amount <= self.limit

    def fits_from(self, now: float) -> float:
        return self.window.falls_to(self.limit - self.amount, now)

    def left(self, now: float) -> float:
        return max(0.0, self.limit - self.window.spent(now))


@dataclass
class RateLimit:
    """Allows what the plan grants, and no more. May be asked by many threads.

    plan: may be set anew at any time; what was spent stays spent.
    window: whether limits are for windows that follow each other, or for any `window_seconds` whatever.
    window_seconds: 3600 for the hourly limits of old accounts.
    window_offset: the moment of the clock at which a fixed window starts; None is that of the first request.
    lists_count: whether the lists' own limits count calls, or the credits of these calls.
    headers_tell: which limit the headers of a list's answer tell: the account's or, if it has one, the list's own.
    tells_retry_after: whether a 429 says when to come back.
    refused_calls_count: whether a refused call is charged nevertheless.
    refusal_tells_zero: whether a 429 has nothing left in its headers whatever is left, as when only a list's own limit
        is reached.
    others: what else is spent on the account; it was so before the first request, too.
    clock: seconds from anywhere.
    """

    plan: Plan = GENEROUS
    _: KW_ONLY
    window: WindowKind = "fixed"
    window_seconds: float = 60.0
    window_offset: float | None = None
    lists_count: Literal["calls", "credits"] = "calls"
    headers_tell: Literal["account", "list"] = "account"
    tells_retry_after: bool = True
    refused_calls_count: bool = False
    refusal_tells_zero: bool = True
    others: Others = nobody
    clock: Callable[[], float] = time.monotonic
    _windows: dict[str, Window] = field(default_factory=dict, init=False, repr=False)
    _asked_until: float | None = field(default=None, init=False, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    def charge(self, path: str, cost: float) -> Charge:
        """Charge a request for this path with so many credits."""
        with self._lock:
            now = self.clock()
            if self.window_offset is None:
                self.window_offset = now
            self._let_others_spend(now)
            return self._charge(path, cost, now)

    def _let_others_spend(self, now: float) -> None:
        """What is older than a window counts no more, so it need not be asked for."""
        forgotten = now - self.window_seconds
        since = forgotten if self._asked_until is None else max(forgotten, self._asked_until)
        for call in self.others(since, now):
            self._charge(call.path, call.credits, call.at)
        self._asked_until = now

    def _charge(self, path: str, cost: float, now: float) -> Charge:
        claims = self._claims(path, cost)
        refused = not all(claim.fits(now) for claim in claims)
        counted = not refused or self.refused_calls_count
        if counted:
            for claim in claims:
                claim.window.spend(now, claim.amount)
        claim = claims[-1] if self.headers_tell == "list" else claims[0]
        return Charge(
            total=claim.limit,
            remaining=0.0 if refused and self.refusal_tells_zero else claim.left(now),
            used=cost if counted else 0.0,
            refused=refused,
            retry_after=_whole_seconds_until_all_fit(claims, now) if refused and self.tells_retry_after else None,
        )

    def _claims(self, path: str, cost: float) -> list[_Claim]:
        """On the account's limit and then, if there is one, on the list's own."""
        claims = [_Claim(self._window_of(_ACCOUNT), self.plan.total, cost)]
        own_limit = {TICKET_LIST: self.plan.ticket_list, CONTACT_LIST: self.plan.contact_list}.get(path)
        if own_limit is not None:
            claims.append(_Claim(self._window_of(path), own_limit, cost if self.lists_count == "credits" else 1))
        return claims

    def _window_of(self, name: str) -> Window:
        if name not in self._windows:
            self._windows[name] = (
                SlidingWindow(self.window_seconds)
                if self.window == "sliding"
                else FixedWindow(self.window_seconds, self.window_offset or 0.0)
            )
        return self._windows[name]


def _whole_seconds_until_all_fit(claims: list[_Claim], now: float) -> int:
    """At least one, even if the limit is smaller than what a single call takes."""
    return max(1, math.ceil(max(claim.fits_from(now) for claim in claims) - now))
