"""A sync that is running: which streams it reads, in which order, and what is fetched before it is needed."""

import logging
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

from airbyte_cdk.models import AirbyteStateMessage, ConfiguredAirbyteCatalog, ConfiguredAirbyteStream
from airbyte_cdk.sources.connector_state_manager import ConnectorStateManager
from airbyte_cdk.sources.streams import Stream
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_freshdesk.api.current_agent import CurrentAgent
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.readable import warn_of_scope
from source_freshdesk.streams.base import FreshdeskStream
from source_freshdesk.streams.ticket_substream import TicketSubstream
from source_freshdesk.streams.tickets import Tickets

PREFETCHED_STREAMS = 16
"""Of as many streams the first pages are fetched while another one is emitted."""

WALKERS = (Tickets, TicketSubstream)
"""The streams that read all tickets that the owner of the key may see."""


@dataclass(frozen=True)
class RunningSync:
    """A sync that is running: the streams of the account, and those that the catalog names."""

    api: FreshdeskApi
    streams: Sequence[FreshdeskStream]
    catalog: ConfiguredAirbyteCatalog
    begun: set[str] = field(default_factory=set)

    def read_first(self, states: Iterable[AirbyteStateMessage]) -> list[FreshdeskStream]:
        """The streams of the catalog that have no state yet."""
        known = {one.stream.stream_descriptor.name for one in states if one.stream and one.stream.stream_state}
        names = {configured.stream.name for configured in self.catalog.streams} - known
        return [stream for stream in self.streams if stream.name in names]

    def select(self) -> None:
        """Tell each stream which of its columns are wanted, and of which types."""
        streams = {stream.name: stream for stream in self.streams}
        for configured in self.catalog.streams:
            if configured.stream.name in streams:
                streams[configured.stream.name].select(configured.stream.json_schema.get("properties", {}))

    def index_of(self, name: str) -> int:
        """When the stream of this name is read; an unknown one comes last."""
        names = [stream.name for stream in self.streams]
        return names.index(name) if name in names else len(names)

    def streams_begun(self) -> list[FreshdeskStream]:
        """In the order in which they were read."""
        return [stream for stream in self.streams if stream.name in self.begun]

    def unread(self) -> list[ConfiguredAirbyteStream]:
        """The streams of the catalog that were not begun."""
        return [configured for configured in self.catalog.streams if configured.stream.name not in self.begun]

    def unread_names(self) -> list[str]:
        """The names of these."""
        return [configured.stream.name for configured in self.unread()]

    def begin(self, stream: Stream, states: ConnectorStateManager) -> None:
        """Have the first pages of the streams that are read soon after this one fetched while it is emitted, and the
        scope of the key's agent asked for when the first of the streams that walk the tickets is read.

        states: with which the streams are read.
        """
        if isinstance(stream, WALKERS) and not any(isinstance(one, WALKERS) for one in self.streams_begun()):
            self.api.begin(stream.name, partial(_check_scope, self.api, stream.name))
        self.begun.add(stream.name)
        wanted = {configured.stream.name for configured in self.catalog.streams}
        later = [one for one in self.streams[self.index_of(stream.name) + 1 :] if one.name in wanted]
        for upcoming in later[:PREFETCHED_STREAMS]:
            upcoming.prefetch(states.get_stream_state(upcoming.name, upcoming.namespace))


def _check_scope(api: FreshdeskApi, name: str) -> None:
    logger = logging.getLogger("airbyte")
    with suppress(AirbyteTracedException):
        warn_of_scope(CurrentAgent(api, name, logger, attempts=1).get(), logger)
