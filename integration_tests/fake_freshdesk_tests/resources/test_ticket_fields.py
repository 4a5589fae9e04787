"""Ticket fields and ticket forms."""

from integration_tests.fake_freshdesk import Account, FakeFreshdesk
from integration_tests.fake_freshdesk_tests.resources.requests_made import problem, read


def test_choices_come_in_many_forms(fake: FakeFreshdesk) -> None:
    choices = {row["name"]: row["choices"] for row in read(fake, "ticket_fields") if "choices" in row}
    assert choices["ticket_type"][0] == "Question"
    assert choices["status"]["2"] == ["Open", "Being Processed"]
    assert choices["priority"]["Urgent"] == 4
    assert all(isinstance(group_id, int) for group_id in choices["group"].values())
    assert choices["cf_country"]["Germany"]["Bavaria"] == ["Munich"]
    assert choices["cf_floor"][0]["value"] == "1"
    assert "cf_reference_number" not in choices


def test_ticket_fields_are_in_order_and_may_be_asked_for_by_type(fake: FakeFreshdesk) -> None:
    positions = [row["position"] for row in read(fake, "ticket_fields")]
    assert positions == sorted(positions)
    assert [row["name"] for row in read(fake, "ticket_fields", type="nested_field")] == ["cf_country"]


def test_sections_of_ticket_fields_are_included_on_demand(account: Account, fake: FakeFreshdesk) -> None:
    plain = {row["name"]: row for row in read(fake, "admin/ticket_fields")}
    full = {row["name"]: row for row in read(fake, "admin/ticket_fields", include="section")}
    assert not any({"choices", "sections"} & set(row) for row in plain.values())
    assert set(full["ticket_type"]) - set(plain["ticket_type"]) == {"sections"}
    assert plain["ticket_type"]["has_section"] is True
    field_id = plain["ticket_type"]["id"]
    sections = list(account.table("ticket_field_sections").rows.values())
    assert read(fake, f"admin/ticket_fields/{field_id}/sections") == {"sections": sections}
    assert full["ticket_type"]["sections"] == sections
    assert read(fake, f"admin/ticket_fields/{plain['subject']['id']}/sections") == {"sections": []}
    assert problem(fake, "admin/ticket_fields", include="choices") == ("include", "invalid_value")


def test_a_view_of_a_ticket_field_has_choices(account: Account, fake: FakeFreshdesk) -> None:
    for field in account.table("admin_ticket_fields").rows.values():
        assert read(fake, f"admin/ticket_fields/{field['id']}", include="section") == field
        assert "sections" not in read(fake, f"admin/ticket_fields/{field['id']}")
    country = next(row for row in account.table("admin_ticket_fields").rows.values() if row["name"] == "cf_country")
    choices = read(fake, f"admin/ticket_fields/{country['id']}")["choices"]
    assert choices[0]["choices"][0]["parent_choice_id"] == choices[0]["id"]


def test_a_view_of_a_form_has_fields_and_a_list_may_have_portals(account: Account, fake: FakeFreshdesk) -> None:
    form = next(row for row in account.table("ticket_forms").rows.values() if not row["default"])
    plain = next(row for row in read(fake, "ticket-forms") if row["id"] == form["id"])
    included = next(row for row in read(fake, "ticket-forms", include="portals") if row["id"] == form["id"])
    view = read(fake, f"ticket-forms/{form['id']}")
    assert set(included) - set(plain) == {"portals"}
    assert set(view) - set(plain) == {"fields"}
    assert plain | included | view == form
    assert view["fields"][0]["created_at"] == "2026-03-03 12:00:00"
