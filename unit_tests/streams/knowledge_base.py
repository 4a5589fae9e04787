"""A knowledge base of folders inside folders."""

from typing import Any

import requests_mock

from unit_tests.support import API, ago, answer

FIELDS_OF_FOLDERS = ("id", "articles_count", "category_id", "language")
SOLUTIONS, SETTINGS = f"{API}solutions", f"{API}settings/helpdesk"
EARLIER = {"updated_at": ago(5_000), "read_from": ago(5_300), "emitted": {}}


def folder(folder_id: int, **fields: Any) -> dict[str, Any]:
    return {"id": folder_id, "updated_at": ago(500), "articles_count": 1} | fields


def article(article_id: int, **fields: Any) -> dict[str, Any]:
    return {"id": article_id, "updated_at": ago(500)} | fields


def shelve(server: requests_mock.Mocker, tree: dict[int, list[dict[str, Any]]]) -> None:
    """Folders by the number of their category (below 10) or of the folder that they are in."""
    server.get(
        f"{SOLUTIONS}/categories", [answer([{"id": number, "updated_at": ago(900)} for number in tree if number < 10])]
    )
    for number, folders in tree.items():
        path = f"categories/{number}/folders" if number < 10 else f"folders/{number}/subfolders"
        server.get(f"{SOLUTIONS}/{path}", [answer(folders)])
