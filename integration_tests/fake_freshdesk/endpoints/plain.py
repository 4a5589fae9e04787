"""Endpoints that need no code of their own: lists, views and single objects that a table entry describes fully."""

from collections.abc import Callable, Mapping
from typing import Any

from integration_tests.fake_freshdesk.endpoints.answers import Answer, Refusal, json_answer, not_found
from integration_tests.fake_freshdesk.endpoints.endpoint import Endpoint
from integration_tests.fake_freshdesk.endpoints.listing import Keep, Ordered, list_answer, without
from integration_tests.fake_freshdesk.endpoints.request import Request
from integration_tests.fake_freshdesk.model.table import Record

PAGING = frozenset({"page", "per_page"})

Filter = Callable[[str], Keep]
"""From a parameter's value to the condition it sets."""


def by_id(row: Record) -> Any:
    return row["id"]


def by_name(row: Record) -> Any:
    return row["name"].casefold()


def field_is(field: str) -> Filter:
    """The filter that compares a field's value, as the URL would write it."""
    return lambda value: lambda row: as_in_url(row.get(field)) == value


def as_in_url(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def plain_list(  # noqa: PLR0913 - one keyword for each way in which lists differ
    path: str,
    of: str | None = None,
    *,
    child_of: str | None = None,
    order: Callable[[Record], Any] = by_id,
    leaves_out: tuple[str, ...] = (),
    filters: Mapping[str, Filter] | None = None,
    only: Keep | None = None,
    wrapped_in: str | None = None,
    admin: bool = False,
    feature: str | None = None,
    paged: bool = True,
) -> Endpoint:
    """`GET path` lists the records that the account keeps under `of` (by default, under the path's own name).

    A placeholder is named after the field its value is compared with: "solutions/categories/{category_id}/folders"
    with `of="solution_folders"` lists the folders whose `category_id` is the one in the path. With `child_of` the
    answer is 404 unless that resource has a record with the id in the path's first placeholder. A list that is not
    `paged` comes whole, and refuses `page` and `per_page`.
    """
    resource = of or path
    known_filters = filters or {}
    show = without(*leaves_out)

    def answer(request: Request) -> Answer:
        if child_of is not None:
            found(request, child_of, next(iter(request.named.values())))
        conditions = [field_is(field)(value) for field, value in request.named.items()]
        conditions += [
            filter_(request.params[name]) for name, filter_ in known_filters.items() if name in request.params
        ]
        if only is not None:
            conditions.append(only)
        table = request.account.table(resource)
        ordered = Ordered(table.rows, table.positions(path, order)).where(*conditions)
        if paged:
            return list_answer(request, ordered, show, wrapped_in)
        rows = [show(table.rows[row_id]) for _, row_id in ordered.positions]
        return json_answer(200, rows if wrapped_in is None else {wrapped_in: rows})

    parameters = frozenset(known_filters) | (PAGING if paged else frozenset())
    return Endpoint(path, answer, parameters, admin=admin, feature=feature)


def plain_view(
    path: str,
    of: str,
    *,
    leaves_out: tuple[str, ...] = (),
    wrapped_in: str | None = None,
    admin: bool = False,
    feature: str | None = None,
) -> Endpoint:
    """`GET path` shows the record with the id in the path's last placeholder; 404 if there is none."""
    show = without(*leaves_out)

    def answer(request: Request) -> Answer:
        row = show(found(request, of, list(request.named.values())[-1]))
        return json_answer(200, row if wrapped_in is None else {wrapped_in: row})

    return Endpoint(path, answer, admin=admin, feature=feature)


def single_object(path: str, *, admin: bool = False, feature: str | None = None) -> Endpoint:
    """`GET path` shows `account.objects[path]`; 404 if there is none."""

    def answer(request: Request) -> Answer:
        content = request.account.objects.get(path)
        return not_found() if content is None else json_answer(200, content)

    return Endpoint(path, answer, admin=admin, feature=feature)


def found(request: Request, resource: str, id_in_url: str) -> Record:
    row = request.account.table(resource).find(id_in_url)
    if row is None:
        raise Refusal(not_found())
    return row
