"""A knowledge base with every kind of folder, article and translation."""

from datetime import datetime, timedelta

from integration_tests.fake_freshdesk.model.account import Account
from integration_tests.fake_freshdesk.model.table import Record
from integration_tests.fake_freshdesk.sections.solutions import (
    AGENTS_ONLY,
    COMPANY_SEGMENTS,
    CONTACT_SEGMENTS,
    DRAFT,
    SETTINGS,
    SOME_COMPANIES,
    add_article,
    add_category,
    add_folder,
    add_translation,
    languages,
)


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
