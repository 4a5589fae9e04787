"""Lists that Freshdesk filters by time, and one that it does not."""

from typing import Any

from source_freshdesk.streams.incremental_list import IncrementalList
from unit_tests.support import API, ago, answer, no_schema

COMPANIES, CONTACTS = f"{API}companies", f"{API}contacts"
TERMS, RATINGS = f"{API}terms", f"{API}surveys/satisfaction_ratings"
UNKNOWN = {"json": {"errors": [{"field": "f", "code": "invalid_field"}]}, "status_code": 400}
STATE = {"updated_at": ago(1_000), "read_from": ago(1_300), "emitted": {}}


def row(row_id: int, seconds_ago: int = 500) -> dict[str, Any]:
    return {"id": row_id, "updated_at": ago(seconds_ago)}


def page(*rows: dict[str, Any], more: int | None = None, of: str = "companies") -> dict[str, Any]:
    """An answer with these rows; `more` is the page that its link leads to."""
    if more is None:
        return answer(list(rows))
    return answer(list(rows), Link=f'<{API}{of}?per_page=100&page={more}>; rel="next"')


class Terms(IncrementalList):
    """A list without a filter, of which some rows tell no time."""

    resource = "terms"

    get_json_schema = no_schema
