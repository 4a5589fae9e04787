"""Writes what the documents say of streams and fields, from the code and the schemas: `make docs`."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from airbyte_cdk.models import SyncMode

from docs import costs, costs_by_size, drawing, erd, integration, joins, messages, skill
from docs.markdown import filled, table
from docs.stream_costs import LISTED, cost_of, costs_of_columns, is_filtered
from source_freshdesk import SourceFreshdesk
from source_freshdesk.retrieval.parent_rows import root_of
from source_freshdesk.streams.archived_tickets import ArchiveStream
from source_freshdesk.streams.base import FreshdeskStream
from source_freshdesk.streams.custom_objects import CustomObjectRecords
from source_freshdesk.streams.incremental import IncrementalStream
from source_freshdesk.streams.ticket_activities import TicketActivities
from source_freshdesk.streams.ticket_substream import TicketSubstream
from source_freshdesk.streams.tickets import Tickets

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
STREAMS = DOCS / "streams.md"
SPEC = ROOT / "source_freshdesk" / "spec.json"


def all_streams() -> list[FreshdeskStream]:
    """Every stream, of no account in particular."""
    streams = SourceFreshdesk().streams({"domain": "acme", "api_key": "a-key-for-the-documents"})
    return [stream for stream in streams if isinstance(stream, FreshdeskStream)]


def key_of(stream: FreshdeskStream) -> str:
    """The names of its primary key."""
    names = [stream.primary_key] if isinstance(stream.primary_key, str) else stream.primary_key or []
    return ", ".join(f"`{name}`" for name in names)


def modes_of(stream: FreshdeskStream) -> str:
    """How it can be synced."""
    if SyncMode.incremental in stream.as_airbyte_stream().supported_sync_modes:
        return f"full refresh, incremental on `{stream.cursor_field}`"
    return "full refresh"


def parent_of(stream: FreshdeskStream) -> str:
    """The stream whose rows lead to its own."""
    return f"`{stream.parents[0].name}`" if stream.parents else "-"


def needs_of(stream: FreshdeskStream) -> str:
    """What it asks of the account's plan and of the key."""
    return "; ".join(filter(None, (stream.feature and f"feature {stream.feature}", stream.role))) or "-"


def path_of(stream: FreshdeskStream) -> str:
    """The path of its list, with what it is asked for if that is always the same."""
    (query, *others) = stream.list_variants
    return f"/{stream.resource}" + (f"?{urlencode(query)}" if query and not others else "")


def table_of_streams(streams: Sequence[FreshdeskStream]) -> str:
    """A line for each stream."""
    heads = ("stream", "path", "key", "modes", "parent", "cost in API calls", "needs")
    rows = [
        (
            f"[{stream.name}](#{stream.name})",
            f"`{path_of(stream)}`",
            key_of(stream),
            modes_of(stream),
            parent_of(stream),
            cost_of(stream),
            needs_of(stream),
        )
        for stream in streams
    ]
    return table(heads, rows)


def fields_in(schema: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str, str]]:
    """Name, type and meaning of each field, nested ones by their path."""
    for name, declared in schema.get("properties", {}).items():
        path = f"{prefix}{name}"
        yield f"`{path}`", _type_of(declared), declared["description"].replace("|", "\\|")
        yield from fields_in(declared, f"{path}.")
        if isinstance(declared.get("items"), Mapping):
            yield from fields_in(declared["items"], f"{path}[].")


def _type_of(declared: Mapping[str, Any]) -> str:
    names = [name for name in declared["type"] if name != "null"]
    if declared.get("format") == "date-time":
        return "date-time"
    if names == ["array"]:
        inside = [name for name in declared.get("items", {}).get("type", ()) if name != "null"]
        return f"array of {' or '.join(inside)}" if inside else "array"
    return " or ".join(names)


def page_of_streams(streams: Sequence[FreshdeskStream]) -> str:
    """Every stream with every field."""
    parts = [
        "# Streams\n\n",
        "Written by `make docs` from the schemas in `source_freshdesk/schemas/`. Every field may be null; fields\n",
        "that Freshdesk adds are passed on as they are.\n\n",
        table_of_streams(streams),
    ]
    for stream in streams:
        schema = stream.get_json_schema()
        facts = [f"`GET /api/v2{path_of(stream)}`", f"key {key_of(stream)}", modes_of(stream)]
        facts += [f"parent {parent_of(stream)}"] if stream.parents else []
        facts += [f"needs {needs_of(stream)}"] if needs_of(stream) != "-" else []
        parts += [
            f"\n## {stream.name}\n\n{schema['description']}\n\n",
            "".join(f"- {fact}\n" for fact in facts),
            f"- cost in API calls: {cost_of(stream)}\n\n",
            table(("field", "type", "meaning"), list(fields_in(schema))),
        ]
    return "".join(parts)


_READ: Sequence[tuple[type[FreshdeskStream], str, str]] = (
    (Tickets, "what changed", "each page"),
    (TicketSubstream, "all of each ticket that is new or changed", "each page of tickets"),
    (TicketActivities, "the days that were not read, and the last two once more", "each day"),
    (ArchiveStream, "once a day, the tickets that were not found before", "100 tickets or more"),
    (CustomObjectRecords, "what changed", "each custom object"),
    (IncrementalStream, "the whole list; what changed is emitted", "the whole list"),
    (FreshdeskStream, "the whole list", "-"),
)
"""What a sync after the first reads, and after what a state is saved; the first kind that fits counts."""
_READ_BY_FILTER = ("what changed, as Freshdesk filters it", "the whole list")


def table_of_modes(streams: Sequence[FreshdeskStream]) -> str:
    """What each kind of stream reads in a sync after the first, and which streams are of that kind."""
    order = [(read, saved) for _, read, saved in _READ]
    kinds: dict[tuple[str, str], list[str]] = {words: [] for words in (*order[:-2], _READ_BY_FILTER, *order[-2:])}
    for stream in streams:
        words = next((read, saved) for kind, read, saved in _READ if isinstance(stream, kind))
        words = _READ_BY_FILTER if is_filtered(stream) else words
        kinds.setdefault(words, []).append(f"`{stream.name}`")
    heads = ("a later sync reads", "the state is saved after", "streams")
    return table(heads, [(*words, ", ".join(names)) for words, names in kinds.items()])


def table_of_roles(streams: Sequence[FreshdeskStream]) -> str:
    """Which streams ask something of the key or of the plan."""
    needs: dict[str, list[str]] = {}
    for stream in streams:
        needs.setdefault(needs_of(stream), []).append(f"`{stream.name}`")
    return table(
        ("needs", "streams"),
        [("any agent's key" if words == "-" else words, ", ".join(names)) for words, names in needs.items()],
    )


def cost_of_check(streams: Sequence[FreshdeskStream]) -> str:
    """How many calls `check` makes."""
    needs = {(root.role, root.feature) for root in map(root_of, streams)}
    return (
        f"That costs {len(needs) + 1} API calls: one for the key, and one for each role and feature that streams need. "
        "These calls may use all of the rate limit; if it is used up, `check` says so within five seconds.\n"
    )


def costs_of_the_rest(streams: Sequence[FreshdeskStream]) -> str:
    """How many streams cost next to nothing."""
    cheap = [f"`{stream.name}`" for stream in streams if cost_of(stream) in (LISTED, "1")]
    return f"A call each, while they hold no more than 100 rows, cost {len(cheap)} streams: {', '.join(cheap)}.\n"


def table_of_settings() -> str:
    """What the form asks for."""
    spec = json.loads(SPEC.read_text("utf-8"))["connectionSpecification"]
    rows = []
    shown = {name: content for name, content in spec["properties"].items() if not content.get("airbyte_hidden")}
    for name, content in shown.items():
        default = f"default `{json.dumps(content['default'])}`" if "default" in content else "optional"
        rows.append(
            (f"`{name}`", content["title"], "required" if name in spec["required"] else default, content["description"])
        )
    return table(("setting", "in the form", "", "meaning"), rows)


def parts_of_pages(streams: Sequence[FreshdeskStream]) -> Mapping[Path, Mapping[str, str]]:
    """What is written anew between marks, page by page."""
    return {
        DOCS / "setup.md": {
            "settings": table_of_settings(),
            "needs": table_of_roles(streams),
            "check": cost_of_check(streams),
        },
        DOCS / "joins.md": joins.parts(),
        DOCS / "syncing.md": {"modes": table_of_modes(streams)},
        DOCS / "limits.md": {
            **costs.parts(),
            "costs by size": costs_by_size.table_of_sizes(),
            "the rest": costs_of_the_rest(streams),
            "columns": costs_of_columns(streams),
        },
        DOCS / "troubleshooting.md": messages.parts(),
    }


def pages(streams: Sequence[FreshdeskStream]) -> Iterator[tuple[Path, str]]:
    """Every page of which something is written anew, and its text."""
    yield STREAMS, page_of_streams(streams)
    yield DOCS / "first_sync.svg", drawing.first_syncs()
    yield DOCS / "walk.svg", drawing.walk()
    yield DOCS / "core.svg", erd.core()
    yield DOCS / "skill.md", skill.page(streams)
    changes = integration.table_of_versions((ROOT / "CHANGELOG.md").read_text("utf-8"))
    settings = json.loads(SPEC.read_text("utf-8"))["connectionSpecification"]
    yield DOCS / "integration.md", integration.page(streams, settings, changes, table_of_roles(streams))
    for page, parts in parts_of_pages(streams).items():
        yield page, filled(page.read_text("utf-8"), parts)


def main() -> None:
    """Write all of it."""
    for page, text in list(pages(all_streams())):
        page.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
