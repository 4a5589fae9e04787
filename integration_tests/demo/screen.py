"""What a person sees: lines that stay, and one that lives."""

import os
import shutil
import textwrap
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

_SECONDS_BETWEEN_PLAIN_LINES = 5.0
_WIDEST = 100


class Screen:
    """Speaks to a person. On a terminal the live line is rewritten in place and then gone; elsewhere it is printed as
    a plain line every few seconds."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._is_terminal = out.isatty()
        self._columns = shutil.get_terminal_size((_WIDEST, 24)).columns if self._is_terminal else _WIDEST
        self._width = min(self._columns, _WIDEST)
        self._live = ""
        self._last_plain_line = time.monotonic()

    def say(self, text: str, first_indent: str = "", indent: str = "") -> None:
        """A sentence or more, wrapped."""
        self.show(
            textwrap.fill(
                text,
                self._width,
                initial_indent=first_indent,
                subsequent_indent=indent,
                break_long_words=False,
                break_on_hyphens=False,
            )
        )

    def point(self, text: str) -> None:
        """One of several things to say."""
        self.say(text, "- ", "  ")

    def type(self, parts: Sequence[str]) -> None:
        """A command, as one could type it; a part for each line if it is long."""
        line = f"$ {' '.join(parts)}"
        self.show(line if len(line) <= self._width else "$ " + " \\\n    ".join(parts))

    def show(self, text: str = "") -> None:
        """Lines as they are."""
        self.end_live()
        self._out.write(f"{text}\n")
        self._out.flush()

    def live(self, text: str) -> None:
        """How things stand at this moment."""
        if self._is_terminal:
            line = text[: self._columns - 1]
            self._out.write(f"\r{line.ljust(len(self._live))}")
            self._out.flush()
            self._live = line
        elif time.monotonic() - self._last_plain_line >= _SECONDS_BETWEEN_PLAIN_LINES:
            self.show(text)
            self._last_plain_line = time.monotonic()

    def end_live(self) -> None:
        """Wipe the live line away. The next plain one waits its time."""
        if self._live:
            self._out.write(f"\r{' ' * len(self._live)}\r")
            self._live = ""
        self._last_plain_line = time.monotonic()


def short(path: Path) -> str:
    """A path as a person in this directory would type it."""
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)


def listed(words: Sequence[str]) -> str:
    """Words as a sentence lists them: "a, b and c"."""
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else "nothing"
