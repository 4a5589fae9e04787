"""How much the plans grant (https://developers.freshdesk.com/api/#ratelimit)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    """The limits of one window, a minute unless `RateLimit` says otherwise.

    total: the credits of the whole account.
    ticket_list, contact_list: what these two lists are limited to besides; None is no limit of their own.
    """

    total: float
    ticket_list: float | None = None
    contact_list: float | None = None


TRIAL = Plan(50, 50, 50)
FREE = TRIAL
GROWTH = Plan(200, 20, 20)
PRO = Plan(400, 100, 100)
ENTERPRISE = Plan(700, 200, 200)
BOUGHT_1000 = Plan(1000, 300, 300)
BOUGHT_2000 = Plan(2000, 400, 400)
HOURLY_3000 = Plan(3000)
"""What accounts of old plans may still have; to be used with `window_seconds=3600`."""
GENEROUS = Plan(100_000)
"""No real plan: so large that a client that obeys the headers is never slowed by them."""
