"""The files of the export of ticket activities, on the hosts that keep them."""

import logging
from collections.abc import Callable, Sequence
from typing import Any, ClassVar
from urllib.parse import urlsplit

from airbyte_cdk.models import FailureType

from source_freshdesk import instants
from source_freshdesk.api.backoff import RetryAfterBackoff
from source_freshdesk.api.error_handler import FreshdeskErrorHandler
from source_freshdesk.api.errors import Action, ErrorRule, FreshdeskError, ResourceUnavailable, system_error
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.api.http_client import REQUEST_KWARGS
from source_freshdesk.api.response import InvalidResponse, Row
from source_freshdesk.api.secrets import hide

FRESH_LINKS = 3
"""How often the address of a file is asked for when the file does not open."""


class ExportLinks:
    """`{"export": {"url": …}}` or a list of such; newer accounts send the list."""

    content_type: ClassVar[str | None] = "json"

    def rows(self, body: Any) -> list[Row]:
        """The links."""
        export = body.get("export") if isinstance(body, dict) else None
        links = [export] if isinstance(export, dict) else export
        if not isinstance(links, list):
            raise InvalidResponse("a response without 'export'")
        links = [link for link in links if link]
        if not all(isinstance(link, dict) and isinstance(link.get("url"), str) for link in links):
            raise InvalidResponse("an export without 'url'")
        return links


class ActivitiesFile:
    """`{"activities_data": […]}`, of any content type: it comes from an object store.

    Rows without a valid time are left to the caller, as long as there are others.
    """

    content_type: ClassVar[str | None] = None

    def rows(self, body: Any) -> list[Row]:
        """The activities."""
        activities = body.get("activities_data") if isinstance(body, dict) else None
        if not isinstance(activities, list) or (activities and not any(map(has_time, activities))):
            raise InvalidResponse("a file without complete 'activities_data'")
        return activities


def has_time(row: Any) -> bool:
    """Whether an activity is an object that says when it was performed."""
    try:
        instants.normalised(row["performed_at"])
    except (TypeError, KeyError, ValueError):
        return False
    return True


NO_LONGER_THERE = tuple(
    ErrorRule(status, None, Action.SKIP, FailureType.transient_error, "The link to the exported file does not open.")
    for status in (301, 302, 303, 307, 308, 400, 401, 403, 404, 410)
)


class LinkExpired(FreshdeskError):
    """The address of a file does not open any more."""


class ActivityFiles:
    """Downloads files. The hosts that keep them are not shown the API key, and a download costs no call."""

    def __init__(self, api: FreshdeskApi, name: str, logger: logging.Logger) -> None:
        self._api_url = api.api_url
        self._error_handler = FreshdeskErrorHandler(ActivitiesFile(), NO_LONGER_THERE)
        self._client = api.download_client(name, logger, self._error_handler, RetryAfterBackoff())

    def read(self, links: Callable[[], Sequence[str] | ResourceUnavailable]) -> list[Row] | ResourceUnavailable:
        """The rows of all files that `links` gives the addresses of; what it gives instead, if there are none.

        A link opens for a short time only, so `links` is asked again if one does not open. Raises `LinkExpired` if that
        does not help.
        """
        attempt = 1
        while True:
            urls = links()
            if isinstance(urls, ResourceUnavailable):
                return urls
            try:
                return [row for url in urls for row in self._download(url)]
            except LinkExpired:
                attempt += 1
                if attempt > FRESH_LINKS:
                    raise

    def _download(self, url: str) -> list[Row]:
        there, here = urlsplit(url), urlsplit(self._api_url)
        is_safe = there.scheme == "https" or (there.scheme == here.scheme and there.hostname == here.hostname)
        if not is_safe:
            raise system_error(
                f"Freshdesk's link to the exported file leads to {there.scheme}://{there.hostname}, unencrypted."
            )
        # Whoever has the link has the file.
        hide(there.query)
        _, response = self._client.send_request("GET", url, request_kwargs=REQUEST_KWARGS)
        try:
            return self._error_handler.rows(response)
        except ResourceUnavailable as refused:
            raise LinkExpired(refused.rule, "the exported file", f"status {refused.status}") from refused
