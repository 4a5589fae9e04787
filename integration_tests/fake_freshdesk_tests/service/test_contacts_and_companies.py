"""Contacts and companies."""

import pytest

from integration_tests.fake_freshdesk import (
    Account,
)
from integration_tests.fake_freshdesk_tests.service.client import AN_HOUR_AGO, LONG_AGO, Client, serving


def test_contacts_are_sorted_by_name(account: Account, client: Client) -> None:
    last, first = account.add_contact(name="zoe"), account.add_contact(name="Adam")
    assert client.ids("contacts") == [first["id"], last["id"]]
    account.update_contact(last["id"], name="Aaron")
    assert client.ids("contacts") == [last["id"], first["id"]]


def test_contacts_can_be_asked_for_by_state(account: Account, client: Client) -> None:
    verified, unverified = account.add_contact(active=True)["id"], account.add_contact(active=False)["id"]
    deleted, blocked = account.add_contact()["id"], account.add_contact()["id"]
    account.delete_contact(deleted)
    account.block_contact(blocked)
    assert sorted(client.ids("contacts")) == [verified, unverified]
    assert client.ids("contacts", state="verified") == [verified]
    assert client.ids("contacts", state="unverified") == [unverified]
    assert client.ids("contacts", state="deleted") == [deleted]
    assert client.ids("contacts", state="blocked") == [blocked]
    assert client.rows(f"contacts/{deleted}")["deleted"] is True


@pytest.mark.parametrize("field", ["email", "mobile", "phone", "company_id"])
def test_contacts_can_be_asked_for_by_a_field(account: Account, client: Client, field: str) -> None:
    value = 77 if field == "company_id" else "4711"
    sought = account.add_contact(**{field: value})
    account.add_contact()
    assert client.ids("contacts", **{field: value}) == [sought["id"]]


@pytest.mark.parametrize(
    ("option", "sent", "outcome"),
    [
        ("_updated_since", "_updated_since", "filtered"),
        ("_updated_since", "updated_since", "refused"),
        ("updated_since", "_updated_since", "refused"),
        ("updated_since", "updated_since", "filtered"),
        ("both", "_updated_since", "filtered"),
        ("both", "updated_since", "filtered"),
        ("ignored", "_updated_since", "ignored"),
        ("ignored", "updated_since", "ignored"),
    ],
)
def test_the_name_of_the_contacts_update_filter_is_an_option(
    account: Account, option: str, sent: str, outcome: str
) -> None:
    account.add_contact(updated_at=LONG_AGO)
    recent = account.add_contact(updated_at=AN_HOUR_AGO)
    with serving(account, contacts_filter_name=option) as client:
        if outcome == "refused":
            assert client.problem("contacts", **{sent: AN_HOUR_AGO}) == (sent, "invalid_field")
        elif outcome == "filtered":
            assert client.ids("contacts", **{sent: AN_HOUR_AGO}) == [recent["id"]]
        else:
            assert len(client.ids("contacts", **{sent: AN_HOUR_AGO})) == 2


def test_whether_companies_know_an_update_filter_is_an_option(account: Account) -> None:
    account.add_company(updated_at=LONG_AGO)
    recent = account.add_company(updated_at=AN_HOUR_AGO)
    with serving(account) as client:
        assert client.ids("companies", updated_since=AN_HOUR_AGO) == [recent["id"]]
    with serving(account, companies_filter="ignored") as client:
        assert len(client.ids("companies", updated_since=AN_HOUR_AGO)) == 2
    with serving(account, companies_filter="rejected") as client:
        assert client.problem("companies", updated_since=AN_HOUR_AGO) == ("updated_since", "invalid_field")


def test_a_deleted_company_vanishes(account: Account, client: Client) -> None:
    gone, kept = account.add_company(name="Gone"), account.add_company(name="Kept")
    account.delete_company(gone["id"])
    assert client.ids("companies") == [kept["id"]]
    assert client.get(f"companies/{gone['id']}").status_code == 404
