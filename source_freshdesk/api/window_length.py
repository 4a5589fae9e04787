"""Whether a limit that can be one by the hour is one by the minute. Decides; keeps no calls.

Old plans have 3,000 or 5,000 calls an hour, and large accounts may have as many a minute. No header says which. In an
hour nothing of what was spent comes back, except at the end of an hour; in a minute all of it does. So a call is tried
each minute while the limit is reached: what it shows to have been renewed early, twice, proves the minute; if nothing
was renewed three times in a row, it is the hour.
"""

from source_freshdesk.api.limit_meter import HOUR_SECONDS, MINUTE_SECONDS

HOURLY_TOTALS = frozenset({3000.0, 5000.0})
"""Limits that old plans have by the hour."""

PROBES = 3
"""As many calls in a row that find nothing renewed prove the hour."""

RESERVED_FOR_PROBES = 10.0
"""The credits that are kept for them."""

PROVING_PART = 0.05
"""As much of the limit, renewed within a minute, counts."""

PROVING_PERIODS = 2
"""In so many minutes of half an hour."""


class WindowLength:
    """What is known of the length of a window."""

    def __init__(self) -> None:
        self.seconds = MINUTE_SECONDS
        self.is_known = True
        self._period_started_at = 0.0
        self._renewed = 0.0
        self._periods = 0
        self._vain_probes = 0
        self._next_probe_at = 0.0

    @property
    def reserve(self) -> float:
        """Credits to leave for probes."""
        return 0.0 if self.is_known else RESERVED_FOR_PROBES

    def note_total(self, total: float, now: float) -> None:
        """The account has this limit."""
        if total in HOURLY_TOTALS and self.is_known and self.seconds == MINUTE_SECONDS and not self._periods:
            self.seconds, self.is_known = HOUR_SECONDS, False
            self._next_probe_at = now + MINUTE_SECONDS

    def note_renewed(self, amount: float, total: float, now: float) -> None:
        """A response shows that so much of what was spent has been renewed earlier than after an hour."""
        if self.is_known:
            return
        since_last_period = now - self._period_started_at
        if since_last_period >= HOUR_SECONDS / 2:
            self._periods = 0
        if since_last_period >= MINUTE_SECONDS:
            self._period_started_at, self._renewed = now, 0.0
        is_counted = self._renewed >= total * PROVING_PART
        self._renewed += amount
        if not is_counted and self._renewed >= total * PROVING_PART:
            self._periods += 1
            self._vain_probes = 0
        if self._periods >= PROVING_PERIODS:
            self.seconds, self.is_known = MINUTE_SECONDS, True

    def note_refused(self, retry_after_seconds: float) -> None:
        """The account's limit was reached, for so long."""
        if retry_after_seconds > 2 * MINUTE_SECONDS and self._periods:
            self.seconds, self.is_known = HOUR_SECONDS, True

    def seconds_until_probe(self, now: float) -> float | None:
        """How long until a call may be tried although the limit is reached; None if none may."""
        return None if self.is_known else max(self._next_probe_at - now, 0.0)

    def note_probe(self, now: float) -> None:
        """A call is tried."""
        self._next_probe_at = now + MINUTE_SECONDS
        self._vain_probes += 1
        if self._vain_probes > PROBES:
            self.is_known = True

    def note_call(self, now: float) -> None:
        """A call is made that the limit allows, so the next probe is due a minute later."""
        self._next_probe_at = now + MINUTE_SECONDS
