"""The files that a command is given: what is wrong with them, before the CDK reads them."""

import argparse
import json
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from airbyte_cdk.sources.source import Source

from source_freshdesk.api.errors import config_error

MOST_CHARACTERS = 300
"""Of what the CDK says of a file, which can quote much of it."""


def confirm_files(parsed: argparse.Namespace, source: Source) -> None:
    """Raises `AirbyteTracedException` with a message for the user if one of the files cannot be used."""
    readers: Mapping[str, Callable[[str], object]] = {
        "config": source.read_config,
        "catalog": source.read_catalog,
        "state": source.read_state,
    }
    for name, read in readers.items():
        path = getattr(parsed, name, None)
        problem = _problem(path, read) if path else ""
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


def _problem(path: str, read: Callable[[str], object]) -> str:
    try:
        json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        return f"cannot be read: {error.strerror}."
    except UnicodeDecodeError:
        return "is not a text in UTF-8."
    except json.JSONDecodeError as error:
        return f"is not JSON: {error.msg}, in line {error.lineno}, column {error.colno}."
    try:
        read(path)
    except Exception as error:  # noqa: BLE001 - the CDK raises errors of many kinds for what it does not know
        what = " ".join(str(error).split()) or type(error).__name__
        return f"does not hold what it should: {what[:MOST_CHARACTERS]}."
    return ""
