"""Where the next page is."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urljoin, urlsplit

import requests
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_freshdesk.api.errors import system_error

PAGE_SIZE = 100
"""The largest that Freshdesk allows: https://developers.freshdesk.com/api/#pagination"""


def next_page(response: requests.Response, *, is_full: bool = False) -> Mapping[str, str] | None:
    """The query of the next page, None on the last one: https://developers.freshdesk.com/api/#pagination

    is_full: the page has as many rows as there can be. Then a page follows although there is no link, which a proxy may
    have removed.

    Of a link only the query is used, so another host or scheme in it does no harm: see `names_another_host`. Raises
    `AirbyteTracedException` when the link leads to another path, or not on to a later page.
    """
    url = response.request.url or ""
    links = {name.lower(): link for name, link in response.links.items()}
    if response.headers.get("Link") and not any(link.get("rel") for link in links.values()):
        raise _astray("cannot be read")
    link = links.get("next")
    if link is None:
        query = dict(parse_qsl(urlsplit(url).query))
        return query | {"page": str(_page_number(query) + 1)} if is_full else None
    here, there = urlsplit(url), urlsplit(urljoin(url, link["url"].strip()))
    if there.path != here.path:
        raise _astray(f"leads away from {here.path}")
    query = dict(parse_qsl(here.query)) | dict(parse_qsl(there.query))
    if _page_number(query) <= _page_number(dict(parse_qsl(here.query))):
        raise _astray("leads back to a page that was read")
    return query


def names_another_host(response: requests.Response) -> bool:
    """Whether the link to the next page names another host, or http. The call goes to the account's own."""
    link = {name.lower(): link for name, link in response.links.items()}.get("next")
    if link is None:
        return False
    url = response.request.url or ""
    return urlsplit(urljoin(url, link["url"].strip()))[:2] != urlsplit(url)[:2]


def _page_number(query: Mapping[str, str]) -> int:
    """Raises `AirbyteTracedException` if it is no number."""
    try:
        return int(query.get("page", "1"))
    except ValueError:
        raise _astray("has no page number") from None


def _astray(how: str) -> AirbyteTracedException:
    return system_error(f"Freshdesk's link to the next page {how}; it was not followed.")
