"""When a list that links on and on has nothing more to give."""

from collections.abc import Hashable, Iterable

PAGES_WITHOUT_NEW_ROWS = 3
"""A list ends after so many pages in a row that bring no new row, although Freshdesk links to further ones."""


class Repetition:
    """Counts the pages in a row that brought nothing new."""

    def __init__(self) -> None:
        self._seen: set[Hashable] = set()
        self._pages = 0

    def take(self, keys: Iterable[Hashable]) -> bool:
        """The keys of a page's rows. Whether the list is to be taken for ended."""
        before = len(self._seen)
        self._seen.update(keys)
        return self.note(has_new=len(self._seen) > before)

    def note(self, *, has_new: bool) -> bool:
        """One more page, which brought a new row or did not. Whether the list is to be taken for ended."""
        self._pages = 0 if has_new else self._pages + 1
        return self._pages >= PAGES_WITHOUT_NEW_ROWS
