"""The knowledge base: categories, folders in folders, articles and their translations.

https://developers.freshdesk.com/api/#solutions
"""

from dataclasses import replace
from datetime import datetime, timedelta
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


# A knowledge base


def seed(account: Account) -> None:
    """Three levels of folders, empty ones, a folder of two pages of articles, and translations of some of them.

    The languages are those of the account's settings, which get two more if there are no settings yet.
    """
    account.objects.setdefault(
        SETTINGS,
        {
            "primary_language": "en",
            "supported_languages": ["de", "pt-BR"],
            "portal_languages": ["de"],
            "help_widget_languages": [],
        },
    )
    at = account.now() - timedelta(days=200)
    _seed_nested_folders(account, at)
    _seed_restricted_folders(account, at)
    add_category(account, "Nothing here yet", at, description=None)
    _seed_translations(account, at + timedelta(days=30))


def _seed_nested_folders(account: Account, at: datetime) -> None:
    general = add_category(account, "General", at)
    faq = add_folder(account, "FAQ", at, category=general, description="Asked often")
    _seed_odd_articles(account, faq, at)
    machines = add_folder(account, "Machines", at, category=general, parent=faq)
    add_article(account, "How to clean the milk frother", at, folder=machines)
    parts = add_folder(account, "Spare parts", at, category=general, parent=machines)
    add_article(account, "Which seal fits my machine?", at, folder=parts)
    add_folder(account, "Discontinued", at, category=general, parent=machines)
    only_folders = add_folder(account, "Manuals", at, category=general)
    manuals = add_folder(account, "Crema One", at, category=general, parent=only_folders)
    for number in range(1, 106):
        add_article(account, f"Page {number} of the manual", at + timedelta(minutes=number), folder=manuals)
    add_folder(account, "Empty", at, category=general)


def _seed_odd_articles(account: Account, folder: Record, at: datetime) -> None:
    attachment = {
        "id": account.new_id("attachments"),
        "name": "descaling.pdf",
        "content_type": "application/pdf",
        "size": 48_231,
        "created_at": "2026-01-02T03:04:05Z",
        "updated_at": "2026-01-02T03:04:05Z",
        "attachment_url": "https://attachments.example.com/descaling.pdf?Expires=1&Signature=abc",
    }
    seo = {"meta_title": "Descaling", "meta_description": "How to descale"}
    add_article(
        account,
        "How to descale",
        at,
        folder=folder,
        seo_data=seo | {"meta_keywords": "descale,scale,water"},
        tags=["descaling", "water"],
        attachments=[attachment],
        hits=1204,
        thumbs_up=88,
    )
    add_article(
        account,
        "Why is my coffee cold?",
        at,
        folder=folder,
        seo_data=seo | {"meta_keywords": ["cold", "coffee"]},
        updated_at=at + timedelta(days=90),
        thumbs_down=3,
        feedback_count=3,
    )
    add_article(
        account, "Noch nicht fertig ☕", at, folder=folder, type=2, status=DRAFT, description="", description_text=""
    )


def _seed_restricted_folders(account: Account, at: datetime) -> None:
    partners = add_category(account, "Partners", at, visible_in_portals=[account.new_id("portals")])
    companies = sorted(account.companies)[:2]
    restricted = add_folder(
        account, "For some companies", at, category=partners, visibility=SOME_COMPANIES, company_ids=companies
    )
    add_article(account, "Prices for partners", at, folder=restricted)
    segment_ids = [account.new_id("segments")]
    add_folder(
        account, "For some people", at, category=partners, visibility=CONTACT_SEGMENTS, contact_segment_ids=segment_ids
    )
    add_folder(
        account, "For hotels", at, category=partners, visibility=COMPANY_SEGMENTS, company_segment_ids=segment_ids
    )
    add_folder(account, "For agents", at, category=partners, visibility=AGENTS_ONLY)


def _seed_translations(account: Account, at: datetime) -> None:
    """The first language has every article but one, the others have the articles of one folder."""
    articles = list(account.table("solution_articles").rows.values())
    for place, language in enumerate(languages(account)[1]):
        folder_id = articles[0]["folder_id"]
        translated = articles[1:] if place == 0 else [row for row in articles if row["folder_id"] == folder_id]
        for article in translated:
            add_translation(account, article, language, at)
