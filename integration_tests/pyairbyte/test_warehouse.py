"""The warehouse holds what the account lists."""

from collections import Counter
from pathlib import Path

from integration_tests.conftest import API_KEY
from integration_tests.every_resource import (
    account_with_everything,
    an_hour_ago,
    expected_keys,
)
from integration_tests.fake_freshdesk import Call, FakeFreshdesk
from integration_tests.pyairbyte.warehouse import IS_INSTALLED, Syncs, Warehouse, differences, key_of

pytestmark = IS_INSTALLED


def test_the_warehouse_equals_the_account(syncs: Syncs) -> None:
    assert [
        line for stream in syncs.listed for line in differences(stream, syncs.listed[stream], syncs.arrived[stream])
    ] == []
    assert len(syncs.arrived["tickets"]) > 300


def test_a_day_later_it_equals_the_account_again(syncs: Syncs) -> None:
    later = syncs.listed_later
    assert [line for stream in later for line in differences(stream, later[stream], syncs.arrived_later[stream])] == []
    ids = {row["id"] for row in syncs.arrived_later["tickets"]}
    assert ids >= {*syncs.day.tickets_created, *syncs.day.tickets_updated}


def test_the_second_sync_asks_only_for_what_has_changed(syncs: Syncs) -> None:
    changed = {
        stream: {row["id"] for row in rows.values() if row != syncs.listed[stream].get(row["id"])}
        for stream, rows in syncs.listed_later.items()
        if stream in ("tickets", "contacts")
    }
    shown = {number for number, row in syncs.listed["tickets"].items() if not row["deleted"] and not row["spam"]}
    later = syncs.listed_later["tickets"]
    changed_and_shown = {one for one in changed["tickets"] if not later[one]["deleted"] and not later[one]["spam"]}
    assert asked_one_by_one(syncs.calls, "tickets", "/conversations") == shown
    assert asked_one_by_one(syncs.calls_later, "tickets", "/conversations") == changed_and_shown
    assert asked_one_by_one(syncs.calls_later, "tickets", "/watchers") == changed_and_shown
    assert asked_one_by_one(syncs.calls_later, "contacts") == changed["contacts"]
    assert len(syncs.calls_later) < len(syncs.calls) / 10


def asked_one_by_one(calls: list[Call], resource: str, below: str = "") -> set[int]:
    """The ids whose record, or what is below it, was asked for."""
    paths = [call.path for call in calls if call.path.endswith(below)]
    parts = [path.removeprefix(f"/api/v2/{resource}/").removesuffix(below) for path in paths]
    return {int(part) for part in parts if part.isdigit()}


def test_nothing_leaves_the_machine(syncs: Syncs) -> None:
    assert syncs.warehouse.hosts_asked_for() == {"127.0.0.1"}


SAMPLES = """
import os, sys, airbyte
sys.stderr = sys.stdout
source = airbyte.get_source(
    "source-freshdesk",
    local_executable="source-freshdesk",
    config={"domain": os.environ["FRESHDESK_DOMAIN"], "api_key": os.environ["FRESHDESK_API_KEY"]},
    streams=["tickets", "contacts"],
)
for name, rows in source.get_samples(limit=2).items():
    print(name, len(list(rows)))
"""


def test_a_few_samples_end_the_sync_early_and_without_a_complaint(tmp_path: Path) -> None:
    with FakeFreshdesk(account_with_everything(an_hour_ago()), API_KEY) as fake:
        said = Warehouse(tmp_path).run("-c", SAMPLES, FRESHDESK_DOMAIN=fake.url, FRESHDESK_API_KEY=API_KEY)
    assert "tickets 2\ncontacts 2\n" in said
    assert "Traceback" not in said


def test_every_stream_arrives(tmp_path: Path) -> None:
    account = account_with_everything(an_hour_ago())
    warehouse = Warehouse(tmp_path)
    with FakeFreshdesk(account, API_KEY) as fake:
        warehouse.sync(fake)
    tables = warehouse.tables()
    # Settings turn these on; and rows of activities have a key only in the connector.
    without_keys = {"archived_tickets", "archived_ticket_conversations", "ticket_activities"}
    for stream in tables.keys() - without_keys:
        assert Counter(key_of(stream, row) for row in tables[stream]) == Counter(expected_keys(account, stream)), stream
    assert len(tables["ticket_activities"]) == len(expected_keys(account, "ticket_activities"))
