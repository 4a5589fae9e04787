"""The settings, validated and frozen.

`Config.from_mapping` is the only reader of the user's mapping. Every bad value is a config error that names the field
and says what would be right; the key itself is never quoted.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlsplit

from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_freshdesk import instants
from source_freshdesk.api.errors import config_error
from source_freshdesk.api.prefetch import MAX_THREADS
from source_freshdesk.api.rate_limit import list_limit

# A label of a host name: https://www.rfc-editor.org/rfc/rfc1123#section-2.1
_ACCOUNT = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_ACCOUNT_HOST = re.compile(rf"{_ACCOUNT.pattern}\.freshdesk\.com")
_LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?")
Default = TypeVar("Default", int, int | None)

_DIGITS = re.compile(r"[0-9]{1,9}")
_PRINTABLE = re.compile(r"[\x21-\x7e]+")

PLAN_LIMITS: Mapping[str, int] = {"free": 50, "growth": 200, "pro": 400, "enterprise": 700}
"""Calls a minute by plan: https://developers.freshdesk.com/api/#ratelimit"""
CUSTOM_PLAN = "custom"


@dataclass(frozen=True)
class RateLimits:
    """The maximum number of calls a minute, of all kinds, of the list of tickets and of the list of contacts; None for
    as many as the rate limit allows.
    """

    general: int | None = None
    tickets: int | None = None
    contacts: int | None = None


@dataclass(frozen=True)
class Config:
    """A usable configuration.

    base_url: scheme and host (and port, on a loopback host), no path: ``https://acme.freshdesk.com``.
    start: the earliest ``updated_at`` to sync, in seconds since the epoch; 0 means all history.
    contact_details: whether each contact is completed by its own page, for the fields that the list leaves out.
    archived_tickets: whether archived tickets are read, by their numbers.
    lookback_window_in_days: for how long after it was given a satisfaction rating may change and be read again.
    requests_per_minute: the maximum number of calls a minute, None for as many as the rate limit allows.
    api_quota_percent: the part of the account's call limit that a sync may use.
    num_workers: how many calls may be under way at once, None for as many as are useful.
    skip_refused_streams: whether a stream that the role of the key's agent does not allow is skipped, also where a
        destination overwrites.
    rate_limit_plan: of Airbyte's own connector: limits that the user chose, by naming a plan or by number.
    subscription_tier: of Airbyte's own connector: the account's plan. Its form fills in the lowest one, so this counts
        less than the limit that Freshdesk's responses contain.
    """

    base_url: str
    api_key: str = field(repr=False)
    start: int = instants.EPOCH
    contact_details: bool = True
    archived_tickets: bool = False
    lookback_window_in_days: int = 14
    requests_per_minute: int | None = None
    api_quota_percent: int = 90
    num_workers: int | None = None
    skip_refused_streams: bool = False
    rate_limit_plan: RateLimits = RateLimits()
    subscription_tier: str | None = None

    @property
    def calls_per_minute(self) -> int | None:
        """The lowest of the user's own limits on all calls, None if there is none."""
        limits = (self.requests_per_minute, self.rate_limit_plan.general)
        return min((limit for limit in limits if limit is not None), default=None)

    @property
    def list_calls_per_minute(self) -> Mapping[str, int]:
        """The user's own limits on calls for single lists, by the name of the list."""
        limits = {"tickets": self.rate_limit_plan.tickets, "contacts": self.rate_limit_plan.contacts}
        return {name: limit for name, limit in limits.items() if limit is not None}

    @property
    def stated_call_limit(self) -> int | None:
        """The account's limit a minute as the user states it, None if the user does not."""
        return None if self.subscription_tier is None else PLAN_LIMITS[self.subscription_tier]

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any], *, now: int) -> "Config":
        """Read the user's mapping; unknown keys are left alone. ``now`` (epoch seconds) bounds `start_date`.

        Raises `AirbyteTracedException` of type config_error for the first bad value.
        """
        return cls(
            base_url=_base_url(mapping.get("domain")),
            api_key=_api_key(mapping.get("api_key")),
            start=_start(mapping.get("start_date"), now),
            contact_details=_switch(mapping, "contact_details", default=True),
            archived_tickets=_switch(mapping, "archived_tickets", default=False),
            lookback_window_in_days=_number(mapping, "lookback_window_in_days", cls.lookback_window_in_days, minimum=0),
            requests_per_minute=_number(mapping, "requests_per_minute", None, minimum=1),
            api_quota_percent=_number(mapping, "api_quota_percent", cls.api_quota_percent, minimum=1, maximum=100),
            num_workers=_number(mapping, "num_workers", None, minimum=1, maximum=MAX_THREADS),
            skip_refused_streams=_switch(mapping, "skip_refused_streams", default=False),
            rate_limit_plan=_rate_limit_plan(mapping.get("rate_limit_plan")),
            subscription_tier=_plan(mapping, "subscription_tier", PLAN_LIMITS),
        )


def _bad(field_name: str, message: str) -> AirbyteTracedException:
    return config_error(f"The setting '{field_name}' {message}")


def _base_url(value: Any) -> str:
    """The account's base URL. Freshdesk's API answers only on ``*.freshdesk.com``, not on a help desk's own domain:
    https://developers.freshdesk.com/api/#getting-started
    """
    hint = "Enter the name of your account, such as 'acme' or 'acme.freshdesk.com'."
    if value is None or value == "":
        raise _bad("domain", f"is missing. {hint}")
    if not isinstance(value, str) or not value.strip():
        raise _bad("domain", f"is {value!r}, which is not an address. {hint}")
    text = value.strip().lower()
    if _ACCOUNT.fullmatch(text):
        return f"https://{text}.freshdesk.com"
    try:
        url = urlsplit(text if "://" in text else f"https://{text}")
        host, port = url.hostname or "", url.port
    except ValueError as unreadable:
        raise _bad("domain", f"is not a host name: {unreadable}. {hint}") from None
    if url.username is None and url.password is None:
        if url.scheme == "http" and host in _LOOPBACK_HOSTS and port:
            return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        if url.scheme in ("http", "https") and port in (None, 443) and _ACCOUNT_HOST.fullmatch(host):
            return f"https://{host}"
    if _ACCOUNT_HOST.fullmatch(host.rstrip(".")):
        raise _bad("domain", f"has more to it than an address: leave out user name, port and final dot. {hint}")
    if host in _LOOPBACK_HOSTS:
        raise _bad("domain", f"names this machine, which needs http:// and a port. {hint}")
    raise _bad(
        "domain",
        f"names '{host or text}', where Freshdesk's API does not answer: it answers only on hosts that end in "
        f".freshdesk.com, also when your help desk is shown under a domain of your own. {hint}",
    )


def _api_key(value: Any) -> str:
    hint = "Copy the key from your profile settings in Freshdesk."
    if not isinstance(value, str) or not value.strip():
        raise _bad("api_key", f"is missing. {hint}")
    key = value.strip()
    if not _PRINTABLE.fullmatch(key):
        raise _bad("api_key", f"has characters that no API key has (a space, a line break, an accent). {hint}")
    return key


def _start(value: Any, now: int) -> int:
    if value is None or (isinstance(value, str) and not value.strip()):
        return instants.EPOCH
    hint = "Enter a date such as '2024-01-31' or '2024-01-31T00:00:00Z', or leave it empty for all history."
    if not isinstance(value, str) or not _DATE.fullmatch(value.strip()):
        raise _bad("start_date", f"is {value!r}, which is not a date. {hint}")
    try:
        start = instants.parse(value)
    except ValueError:
        raise _bad("start_date", f"is {value!r}, which is not a date of the calendar. {hint}") from None
    if start > now:
        raise _bad("start_date", f"is {value!r}, which is in the future: nothing could ever be synced. {hint}")
    return max(start, instants.EPOCH)


def _switch(mapping: Mapping[str, Any], name: str, *, default: bool) -> bool:
    value = _typed(mapping.get(name))
    if value is None:
        return default
    if not isinstance(value, bool):
        raise _bad(name, f"is {value!r}; it must be true or false.")
    return value


def _typed(value: Any) -> Any:
    """A number or a switch that came as text, as old forms and Terraform send them; an empty text is none."""
    if not isinstance(value, str):
        return value
    text = value.strip().lower()
    return int(text) if _DIGITS.fullmatch(text) else {"true": True, "false": False, "": None}.get(text, value)


def _rate_limit_plan(value: Any) -> RateLimits:
    if value is None:
        return RateLimits()
    if not isinstance(value, Mapping):
        raise _bad("rate_limit_plan", f"is {value!r}; it must be an object with a 'plan_type'.")
    inside = {f"rate_limit_plan.{name}": given for name, given in value.items()}
    general = PLAN_LIMITS.get(_plan(inside, "rate_limit_plan.plan_type", (*PLAN_LIMITS, CUSTOM_PLAN)) or CUSTOM_PLAN)
    of_a_list = None if general is None else int(list_limit(general))
    return RateLimits(
        general=_number(inside, "rate_limit_plan.general_rate_limit", general, minimum=1),
        tickets=_number(inside, "rate_limit_plan.tickets_rate_limit", of_a_list, minimum=1),
        contacts=_number(inside, "rate_limit_plan.contacts_rate_limit", of_a_list, minimum=1),
    )


def _plan(mapping: Mapping[str, Any], name: str, plans: Iterable[str]) -> str | None:
    value = mapping.get(name)
    if value is None:
        return None
    if value not in list(plans):
        raise _bad(name, f"is {value!r}; it must be one of {', '.join(plans)}.")
    return str(value)


def _number(
    mapping: Mapping[str, Any], name: str, default: Default, *, minimum: int, maximum: int | None = None
) -> int | Default:
    value = _typed(mapping.get(name))
    if value is None:
        return default
    if (
        isinstance(value, bool)
        or not isinstance(value, int)
        or value < minimum
        or (maximum is not None and value > maximum)
    ):
        bounds = f"from {minimum} to {maximum}" if maximum is not None else f"of {minimum} or more"
        raise _bad(name, f"is {value!r}; it must be a whole number {bounds}.")
    return value
