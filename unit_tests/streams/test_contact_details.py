"""Contacts, each completed by its own page."""

import pytest
import requests_mock

from source_freshdesk import instants
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.streams.contacts import Contacts
from unit_tests.streams.filtered_lists import CONTACTS, page, row
from unit_tests.support import ago, answer, ids, read, records, refusal


class TestDetails:
    """Each contact is fetched singly for what its list leaves out."""

    @pytest.fixture
    def detailed(self, api: FreshdeskApi) -> Contacts:
        return Contacts(api, start=instants.EPOCH, fetch_details=True)

    def test_a_contact_comes_with_its_details(self, server: requests_mock.Mocker, detailed: Contacts) -> None:
        server.get(CONTACTS, [page(row(1), of="contacts")])
        server.get(f"{CONTACTS}/1", [answer({"id": 1, "updated_at": ago(500), "tags": ["vip"]})])
        (record,) = records(detailed)
        assert record == {"id": 1, "updated_at": ago(500), "tags": ["vip"], "blocked": False, "deleted": False}

    def test_a_contact_that_was_deleted_meanwhile_comes_as_the_list_has_it(
        self, server: requests_mock.Mocker, detailed: Contacts
    ) -> None:
        server.get(CONTACTS, [page(row(1), of="contacts")])
        server.get(f"{CONTACTS}/1", [refusal(404)])
        assert ids(records(detailed)) == [1]

    def test_a_contact_whose_page_may_not_be_seen_lacks_its_details(
        self, server: requests_mock.Mocker, detailed: Contacts
    ) -> None:
        server.get(CONTACTS, [page(row(1), of="contacts")])
        server.get(f"{CONTACTS}/1", [refusal(403, "access_denied")])
        assert ids(records(detailed)) == [1]

    def test_a_contact_that_is_known_costs_no_call(self, server: requests_mock.Mocker, detailed: Contacts) -> None:
        detailed.state = {"updated_at": ago(500), "read_from": ago(800), "emitted": {ago(500): [1]}}
        server.get(CONTACTS, [page(row(1), of="contacts")])
        assert records(detailed) == []
        assert server.call_count == 1

    def test_without_details_no_contact_is_fetched_singly(
        self, server: requests_mock.Mocker, contacts: Contacts
    ) -> None:
        server.get(CONTACTS, [page(row(1), of="contacts")])
        assert ids(records(contacts)) == [1]
        assert server.call_count == 1

    def test_a_change_between_list_and_details_is_given_once_and_none_is_lost(
        self, server: requests_mock.Mocker, api: FreshdeskApi
    ) -> None:
        """The version that came with the details is remembered, not the list's."""
        contacts = Contacts(api, start=instants.EPOCH, fetch_details=True)
        server.get(CONTACTS, [page(row(1, age), of="contacts") for age in (500, 400, 300)])
        server.get(f"{CONTACTS}/1", [answer({"id": 1, "updated_at": ago(age)}) for age in (400, 300)])
        assert [one["updated_at"] for one in records(contacts)] == [ago(400)]
        assert contacts.state["emitted"] == {ago(400): [1]}
        assert records(contacts) == []
        assert [one["updated_at"] for one in records(contacts)] == [ago(300)]

    @pytest.mark.parametrize(("columns", "calls"), [(("id", "name"), 1), (("id", "tags"), 2), ((), 2)])
    def test_details_cost_a_call_only_if_the_catalog_selects_one_of_them(
        self, server: requests_mock.Mocker, detailed: Contacts, columns: tuple[str, ...], calls: int
    ) -> None:
        server.get(CONTACTS, [page(row(1), of="contacts")])
        server.get(f"{CONTACTS}/1", [answer({"id": 1, "updated_at": ago(500), "tags": ["vip"]})])
        assert ids(read(detailed, *columns)) == [1]
        assert len([one for one in server.request_history if one.path.startswith("/api/v2/contacts")]) == calls
