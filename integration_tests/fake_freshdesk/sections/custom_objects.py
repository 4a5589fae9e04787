"""Custom objects: records of kinds the account made up itself (https://developers.freshdesk.com/api/#custom-objects).

They are served by another service behind the same address: pages are followed by token, times are milliseconds, and
what is wrong is said in other words than everywhere else.
"""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from operator import eq, ge, gt, le, lt
from typing import Any
from urllib.parse import urlencode

from integration_tests.fake_freshdesk.endpoints.answers import Answer, Refusal, json_answer
from integration_tests.fake_freshdesk.endpoints.endpoint import Endpoint
from integration_tests.fake_freshdesk.endpoints.listing import without
from integration_tests.fake_freshdesk.endpoints.options import Options
from integration_tests.fake_freshdesk.endpoints.request import Request
from integration_tests.fake_freshdesk.model.table import Record

CUSTOM_OBJECTS = "Custom Objects"

PAGE_SIZE_DEFAULT = 20
PAGE_SIZE_LARGEST = 100
FILTERS_AT_MOST = 10

_TIMES = ("created_time", "updated_time")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
_FILTER = re.compile(r"(\w+)(?:\[(\w+)\])?")
_COMPARISONS: Mapping[str | None, Callable[[Any, Any], bool]] = {None: eq, "gt": gt, "gte": ge, "lt": lt, "lte": le}
_TOKENS = ("next_token", "prev_token")
_NOT_FILTERS = ("page_size", "sort_by", *_TOKENS)
_row = without("id", "schema_id")


# Refusals


def _refused(status: int, error_type: str, message: str, errors: Iterable[Mapping[str, str]] = ()) -> Refusal:
    return Refusal(json_answer(status, {"error_type": error_type, "message": message, "errors": list(errors)}))


def _invalid_input(name: str, message: str) -> Refusal:
    return _refused(400, "INVALID_INPUT", "Invalid input", [{"name": name, "message": message}])


def _no_such_object(schema_id: str) -> Refusal:
    return _refused(404, "RESOURCE_NOT_FOUND", f"Custom object with id '{schema_id}' does not exist.")


@dataclass(frozen=True)
class _Endpoint(Endpoint):
    """What the parameters are is for its answer to say, in the words of custom objects."""

    def unexpected(self, params: Iterable[str], options: Options) -> list[str]:
        return []


# Schemas


def _schemas(request: Request) -> Answer:
    _refuse_parameters(request)
    return json_answer(200, {"schemas": list(request.account.table("custom_object_schemas").rows.values())})


def _schema(request: Request) -> Answer:
    _refuse_parameters(request)
    return json_answer(200, _schema_asked_for(request))


def _schema_asked_for(request: Request, *, deleted_too: bool = True) -> Record:
    schema_id = request.named["schema_id"]
    schema = request.account.table("custom_object_schemas").find(schema_id)
    if schema is None or (schema["deleted"] and not deleted_too):
        raise _no_such_object(schema_id)
    return schema


def _refuse_parameters(request: Request) -> None:
    for name in request.params:
        raise _invalid_input(name, "Field does not exist.")


# Records


def _records(request: Request) -> Answer:
    """A page of the records that meet every condition, and the token of the next page if there is one."""
    schema = _schema_asked_for(request, deleted_too=False)
    page_size = _page_size(request)
    field, downwards = _order(request, schema)

    def position(row: Record) -> list[Any]:
        value = _value(row, field)
        return [value is not None, value, row["id"]]

    rows = sorted(_meeting_conditions(request, schema), key=position, reverse=downwards)
    after = _position_in_token(request)
    if after is not None:
        rows = [row for row in rows if (position(row) < after if downwards else position(row) > after)]
    page = rows[:page_size]
    links = {"count": {"href": _href(schema, "/records/count", _filters(request))}}
    if len(rows) > page_size:
        query = {**_query(request), "prev_token": "", "next_token": _token(request, position(page[-1]))}
        links = {"next": {"href": _href(schema, "/records", query)}, **links}
    return json_answer(200, {"records": [_row(row) for row in page], "_links": links})


def _count(request: Request) -> Answer:
    schema = _schema_asked_for(request, deleted_too=False)
    for name in _NOT_FILTERS:
        if name in request.params:
            raise _invalid_input(name, "Field does not exist.")
    return json_answer(200, {"count": len(_meeting_conditions(request, schema))})


def _page_size(request: Request) -> int:
    text = request.params.get("page_size", str(PAGE_SIZE_DEFAULT))
    if not (text.isascii() and text.isdecimal() and 0 < int(text) <= PAGE_SIZE_LARGEST):
        raise _invalid_input("page_size", f"It should be a number from 1 to {PAGE_SIZE_LARGEST}.")
    return int(text)


def _order(request: Request, schema: Record) -> tuple[str, bool]:
    """The field to sort by, and whether downwards: the newest record is first unless asked otherwise."""
    asked = request.params.get("sort_by")
    if asked is None:
        return "created_time", True
    field, separator, direction = asked.partition(";")
    if not separator:
        raise _invalid_input("sort_by", "Invalid value provided as sort parameter.")
    if field not in _filterable(schema):
        raise _invalid_input("sort_by", "Invalid field specified in sort parameter.")
    if direction not in ("ASC", "DESC"):
        raise _invalid_input("sort_by", "Invalid sort order specified in sort parameter.")
    return field, direction == "DESC"


def _meeting_conditions(request: Request, schema: Record) -> list[Record]:
    filters = _filters(request)
    if len(filters) > FILTERS_AT_MOST:
        message = f"A maximum of {FILTERS_AT_MOST} filter conditions can be applied while querying the list of records."
        raise _invalid_input("filters", message)
    rows = request.account.table("custom_object_records").group("schema_id", schema["id"])
    for name, text in filters.items():
        field, compare = _operands(name, schema)
        wanted = _wanted(field, text, schema)
        rows = [row for row in rows if (value := _value(row, field)) is not None and compare(value, wanted)]
    return rows


def _operands(name: str, schema: Record) -> tuple[str, Callable[[Any, Any], bool]]:
    match = _FILTER.fullmatch(name)
    field, operator = match.groups() if match else (name, None)
    labels = {known["name"]: known["label"] for known in schema["fields"]}
    if field not in (*_TIMES, *labels):
        raise _invalid_input(field, "Field does not exist.")
    if field not in _filterable(schema):
        raise _invalid_input(field, f"Field '{labels[field]}' cannot be used to filter records.")
    if operator not in _COMPARISONS:
        message = f"Please enter a valid conditional operator for '{labels.get(field, field)}' field."
        raise _invalid_input(field, message)
    return field, _COMPARISONS[operator]


def _wanted(field: str, text: str, schema: Record) -> Any:
    """What a condition compares with: milliseconds, a number, or text."""
    refusal = _invalid_input(field, f"Please enter a valid value for '{field}' field in filter condition.")
    types = {known["name"]: known["type"] for known in schema["fields"]}
    try:
        if field in _TIMES:
            if not _MOMENT.fullmatch(text):
                raise refusal
            return milliseconds(datetime.fromisoformat(text))
        return int(text) if types[field] == "NUMBER" else text
    except ValueError as error:
        raise refusal from error


def _filterable(schema: Record) -> set[str]:
    return {*_TIMES, *(field["name"] for field in schema["fields"] if field["filterable"])}


def _value(row: Record, field: str) -> Any:
    return row[field] if field in _TIMES else row["data"].get(field)


def _filters(request: Request) -> dict[str, str]:
    return {name: value for name, value in request.params.items() if name not in _NOT_FILTERS}


# Tokens


def _query(request: Request) -> dict[str, str]:
    return {name: value for name, value in request.params.items() if name not in _TOKENS}


def _href(schema: Record, below: str, query: Mapping[str, str]) -> str:
    """A link as the API writes it: relative to /api/v2/custom_objects."""
    asked = f"?{urlencode(query, safe=';:')}" if query else ""
    return f"/schemas/{schema['id']}{below}{asked}"


def _token(request: Request, position: list[Any]) -> str:
    content = json.dumps([_seal(request, position), position])
    return base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")


def _position_in_token(request: Request) -> list[Any] | None:
    """The place after which the page starts; a token only fits the query it was given for."""
    if request.params.get("prev_token"):
        raise _invalid_input("prev_token", "Invalid token.")
    token = request.params.get("next_token")
    if not token:
        return None
    try:
        seal, position = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    except (ValueError, TypeError, binascii.Error) as error:
        raise _invalid_input("next_token", "Invalid token.") from error
    if not isinstance(position, list) or seal != _seal(request, position):
        raise _invalid_input("next_token", "Invalid token.")
    return position


def _seal(request: Request, position: list[Any]) -> str:
    sealed = json.dumps([request.path, sorted(_query(request).items()), position])
    return hashlib.sha256(sealed.encode()).hexdigest()[:16]


ENDPOINTS = (
    _Endpoint("custom_objects/schemas", _schemas, feature=CUSTOM_OBJECTS),
    _Endpoint("custom_objects/schemas/{schema_id}", _schema, feature=CUSTOM_OBJECTS),
    _Endpoint("custom_objects/schemas/{schema_id}/records", _records, feature=CUSTOM_OBJECTS),
    _Endpoint("custom_objects/schemas/{schema_id}/records/count", _count, feature=CUSTOM_OBJECTS),
)


def milliseconds(moment: datetime) -> int:
    """The moment as custom objects write it."""
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
