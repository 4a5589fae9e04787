"""Mailboxes (https://developers.freshdesk.com/api/#email-mailboxes) and their older form, email configs."""

from datetime import timedelta
from typing import Any

from integration_tests.fake_freshdesk.endpoints.answers import Answer
from integration_tests.fake_freshdesk.endpoints.endpoint import Endpoint
from integration_tests.fake_freshdesk.endpoints.listing import Keep, Ordered, equal, list_answer
from integration_tests.fake_freshdesk.endpoints.plain import PAGING, plain_list, plain_view
from integration_tests.fake_freshdesk.endpoints.request import Request
from integration_tests.fake_freshdesk.model.account import Account
from integration_tests.fake_freshdesk.model.table import Record

MAILBOX_PARAMETERS = PAGING | {
    "active",
    "forward_email",
    "group_id",
    "order_by",
    "order_type",
    "product_id",
    "support_email",
}

_ORDERS = ("product_id", "group_id")


def mailbox_list(request: Request) -> Answer:
    """Primary ones first, then by product, unless asked for in another order."""
    table = request.account.table("email_mailboxes")
    order = request.choice("order_by", _ORDERS)
    direction = request.choice("order_type", ("asc", "desc"))
    positions = table.positions(
        order or "primary", _primary_first if order is None else lambda row: _known_first(row[order])
    )
    ordered = Ordered(table.rows, positions, descending=direction == "desc")
    return list_answer(request, ordered.where(*_conditions(request)), dict)


ENDPOINTS = (
    plain_list("email_configs", admin=True),
    plain_view("email_configs/{config_id}", "email_configs", admin=True),
    Endpoint("email/mailboxes", mailbox_list, MAILBOX_PARAMETERS, admin=True),
    plain_view("email/mailboxes/{mailbox_id}", "email_mailboxes", admin=True),
)


def _primary_first(row: Record) -> Any:
    return not row["default_reply_email"], *_known_first(row["product_id"])


def _known_first(value: int | None) -> tuple[bool, int]:
    return value is None, value or 0


def _conditions(request: Request) -> list[Keep]:
    conditions = equal("product_id", request.number("product_id"))
    conditions += equal("group_id", request.number("group_id"))
    conditions += equal("support_email", request.params.get("support_email"))
    active = request.choice("active", ("true", "false"))
    if active is not None:
        conditions += equal("active", active == "true")
    forward_email = request.params.get("forward_email")
    if forward_email is not None:
        conditions.append(lambda row: row.get("freshdesk_mailbox", {}).get("forward_email") == forward_email)
    return conditions


def seed(account: Account) -> None:
    """Mailboxes of Freshdesk and of the account's own servers, without any password."""
    times = {"created_at": account.now() - timedelta(days=100), "updated_at": account.now() - timedelta(days=1)}
    product_id, group_id = (next(iter(account.table(name).rows)) for name in ("products", "groups"))
    for place, (name, product, group) in enumerate((("Support", None, None), ("Mills", product_id, group_id))):
        address, forward = f"{name.lower()}@corp.example.com", f"corp{name.lower()}@helpdesk.example.com"
        config = account.add(
            "email_configs",
            name=name,
            product_id=product,
            to_email=forward,
            reply_email=address,
            group_id=group,
            primary_role=True,
            active=place == 0,
            **times,
        )
        account.add(
            "email_mailboxes",
            id=config["id"],
            name=name,
            support_email=address,
            group_id=group,
            default_reply_email=True,
            active=place == 0,
            mailbox_type="freshdesk_mailbox",
            failure_code=None,
            **times,
            product_id=product,
            freshdesk_mailbox={"forward_email": forward},
        )
    server = {
        "mail_server": "mail.example.com",
        "port": 993,
        "use_ssl": True,
        "user_name": "own",
        "authentication": "login",
    }
    account.add(
        "email_mailboxes",
        name=None,
        support_email="own@corp.example.com",
        group_id=None,
        default_reply_email=False,
        active=False,
        mailbox_type="custom_mailbox",
        failure_code=None,
        **times,
        product_id=None,
        custom_mailbox={
            "access_type": "both",
            "incoming": server | {"delete_from_server": False},
            "outgoing": server | {"port": 465},
        },
    )
