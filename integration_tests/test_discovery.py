"""The fields that an account has defined, as columns with a type; and the names of its choices."""

import json
from typing import Any

import pytest
from jsonschema import Draft7Validator

from integration_tests.conftest import Connect, Serve
from integration_tests.connector import Connector, Run
from integration_tests.fake_freshdesk import Account, FakeFreshdesk, faults
from integration_tests.fake_freshdesk.sections.custom_object_examples import add_record, add_schema, schema_field
from integration_tests.fake_freshdesk.sections.ticket_fields import ticket_field
from integration_tests.filling import TODAY, before

AT = "2026-01-01T00:00:00Z"
DISCOVERY = ("ticket_fields", "contact_fields", "company_fields", "custom_objects/schemas")


def schemas(run: Run) -> dict[str, dict[str, Any]]:
    (catalog,) = run.of_type("CATALOG")
    return {stream["name"]: stream["json_schema"] for stream in catalog["streams"]}


def typed(run: Run, stream: str, column: str = "custom_fields") -> dict[str, Any]:
    properties: dict[str, Any] = schemas(run)[stream]["properties"][column].get("properties", {})
    return properties


def add_field(account: Account, position: int, name: str, label: str, kind: str, **more: Any) -> None:
    account.add("ticket_fields", **ticket_field(position, name, label, kind, AT, **more))


@pytest.fixture
def account(account: Account) -> Account:
    """An account with fields of every type, and statuses of its own."""
    statuses = {"2": ["Open", "Being Processed"], "5": ["Closed", "Closed"], "14": ["With the workshop", "Waiting"]}
    add_field(account, 1, "status", "Status", "default_status", choices=statuses)
    add_field(account, 2, "priority", "Priority", "default_priority", choices={"Low": 1, "Burning": 4})
    add_field(account, 3, "source", "Source", "default_source", choices={"Email": 1, "Robot": 101})
    add_field(account, 4, "cf_serial", "Serial number", "custom_text")
    add_field(account, 5, "cf_count", "How many", "custom_number")
    add_field(account, 6, "cf_price", "Price", "custom_decimal")
    add_field(account, 7, "cf_vip", "Important", "custom_checkbox")
    add_field(account, 8, "cf_bought", "Bought on", "custom_date")
    add_field(account, 9, "cf_colour", "Colour", "custom_dropdown", choices=["Red", "Blue"])
    nested = [{"name": "cf_place", "label": "Place", "level": 2, "ticket_field_id": 9}]
    add_field(account, 10, "cf_area", "Area", "nested_field", choices={"North": {}}, nested_ticket_fields=nested)
    account.add("contact_fields", name="region", label="Region", type="custom_dropdown", default=False, position=1)
    account.add("company_fields", name="machines", label="Machines", type="custom_number", default=False, position=1)
    return account


def test_each_field_of_the_account_has_a_type_a_title_and_its_choices(connector: Connector) -> None:
    run = connector.discover()
    assert typed(run, "tickets") == {
        "cf_area": {"type": ["null", "string"], "title": "Area", "description": "One of: North."},
        "cf_bought": {"type": ["null", "string"], "format": "date", "title": "Bought on"},
        "cf_colour": {"type": ["null", "string"], "title": "Colour", "description": "One of: Red, Blue."},
        "cf_count": {"type": ["null", "integer"], "title": "How many"},
        "cf_place": {"type": ["null", "string"], "title": "Place"},
        "cf_price": {"type": ["null", "number"], "title": "Price"},
        "cf_serial": {"type": ["null", "string"], "title": "Serial number"},
        "cf_vip": {"type": ["null", "boolean"], "title": "Important"},
    }
    assert typed(run, "contacts")["region"]["type"] == ["null", "string"]
    assert typed(run, "companies")["machines"]["type"] == ["null", "integer"]


def test_the_same_account_gives_the_same_bytes_and_a_field_that_is_gone_is_gone(
    connector: Connector, account: Account
) -> None:
    first = connector.discover().output.splitlines()[-1]
    assert connector.discover().output.splitlines()[-1] == first
    field = next(row for row in account.table("ticket_fields").rows.values() if row["name"] == "cf_count")
    account.remove("ticket_fields", field["id"])
    assert "cf_count" not in typed(connector.discover(), "tickets")


def test_fields_of_custom_objects_are_typed_unless_two_of_a_name_differ(connector: Connector, account: Account) -> None:
    fields = ([schema_field("age", "NUMBER", 1), schema_field("size", "TEXT", 2)], [schema_field("size", "NUMBER", 1)])
    for number, of_schema in enumerate(fields):
        add_schema(account, f"Thing {number}", f"T{number}", before(days=3), fields=of_schema)
    found = typed(connector.discover(), "custom_object_records", "data")
    assert {name: declared["type"] for name, declared in found.items()} == {"age": ["null", "integer"]}


def test_without_permission_each_column_stays_a_plain_object_with_a_warning(
    account: Account, serve: Serve, connect: Connect
) -> None:
    fake = serve()
    for path in DISCOVERY:
        fake.misbehave(faults.forbidden("access_denied"), path=f"/api/v2/{path}", times=None)
    run = connect(fake).discover()
    assert run.exit_code == 0
    assert typed(run, "tickets") == {}
    assert run.log("WARN").count("are not described one by one") == len(DISCOVERY)
    assert fake.journal.count() == len(DISCOVERY)


def test_without_a_network_the_streams_are_described_too(connect: Connect, serve: Serve) -> None:
    fake = serve()
    connector = connect(fake)
    for path in DISCOVERY:
        fake.misbehave(faults.cut_connection(), path=f"/api/v2/{path}", times=None)
    run = connector.discover()
    assert run.exit_code == 0
    assert len(schemas(run)) > 40


def test_names_that_are_one_in_a_warehouse_are_told(connector: Connector, account: Account) -> None:
    long = "cf_" + "x" * 70
    for position, name in enumerate(("cf_Foo", "cf_foo", long + "a", long + "b"), start=20):
        add_field(account, position, name, name, "custom_text")
    warnings = connector.discover().log("WARN")
    assert "The fields cf_Foo, cf_foo in custom_fields of tickets have the same name" in warnings
    assert f"The fields {long}a, {long}b in custom_fields of tickets" in warnings


def test_values_are_cast_to_the_types_that_were_discovered_and_odd_ones_are_counted(
    connector: Connector, fake: FakeFreshdesk, account: Account
) -> None:
    loose = {"cf_count": "7", "cf_price": "1.5", "cf_vip": 1, "cf_bought": "2026-01-31T00:00:00Z", "cf_serial": 12}
    odd = {"cf_count": "many", "cf_bought": "soon", "other": {"a": 1}}
    for custom_fields in (loose, odd, {"cf_count": "several"}):
        account.add_ticket(custom_fields=custom_fields)
    catalog = schemas(connector.discover())
    fake.journal.clear()
    run = connector.read("tickets", schemas=catalog)
    first, second, third = (record["custom_fields"] for record in run.records["tickets"])
    assert first == {"cf_count": 7, "cf_price": 1.5, "cf_vip": True, "cf_bought": "2026-01-31", "cf_serial": "12"}
    assert Draft7Validator(catalog["tickets"]).is_valid(run.records["tickets"][0])
    assert (second, third) == (odd, {"cf_count": "several"})
    assert "2 values of custom_fields.cf_count in tickets are not of its type" in run.log("WARN")
    assert run.log("WARN").count("custom_fields.cf_bought") == 1
    assert not [call for call in fake.journal.calls() if call.path.endswith(("contact_fields", "company_fields"))]


def test_numbers_of_tickets_have_the_names_that_the_account_gives_them(
    connector: Connector, fake: FakeFreshdesk, account: Account
) -> None:
    account.add_ticket(status=14, priority=4, source=101)
    account.add_ticket(status=99, priority=1, source=1)
    run = connector.read("tickets")
    names = [
        [record.get(f"{one}_name") for one in ("status", "priority", "source")] for record in run.records["tickets"]
    ]
    assert names == [["With the workshop", "Burning", "Robot"], [None, "Low", "Email"]]
    assert fake.journal.count("/api/v2/ticket_fields") == 1
    fake.journal.clear()
    both = connector.read("ticket_fields", "tickets", "ticket_statuses")
    assert both.records["tickets"][0]["status_name"] == "With the workshop"
    assert fake.journal.count("/api/v2/ticket_fields") == 1
    fake.journal.clear()
    connector.read("tickets", state=run.last_states)
    assert fake.journal.count("/api/v2/ticket_fields") == 0


@pytest.mark.parametrize("fault", [faults.forbidden("access_denied"), faults.server_error(), faults.html_ok()])
def test_names_that_cannot_be_read_are_null_and_keep_no_ticket_back(
    connect: Connect, fake: FakeFreshdesk, account: Account, fault: faults.Fault
) -> None:
    account.add_ticket()
    fake.misbehave(fault, path="/api/v2/ticket_fields", times=None)
    run = connect(fake, hasty=True).read("tickets")
    assert run.exit_code == 0
    assert len(run.ids("tickets")) == 1
    assert "Stream tickets lacks status_name, priority_name, source_name." in run.log("WARN")


def test_no_call_is_made_for_names_that_are_not_selected(
    connector: Connector, fake: FakeFreshdesk, account: Account
) -> None:
    account.add_ticket()
    connector.read("tickets", columns={"tickets": ("id", "status")})
    assert fake.journal.count("/api/v2/ticket_fields") == 0


def test_records_of_custom_objects_are_cast_too(connector: Connector, account: Account) -> None:
    schema = add_schema(account, "Thing", "T", before(days=3), fields=[schema_field("age", "NUMBER", 1)])
    add_record(account, schema, 1, TODAY, {"age": "41"})
    run = connector.read("custom_object_records", schemas=schemas(connector.discover()))
    assert [json.loads(json.dumps(record["data"])) for record in run.records["custom_object_records"]] == [
        {"reference": "T-1", "age": 41}
    ]
