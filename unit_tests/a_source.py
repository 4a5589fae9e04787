"""A source, and what it emits."""

import re
from collections.abc import Iterator
from typing import Any

from airbyte_cdk.models import (
    AirbyteMessage,
    AirbyteStateBlob,
    AirbyteStateMessage,
    AirbyteStateType,
    AirbyteStreamState,
    ConfiguredAirbyteCatalog,
    ConfiguredAirbyteStream,
    DestinationSyncMode,
    StreamDescriptor,
    SyncMode,
    Type,
)

from source_freshdesk import SourceFreshdesk
from unit_tests.support import API, KEY, LOGGER

CONFIG = {"domain": "acme", "api_key": KEY, "contact_details": False}
API_PATHS = re.compile(f"^{API}")
ME, TICKETS, AGENTS, COMPANIES = f"{API}agents/me", f"{API}tickets", f"{API}agents", f"{API}companies"


def catalog(source: SourceFreshdesk, *names: str, mode: SyncMode = SyncMode.incremental) -> ConfiguredAirbyteCatalog:
    found = {stream.name: stream.as_airbyte_stream() for stream in source.streams(CONFIG)}
    return ConfiguredAirbyteCatalog(
        streams=[
            ConfiguredAirbyteStream(
                stream=found[name], sync_mode=mode, destination_sync_mode=DestinationSyncMode.append
            )
            for name in names
        ]
    )


def state_of(name: str, state: dict[str, Any]) -> AirbyteStateMessage:
    return AirbyteStateMessage(
        type=AirbyteStateType.STREAM,
        stream=AirbyteStreamState(stream_descriptor=StreamDescriptor(name=name), stream_state=AirbyteStateBlob(state)),
    )


def declared(messages: Iterator[AirbyteMessage]) -> Iterator[tuple[str, Any]]:
    """Records and states of a sync in their order: ("record", id), ("state", the state)."""
    for message in messages:
        if message.type is Type.RECORD and message.record is not None:
            yield "record", message.record.data["id"]
        elif message.type is Type.STATE and message.state is not None and message.state.stream is not None:
            assert message.state.stream.stream_state is not None
            yield "state", dict(vars(message.state.stream.stream_state))


def synced(source: SourceFreshdesk, *names: str, state: dict[str, Any] | None = None) -> list[tuple[str, Any]]:
    states = [state_of(names[0], state)] if state else []
    return list(declared(source.read(LOGGER, CONFIG, catalog(source, *names), states)))
