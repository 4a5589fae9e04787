"""The configuration of a help desk."""

from typing import Any

import pytest

from integration_tests.fake_freshdesk import Account, FakeFreshdesk
from integration_tests.fake_freshdesk_tests.resources.requests_made import get, ids, problem, read


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
