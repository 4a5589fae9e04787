"""Keys of rows as the log names them."""

from collections.abc import Collection

NAMED_IN_LOG = 10


def some_of(keys: Collection[object]) -> str:
    """The first ten keys in the order of their texts, numbers by their size; and whether there are more."""
    first = sorted(map(str, keys), key=lambda text: (len(text), text) if text.isdecimal() else (0, text))
    return ", ".join(first[:NAMED_IN_LOG]) + (", …" if len(first) > NAMED_IN_LOG else "")
