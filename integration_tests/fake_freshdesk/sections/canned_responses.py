"""Canned responses and their folders (https://developers.freshdesk.com/api/#canned-responses)."""

from datetime import timedelta

from integration_tests.fake_freshdesk.endpoints.plain import plain_list
from integration_tests.fake_freshdesk.model.account import Account
from integration_tests.fake_freshdesk.model.table import Record

FOR_ALL, FOR_OWNER, FOR_GROUPS = 0, 1, 2
"""Values of a response's `visibility`."""

ENDPOINTS = (
    plain_list("canned_response_folders", admin=True),
    plain_list(
        "canned_response_folders/{folder_id}/responses",
        "canned_responses",
        child_of="canned_response_folders",
        admin=True,
    ),
)


def canned_response(folder: Record, title: str, text: str) -> Record:
    """One that everybody may use, unless it lies in a personal folder."""
    return {
        "title": title,
        "folder_id": folder["id"],
        "short_code": None,
        "content": text,
        "content_html": f"<div>{text}</div>",
        "attachments": [],
        "created_at": folder["created_at"],
        "updated_at": folder["updated_at"],
        "group_ids": [],
        "visibility": FOR_OWNER if folder["personal"] else FOR_ALL,
    }


def seed(account: Account) -> None:
    """A personal folder, a common one and an empty one; a response of 2023, without short code, and those of today."""
    at = account.now() - timedelta(days=10)
    personal, common, _ = (
        account.add(
            "canned_response_folders",
            name=name,
            created_at=at,
            updated_at=at,
            personal=name == "Personal",
            responses_count=count,
        )
        for name, count in (("Personal", 1), ("Repairs", 2), ("Nothing yet", 0))
    )
    account.add("canned_responses", **canned_response(personal, "Thanks", "Thank you!") | {"short_code": "thx"})
    old = canned_response(common, "Old", "We are looking into it.")
    del old["short_code"]
    account.add("canned_responses", **old)
    groups = {"visibility": FOR_GROUPS, "group_ids": list(account.table("groups").rows)[:2]}
    attachment = {
        "id": account.new_id("attachments"),
        "name": "manual.pdf",
        "content_type": "application/pdf",
        "size": 48_213,
        "created_at": old["created_at"],
        "updated_at": old["created_at"],
        "attachment_url": "https://attachment.example.com/manual.pdf?signature=changes",
    }
    row = canned_response(common, "Manual", "Please see the manual.") | groups | {"attachments": [attachment]}
    account.add("canned_responses", **row)
