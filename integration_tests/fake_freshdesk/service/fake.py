"""The fake itself: decides the answer to every request, in the order in which the real service would refuse it."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from email.utils import format_datetime
from itertools import count
from threading import Event
from types import MappingProxyType, TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from integration_tests.fake_freshdesk.endpoints import answers
from integration_tests.fake_freshdesk.endpoints.answers import Answer, Refusal
from integration_tests.fake_freshdesk.endpoints.endpoint import Endpoint
from integration_tests.fake_freshdesk.endpoints.options import Options
from integration_tests.fake_freshdesk.endpoints.request import Request
from integration_tests.fake_freshdesk.model.account import Account
from integration_tests.fake_freshdesk.sections.ticket_activities import FileStore
from integration_tests.fake_freshdesk.service.admission import Admission, is_authorized
from integration_tests.fake_freshdesk.service.faults import Fault, Honest
from integration_tests.fake_freshdesk.service.journal import Call, Journal
from integration_tests.fake_freshdesk.service.misbehaviour import Misbehaviour
from integration_tests.fake_freshdesk.service.rate_limit import Charge, RateLimit
from integration_tests.fake_freshdesk.service.routes import ROUTES
from integration_tests.fake_freshdesk.service.server import HttpServer, Incoming

Callback = Callable[[int, str, dict[str, str]], object]
"""Called with the number of the call among those for its path (from 1), the path, and the parameters."""

NO_PARAMS: Mapping[str, str] = MappingProxyType({})
_API_VERSION = "latest=v2; requested=v2"


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
    """Serves an account at `url` while entered, and the files of its exports at `download_url`.

    An exception in a callback, or in the fake itself, becomes a 500 and is raised again on exit. A key shown to the
    host of the files is raised on exit too.
    """

    def __init__(
        self,
        account: Account,
        api_key: str = "test-key",
        options: Options = Options(),  # noqa: B008 - it is frozen
        *,
        delay_seconds: float = 0.0,
        rate_limit: RateLimit | None = None,
        port: int = 0,
        dates_of_account: bool = False,
    ) -> None:
        """options: what differs from account to account, or is not documented. delay_seconds: of each answer. port: to
        listen on; 0: any that is free. dates_of_account: answers are dated by the account's clock, not the machine's.
        """
        self._dates_of_account = dates_of_account
        self.account = account
        self.journal = Journal()
        self.delay_seconds = delay_seconds
        self.rate_limit = rate_limit or RateLimit()
        self.options = options
        self._api_key = api_key
        self._misbehaviour = Misbehaviour()
        self._before: list[Callback] = []
        self._after: list[Callback] = []
        self._errors: list[Exception] = []
        self._turns = count(1)
        self._closing = Event()
        self._server = HttpServer(port, self._reply, compresses=options.gzip)
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

    def misbehave(
        self,
        fault: Fault,
        path: str = "/api/v2/tickets",
        times: int | None = 1,
        after: int = 0,
        params: Mapping[str, str] = NO_PARAMS,
    ) -> None:
        """Spoil the calls number `after` + 1 to `after` + `times` of those from now on whose path is, or matches,
        `path`, and that have these parameters; None spoils all that follow. In a pattern `*` stands for anything,
        slashes included."""
        self._misbehaviour.add(fault, path, times, after, params)

    def behave(self) -> None:
        """No faults any more."""
        self._misbehaviour.clear()

    def _reply(self, incoming: Incoming) -> Answer:
        """What the API answers."""
        arrival = self._arrive(incoming, _at_host_of(incoming, self.url))
        request, endpoint = arrival.request, arrival.endpoint
        # Requests that will be refused are charged too (https://developers.freshdesk.com/api/#ratelimit).
        charge = self.rate_limit.charge(request.path, endpoint.cost(request.params) if endpoint else 1)
        admission = Admission(endpoint, charge, is_authorized(incoming.authorization, self._api_key))

        def honest() -> Answer:
            return self._honest(incoming, admission, request)

        answer = self._exchange(incoming, arrival, honest, authorized=admission.authorized, credits_used=charge.used)
        if self._dates_of_account:
            dated = {"date": format_datetime(self.account.now(), usegmt=True), **answer.headers}
            answer = replace(answer, headers=dated)
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
        turn, download_url = next(self._turns), _at_host_of(incoming, self.download_url)
        request = Request(self.account, self.options, base_url, url.path, params, named, turn, download_url)
        return _Arrival(request, endpoint, started, number, number_for_path)

    def _exchange(
        self, incoming: Incoming, arrival: _Arrival, honest: Honest, *, authorized: bool, credits_used: float
    ) -> Answer:
        """The answer as faults, callbacks and delays leave it; the journal has the call."""
        path, params = arrival.request.path, dict(arrival.request.params)
        try:
            for callback in self._before:
                callback(arrival.number_for_path, path, params)
            page = params.get("page", "1")
            next_url = arrival.request.url_of_page(int(page) + 1 if page.isdecimal() else 2)
            answer = self._misbehaviour.apply(path, params, honest, next_url)
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

    def _honest(self, incoming: Incoming, admission: Admission, request: Request) -> Answer:
        try:
            endpoint = admission.admit(incoming, request)
            with self.account.lock:
                return endpoint.answer(request)
        except Refusal as refusal:
            return refusal.answer


def _at_host_of(incoming: Incoming, url: str) -> str:
    """The URL, at the name by which the caller knows this machine."""
    name = (incoming.host or "").rpartition(":")[0]
    return f"http://{name}:{urlsplit(url).port}" if name else url


def _with_headers(answer: Answer, charge: Charge) -> Answer:
    if not answer.rate_headers:
        return answer
    headers = {"x-freshdesk-api-version": _API_VERSION, **charge.headers, **answer.headers}
    return replace(answer, headers=headers)


_OF_THE_SERVICE = ("delay_seconds", "rate_limit", "port")


def fake_with(account: Account, api_key: str, **settings: Any) -> FakeFreshdesk:
    """A fake with these settings: keywords of `FakeFreshdesk`, and fields of `Options`."""
    of_service = {name: settings.pop(name) for name in _OF_THE_SERVICE if name in settings}
    return FakeFreshdesk(account, api_key, Options(**settings), **of_service)
