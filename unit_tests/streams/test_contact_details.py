"""Contacts, each completed by its own page."""

import json
from typing import Any

import pytest
import requests_mock
from airbyte_cdk.models import AirbyteMessage, Type
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

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
        assert server.call_count == 1 + len(Contacts.sections)

    def test_without_details_no_contact_is_fetched_singly(
        self, server: requests_mock.Mocker, contacts: Contacts
    ) -> None:
        server.get(CONTACTS, [page(row(1), of="contacts")])
        assert ids(records(contacts)) == [1]
        assert server.call_count == 1 + len(Contacts.sections)

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

    @pytest.mark.parametrize(
        ("columns", "calls"), [(("id", "name"), 1), (("id", "tags"), 2), ((), 2 + len(Contacts.sections))]
    )
    def test_details_cost_a_call_only_if_the_catalog_selects_one_of_them(
        self, server: requests_mock.Mocker, detailed: Contacts, columns: tuple[str, ...], calls: int
    ) -> None:
        server.get(CONTACTS, [page(row(1), of="contacts")])
        server.get(f"{CONTACTS}/1", [answer({"id": 1, "updated_at": ago(500), "tags": ["vip"]})])
        assert ids(read(detailed, *columns)) == [1]
        assert len([one for one in server.request_history if one.path.startswith("/api/v2/contacts")]) == calls


class TestInterruptions:
    """A list whose rows cost a call each is emitted in the order of its keys, with states in between."""

    NUMBERS = (7, 3, 9, 1, 5)

    @pytest.fixture(autouse=True)
    def _contacts(self, server: requests_mock.Mocker, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("source_freshdesk.streams.incremental_list.RECORDS_BETWEEN_STATES", 1)
        server.get(CONTACTS, [page(*(row(number, 5_000) for number in self.NUMBERS), of="contacts")])
        for number in self.NUMBERS:
            server.get(f"{CONTACTS}/{number}", [answer(row(number, 5_000) | {"tags": [str(number)]})])

    def interrupted(self, api: FreshdeskApi, after: int, state: dict[str, Any]) -> tuple[list[int], dict[str, Any]]:
        """The records of a sync that ends after so many, and its last state."""
        contacts = Contacts(api, start=instants.EPOCH, fetch_details=True)
        contacts.state = state
        emitted = []
        for item in contacts.read_slice(None):
            if isinstance(item, dict):
                emitted.append(item["id"])
            elif isinstance(item, AirbyteMessage) and item.type is Type.STATE and len(emitted) == after:
                break
        return emitted, json.loads(json.dumps(contacts.state))

    def test_the_next_sync_goes_on_where_the_last_one_ended(self, api: FreshdeskApi) -> None:
        first, state = self.interrupted(api, 2, {})
        assert first == [1, 3]
        assert state["in_progress"]["through"] == 3
        second, state = self.interrupted(api, 1, state)
        assert second == [5]
        rest, state = self.interrupted(api, 0, state)
        assert rest == [7, 9]
        assert "in_progress" not in state
        assert self.interrupted(api, 0, state)[0] == []

    def test_what_has_changed_since_comes_again(self, server: requests_mock.Mocker, api: FreshdeskApi) -> None:
        _, state = self.interrupted(api, 3, {})
        server.get(CONTACTS, [page(*(row(number, 5_000 if number > 1 else 10) for number in self.NUMBERS))])
        emitted, state = self.interrupted(api, 1, state)
        assert emitted == [1]
        assert state["in_progress"]["through"] == 5, "what came before is not forgotten"
        assert self.interrupted(api, 0, state)[0] == [1, 7, 9]

    def test_a_list_with_gaps_has_no_progress(
        self, server: requests_mock.Mocker, api: FreshdeskApi, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A row that it lacks would count as emitted once its key is passed."""
        monkeypatch.setattr("source_freshdesk.retrieval.stable_list.MAX_PASSES", 2)
        first = [page(row(7, 5_000), of="contacts", more=2), page(row(9, 5_000))]
        second = [page(row(3, 5_000), row(7, 5_000), of="contacts", more=2), page(row(9, 5_000))]
        server.get(CONTACTS, [*first, *second])
        emitted, state = self.interrupted(api, 0, {})
        assert emitted == [3, 7, 9]
        assert state == {}

    @pytest.mark.parametrize("saved", [{"through": 3}, {"started_at": "soon", "through": 3}, {"started_at": ago(5)}, 5])
    def test_a_state_that_cannot_be_read_is_refused(self, api: FreshdeskApi, saved: object) -> None:
        with pytest.raises(AirbyteTracedException, match="cannot be read"):
            self.interrupted(api, 0, {"in_progress": saved})
