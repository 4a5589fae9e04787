"""What was asked, and the reading of its parameters. A value the API does not take is refused here with a 400."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from integration_tests.fake_freshdesk.endpoints.answers import datatype_mismatch, invalid_value
from integration_tests.fake_freshdesk.endpoints.options import Options
from integration_tests.fake_freshdesk.model import moments
from integration_tests.fake_freshdesk.model.account import Account

PER_PAGE_DEFAULT = 30
PER_PAGE_LARGEST = 100
"""https://developers.freshdesk.com/api/#pagination"""


@dataclass(frozen=True)
class Request:
    """One request that came as far as its endpoint.

    named: what the path's placeholders stood for, such as {"ticket_id": "12"}.
    turn: a number no other request has; lists in shuffled order follow it.
    download_url: where the files are kept that the API only tells the place of.
    """

    account: Account
    options: Options
    base_url: str
    path: str
    params: Mapping[str, str]
    named: Mapping[str, str]
    turn: int
    download_url: str

    @property
    def page(self) -> int:
        page = _positive(self.params.get("page", "1"))
        if page is None:
            raise invalid_value("page", "It should be a Positive Integer")
        return page

    @property
    def per_page(self) -> int:
        per_page = _positive(self.params.get("per_page", str(PER_PAGE_DEFAULT)))
        if per_page is None or per_page > PER_PAGE_LARGEST:
            message = f"It should be a Positive Integer less than or equal to {PER_PAGE_LARGEST}"
            raise invalid_value("per_page", message)
        return per_page

    def url_of_page(self, page: int) -> str:
        """This request again, for another page."""
        return f"{self.base_url}{self.path}?{urlencode({**self.params, 'page': page})}"

    def choice(self, name: str, allowed: Collection[str]) -> str | None:
        value = self.params.get(name)
        if value is not None and value not in allowed:
            raise _not_one_of(name, allowed)
        return value

    def choices(self, name: str, allowed: Collection[str]) -> list[str]:
        """The parts of a comma separated value."""
        if name not in self.params:
            return []
        values = self.params[name].split(",")
        if not set(values) <= set(allowed):
            raise _not_one_of(name, allowed)
        return values

    def number(self, name: str) -> int | None:
        if name not in self.params:
            return None
        number = _positive(self.params[name])
        if number is None:
            raise datatype_mismatch(name, "Positive Integer")
        return number

    def moment(self, name: str) -> str | None:
        """The stamp of a moment given in any documented form."""
        if name not in self.params:
            return None
        stamp = moments.read(self.params[name])
        if stamp is None:
            raise invalid_value(name, "It should be in the 'combined date and time ISO8601' format")
        return stamp


def _positive(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and int(text) > 0 else None


def _not_one_of(name: str, allowed: Collection[str]) -> Exception:
    return invalid_value(name, f"It should be one of these values: '{','.join(allowed)}'")
