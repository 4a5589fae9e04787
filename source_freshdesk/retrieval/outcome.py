"""How the read of a stream went: complete, with gaps, or skipped."""

import logging

from airbyte_cdk.models import ConfiguredAirbyteStream, DestinationSyncMode

from source_freshdesk.api.errors import ROLE_IS_MISSING, ResourceUnavailable, config_error
from source_freshdesk.retrieval.access import StreamAccess


def is_overwritten(configured: ConfiguredAirbyteStream) -> bool:
    """Whether a destination replaces what it has of a stream by what this sync reads: it overwrites, or drops all
    earlier generations (https://docs.airbyte.com/platform/operator-guides/refreshes).
    """
    is_refresh = bool(configured.generation_id) and configured.minimum_generation_id == configured.generation_id
    return is_refresh or configured.destination_sync_mode is DestinationSyncMode.overwrite


class Outcome:
    """What one sync has found out about a stream. Only the thread that consumes the stream's records writes it.

    The log gets a warning for each gap; that a stream is skipped, whoever reads the stream says once.
    """

    def __init__(self, name: str, logger: logging.Logger) -> None:
        self.name = name
        self._logger = logger
        self._skipped: tuple[ResourceUnavailable, StreamAccess] | None = None
        self._has_gaps = False
        self._lacks_lists = False
        self.what_is_missing = ""
        """The first reason why the stream is not complete, as a sentence; empty if it is."""

    @property
    def error(self) -> ResourceUnavailable | None:
        """Why the stream is skipped; None if it is not."""
        return self._skipped[0] if self._skipped else None

    @property
    def is_skipped(self) -> bool:
        """Whether there is nothing to read for this key."""
        return self._skipped is not None

    @property
    def skip_reason(self) -> str:
        """Why the stream is skipped, and what would change that; empty if it is not."""
        if self._skipped is None:
            return ""
        error, access = self._skipped
        return access.skip_reason(error)

    @property
    def may_checkpoint(self) -> bool:
        """Whether all rows were read, so that the state of the stream may advance."""
        return not self._has_gaps and self._skipped is None

    @property
    def lacks_lists(self) -> bool:
        """Whether lists were refused. The state may advance if it can tell the rows of these when they are listed."""
        return self._lacks_lists

    def skip(self, error: ResourceUnavailable, by: StreamAccess) -> None:
        """There is nothing to read for this key. by: the access that was denied, the stream's own or a parent's."""
        self._skipped = error, by

    def report_skip(self, *, is_failure: bool) -> None:
        """Warn if the stream is skipped. is_failure: if the role of the key's agent is the reason, it has failed.

        What the plan lacks was never there; a role may have let the key read the stream before. Raises
        `AirbyteTracedException`.
        """
        if self._skipped is None:
            return
        error, _ = self._skipped
        if is_failure and error.code == ROLE_IS_MISSING:
            raise config_error(
                f"Stream {self.name} is refused to this key, and nothing of it was read. {self.skip_reason} Or leave "
                "the stream out, or switch on 'skip_refused_streams'."
            )
        self._logger.warning(f"Stream {self.name} is skipped. {self.skip_reason}")

    def gap(self, path: str, why: str) -> None:
        """Rows of the list at `path` may be missing, so the state must not advance. why: a sentence."""
        self._has_gaps = True
        self._note_missing(path, why)
        self._logger.warning(
            f"Stream {self.name} is incomplete: rows of {path} may be missing. {why} The state does not advance; the "
            "next sync reads them again."
        )

    def lack(self, path: str, why: str) -> None:
        """The list at `path` is refused. why: a sentence."""
        self._lacks_lists = True
        self._note_missing(path, why)
        self._logger.warning(f"Stream {self.name} lacks the rows of {path}. {why} The next sync asks for them again.")

    def _note_missing(self, path: str, why: str) -> None:
        self.what_is_missing = self.what_is_missing or f"rows of {path}. {why}"

    def inherit(self, parent: "Outcome") -> None:
        """What is missing or skipped of a parent stream is so for the streams below it."""
        self._skipped = parent._skipped or self._skipped
        self._has_gaps = self._has_gaps or parent._has_gaps
        self._lacks_lists = self._lacks_lists or parent._lacks_lists
        self.what_is_missing = self.what_is_missing or parent.what_is_missing
