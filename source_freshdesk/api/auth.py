"""How calls are authenticated, and which host gets the key."""

import base64
from urllib.parse import urlsplit

from requests import PreparedRequest
from requests.auth import AuthBase

from source_freshdesk.api.secrets import hide


class ApiKeyAuth(AuthBase):
    """HTTP Basic with the key as user name, for the account's own host only.

    The password is a dummy: https://developers.freshdesk.com/api/#authentication. The header's value is registered as
    a secret, since debug logs show headers.
    """

    def __init__(self, api_key: str, base_url: str) -> None:
        credentials = base64.b64encode(f"{api_key}:X".encode()).decode()
        hide(api_key)
        hide(credentials)
        self._header = f"Basic {credentials}"
        self._origin = urlsplit(base_url)[:2]

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        if urlsplit(request.url or "")[:2] == self._origin:
            request.headers["Authorization"] = self._header
        else:
            request.headers.pop("Authorization", None)
        return request
