"""The files that a command is given: what is wrong with them, before the CDK reads them."""

import argparse
import json
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from airbyte_cdk.sources.source import Source

from source_freshdesk.api.errors import config_error

MOST_CHARACTERS = 300
"""Of what the CDK says of a file, which can quote much of it."""


def _values(text: str) -> list[Any]:
    """The JSON values of a file: of all of it, or of each of its lines; none if it is neither."""
    for texts in ([text], text.splitlines()):
        try:
            return [json.loads(one) for one in texts if one.strip()]
        except json.JSONDecodeError:
            continue
    return []


def _is_discovered(text: str) -> bool:
    """Whether it is what `discover` writes: messages, or the catalog of one of them."""
    values = [value for value in _values(text) if isinstance(value, dict)]
    lists = [value["streams"] for value in values if isinstance(value.get("streams"), list)]
    streams = [stream for listed in lists for stream in listed if isinstance(stream, dict)]
    return any("catalog" in value for value in values) or any("name" in stream for stream in streams)


def _is_unwrapped_state(text: str) -> bool:
    """Whether it holds messages of a sync, or the state of one of them that is in no list."""
    values = _values(text)
    members = values[0] if len(values) == 1 and isinstance(values[0], list) else values
    is_list = members is not values
    return any(isinstance(one, dict) and ("state" in one or ("stream" in one and not is_list)) for one in members)


@dataclass(frozen=True)
class _Mistaken:
    """What is often handed in instead. is_it: whether a text is that."""

    is_it: Callable[[str], bool]
    advice: str


MISTAKEN: Mapping[str, _Mistaken] = {
    "catalog": _Mistaken(
        _is_discovered,
        "is what 'discover' writes. A catalog to read by says for each stream how it is read; make one with: jq -c "
        '\'select(.type == "CATALOG") | {streams: [.catalog.streams[] | {stream: ., sync_mode: '
        '.supported_sync_modes[-1], destination_sync_mode: "append"}]}\'',
    ),
    "state": _Mistaken(
        _is_unwrapped_state,
        "holds messages of a sync. A state is the list of the last ones' 'state' members; make it with: jq -cs "
        "'[.[] | select(.type == \"STATE\").state] | group_by(.stream.stream_descriptor.name) | map(last)'",
    ),
}


def confirm_files(parsed: argparse.Namespace, source: Source) -> None:
    """Raises `AirbyteTracedException` with a message for the user if one of the files cannot be used."""
    readers: Mapping[str, Callable[[str], object]] = {
        "config": source.read_config,
        "catalog": source.read_catalog,
        "state": source.read_state,
    }
    for name, read in readers.items():
        path = getattr(parsed, name, None)
        problem = _problem(name, path, read) if path else ""
        if problem:
            raise config_error(f"The {name} file {path} {problem}")


def confirm_temporary_folder() -> None:
    """Raises `AirbyteTracedException` if there is no place for temporary files, which the CDK needs."""
    try:
        tempfile.gettempdir()
    except FileNotFoundError:
        raise config_error(
            "There is no folder that temporary files can be written to: mount one at /tmp or /dev/shm, or name one in "
            "the variable TMPDIR."
        ) from None


def _problem(name: str, path: str, read: Callable[[str], object]) -> str:
    try:
        text = Path(path).read_text(encoding="utf-8")
    except OSError as error:
        return f"cannot be read: {error.strerror}."
    except UnicodeDecodeError:
        return "is not a text in UTF-8."
    if name in MISTAKEN and MISTAKEN[name].is_it(text):
        return MISTAKEN[name].advice
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return f"is not JSON: {error.msg}, in line {error.lineno}, column {error.colno}."
    try:
        read(path)
    except Exception as error:  # noqa: BLE001 - the CDK raises errors of many kinds for what it does not know
        what = " ".join(str(error).split()) or type(error).__name__
        return f"does not hold what it should: {what[:MOST_CHARACTERS]}."
    return ""
