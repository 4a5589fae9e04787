"""A believable account read whole: every record, every field, on every schema; and again after a day."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from integration_tests.believable.day import a_day_passes
from integration_tests.believable.help_desk import believable_account
from integration_tests.connector import Connector, Run
from integration_tests.fake_freshdesk import Account, FakeFreshdesk

STREAMS = ("tickets", "conversations", "contacts", "companies", "agents")
PROMISED = json.loads((Path(__file__).parent.parent / "unit_tests" / "recorded" / "promised_fields.json").read_text())


def listed(account: Account, stream: str) -> dict[int, dict[str, Any]]:
    """What a stream should bring: everything, but conversations of tickets that are spam or in the trash."""
    rows = dict(account.table(stream).rows)
    if stream == "conversations":
        tickets = account.tickets
        return {row_id: row for row_id, row in rows.items() if not is_hidden(tickets[row["ticket_id"]])}
    return rows


def is_hidden(ticket: dict[str, Any]) -> bool:
    return bool(ticket["deleted"] or ticket["spam"])


def assert_all_arrived_once(run: Run, account: Account) -> None:
    assert run.exit_code == 0, run.errors_traced
    for stream in STREAMS:
        assert run.statuses[stream] == ["STARTED", "RUNNING", "COMPLETE"]
        assert sorted(run.ids(stream)) == sorted(listed(account, stream)), stream


@pytest.fixture(scope="module")
def synced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Account, Connector, Run]]:
    """An account of 1,000 tickets, a connector for it, and its first sync."""
    account = believable_account(tickets=1000, now=datetime(2026, 6, 1, 12, tzinfo=UTC))
    with FakeFreshdesk(account) as fake:
        folder = tmp_path_factory.mktemp("account")
        connector = Connector(folder, {"domain": fake.url, "api_key": "test-key"})
        yield account, connector, connector.read(*STREAMS)


def test_everything_arrives_once(synced: tuple[Account, Connector, Run]) -> None:
    account, _, run = synced
    assert_all_arrived_once(run, account)


@pytest.mark.parametrize("stream", STREAMS)
def test_every_record_fits_its_schema(synced: tuple[Account, Connector, Run], stream: str) -> None:
    _, connector, run = synced
    (catalog,) = connector.discover().of_type("CATALOG")
    schema = next(entry["json_schema"] for entry in catalog["streams"] if entry["name"] == stream)
    validator = Draft7Validator(schema)
    for record in run.records[stream]:
        assert [error.message for error in validator.iter_errors(record)] == []


@pytest.mark.parametrize("stream", STREAMS)
def test_every_field_is_as_freshdesk_has_it(synced: tuple[Account, Connector, Run], stream: str) -> None:
    account, _, run = synced
    for record in run.records[stream]:
        known = listed(account, stream)[record["id"]]
        different = {key for key in record.keys() & known.keys() if record[key] != known[key]}
        assert different == set()


@pytest.mark.parametrize("stream", STREAMS)
def test_every_promised_field_is_filled_where_freshdesk_has_it(
    synced: tuple[Account, Connector, Run], stream: str
) -> None:
    account, _, run = synced
    filled = set()
    for record in run.records[stream]:
        known = listed(account, stream)[record["id"]]
        for name in PROMISED[stream]:
            value = value_of(known, name)
            # The CDK leaves out what is null.
            assert value_of(record, name) == value
            filled |= {name} if value is not None else set()
    assert len(filled) > len(PROMISED[stream]) / 2


def value_of(row: dict[str, Any], name: str) -> Any:
    """The value of a field, None where there is none; a dotted name is that of a nested one."""
    parent, _, child = name.partition(".")
    value = row.get(parent)
    return value_of(value, child) if child and isinstance(value, dict) else None if child else value


def test_a_day_later_only_what_changed_arrives(tmp_path: Path) -> None:
    account = believable_account(tickets=1000, now=datetime(2026, 6, 1, 12, tzinfo=UTC))
    with FakeFreshdesk(account) as fake:
        connector = Connector(tmp_path, {"domain": fake.url, "api_key": "test-key"})
        first = connector.read(*STREAMS)
        day = a_day_passes(account)
        second = connector.read(*STREAMS, state=first.last_states)
    assert second.exit_code == 0
    set_aside = {row["id"] for row in account.tickets.values() if is_hidden(row)}
    gone = {*set_aside, *day.tickets_destroyed}
    changed = {row["id"] for row in listed(account, "tickets").values() if row["updated_at"] >= day.since}
    assert sorted(second.ids("tickets")) == sorted(changed)
    assert {*day.tickets_created, *day.tickets_updated, *day.tickets_deleted} - set(day.tickets_destroyed) <= changed
    assert {record["ticket_id"] for record in second.records["conversations"]} <= changed
    assert set(day.conversations_created) - set(second.ids("conversations")) <= {
        row_id for row_id, row in account.conversations.items() if row["ticket_id"] in gone
    }
    for stream in ("contacts", "companies"):
        newer = {row["id"] for row in listed(account, stream).values() if row["updated_at"] >= day.since}
        assert sorted(second.ids(stream)) == sorted(newer)


def test_an_account_of_20000_tickets_arrives_whole_and_a_second_sync_brings_nothing(tmp_path: Path) -> None:
    account = believable_account(tickets=20_000, now=datetime(2026, 6, 1, 12, tzinfo=UTC))
    with FakeFreshdesk(account) as fake:
        connector = Connector(tmp_path, {"domain": fake.url, "api_key": "test-key", "contact_details": False})
        first = connector.read(*STREAMS)
        assert_all_arrived_once(first, account)
        second = connector.read(*STREAMS, state=first.last_states)
    assert second.exit_code == 0
    assert {stream: len(second.ids(stream)) for stream in STREAMS if stream != "agents"} == {
        "tickets": 0,
        "conversations": 0,
        "contacts": 0,
        "companies": 0,
    }
