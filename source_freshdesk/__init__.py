"""An Airbyte source connector for Freshdesk."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from source_freshdesk.source import SourceFreshdesk

__all__ = ["SourceFreshdesk"]


def __getattr__(name: str) -> Any:
    """`SourceFreshdesk`, imported when it is asked for: the start of the process comes before that."""
    if name == "SourceFreshdesk":
        from source_freshdesk.source import SourceFreshdesk  # noqa: PLC0415 - see above

        return SourceFreshdesk
    raise AttributeError(name)
