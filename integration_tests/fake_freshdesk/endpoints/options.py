"""What the API leaves open, or what differs from account to account: one option each."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

ContactsFilterName = Literal["_updated_since", "updated_since", "both", "ignored"]
CompaniesFilter = Literal["updated_since", "ignored", "rejected"]
TieOrder = Literal["stable", "shuffled"]
NoFeature = Literal["require_feature", "not_found"]


@dataclass(frozen=True)
class Options:
    """How this fake answers where https://developers.freshdesk.com/api/ is silent.

    updated_since_inclusive: whether a record changed in the very second asked for is sent (`>=`) or not (`>`).
    contacts_filter_name: the name contacts take the update filter by; with "ignored" both are taken and do nothing.
    companies_filter: whether companies know `updated_since`, take it without effect, or refuse it.
    tie_order: the order of records whose sort values are equal; "shuffled" changes it from request to request.
    admin: whether the key's owner may read what the page keeps for administrators.
    ticket_scope: the scope that `agents/me` returns; it does not narrow the tickets sent.
    suspended: whether every call is refused because the account is suspended.
    blank_in_link: whether `Link` has a blank after `<`, as the page prints it.
    gzip: whether bodies are compressed for clients that accept it.
    missing_features: what the account's plan does not include; an endpoint that needs one of them is refused.
    no_feature: how it is refused: with 403 and the code `require_feature`, or as if there were no such path.
    skills_wrapped: whether the list of skills comes in an object with the key `skills`, or bare, as the page prints it.
    """

    updated_since_inclusive: bool = True
    contacts_filter_name: ContactsFilterName = "_updated_since"
    companies_filter: CompaniesFilter = "updated_since"
    tie_order: TieOrder = "stable"
    admin: bool = True
    ticket_scope: int = 1
    suspended: bool = False
    blank_in_link: bool = False
    gzip: bool = False
    missing_features: Collection[str] = frozenset()
    no_feature: NoFeature = "require_feature"
    skills_wrapped: bool = False
