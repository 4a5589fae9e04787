"""What each error response of Freshdesk means: retry, skip or fail, who can fix it, and the message for the user.

One table, read from the top; the first rule that fits counts. A status or code that no rule names is unknown, and what
is unknown fails. Codes and statuses: https://developers.freshdesk.com/api/#errors
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException


class Action(Enum):
    """What is done about an error response."""

    RETRY = "retry"
    """Repeat the call after a while; if that does not help, fail."""
    WAIT = "wait"
    """The rate limit is reached. Wait as long as Freshdesk says, however long, and repeat the call."""
    SKIP = "skip"
    """The resource is not available to this key. The stream decides what of it is skipped."""
    FAIL = "fail"
    """Repeating the call changes nothing."""
    STOP = "stop"
    """Nothing in this account can be read with this key any more: the sync ends, whatever streams are left."""


@dataclass(frozen=True)
class ErrorRule:
    """A rule for error responses.

    status: None: any. code: Freshdesk's; None: any, also none. message: a sentence for the user, which says what to do.
    """

    status: int | None
    code: str | None
    action: Action
    failure_type: FailureType
    message: str

    def fits(self, status: int, code: str | None) -> bool:
        """Whether the rule is for a response with this status and error code."""
        return self.status in (None, status) and self.code in (None, code)


FEATURE_IS_MISSING, ROLE_IS_MISSING = "require_feature", "access_denied"
"""Freshdesk's codes for what an account's plan does not include and for what a key's agent may not see."""

_CONFIG, _TRANSIENT, _SYSTEM = FailureType.config_error, FailureType.transient_error, FailureType.system_error

# fmt: off
ERROR_RULES: tuple[ErrorRule, ...] = (
    ErrorRule(429, None, Action.WAIT, _TRANSIENT,
            "The account's API rate limit is reached."),
    ErrorRule(401, "password_expired", Action.STOP, _CONFIG,
            "The password of the agent who owns the API key has expired: sign in to Freshdesk and renew it."),
    ErrorRule(401, None, Action.STOP, _CONFIG,
            "Freshdesk rejected the API key: copy it again from your profile settings in Freshdesk, and check "
            "that it belongs to this account and is not disabled."),
    ErrorRule(None, "account_suspended", Action.STOP, _CONFIG,
            "Freshdesk has suspended this account: resolve that with Freshdesk, then sync again."),
    ErrorRule(None, "password_lockout", Action.STOP, _CONFIG,
            "Freshdesk has locked the agent who owns the API key after wrong passwords: unlock the agent, then sync "
            "again."),
    ErrorRule(None, "ssl_required", Action.FAIL, _CONFIG,
            "Freshdesk responds over https only: enter the account's name in 'domain', without http://."),
    ErrorRule(403, FEATURE_IS_MISSING, Action.SKIP, _CONFIG,
            "The plan of this Freshdesk account does not include this resource."),
    ErrorRule(403, ROLE_IS_MISSING, Action.SKIP, _CONFIG,
            "The agent who owns the API key may not read this resource: use the key of an administrator."),
    ErrorRule(403, None, Action.FAIL, _CONFIG,
            "Freshdesk refuses this call to the agent who owns the API key."),
    ErrorRule(404, None, Action.SKIP, _CONFIG,
            "This Freshdesk account does not have this resource."),
    ErrorRule(400, None, Action.FAIL, _SYSTEM,
            "Freshdesk rejected the request as this connector makes it."),
    ErrorRule(406, None, Action.FAIL, _SYSTEM,
            "Freshdesk rejected the request as this connector makes it."),
    ErrorRule(408, None, Action.RETRY, _TRANSIENT,
            "Freshdesk took too long to respond."),
    *(ErrorRule(status, None, Action.FAIL, _CONFIG,
              "The address of this account redirects elsewhere: check 'domain', the account may have been renamed.")
      for status in (301, 302, 303, 307, 308)),
    *(ErrorRule(status, None, Action.RETRY, _TRANSIENT,
              "Freshdesk has a temporary problem.")
      for status in (500, 502, 503, 504, *range(520, 528), 530)),
    ErrorRule(None, None, Action.FAIL, _SYSTEM,
            "Freshdesk sent a response that this connector does not know."),
)
"""For every call. The CDN in front of Freshdesk responds with statuses 520 to 530 too."""

CURRENT_AGENT_RULES: tuple[ErrorRule, ...] = (
    ErrorRule(404, None, Action.FAIL, _CONFIG,
            "There is no Freshdesk account at this address: check 'domain'."),
    ErrorRule(403, None, Action.FAIL, _CONFIG,
            "Freshdesk refuses this API key: check that it is the key of an active agent of this account."),
)
"""For the one call that every key may make (`/agents/me`): there the account or the key is wrong."""

HOST_NOT_FOUND = ErrorRule(None, None, Action.RETRY, _CONFIG,
                  "The address of this account cannot be found: check 'domain', or the network's DNS.")
CERTIFICATE_NOT_TRUSTED = ErrorRule(None, None, Action.FAIL, _CONFIG,
            "The certificate of the server that answers is not trusted: if a proxy answers with its own, set "
            "REQUESTS_CA_BUNDLE to a file with the certificate of its authority.")
PROXY_REFUSES = ErrorRule(None, None, Action.RETRY, _CONFIG,
            "The proxy of this network cannot be used: check HTTPS_PROXY, its user and password, and that the proxy "
            "allows the address of the account.")
NO_CONNECTION = ErrorRule(None, None, Action.RETRY, _TRANSIENT,
                    "Freshdesk cannot be reached: check that this machine can connect to the internet.")
BLOCKED = ErrorRule(403, None, Action.RETRY, _TRANSIENT,
            "A firewall on the way to Freshdesk blocks this call: if it stays so, allow the address of this machine "
            "there, or among the trusted addresses in Freshdesk.")
TOO_SLOW = ErrorRule(None, None, Action.RETRY, _TRANSIENT,
            "Freshdesk did not answer in time.")
TOO_LARGE = ErrorRule(None, None, Action.RETRY, _TRANSIENT,
            "Freshdesk's answer is larger than 256 MB.")
INVALID_RESPONSE = ErrorRule(None, None, Action.RETRY, _TRANSIENT,
                    "Freshdesk's response is incomplete or invalid.")
# fmt: on

RULES_WITHOUT_RESPONSE = (
    HOST_NOT_FOUND,
    CERTIFICATE_NOT_TRUSTED,
    PROXY_REFUSES,
    NO_CONNECTION,
    TOO_SLOW,
    TOO_LARGE,
    BLOCKED,
)
"""For calls that got no response from Freshdesk, or one from something in front of it."""


def rule_for(status: int, code: str | None, special: Sequence[ErrorRule] = ()) -> ErrorRule:
    """The rule for a response that is not a success. The rules of `special` come before those for every call.

    An account-wide refusal (suspended, locked out) keeps its own rule whatever `special` says of its status.
    """
    account_wide = [row for row in ERROR_RULES if row.status is None and row.code is not None]
    return next(row for row in (*account_wide, *special, *ERROR_RULES) if row.fits(status, code))


class FreshdeskError(AirbyteTracedException):
    """A call that failed for good. `str()` is the message for the user.

    The tree::

        AirbyteTracedException      what Airbyte reports
        └── FreshdeskError          failed for good, or after the last attempt
            ├── Refused             a response of action SKIP: the caller may skip the resource
            └── AccountClosed       a response of action STOP: no stream can be read any more
    """

    def __init__(self, rule: ErrorRule, what: str, detail: str = "") -> None:
        self.rule = rule
        message = f"{rule.message} ({what}{': ' if detail else ''}{detail})"
        super().__init__(message=message, internal_message=message, failure_type=rule.failure_type)


class ResourceUnavailable(FreshdeskError):
    """The resource is not available to this key. `status` and `code` are those of the response."""

    def __init__(self, rule: ErrorRule, what: str, detail: str, status: int, code: str | None) -> None:
        super().__init__(rule, what, detail)
        self.status = status
        self.code = code


class AccessRevoked(FreshdeskError):
    """Freshdesk refuses this key, or the whole account."""


def config_error(message: str) -> AirbyteTracedException:
    """An error that the user can fix."""
    return AirbyteTracedException(message=message, internal_message=message, failure_type=_CONFIG)


def transient_error(message: str) -> AirbyteTracedException:
    """An error that passes by itself."""
    return AirbyteTracedException(message=message, internal_message=message, failure_type=FailureType.transient_error)


def system_error(message: str) -> AirbyteTracedException:
    """An error that Freshdesk or this connector has to fix."""
    return AirbyteTracedException(message=message, internal_message=message, failure_type=_SYSTEM)
