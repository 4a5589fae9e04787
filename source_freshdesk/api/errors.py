"""What each answer of Freshdesk means: retry, skip or fail, whose fault it is, and what the user is told.

One table, read from the top; the first row that fits counts. A status or code that no row names is unknown, and what
is unknown fails. Codes and statuses: https://developers.freshdesk.com/api/#errors
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException


class Action(Enum):
    """What is done about an answer."""

    RETRY = "retry"
    """Ask again after a while; if it does not get better, fail."""
    WAIT = "wait"
    """The quota is spent. Wait as long as Freshdesk says, however long, and ask again."""
    SKIP = "skip"
    """This resource is not there for this key. The stream decides what of it is skipped."""
    FAIL = "fail"
    """Asking again changes nothing."""
    STOP = "stop"
    """Nothing in this account can be read with this key any more: a sync ends here, whatever streams are left."""


@dataclass(frozen=True)
class ErrorRule:
    """A row of the table. `status` None: any status. `code` None: any code, also none."""

    status: int | None
    code: str | None
    action: Action
    failure_type: FailureType
    message: str

    def fits(self, status: int, code: str | None) -> bool:
        """Whether this row speaks of an answer with this status and error code."""
        return self.status in (None, status) and self.code in (None, code)


FEATURE_IS_MISSING, ROLE_IS_MISSING = "require_feature", "access_denied"
"""Freshdesk's codes for what an account's plan does not include and for what a key's agent may not see."""

_USER, _PASSING, _OURS = FailureType.config_error, FailureType.transient_error, FailureType.system_error

# fmt: off
ERROR_RULES: tuple[ErrorRule, ...] = (
    ErrorRule(429, None, Action.WAIT, _PASSING,
            "The account's API call limit is reached."),
    ErrorRule(401, "password_expired", Action.STOP, _USER,
            "The password of the agent whose API key this is has expired: sign in to Freshdesk and renew it."),
    ErrorRule(401, None, Action.STOP, _USER,
            "Freshdesk does not accept the API key: copy it again from your profile settings in Freshdesk, and check "
            "that it belongs to this account and is not switched off."),
    ErrorRule(None, "account_suspended", Action.STOP, _USER,
            "Freshdesk has suspended this account: settle that with Freshdesk, then sync again."),
    ErrorRule(None, "password_lockout", Action.STOP, _USER,
            "Freshdesk has locked the agent whose API key this is after wrong passwords: unlock the agent, then sync "
            "again."),
    ErrorRule(None, "ssl_required", Action.FAIL, _USER,
            "Freshdesk answers over https only: enter the account's name in 'domain', without http://."),
    ErrorRule(403, FEATURE_IS_MISSING, Action.SKIP, _USER,
            "The plan of this Freshdesk account does not include it."),
    ErrorRule(403, ROLE_IS_MISSING, Action.SKIP, _USER,
            "The agent whose API key this is may not read it: use the key of an administrator."),
    ErrorRule(403, None, Action.FAIL, _USER,
            "Freshdesk refuses this call to the agent whose API key this is."),
    ErrorRule(404, None, Action.SKIP, _USER,
            "Freshdesk does not know it in this account."),
    ErrorRule(400, None, Action.FAIL, _OURS,
            "Freshdesk does not accept the call as this connector makes it."),
    ErrorRule(406, None, Action.FAIL, _OURS,
            "Freshdesk does not accept the call as this connector makes it."),
    ErrorRule(408, None, Action.RETRY, _PASSING,
            "Freshdesk took too long."),
    *(ErrorRule(status, None, Action.FAIL, _USER,
              "The address of this account sends callers elsewhere: check 'domain', the account may have been renamed.")
      for status in (301, 302, 303, 307, 308)),
    *(ErrorRule(status, None, Action.RETRY, _PASSING,
              "Freshdesk is in trouble at the moment.")
      for status in (500, 502, 503, 504, *range(520, 528), 530)),
    ErrorRule(None, None, Action.FAIL, _OURS,
            "Freshdesk gave an answer that this connector does not know."),
)
"""For every call. The edge in front of Freshdesk answers with statuses 520 to 530 too."""

CURRENT_AGENT_RULES: tuple[ErrorRule, ...] = (
    ErrorRule(404, None, Action.FAIL, _USER,
            "There is no Freshdesk account at this address: check 'domain'."),
    ErrorRule(403, None, Action.FAIL, _USER,
            "Freshdesk refuses this API key: check that it is the key of an active agent of this account."),
)
"""For the one call that every key may make (`/agents/me`): there it is the account or the key that is wrong."""

HOST_NOT_FOUND = ErrorRule(None, None, Action.RETRY, _USER,
                  "The address of this account cannot be found: check 'domain', or the network's name service.")
NO_CONNECTION = ErrorRule(None, None, Action.RETRY, _PASSING,
                    "Freshdesk cannot be reached: check that this machine can connect to the internet.")
INVALID_RESPONSE = ErrorRule(None, None, Action.RETRY, _PASSING,
                    "Freshdesk's answer did not arrive whole.")
# fmt: on


def rule_for(status: int, code: str | None, special: Sequence[ErrorRule] = ()) -> ErrorRule:
    """The row for an answer that is not a success. The rows of `special` stand above the table.

    An account-wide refusal (suspended, locked out) keeps its own row whatever `special` says of its status.
    """
    account_wide = [row for row in ERROR_RULES if row.status is None and row.code is not None]
    return next(row for row in (*account_wide, *special, *ERROR_RULES) if row.fits(status, code))


class FreshdeskError(AirbyteTracedException):
    """A call that brought nothing and will not. `str()` is the sentence for the user.

    The tree::

        AirbyteTracedException      what Airbyte reports
        └── FreshdeskError          failed for good, or retried until patience ended
            ├── Refused             an answer of action SKIP: the caller may go on without this resource
            └── AccountClosed       an answer of action STOP: no stream can be read any more
    """

    def __init__(self, rule: ErrorRule, what: str, detail: str = "") -> None:
        self.rule = rule
        message = f"{rule.message} ({what}{': ' if detail else ''}{detail})"
        super().__init__(message=message, internal_message=message, failure_type=rule.failure_type)


class ResourceUnavailable(FreshdeskError):
    """Freshdesk has not got this resource for this key. `status` and `code` say how it was refused."""

    def __init__(self, rule: ErrorRule, what: str, detail: str, status: int, code: str | None) -> None:
        super().__init__(rule, what, detail)
        self.status = status
        self.code = code


class AccessRevoked(FreshdeskError):
    """Freshdesk does not let this key into this account any more."""


def config_error(message: str) -> AirbyteTracedException:
    """An error that is the user's to mend."""
    return AirbyteTracedException(message=message, internal_message=message, failure_type=_USER)


def system_error(message: str) -> AirbyteTracedException:
    """An error that is Freshdesk's or ours."""
    return AirbyteTracedException(message=message, internal_message=message, failure_type=_OURS)
