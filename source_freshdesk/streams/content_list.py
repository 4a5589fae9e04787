"""Lists whose rows change without a time that says so."""

from abc import ABC
from collections.abc import Iterator, Mapping
from typing import Any

from airbyte_cdk.sources.streams.core import StreamData

from source_freshdesk import instants
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.records.versions import changed_at, content_of
from source_freshdesk.state.members import Members
from source_freshdesk.streams.base import FreshdeskStream
from source_freshdesk.streams.incremental import IncrementalStream


class ContentList(IncrementalStream, ABC):
    """A list that is read completely, with the details of its rows, of which the records are emitted whose content is
    not the one emitted last. Keys are numbers. The state holds a hash of each record::

        {"updated_at": "2026-11-23T10:00:00Z",     the newest of their times, for whoever looks at the state
         "listed": "eJw…"}
    """

    def __init__(self, api: FreshdeskApi, *parents: FreshdeskStream, **kwargs: Any) -> None:
        self._listed, self._newest = Members(), instants.EPOCH
        super().__init__(api, *parents, **kwargs)

    def load_state(self, state: Mapping[str, Any]) -> None:
        self._newest = instants.parse(state[self.cursor_field]) if state.get(self.cursor_field) else instants.EPOCH
        self._listed = Members.from_text(state["listed"]) if "listed" in state else Members()

    def prefetch(self, state: Mapping[str, Any]) -> None:
        """Have the first pages fetched: they are the same whatever the state."""
        FreshdeskStream.prefetch(self, state)

    def read_slice(self, stream_slice: Mapping[str, Any] | None) -> Iterator[StreamData]:
        """The records that are new or changed. The state advances when all of them were emitted."""
        listed, seen = self.new_list(), Members()
        for record in self.records(self.details.announced(self.cache.read(listed))):
            key, content = record["id"], content_of(record)
            if not self._listed.knows(key, content) and not seen.knows(key, content):
                yield record
            seen.put(key, content)
            self._newest = max(self._newest, changed_at(record) or instants.EPOCH)
        if listed.started_at is not None and self.outcome.may_checkpoint:
            self.tell_of_gone_rows(self._listed.ids - seen.ids)
            self.checkpoint({self.cursor_field: instants.to_api(self._newest), "listed": seen.to_text()})
