"""Rows whose changes become visible some time later."""

from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]


@dataclass
class Version:
    """A row as it is from a moment on. visible_at: when it can be seen. row: None once it is deleted."""

    visible_at: float
    row: Row | None


@dataclass
class Table:
    """Rows by their id, with their versions in order."""

    versions: dict[int, list[Version]] = field(default_factory=dict)

    def put(self, row_id: int, visible_at: float, row: Row | None) -> float:
        """A new version; when it can be seen. Versions of a row become visible in their order."""
        before = self.versions.setdefault(row_id, [])
        visible_at = max([visible_at, *(one.visible_at for one in before)])
        self.versions[row_id].append(Version(visible_at, row))
        return visible_at

    def seen_at(self, moment: float) -> list[Row]:
        """The rows that can be seen."""
        rows = []
        for versions in self.versions.values():
            visible = [version for version in versions if version.visible_at <= moment]
            if visible and visible[-1].row is not None:
                rows.append(visible[-1].row)
        return rows

    def latest(self) -> dict[int, Row]:
        """Each row as it is, visible or not yet."""
        return {number: kept[-1].row for number, kept in self.versions.items() if kept[-1].row is not None}
