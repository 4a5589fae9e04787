"""The knowledge base: categories, folders in folders, articles and their translations.

https://developers.freshdesk.com/api/#solutions
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from integration_tests.fake_freshdesk.endpoints.answers import Answer, Refusal, invalid_value, not_found
from integration_tests.fake_freshdesk.endpoints.endpoint import Endpoint
from integration_tests.fake_freshdesk.endpoints.listing import Ordered, list_answer, without
from integration_tests.fake_freshdesk.endpoints.plain import PAGING, by_id, found, plain_list
from integration_tests.fake_freshdesk.endpoints.request import Request
from integration_tests.fake_freshdesk.model.account import Account
from integration_tests.fake_freshdesk.model.table import Record

FLEXIBLE_HIERARCHY = "Flexible Hierarchy"
MULTILINGUAL = "Multilingual"
SETTINGS = "settings/helpdesk"

EVERYONE, LOGGED_IN, AGENTS_ONLY, SOME_COMPANIES, BOTS, CONTACT_SEGMENTS, COMPANY_SEGMENTS = range(1, 8)
"""Who sees a folder."""
DRAFT, PUBLISHED = 1, 2
"""Statuses of an article."""


def _subfolders() -> Endpoint:
    """The folders in a folder; accounts without flexible hierarchy do not have the path."""
    endpoint = plain_list(
        "solutions/folders/{parent_folder_id}/subfolders", of="solution_folders", child_of="solution_folders"
    )

    def answer(request: Request) -> Answer:
        if FLEXIBLE_HIERARCHY in request.options.missing_features:
            raise Refusal(not_found())
        return endpoint.answer(request)

    return replace(endpoint, answer=answer)


def _articles_in_language(request: Request) -> Answer:
    """The articles of a folder in one language: those that are translated into it, under the ids of the originals."""
    language = request.named["language"]
    primary, supported = languages(request.account)
    if language not in (primary, *supported):
        message = f"It should be one of these values: '{','.join((primary, *supported))}'"
        raise invalid_value("language", message)
    folder_id = found(request, "solution_folders", request.named["folder_id"])["id"]
    if language == primary:
        table = request.account.table("solution_articles")
        originals = Ordered(table.rows, table.positions("id", by_id))
        return list_answer(request, originals.where(lambda row: row["folder_id"] == folder_id), lambda row: row)
    table = request.account.table("solution_article_translations")
    translations = Ordered(table.rows, table.positions("article_id", lambda row: row["article_id"]))
    belonging = translations.where(lambda row: row["folder_id"] == folder_id and row["language"] == language)
    return list_answer(request, belonging, _translation)


def _translation(row: Record) -> Record:
    return _without_keys_of_the_table(row) | {"id": row["article_id"]}


_without_keys_of_the_table = without("article_id", "language")

ENDPOINTS = (
    plain_list("solutions/categories", of="solution_categories"),
    plain_list(
        "solutions/categories/{category_id}/folders",
        of="solution_folders",
        child_of="solution_categories",
        leaves_out=("category_id",),
        only=lambda folder: folder["parent_folder_id"] is None,
    ),
    _subfolders(),
    plain_list("solutions/folders/{folder_id}/articles", of="solution_articles", child_of="solution_folders"),
    Endpoint("solutions/folders/{folder_id}/articles/{language}", _articles_in_language, PAGING, feature=MULTILINGUAL),
)


def languages(account: Account) -> tuple[str, tuple[str, ...]]:
    """The account's primary language, and the others it supports."""
    settings = account.objects.get(SETTINGS, {})
    return settings.get("primary_language", "en"), tuple(settings.get("supported_languages", ()))


# Changes


def add_category(account: Account, name: str, at: datetime, **fields: Any) -> Record:
    row = {"name": name, "description": f"{name}, all about it", "created_at": at, "updated_at": at, "icon": {}}
    return account.add("solution_categories", **row | fields)


def add_folder(
    account: Account, name: str, at: datetime, *, category: Record, parent: Record | None = None, **fields: Any
) -> Record:
    """A folder of a category, or of a folder of it, whose `sub_folders_count` stays true."""
    with account.lock:
        folder_id = account.new_id("solution_folders")
        above = _category_place(account, category) if parent is None else parent["hierarchy"]
        row = {
            "id": folder_id,
            "name": name,
            "description": None,
            "category_id": category["id"],
            "articles_count": 0,
            "created_at": at,
            "updated_at": at,
            "icon_url": None,
            "parent_folder_id": None if parent is None else parent["id"],
            "sub_folders_count": 0,
            "hierarchy": [*above, _place(account, len(above), "folder", folder_id, name)],
            "visibility": EVERYONE,
        }
        if parent is not None:
            account.change("solution_folders", parent["id"], sub_folders_count=parent["sub_folders_count"] + 1)
        return account.add("solution_folders", **row | fields)


def add_article(account: Account, title: str, at: datetime, *, folder: Record, **fields: Any) -> Record:
    """An article of a folder, whose `articles_count` stays true."""
    with account.lock:
        row = {
            "type": 1,
            "status": PUBLISHED,
            "agent_id": account.key_owner()["id"],
            "created_at": at,
            "category_id": folder["category_id"],
            "folder_id": folder["id"],
            "title": title,
            "updated_at": at,
            "description": f'<p dir="ltr">{title}</p>',
            "description_text": f" {title} ",
            "seo_data": {"meta_title": "", "meta_description": ""},
            "tags": [],
            "attachments": [],
            "cloud_files": [],
            "thumbs_up": 0,
            "thumbs_down": 0,
            "hits": 0,
            "suggested": 0,
            "feedback_count": 0,
            "hierarchy": folder["hierarchy"],
        }
        account.change("solution_folders", folder["id"], articles_count=folder["articles_count"] + 1)
        return account.add("solution_articles", **row | fields)


def add_translation(account: Account, article: Record, language: str, at: datetime, **fields: Any) -> Record:
    """An article in another language. It is kept with `article_id` and `language`, which the API does not show."""
    title = f"{article['title']} ({language})"
    row = {
        **article,
        "id": f"{article['id']}:{language}",
        "article_id": article["id"],
        "language": language,
        "title": title,
        "description": f'<p dir="ltr">{title}</p>',
        "description_text": f" {title} ",
        "hierarchy": [{**place, "data": {**place["data"], "language": language}} for place in article["hierarchy"]],
        "created_at": at,
        "updated_at": at,
    }
    return account.add("solution_article_translations", **row | fields)


def _category_place(account: Account, category: Record) -> list[Record]:
    return [_place(account, 0, "category", category["id"], category["name"])]


def _place(account: Account, level: int, kind: str, row_id: int, name: str) -> Record:
    return {"level": level, "type": kind, "data": {"id": row_id, "name": name, "language": languages(account)[0]}}
