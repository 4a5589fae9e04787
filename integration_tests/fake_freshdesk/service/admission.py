"""Whether a request is answered or refused, in the order in which the real service would refuse it."""

import base64
import binascii
from dataclasses import dataclass

from integration_tests.fake_freshdesk.endpoints import answers
from integration_tests.fake_freshdesk.endpoints.answers import Refusal
from integration_tests.fake_freshdesk.endpoints.endpoint import Endpoint
from integration_tests.fake_freshdesk.endpoints.request import Request
from integration_tests.fake_freshdesk.service.rate_limit import Charge
from integration_tests.fake_freshdesk.service.server import Incoming


@dataclass(frozen=True)
class Admission:
    """What is known about a request before it is answered. `endpoint` is None if its path leads nowhere."""

    endpoint: Endpoint | None
    charge: Charge
    authorized: bool

    def admit(self, incoming: Incoming, request: Request) -> Endpoint:
        """The endpoint that is asked for. Raises `Refusal` if there is none or the request may not have it."""
        endpoint = self.endpoint
        if self.charge.refused:
            raise Refusal(answers.too_many(self.charge.retry_after))
        if request.options.suspended:
            raise Refusal(answers.account_suspended())
        if not self.authorized:
            raise Refusal(answers.invalid_credentials())
        if endpoint is None:
            raise Refusal(answers.not_found())
        if incoming.method != "GET":
            raise Refusal(answers.method_not_allowed(incoming.method))
        if not _accepts_json(incoming.accept):
            raise Refusal(answers.not_acceptable())
        if endpoint.feature is not None and endpoint.feature in request.options.missing_features:
            refused = answers.not_found() if request.options.no_feature == "not_found" else None
            raise Refusal(refused or answers.require_feature(endpoint.feature))
        if endpoint.admin and not request.options.admin:
            raise Refusal(answers.access_denied())
        if unexpected := endpoint.unexpected(request.params, request.options):
            raise answers.invalid_fields(unexpected)
        return endpoint


def is_authorized(authorization: str | None, api_key: str) -> bool:
    """HTTP Basic with the key as the user's name and any password, but not none.

    https://developers.freshdesk.com/api/#authentication
    """
    scheme, _, encoded = (authorization or "").partition(" ")
    if scheme.lower() != "basic":
        return False
    try:
        user, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return False
    return user == api_key and bool(password)


def _accepts_json(accept: str | None) -> bool:
    kinds = {kind.partition(";")[0].strip() for kind in (accept or "*/*").split(",")}
    return bool(kinds & {"*/*", "application/*", "application/json"})
