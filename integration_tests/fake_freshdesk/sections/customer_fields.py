"""The fields of contacts (https://developers.freshdesk.com/api/#contact-fields) and of companies (#company-fields)."""

from typing import Any

from integration_tests.fake_freshdesk.endpoints.plain import plain_list, plain_view
from integration_tests.fake_freshdesk.model.account import Account
from integration_tests.fake_freshdesk.model.table import Record
from integration_tests.fake_freshdesk.sections.ticket_fields import by_position

ENDPOINTS = (
    plain_list("contact_fields", order=by_position, admin=True),
    plain_view("contact_fields/{field_id}", "contact_fields", admin=True),
    plain_list("company_fields", order=by_position, admin=True),
    plain_view("company_fields/{field_id}", "company_fields", admin=True),
)

_OF_DEFAULT_FIELD: Record = {
    "agents_can_edit": True,
    "displayed_for_agents": True,
    "quick_add_for_agent": False,
    "unique": False,
}
"""Keys that custom fields, and all fields of older accounts, do not have."""

_LANGUAGES = {"de": "German", "en": "English", "pt-BR": "Portuguese (BR)"}
_REGIONS = [{"id": 1, "label": "North", "value": "North", "position": 1}, {"id": 2, "label": "", "value": None}]


def seed(account: Account) -> None:
    """Choices as a list of texts, of objects, as an object from code to label; default and custom fields."""
    at = account.now_stamp()
    of_contacts: tuple[tuple[str, str, Record], ...] = (
        ("name", "default_name", _OF_DEFAULT_FIELD | {"quick_add_for_agent": True}),
        ("email", "default_email", _OF_DEFAULT_FIELD | {"unique": True}),
        ("language", "default_language", _OF_DEFAULT_FIELD | {"choices": _LANGUAGES}),
        ("social_handler", "default_social_handler", _OF_DEFAULT_FIELD | {"choices": ["whatsapp", "x"]}),
        ("region", "custom_dropdown", {"choices": _REGIONS}),
        ("newsletter", "custom_checkbox", {}),
    )
    for position, (name, type_, more) in enumerate(of_contacts, start=1):
        account.add("contact_fields", **_contact_field(position, name, type_, at), **more)
    of_companies: tuple[tuple[str, str, Record], ...] = (
        ("name", "default_name", _OF_DEFAULT_FIELD | {"unique": True}),
        ("health_score", "default_health_score", _OF_DEFAULT_FIELD | {"choices": ["At risk", "Happy"]}),
        ("region", "custom_dropdown", {"choices": _REGIONS}),
        ("machines", "custom_number", {}),
    )
    for position, (name, type_, more) in enumerate(of_companies, start=1):
        account.add("company_fields", **_field(position, name, type_, at), **more)


def _field(position: int, name: str, type_: str, at: str) -> Record:
    return {
        "name": name,
        "label": name.replace("_", " ").capitalize(),
        "position": position,
        "required_for_agents": name == "name",
        "type": type_,
        "default": type_.startswith("default_"),
        "created_at": at,
        "updated_at": at,
    }


def _contact_field(position: int, name: str, type_: str, at: str) -> Record:
    field = _field(position, name, type_, at)
    more: dict[str, Any] = {
        "editable_in_signup": name == "email",
        "customers_can_edit": True,
        "label_for_customers": field["label"],
        "required_for_customers": False,
        "displayed_for_customers": True,
    }
    return field | more
