"""The fake serves every resource in the shape, with the parameters and for the readers that the page names."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from integration_tests.believable.day import a_day_passes
from integration_tests.believable.help_desk import believable_account
from integration_tests.conftest import API_KEY, Serve
from integration_tests.fake_freshdesk import Account, FakeFreshdesk
from integration_tests.fake_freshdesk.sections.everything import fill_every_resource
from integration_tests.filling import TODAY, before

RECORDED = Path(__file__).parent.parent / "unit_tests" / "recorded"

PAGED = {
    "agents?only=availability": "agent_availability",
    "business_hours": "business_hours",
    "canned_response_folders": "canned_response_folders",
    "company_fields": "company_fields",
    "contact_fields": "contact_fields",
    "email/mailboxes": "email_mailboxes",
    "email_configs": "email_configs",
    "groups": "groups",
    "products": "products",
    "roles": "roles",
    "scenario_automations": "scenario_automations",
    "skills": "skills",
    "sla_policies": "sla_policies",
    "surveys": "surveys",
    "surveys/satisfaction_ratings": "satisfaction_ratings",
    "ticket_fields": "ticket_fields",
    "time_entries": "time_entries",
}
WHOLE = {
    "admin/groups": "admin_groups",
    "admin/skills": "skills",
    "admin/ticket_fields": "admin_ticket_fields",
    "ticket-forms": "ticket_forms",
}
FOR_ALL_AGENTS = {
    "account",
    "scenario_automations",
    "settings/helpdesk",
    "surveys",
    "surveys/satisfaction_ratings",
    "ticket_fields",
    "time_entries",
}
FURTHER_PATHS_FOR_ADMINISTRATORS = {
    "admin/ticket_fields/1",
    "admin/ticket_fields/1/sections",
    "automations/1/rules",
    "business_hours/1",
    "canned_response_folders/1/responses",
    "company_fields/1",
    "contact_fields/1",
    "email/mailboxes/1",
    "products/1",
    "ticket-forms/1",
}
FEATURES = {
    "admin/skills": "Skill Based Round Robin",
    "skills": "Skill Based Round Robin",
    "surveys": "Surveys",
    "surveys/satisfaction_ratings": "Surveys",
    "ticket-forms": "Ticket Forms",
    "tickets/1/summary": "Ticket Summary",
    "time_entries": "Timesheets",
}


@pytest.fixture
def account() -> Account:
    """An account with some of everything."""
    account = Account(now=TODAY)
    for _ in range(3):
        account.add_agent()
        account.add_contact()
        account.add_ticket(created_at=before(days=5))
    fill_every_resource(account)
    return account


def get(fake: FakeFreshdesk, path: str, **params: Any) -> requests.Response:
    return requests.get(f"{fake.url}/api/v2/{path}", params=params, auth=(API_KEY, "X"), timeout=10)


def read(fake: FakeFreshdesk, path: str, **params: Any) -> Any:
    response = get(fake, path, **params)
    assert response.status_code == 200, response.text
    return response.json()


def ids(fake: FakeFreshdesk, path: str, **params: Any) -> list[Any]:
    return [row["id"] for row in read(fake, path, **params)]


def problem(fake: FakeFreshdesk, path: str, **params: Any) -> tuple[str, str]:
    """The field and the code of a refused request."""
    response = get(fake, path, **params)
    assert response.status_code == 400, response.text
    error = response.json()["errors"][0]
    return error["field"], error["code"]


def walk(fake: FakeFreshdesk, path: str) -> Iterator[Any]:
    """The rows of all pages of 100."""
    response = get(fake, path, per_page=100)
    yield from response.json()
    while "next" in response.links:
        response = requests.get(response.links["next"]["url"], auth=(API_KEY, "X"), timeout=10)
        yield from response.json()


def rows_sent(fake: FakeFreshdesk, resource: str) -> list[Any]:
    """The rows of a resource, as its lists and single objects send them."""
    if resource == "settings":
        return [read(fake, "settings/helpdesk")]
    if resource == "canned_responses":
        folders = ids(fake, "canned_response_folders")
        return [row for folder in folders for row in read(fake, f"canned_response_folders/{folder}/responses")]
    paths = {resource: path for path, resource in PAGED.items()} | {"agents": "agents"}
    return list(walk(fake, paths[resource]))


# Lists


@pytest.mark.parametrize(("path", "resource"), PAGED.items())
def test_a_list_has_every_record(account: Account, fake: FakeFreshdesk, path: str, resource: str) -> None:
    truth = account.table(resource).rows
    sent = list(walk(fake, path))
    assert len(truth) > 1
    assert sorted(row["id"] for row in sent) == sorted(truth)
    for row in sent:
        assert row == {key: truth[row["id"]][key] for key in row}
        assert set(truth[row["id"]]) - set(row) <= {"agent_ids"}


@pytest.mark.parametrize(("path", "resource"), WHOLE.items())
def test_a_list_without_pages_comes_whole(account: Account, fake: FakeFreshdesk, path: str, resource: str) -> None:
    assert sorted(ids(fake, path)) == sorted(account.table(resource).rows)
    assert problem(fake, path, per_page=100) == ("per_page", "invalid_field")
    assert problem(fake, path, page=1) == ("page", "invalid_field")


@pytest.mark.parametrize("path", ["time_entries", "surveys/satisfaction_ratings"])
def test_a_long_list_has_a_second_page(fake: FakeFreshdesk, path: str) -> None:
    first = get(fake, path, per_page=100)
    assert len(first.json()) == 100
    assert "next" in first.links


@pytest.mark.parametrize(
    "recording",
    [
        path.stem
        for path in sorted(RECORDED.glob("20*.json"))
        if path.stem[5:] in {*PAGED.values(), "agents", "canned_responses", "settings"}
    ],
)
def test_every_set_of_keys_that_was_recorded_is_sent(fake: FakeFreshdesk, recording: str) -> None:
    recorded = {frozenset(record) for record in json.loads((RECORDED / f"{recording}.json").read_text())}
    assert recorded <= {frozenset(row) for row in rows_sent(fake, recording[5:])}


# Who may read what


@pytest.mark.parametrize("path", sorted({*PAGED, *WHOLE, *FURTHER_PATHS_FOR_ADMINISTRATORS} - FOR_ALL_AGENTS))
def test_configuration_is_for_administrators(serve: Serve, path: str) -> None:
    response = get(serve(admin=False), path)
    assert response.status_code == 403
    assert response.json()["code"] == "access_denied"


@pytest.mark.parametrize("path", sorted(FOR_ALL_AGENTS))
def test_some_lists_are_for_every_agent(serve: Serve, path: str) -> None:
    assert get(serve(admin=False), path).status_code == 200


@pytest.mark.parametrize(("path", "feature"), FEATURES.items())
def test_a_plan_may_lack_a_feature(serve: Serve, path: str, feature: str) -> None:
    response = get(serve(missing_features=[feature]), path)
    assert response.status_code == 403
    assert response.json()["code"] == "require_feature"
    assert feature in response.json()["message"]
    assert get(serve(missing_features=[feature], no_feature="not_found"), path).status_code == 404


@pytest.mark.parametrize(
    "path",
    [*PAGED, *WHOLE, "account", "settings/helpdesk", "automations/4/rules", "tickets/1/watchers"],
)
def test_an_unknown_parameter_is_refused(fake: FakeFreshdesk, path: str) -> None:
    assert problem(fake, path, updated_since="2026-01-01T00:00:00Z") == ("updated_since", "invalid_field")


@pytest.mark.parametrize(
    "path",
    [
        "tickets/999/watchers",
        "tickets/999/associated_tickets",
        "tickets/999/prime_association",
        "tickets/999/summary",
        "admin/ticket_fields/999",
        "admin/ticket_fields/999/sections",
        "ticket-forms/999",
        "automations/2/rules",
        "automations/1/rules/999",
        "canned_response_folders/999/responses",
        "business_hours/999",
    ],
)
def test_what_is_not_there_is_a_404(fake: FakeFreshdesk, path: str) -> None:
    assert get(fake, path).status_code == 404


# What belongs to one ticket


def associated_as(account: Account, type_: int) -> list[Any]:
    return [row for row in account.tickets.values() if row["association_type"] == type_]


def test_watchers_come_in_an_object(account: Account, fake: FakeFreshdesk) -> None:
    ticket = next(row for row in account.tickets.values() if row["watcher_ids"])
    assert read(fake, f"tickets/{ticket['id']}/watchers") == {"watcher_ids": list(account.agents)[:2]}
    assert read(fake, "tickets/1/watchers") == {"watcher_ids": []}


@pytest.mark.parametrize(("type_", "other_type", "count"), [(1, 2, 1), (3, 4, 2)])
def test_a_parent_and_a_tracker_have_associated_tickets(
    account: Account, fake: FakeFreshdesk, type_: int, other_type: int, count: int
) -> None:
    ticket = associated_as(account, type_)[0]
    tickets = read(fake, f"tickets/{ticket['id']}/associated_tickets")["tickets"]
    assert [row["id"] for row in tickets] == ticket["associated_tickets_list"]
    assert [row["association_type"] for row in tickets] == [other_type] * count
    assert "description" not in tickets[0]
    prime = read(fake, f"tickets/{tickets[0]['id']}/prime_association")
    assert (prime["id"], prime["association_type"]) == (ticket["id"], type_)


def test_a_parent_may_have_no_children_any_more(account: Account, fake: FakeFreshdesk) -> None:
    parent, lonely = associated_as(account, 1)
    account.delete_ticket(parent["associated_tickets_list"][0])
    for ticket in (parent, lonely):
        assert read(fake, f"tickets/{ticket['id']}/associated_tickets") == {"tickets": []}


def test_a_child_may_have_lost_its_parent(account: Account, fake: FakeFreshdesk) -> None:
    child = associated_as(account, 2)[0]
    account.destroy_ticket(child["associated_tickets_list"][0])
    assert get(fake, f"tickets/{child['id']}/prime_association").status_code == 404


def test_associations_are_refused_for_other_tickets(account: Account, fake: FakeFreshdesk) -> None:
    parent, child = associated_as(account, 1)[0], associated_as(account, 2)[0]
    for path in ("tickets/1", f"tickets/{child['id']}"):
        assert problem(fake, f"{path}/associated_tickets") == ("association_type", "invalid_value")
    for path in ("tickets/1", f"tickets/{parent['id']}"):
        assert problem(fake, f"{path}/prime_association") == ("association_type", "invalid_value")


def test_a_ticket_may_have_a_summary(account: Account, fake: FakeFreshdesk) -> None:
    for summary in account.table("ticket_summaries").rows.values():
        assert read(fake, f"tickets/{summary['ticket_id']}/summary") == summary
    assert get(fake, "tickets/1/summary").status_code == 404


# Ticket fields and forms


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


# Time entries, surveys and ratings


def test_time_entries_can_be_asked_for_by_agent_company_day_and_price(account: Account, fake: FakeFreshdesk) -> None:
    company_id, agent_id = account.add_company()["id"], next(iter(account.agents))
    row = next(iter(account.table("time_entries").rows.values()))
    account.change("time_entries", row["id"], company_id=company_id)
    assert ids(fake, "time_entries", company_id=company_id) == [row["id"]]
    of_agent = read(fake, "time_entries", agent_id=agent_id, per_page=100)
    assert {row["agent_id"] for row in of_agent} == {agent_id}
    assert [row["billable"] for row in read(fake, "time_entries", billable="false")] == [False]
    later = read(fake, "time_entries", executed_after="2026-06-01T12:00:00Z")
    assert [row["executed_at"] for row in later] == ["2026-06-04T12:00:00Z"]
    earlier = read(fake, "time_entries", executed_before="2025-01-01")
    assert [row["executed_at"] for row in earlier] == ["2024-02-29T00:00:00Z"]


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("time_entries", {"billable": "yes"}),
        ("time_entries", {"executed_after": "yesterday"}),
        ("time_entries", {"company_id": "x"}),
        ("time_entries", {"per_page": "101"}),
        ("time_entries", {"order_by": "created_at"}),
        ("surveys", {"state": "inactive"}),
        ("surveys/satisfaction_ratings", {"created_since": "2026-01-01T00:00:00.000Z"}),
        ("surveys/satisfaction_ratings", {"user_id": "x"}),
        ("surveys/satisfaction_ratings", {"updated_since": "2026-01-01"}),
        ("agents", {"only": "names"}),
        ("agents", {"only": "availability", "email": "ada@example.com"}),
        ("email/mailboxes", {"order_by": "name"}),
        ("email/mailboxes", {"order_type": "up"}),
        ("email/mailboxes", {"active": "yes"}),
        ("ticket-forms", {"include": "fields"}),
        ("products", {"per_page": "0"}),
    ],
)
def test_what_a_list_does_not_take_is_refused(fake: FakeFreshdesk, path: str, params: dict[str, str]) -> None:
    assert problem(fake, path, **params)[0] in params


def test_time_entries_and_ratings_come_newest_first(fake: FakeFreshdesk) -> None:
    for path in ("time_entries", "surveys/satisfaction_ratings"):
        times = [row["created_at"] for row in walk(fake, path)]
        assert times == sorted(times, reverse=True)


def test_ratings_can_be_asked_for_by_creation_and_user(account: Account, fake: FakeFreshdesk) -> None:
    user_id = next(iter(account.contacts))
    since = "2026-06-01T10:00:00Z"
    recent = read(fake, "surveys/satisfaction_ratings", created_since=since)
    assert [row["created_at"] for row in recent] == ["2026-06-01T11:00:00Z", since]
    of_user = read(fake, "surveys/satisfaction_ratings", user_id=user_id, per_page=100)
    assert {row["user_id"] for row in of_user} == {user_id}


def test_surveys_can_be_asked_for_by_state(fake: FakeFreshdesk) -> None:
    assert {row["active"] for row in read(fake, "surveys")} == {True, False}
    assert {row["active"] for row in read(fake, "surveys", state="active")} == {True}


# People


def test_availability_is_another_kind_of_row(account: Account, fake: FakeFreshdesk) -> None:
    rows = read(fake, "agents", only="availability")
    assert {row["id"] for row in rows} == set(account.agents)
    assert set(rows[0]) == {
        "id",
        "user_data",
        "contact",
        "availability",
        "deactivated",
        "availability_control",
        "legacy_routing",
    }
    assert rows[0]["availability"]["channel_availability"] == []
    assert rows[1]["availability"]["channel_availability"][0]["channel"] == "freshdesk"
    assert len(read(fake, "agents", only="availability", per_page=1)) == 1
    assert "ticket_scope" in read(fake, "agents")[0]


def test_the_list_of_revamped_groups_has_their_members(account: Account, fake: FakeFreshdesk) -> None:
    members = {row["id"]: row["agent_ids"] for row in read(fake, "admin/groups")}
    old = read(fake, "groups")
    assert not any("agent_ids" in row for row in old)
    for group_id in (row["id"] for row in old):
        assert read(fake, f"groups/{group_id}")["agent_ids"] == members[group_id]
    escalations = [row["escalate_to"] for row in read(fake, "admin/groups")]
    assert {type(escalate_to) for escalate_to in escalations} == {int, list, type(None)}


@pytest.mark.parametrize("path", ["skills", "admin/skills"])
def test_whether_skills_are_wrapped_is_an_option(serve: Serve, path: str) -> None:
    bare, wrapped = read(serve(), path), read(serve(skills_wrapped=True), path)
    assert [row["name"] for row in bare] == ["Repairs", "Anything"]
    assert wrapped == {"skills": bare}


# Configuration


@pytest.mark.parametrize("path", ["business_hours", "sla_policies"])
def test_some_ids_are_text(fake: FakeFreshdesk, path: str) -> None:
    assert all(isinstance(row_id, str) and row_id.isdecimal() for row_id in ids(fake, path))


@pytest.mark.parametrize(
    "path", ["business_hours", "products", "contact_fields", "company_fields", "email_configs", "email/mailboxes"]
)
def test_a_view_shows_the_record(fake: FakeFreshdesk, path: str) -> None:
    for row in read(fake, path):
        assert read(fake, f"{path}/{row['id']}") == row


def test_the_account_and_its_settings_are_single_objects(account: Account, fake: FakeFreshdesk) -> None:
    assert read(fake, "account")["organisation_id"] > 2**53
    assert read(fake, "settings/helpdesk")["primary_language"] == "en"
    account.objects.clear()
    assert get(fake, "account").status_code == 404


def test_mailboxes_are_sorted_and_can_be_asked_for(fake: FakeFreshdesk) -> None:
    mills, support, own = read(fake, "email/mailboxes")
    assert [row["default_reply_email"] for row in (mills, support, own)] == [True, True, False]
    assert (mills["product_id"] is None, support["product_id"]) == (False, None)
    assert ("freshdesk_mailbox" in own, "custom_mailbox" in own) == (False, True)
    assert ids(fake, "email/mailboxes", order_by="group_id")[0] == mills["id"]
    assert ids(fake, "email/mailboxes", order_by="group_id", order_type="desc")[-1] == mills["id"]
    assert ids(fake, "email/mailboxes", active="true") == [support["id"]]
    assert ids(fake, "email/mailboxes", product_id=mills["product_id"]) == [mills["id"]]
    assert ids(fake, "email/mailboxes", support_email="own@corp.example.com") == [own["id"]]
    forward = {"forward_email": support["freshdesk_mailbox"]["forward_email"]}
    assert ids(fake, "email/mailboxes", **forward) == [support["id"]]


def test_rules_come_by_kind_and_in_order(account: Account, fake: FakeFreshdesk) -> None:
    counts = {}
    for kind in (1, 3, 4):
        answer = read(fake, f"automations/{kind}/rules")
        counts[kind] = answer["meta"]["count"]
        assert [rule["position"] for rule in answer["rules"]] == list(range(1, counts[kind] + 1))
        for rule in answer["rules"]:
            assert rule == account.table("automation_rules").rows[rule["id"]]
            assert read(fake, f"automations/{kind}/rules/{rule['id']}") == rule
            assert rule["created_at"].endswith(".201Z")
    assert counts == {1: 1, 3: 0, 4: 2}
    assert problem(fake, "automations/1/rules", per_page=100) == ("per_page", "invalid_field")


def test_rules_hold_secrets_and_a_capital_key(fake: FakeFreshdesk) -> None:
    (created,) = read(fake, "automations/1/rules")["rules"]
    assert "Summary" in created
    webhooks = [
        action
        for kind in (1, 4)
        for rule in read(fake, f"automations/{kind}/rules")["rules"]
        for action in rule["actions"]
    ]
    assert {"api_key", "auth_header", "custom_headers"} <= {key for action in webhooks for key in action}


def test_a_rule_is_found_below_its_own_kind_only(fake: FakeFreshdesk) -> None:
    (created,) = read(fake, "automations/1/rules")["rules"]
    assert get(fake, f"automations/4/rules/{created['id']}").status_code == 404


def test_canned_responses_are_in_folders(account: Account, fake: FakeFreshdesk) -> None:
    sent: dict[int, Any] = {}
    for folder in read(fake, "canned_response_folders"):
        rows = read(fake, f"canned_response_folders/{folder['id']}/responses", per_page=100)
        assert len(rows) == folder["responses_count"]
        sent |= {row["id"]: row for row in rows}
    assert sent == dict(account.table("canned_responses").rows)


# Accounts


def test_everything_is_about_something() -> None:
    with pytest.raises(ValueError, match="tickets, contacts and agents"):
        fill_every_resource(Account(now=TODAY))


def test_everything_fits_a_believable_account() -> None:
    account = believable_account(tickets=20, now=TODAY)
    fill_every_resource(account)
    assert len(account.table("time_entries").rows) > 100


@pytest.fixture(scope="module")
def believable() -> Account:
    return believable_account(tickets=500, now=TODAY)


def test_a_believable_desk_is_consistent(believable: Account) -> None:
    role_ids = set(believable.table("roles").rows)
    assert all(agent["role_ids"] and set(agent["role_ids"]) <= role_ids for agent in believable.agents.values())
    fields = {row["name"]: row for row in believable.table("ticket_fields").rows.values()}
    statuses = {int(status) for status in fields["status"]["choices"]}
    assert {ticket["status"] for ticket in believable.tickets.values()} <= statuses
    assert {8, 9} < statuses
    custom = {name for ticket in believable.tickets.values() for name in ticket["custom_fields"]}
    assert custom <= set(fields)
    for resource in ("business_hours", "sla_policies", "canned_responses", "surveys", "products"):
        assert len(believable.table(resource).rows) > 1


def test_believable_time_and_ratings_are_about_the_tickets(believable: Account) -> None:
    entries, ratings = (list(believable.table(name).rows.values()) for name in ("time_entries", "satisfaction_ratings"))
    assert len(entries) > 100
    assert len(ratings) > 50
    for row in entries:
        assert row["company_id"] == believable.tickets[row["ticket_id"]]["company_id"]
        assert row["executed_at"] <= row["created_at"] <= believable.now_stamp()
    for row in ratings:
        ticket = believable.tickets[row["ticket_id"]]
        assert (row["user_id"], row["agent_id"]) == (ticket["requester_id"], ticket["responder_id"])
        assert ticket["stats"]["resolved_at"] <= row["created_at"] <= believable.now_stamp()
    assert {row["agent_id"] for row in (*entries, *ratings)} <= set(believable.agents)


def test_a_day_brings_time_entries_and_ratings() -> None:
    account = believable_account(tickets=300, now=TODAY)
    known = {name: set(account.table(name).rows) for name in ("time_entries", "satisfaction_ratings")}
    day = a_day_passes(account)
    assert set(account.table("time_entries").rows) - known["time_entries"] == set(day.time_entries_created)
    new_ratings = set(account.table("satisfaction_ratings").rows) - known["satisfaction_ratings"]
    assert new_ratings == set(day.satisfaction_ratings_created)
    assert day.time_entries_created
    assert day.satisfaction_ratings_created
    for row_id in day.satisfaction_ratings_created:
        assert day.since < account.table("satisfaction_ratings").rows[row_id]["created_at"] <= account.now_stamp()
