"""One limit: what was spent of it in a window of time, and when there is room for more."""

import math
from collections import deque
from dataclasses import dataclass, field

from source_freshdesk.api.rate_limit_headers import RateLimitHeaders

MINUTE_SECONDS = 60.0

HOUR_SECONDS = 3600.0

CUSHION = 0.1
"""The part of the account's limit that is left for what its other apps spend between two of our calls."""

PROBES_PER_WINDOW = 4
"""How often in a window a call is tried although the last headers do not allow it, to learn newer ones."""

STALE_SECONDS = 5.0
"""Headers older than this say little about what the other apps have left."""

UNSURE_PART = 0.02
"""How much of the limit may be under way on credits that are only assumed to have been renewed."""


class SpendWindow:
    """What was spent in the last `window_seconds`, and what is under way."""

    def __init__(self, window_seconds: float) -> None:
        self.window_seconds = window_seconds
        self.in_flight = 0.0
        self._ended: deque[tuple[float, float]] = deque()
        self._ended_sum = 0.0

    def begin(self, cost: float) -> None:
        """A call is being made."""
        self.in_flight += cost

    def end(self, cost: float, actual: float, now: float) -> None:
        """It has ended, and has cost `actual`."""
        self.in_flight = max(self.in_flight - cost, 0.0)
        if actual > 0:
            self._ended.append((now, actual))
            self._ended_sum += actual

    def expire(self, now: float) -> float:
        """Forget what is older than the window; how much that was."""
        expired = 0.0
        while self._ended and self._ended[0][0] + self.window_seconds <= now:
            expired += self._ended.popleft()[1]
        self._ended_sum = max(self._ended_sum - expired, 0.0) if self._ended else 0.0
        return expired

    def ended_since(self, moment: float) -> float:
        """What ended after `moment`."""
        since = 0.0
        for at, spent in reversed(self._ended):
            if at <= moment:
                break
            since += spent
        return since

    def trim(self, maximum: float, before: float) -> float:
        """Let go of the oldest until no more than `maximum` is left of what ended by `before`; how much that was. What
        ended later may not have been counted yet when Freshdesk said what is left.
        """
        known = self._ended_sum - self.ended_since(before)
        trimmed = 0.0
        while self._ended and known > maximum:
            spent = self._ended.popleft()[1]
            self._ended_sum -= spent
            known -= spent
            trimmed += spent
        return trimmed

    @property
    def total(self) -> float:
        """Spent and under way."""
        return self._ended_sum + self.in_flight

    def seconds_until_room(self, cost: float, limit: float, now: float) -> float:
        """How long until `cost` more stays within `limit`; infinite if calls under way must end first."""
        return self.seconds_until_expired(self.total + cost - limit, now)

    def seconds_until_expired(self, amount: float, now: float) -> float:
        """How long until so much of what ended is older than the window; infinite if there is not so much."""
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
    _renewed: float = 0.0

    def seconds_until(self, cost: float, now: float) -> float:
        """How long until a call of this cost may go out; 0 now; infinite until one that is under way ends."""
        self._renewed += self.window.expire(now)
        if self.total is None:
            return 0.0
        room = self.window.seconds_until_room(cost, max(self.total * self.share, cost), now)
        return max(room, self._seconds_until_left(cost, now))

    def begin(self, cost: float, now: float) -> None:
        """A call is being made. After a pause it is made alone, and shows what the other apps have left."""
        if not self.window.in_flight and now - self._read_at > STALE_SECONDS:
            self.forget_remaining()
        self.window.begin(cost)

    def end(self, cost: float, actual: float, now: float) -> None:
        """A call has ended."""
        self.window.end(cost, actual, now)

    def read(self, headers: RateLimitHeaders, sent_at: float, now: float, *, is_sure: bool = True) -> float:
        """Learn from the headers of an answer to a call that went out at `sent_at`. Answers overtake each other: the
        one to an older call can only lower what is known to be left.

        Gives how much of what was spent was renewed earlier than a window after it was spent.
        """
        self._renewed += self.window.expire(now)
        self.total = headers.total
        trimmed = self.window.trim(max(headers.total - headers.remaining, 0.0), sent_at) if is_sure else 0.0
        # What ended since then may have been counted after the headers were written.
        minimum = headers.remaining - self.window.ended_since(sent_at)
        if self.remaining is None or minimum > self.remaining or not self.window.in_flight:
            self.remaining, self._read_at, self._renewed = headers.remaining, now, 0.0
        elif headers.remaining <= self.remaining + self._renewed:
            self.remaining, self._read_at, self._renewed = min(self.remaining, headers.remaining), now, 0.0
        return trimmed

    def forget_remaining(self) -> None:
        """What is left is not known any more, as after a refusal."""
        self.remaining = None

    def _seconds_until_left(self, cost: float, now: float) -> float:
        if self.total is None or self.remaining is None:
            return 0.0
        cushion = self.total * min(1.0 - self.share, CUSHION)
        left = self.remaining - self.window.in_flight - cost
        is_little = self.window.in_flight < max(self.total * UNSURE_PART, 1.0)
        if left >= cushion or (left + self._renewed >= cushion and is_little):
            return 0.0
        if self.window.in_flight:
            return math.inf
        window = self.window.window_seconds
        wait = window if left < cushion / 2 else window / PROBES_PER_WINDOW
        renewed = self.window.seconds_until_expired(cushion - left - self._renewed, now)
        return min(max(self._read_at + wait - now, 0.0), renewed)
