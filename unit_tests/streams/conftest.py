"""What tests of streams are handed."""

import pytest

from source_freshdesk import instants
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.streams.companies import Companies
from source_freshdesk.streams.contacts import Contacts
from source_freshdesk.streams.conversations import Conversations
from source_freshdesk.streams.custom_objects import CustomObjectRecords
from source_freshdesk.streams.solutions import SolutionCategories, SolutionFolders
from source_freshdesk.streams.ticket_activities import TicketActivities
from source_freshdesk.streams.tickets import Tickets
from unit_tests.streams.activity_export import activities_from
from unit_tests.streams.any_list import Roles
from unit_tests.streams.knowledge_base import FIELDS_OF_FOLDERS
from unit_tests.streams.schemas_and_records import records_from
from unit_tests.streams.shelves_and_books import Books, Shelves


@pytest.fixture
def roles(api: FreshdeskApi) -> Roles:
    return Roles(api)


@pytest.fixture
def shelves(api: FreshdeskApi) -> Shelves:
    return Shelves(api, retain=Books.rows_needed()[0].fields)


@pytest.fixture
def books(api: FreshdeskApi, shelves: Shelves) -> Books:
    return Books(api, shelves, retain=("id",))


@pytest.fixture
def stream(api: FreshdeskApi) -> CustomObjectRecords:
    return records_from(api)


@pytest.fixture
def companies(api: FreshdeskApi) -> Companies:
    return Companies(api, start=instants.EPOCH)


@pytest.fixture
def contacts(api: FreshdeskApi) -> Contacts:
    return Contacts(api, start=instants.EPOCH, fetch_details=False)


@pytest.fixture
def activities(api: FreshdeskApi) -> TicketActivities:
    return activities_from(api)


@pytest.fixture
def conversations(api: FreshdeskApi) -> Conversations:
    return Conversations(api, Tickets(api))


@pytest.fixture
def folders(api: FreshdeskApi) -> SolutionFolders:
    return SolutionFolders(api, SolutionCategories(api, retain=("id",)), retain=FIELDS_OF_FOLDERS)


@pytest.fixture
def tickets(api: FreshdeskApi) -> Tickets:
    """Of all times."""
    return Tickets(api, start=instants.EPOCH)
