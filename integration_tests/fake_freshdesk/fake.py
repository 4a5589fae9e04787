"""The fake itself: decides the answer to every request, in the order in which the real service would refuse it."""

import base64
import binascii
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import count
from threading import Event
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, urlsplit

from integration_tests.fake_freshdesk import answers
from integration_tests.fake_freshdesk.account import Account
from integration_tests.fake_freshdesk.activities import FileStore
from integration_tests.fake_freshdesk.answers import Answer, Refusal
from integration_tests.fake_freshdesk.endpoint import Endpoint
from integration_tests.fake_freshdesk.endpoints import ROUTES
from integration_tests.fake_freshdesk.faults import Fault, Honest
from integration_tests.fake_freshdesk.journal import Call, Journal
from integration_tests.fake_freshdesk.misbehaviour import Misbehaviour
from integration_tests.fake_freshdesk.options import CompaniesFilter, ContactsFilterName, NoFeature, Options, TieOrder
from integration_tests.fake_freshdesk.rate_limit import Charge, RateLimit
from integration_tests.fake_freshdesk.request import Request
from integration_tests.fake_freshdesk.server import HttpServer, Incoming

Callback = Callable[[int, str, dict[str, str]], object]
"""Called with the number of the call among those for its path (from 1), the path, and the parameters."""

_API_VERSION = "latest=v2; requested=v2"


@dataclass(frozen=True)
class _Admission:
    """What is known about a request before it is answered. `endpoint` is None if its path leads nowhere."""

    endpoint: Endpoint | None
    charge: Charge
    authorized: bool


@dataclass(frozen=True)
class _Arrival:
    """A request that has come in: when, and as which of all and of those for its path."""

    request: Request
    endpoint: Endpoint | None
    started: float
    number: int
    number_for_path: int


class KeyShownToStrangers(Exception):
    """The client sent its key to the host the files are kept on."""


class FakeFreshdesk:
    """Serves an account at `url` while entered, and the files it tells the place of at `download_url`.

    What differs from account to account, or is not documented, are keywords; see `Options` for their meaning. An
    exception in a callback, or in the fake itself, becomes a 500 and is raised again on exit. A key shown to
    the host of the files is raised on exit too.
    """

    def __init__(  # noqa: PLR0913 - the keywords are the fake's settings
        self,
        account: Account,
        api_key: str = "test-key",
        *,
        updated_since_inclusive: bool = True,
        contacts_filter_name: ContactsFilterName = "_updated_since",
        companies_filter: CompaniesFilter = "updated_since",
        tie_order: TieOrder = "stable",
        admin: bool = True,
        ticket_scope: int = 1,
        suspended: bool = False,
        blank_in_link: bool = False,
        gzip: bool = False,
        missing_features: Iterable[str] = (),
        no_feature: NoFeature = "require_feature",
        skills_wrapped: bool = False,
        delay_seconds: float = 0.0,
        rate_limit: RateLimit | None = None,
        port: int = 0,
    ) -> None:
        self.account = account
        self.journal = Journal()
        self.delay_seconds = delay_seconds
        self.rate_limit = rate_limit or RateLimit()
        self.options = Options(
            updated_since_inclusive=updated_since_inclusive,
            contacts_filter_name=contacts_filter_name,
            companies_filter=companies_filter,
            tie_order=tie_order,
            admin=admin,
            ticket_scope=ticket_scope,
            suspended=suspended,
            blank_in_link=blank_in_link,
            gzip=gzip,
            missing_features=frozenset(missing_features),
            no_feature=no_feature,
            skills_wrapped=skills_wrapped,
        )
        self._api_key = api_key
        self._misbehaviour = Misbehaviour()
        self._before: list[Callback] = []
        self._after: list[Callback] = []
        self._errors: list[Exception] = []
        self._turns = count(1)
        self._closing = Event()
        self._server = HttpServer(port, self._reply, compresses=gzip)
        self.url = self._server.url
        self._files = FileStore()
        self._file_server = HttpServer(0, self._reply_with_file, compresses=False)
        self.download_url = self._file_server.url

    def __enter__(self) -> Self:
        self._server.start()
        self._file_server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._closing.set()
        self._server.close()
        self._file_server.close()
        if self._errors and error is None:
            raise self._errors[0]

    def before_request(self, callback: Callback) -> None:
        """Have this called when a request has come in and its answer is not made yet."""
        self._before.append(callback)

    def after_request(self, callback: Callback) -> None:
        """Have this called when an answer is made and not sent yet: what it changes, the next request sees."""
        self._after.append(callback)

    def misbehave(self, fault: Fault, path: str = "/api/v2/tickets", times: int | None = 1, after: int = 0) -> None:
        """Spoil the calls number `after` + 1 to `after` + `times` of those from now on whose path is, or matches,
        `path`; None spoils all that follow. In a pattern `*` stands for anything, slashes included."""
        self._misbehaviour.add(fault, path, times, after)

    def behave(self) -> None:
        """No faults any more."""
        self._misbehaviour.clear()

    def _reply(self, incoming: Incoming) -> Answer:
        """What the API answers."""
        arrival = self._arrive(incoming, self.url)
        request, endpoint = arrival.request, arrival.endpoint
        # Requests that will be refused are charged too (https://developers.freshdesk.com/api/#ratelimit).
        charge = self.rate_limit.charge(request.path, endpoint.cost(request.params) if endpoint else 1)
        admission = _Admission(endpoint, charge, self._is_authorized(incoming.authorization))

        def honest() -> Answer:
            return self._honest(incoming, admission, request)

        answer = self._exchange(incoming, arrival, honest, authorized=admission.authorized, credits_used=charge.used)
        return _with_headers(answer, charge)

    def _reply_with_file(self, incoming: Incoming) -> Answer:
        """What the host of the files answers. It is none of the API's: it charges nothing and wants no key."""
        arrival = self._arrive(incoming, self.download_url)
        if incoming.authorization is not None:
            where = f"{self.download_url}{arrival.request.path}"
            self._errors.append(KeyShownToStrangers(f"Authorization was sent to {where}"))

        def honest() -> Answer:
            with self.account.lock:
                return self._files.answer(arrival.request, incoming.method, incoming.authorization)

        return self._exchange(incoming, arrival, honest, authorized=False, credits_used=0)

    def _arrive(self, incoming: Incoming, base_url: str) -> _Arrival:
        started = time.monotonic()
        url = urlsplit(incoming.target)
        params = dict(parse_qsl(url.query, keep_blank_values=True))
        number, number_for_path = self.journal.arrive(url.path)
        endpoint, named = ROUTES.find(url.path) or (None, {})
        turn = next(self._turns)
        request = Request(self.account, self.options, base_url, url.path, params, named, turn, self.download_url)
        return _Arrival(request, endpoint, started, number, number_for_path)

    def _exchange(
        self, incoming: Incoming, arrival: _Arrival, honest: Honest, *, authorized: bool, credits_used: float
    ) -> Answer:
        """The answer as faults, callbacks and delays leave it; the journal has the call."""
        path, params = arrival.request.path, dict(arrival.request.params)
        try:
            for callback in self._before:
                callback(arrival.number_for_path, path, params)
            answer = self._misbehaviour.apply(path, honest, arrival.request.url_of_page(2))
            for callback in self._after:
                callback(arrival.number_for_path, path, params)
        except Exception as error:  # noqa: BLE001 - raised again on exit
            self._errors.append(error)
            answer = answers.coded(500, "error_in_the_fake", repr(error))
        self._closing.wait(self.delay_seconds + answer.delay_seconds)
        seconds = time.monotonic() - arrival.started
        self.journal.write(
            Call(
                arrival.number,
                incoming.method,
                path,
                params,
                answer.status,
                arrival.started,
                seconds,
                authorized,
                credits=credits_used,
            )
        )
        return answer

    def _honest(self, incoming: Incoming, admission: _Admission, request: Request) -> Answer:
        try:
            endpoint = self._admit(incoming, admission, request)
            with self.account.lock:
                return endpoint.answer(request)
        except Refusal as refusal:
            return refusal.answer

    def _admit(self, incoming: Incoming, admission: _Admission, request: Request) -> Endpoint:
        """The endpoint asked for, if there is one and the request may have it."""
        endpoint = admission.endpoint
        if admission.charge.refused:
            raise Refusal(answers.too_many(admission.charge.retry_after))
        if self.options.suspended:
            raise Refusal(answers.account_suspended())
        if not admission.authorized:
            raise Refusal(answers.invalid_credentials())
        if endpoint is None:
            raise Refusal(answers.not_found())
        if incoming.method != "GET":
            raise Refusal(answers.method_not_allowed(incoming.method))
        if not _accepts_json(incoming.accept):
            raise Refusal(answers.not_acceptable())
        if endpoint.feature is not None and endpoint.feature in self.options.missing_features:
            refused = answers.not_found() if self.options.no_feature == "not_found" else None
            raise Refusal(refused or answers.require_feature(endpoint.feature))
        if endpoint.admin and not self.options.admin:
            raise Refusal(answers.access_denied())
        if unexpected := endpoint.unexpected(request.params, self.options):
            raise answers.invalid_fields(unexpected)
        return endpoint

    def _is_authorized(self, authorization: str | None) -> bool:
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
        return user == self._api_key and bool(password)


def _accepts_json(accept: str | None) -> bool:
    kinds = {kind.partition(";")[0].strip() for kind in (accept or "*/*").split(",")}
    return bool(kinds & {"*/*", "application/*", "application/json"})


def _with_headers(answer: Answer, charge: Charge) -> Answer:
    if not answer.rate_headers:
        return answer
    headers = {"x-freshdesk-api-version": _API_VERSION, **charge.headers, **answer.headers}
    return replace(answer, headers=headers)
